"""The pages and lines of address plan, equipment and programme: there where there are data, and safe."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from rich.cells import cell_len

from ipv6check.judge import encode, judge
from ipv6check.model.inventory import Dependency, Equipment, Inventory, Milestone, PlanEntry
from ipv6check.model.run import Judged
from ipv6check.model.text import LANGUAGES, Language, Text
from ipv6check.profiles import load_profile
from ipv6check.report.html import render
from ipv6check.report.html.area_pages import prefix_maps
from ipv6check.report.reading import read
from ipv6check.report.terminal import summary
from tests.unit.judge.cases import HERE, TODAY, inventory, meta, system
from tests.unit.judging_builder import Run, host, service
from tests.unit.judging_builder import system as built

HOSTILE = "\x1b[31m\u202e<script>alert(1)</script>{{ 7*7 }}"


def entry(prefix: str, use: str = "subnet", **rest: Any) -> PlanEntry:
    return PlanEntry(prefix=prefix, use=use, source=HERE, **rest)


def judged(declared: Inventory, as_of: date = TODAY) -> Judged:
    return judge(declared, (), meta(), load_profile("default"), as_of)


def whole(name: str = "Tên", **rest: Any) -> Inventory:
    given = Text(name, name)
    parts: dict[str, Any] = {
        "address_plan": (
            entry("2001:db8::/48", "allocation", name=given),
            entry("2001:db8:0:1000::/52", "site"),
            entry("2001:db8:0:1000::/64", name=given, vlan=10),
            entry("2001:db8:0:8000::/49", "reserved"),
            entry("3fff:1::/64"),
        ),
        "equipment": (
            Equipment(
                id="fw",
                kind="firewall",
                name=given,
                vendor=name,
                ipv6={"forwarding": "no"},
                management=("198.51.100.1",),
                end_of_support=date(2026, 1, 1),
                source=HERE,
            ),
        ),
        "programme": (
            Milestone(id="plan", name=given, phase=1, due=date(2026, 6, 30), source=HERE),
            Milestone(id="done", name=given, done=date(2026, 6, 30), evidence=name, source=HERE),
        ),
    }
    return inventory(system(deadline=date(2026, 1, 1), phase=1), **{**parts, **rest})


def results_of(made: Judged) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(encode(made.results))
    return found


def pages(declared: Inventory, language: Language = "vi") -> dict[str, str]:
    return {
        path: content.decode() for path, content in render(judged(declared), {"language": language}).items()
    }


FILES = {"address-plan.html", "equipment.html", "programme.html"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_a_page_for_each_area_and_every_page_leads_to_it(language: Language) -> None:
    found = pages(whole(), language)
    assert set(found) >= FILES
    for path, page in found.items():
        if path.endswith(".html"):
            top = "../" * path.count("/")
            assert all(f'href="{top}{name}"' in page for name in FILES), path
    assert '<html lang="' + language in found["equipment.html"]


def test_without_data_there_is_no_page_no_link_and_no_line() -> None:
    bare = inventory(system())
    found = pages(bare)
    assert not set(found) & FILES
    assert not any(name in page for page in found.values() for name in FILES)
    told = summary(judged(bare), "en", color=False)
    assert "Address plan" not in told
    assert "Equipment" not in told
    assert "Programme" not in told


def test_the_plan_shows_each_prefix_its_use_and_what_is_wrong() -> None:
    page = pages(whole(), "en")["address-plan.html"]
    for prefix in ("2001:db8::/48", "2001:db8:0:1000::/52", "2001:db8:0:1000::/64", "3fff:1::/64"):
        assert f"<code>{prefix}</code>" in page
    assert "50% reserved" in page
    assert "plan.orphan" in page
    assert "inventory.yaml:3" in page


def test_the_equipment_shows_what_is_missing_until_when_and_what_to_do() -> None:
    page = pages(whole(), "en")["equipment.html"]
    assert "forwarding: no" in page
    assert "filtering: not known" in page
    assert "2026-01-01" in page
    assert "Replace" in page
    vi = pages(whole())["equipment.html"]
    assert "chuyển tiếp gói tin: không" in vi
    assert "1/1/2026" in vi


def test_what_cannot_move_before_a_device_is_named_behind_it() -> None:
    declared = inventory(
        system("portal", depends_on=(Dependency(kind="equipment", target="fw"),)),
        equipment=(
            Equipment(id="fw", kind="firewall", ipv6={"forwarding": "no"}, source=HERE),
            Equipment(id="idle", kind="firewall", ipv6={"forwarding": "no"}, source=HERE),
        ),
    )
    page = pages(declared, "en")["equipment.html"]
    first = page.split('id="first"')[1].split("</section>")[0]
    assert re.search(r'<a href="systems/[a-z0-9-]+\.html">[^<]+</a>', first)
    assert "idle" not in first
    bare = inventory(system(), equipment=declared.equipment)
    assert 'id="first"' not in pages(bare, "en")["equipment.html"]


def test_a_management_address_that_a_system_declares_shows_whether_it_answered() -> None:
    management = host("2001:db8:0:1000::fe")
    run = Run.of(
        built([management], [service("ssh")], id="network"),
        equipment=(
            Equipment(
                id="fw", kind="firewall", management=("2001:db8:0:1000::fe", "2001:db8::9"), source=HERE
            ),
        ),
    )
    run.open("2001:db8:0:1000::fe", 22)
    run.talk("ssh.greeting", "2001:db8:0:1000::fe", 22, {}, None, banner="SSH-2.0-lab")
    made = judge(run.inventory, run.observations, run.meta, load_profile("default"), TODAY)
    page = render(made, {"language": "en"})["equipment.html"].decode()
    assert page.count("<small>answers</small>") == 1
    assert results_of(made)["equipment"][0]["management_answers"] == {"2001:db8:0:1000::fe": "yes"}


def test_the_programme_shows_phases_milestones_deadlines_and_what_is_counted() -> None:
    page = pages(whole(), "en")["programme.html"]
    assert "1. Preparation" in page
    assert "Overdue" in page
    assert "0/1" in page
    assert "Systems with a deadline: 1." in page
    assert "Quyết định" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_terminal_has_one_line_for_each_area(language: Language) -> None:
    lines = summary(judged(whole()), language, color=False, width=80).splitlines()
    assert all(cell_len(line) <= 80 for line in lines)
    titles = {"vi": ("Quy hoạch địa chỉ", "Thiết bị", "Chương trình")}.get(
        language, ("Address plan", "Equipment", "Programme")
    )
    for title in titles:
        at = lines.index(title)
        assert lines[at + 1].startswith("  ")


def test_page_one_names_the_areas_in_its_navigation_alone() -> None:
    page = pages(whole(), "en")["index.html"]
    assert not re.search(r"plan\.orphan|equipment\.no_ipv6|programme\.overdue", page)
    assert page.count("address-plan.html") == 1


def test_a_strangers_text_is_text_on_every_page() -> None:
    found = pages(whole(HOSTILE, programme=whole(HOSTILE).programme))
    for path in FILES:
        assert "<script>alert" not in found[path]
        assert "\x1b" not in found[path]
        assert "\u202e" not in found[path]
        assert "49" not in found[path].split("<main")[1].split("{{ 7*7 }}")[0][-3:]
    assert "\x1b" not in summary(judged(whole(HOSTILE)), "vi", color=False)


def test_no_page_names_an_address_outside_itself() -> None:
    for path, page in pages(whole()).items():
        if path in FILES:
            assert "http://" not in page
            assert "https://" not in page
            assert "script-src &#39;none&#39;" in page


def test_a_document_of_another_hand_reads_as_far_as_it_goes() -> None:
    made = judged(whole())
    results = dict(made.results)
    results |= {
        "address_plan": {
            "utilisation": [{"prefix": "none", "depth": -5, "planned": "x"}, {"depth": 1, "prefix": "?"}],
            "findings": [{"target": None}, 7],
        },
        "equipment": [{"id": 5}, None, {"level": "great", "capabilities": [{"value": 3}]}],
        "programme": {"phases": [{"phase": -1}], "milestones": [{"due": "someday"}], "deadlines": 3},
        "totals": {"areas": []},
    }  # fmt: skip
    bent = Judged(results=results, inventory=made.inventory, as_of=made.as_of)
    assert render(bent, {"language": "en"})
    assert summary(bent, "vi", color=False)
    results |= {"address_plan": None, "equipment": 3, "programme": []}
    assert read(Judged(results=results, inventory=made.inventory, as_of=made.as_of), "en").plan is None


def test_the_map_puts_each_part_in_its_place() -> None:
    report = read(judged(whole()), "en")
    assert report.plan is not None
    (found,) = prefix_maps(report.plan.prefixes)
    assert found.entry.prefix == "2001:db8::/48"
    assert [(patch.prefix, patch.x, patch.width) for patch in found.patches] == [
        ("2001:db8:0:1000::/52", 6.25, 6.25),
        ("2001:db8:0:8000::/49", 50.0, 50.0),
    ]
