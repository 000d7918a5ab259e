"""inventories/province: a province of a real one's size, sound enough for people to copy."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from ipv6check.inventory import load
from ipv6check.inventory.problems import Problem
from ipv6check.inventory.system_schema import CATEGORIES
from ipv6check.judge import Judged, judge
from ipv6check.model.inventory import Inventory
from ipv6check.model.run import RunMeta
from ipv6check.profiles import load_profile

FOLDER = Path(__file__).parents[3] / "inventories" / "province"


@cache
def province() -> Inventory:
    loaded = load(FOLDER / "inventory.yaml")
    assert loaded.inventory is not None, [str(problem) for problem in loaded.errors]
    return loaded.inventory


@cache
def judged() -> Judged:
    """Judge it without a single observation: what is left are plan, equipment and programme."""
    return judge(province(), (), run(), load_profile("default"))


def run() -> RunMeta:
    began = datetime(2026, 11, 25, 2, tzinfo=UTC)
    return RunMeta(
        id="20261125T020000Z-000001",
        started=began,
        finished=began,
        complete=True,
        tool="ipv6check test",
        profile="default",
        profile_sha256="",
        catalogue_sha256="",
        inventory_sha256="",
        inventory_main="inventory.yaml",
        vantage="inside",
    )


def test_it_is_valid_and_warns_of_nothing_but_what_moves_together() -> None:
    loaded = load(FOLDER / "inventory.yaml")
    problems: tuple[Problem, ...] = loaded.errors + loaded.warnings
    circles = ("(dns-noi-bo → ntp → dns-noi-bo)", "(kho-du-lieu → lgsp → kho-du-lieu)")
    assert len(problems) == len(circles)
    assert all(circle in str(problem) for circle, problem in zip(circles, problems, strict=True))


def test_it_has_the_size_of_a_province() -> None:
    found = province()
    assert len(found.systems) == 150
    assert len(found.equipment) >= 60
    assert {unit.level for unit in found.units} == {"cấp tỉnh", "cấp xã"}
    assert len(found.units) >= 25
    assert [e.prefix for e in found.address_plan if e.use == "allocation" and ":" in e.prefix] == [
        "2001:db8:100::/48"
    ]
    assert len(found.programme) >= 20
    assert len(found.vantages) == 2


@pytest.mark.parametrize("category", CATEGORIES)
def test_every_category_occurs(category: str) -> None:
    assert any(system.category == category for system in province().systems)


def test_every_way_to_declare_something_occurs() -> None:
    systems = province().systems
    needs = [need for system in systems for need in system.depends_on]
    assert {need.kind for need in needs} == {"system", "equipment", "host"}
    assert {system.goal for system in systems} == {"dual-stack", "ipv6-only", "ipv4-only", "retired"}
    assert {system.criticality for system in systems} == {"critical", "high", "normal", "low"}
    assert {system.probe for system in systems} >= {"full", "gentle", "none"}
    assert any(system.windows for system in systems)
    assert any(system.attested for system in systems)
    assert province().accept


def test_names_are_in_two_languages_and_composed() -> None:
    names = [system.name for system in province().systems]
    names += [unit.name for unit in province().units if unit.name]
    names += [device.name for device in province().equipment if device.name]
    for name in names:
        assert name.vi != name.en
        assert unicodedata.is_normalized("NFC", name.vi)


def test_its_address_plan_is_sound() -> None:
    found = judged().results["address_plan"]
    assert isinstance(found, dict)
    bad = [f for f in found["findings"] if f["verdict"] not in ("pass", "not_applicable")]
    assert bad == []


def test_a_circle_of_needs_is_one_wave_with_work_on_both_sides() -> None:
    systems = {system.id: {need.target for need in system.depends_on} for system in province().systems}
    assert "ntp" in systems["dns-noi-bo"] and "dns-noi-bo" in systems["ntp"]
    assert "kho-du-lieu" in systems["lgsp"] and "lgsp" in systems["kho-du-lieu"]


def test_milestones_are_done_due_and_overdue() -> None:
    programme = judged().results["programme"]
    assert isinstance(programme, dict)
    assert {f["verdict"] for f in programme["findings"]} >= {"pass", "fail", "warn"}
