"""results.json out of findings made by hand: what stands in it, what counts and what does not."""

from __future__ import annotations

import json
from datetime import date
from random import Random
from typing import Any

import jsonschema
import pytest

from ipv6check.judge.document import encode
from ipv6check.judge.results import results
from ipv6check.model.finding import Target, Verdict
from ipv6check.model.inventory import Attested, Goal, Site, Unit
from ipv6check.model.run import Selection
from ipv6check.model.text import Text
from tests.unit.judge.cases import (
    HERE,
    acceptance,
    case,
    finding,
    inventory,
    judged,
    observation,
    portal,
    system,
    validate,
)

PERFECT = [
    finding(check)
    for check in ("naming.aaaa", "address.class", "reach.service", "parity.service", "tls.valid")
]


def test_a_system_that_passes_everything_has_100_points_and_reaches_its_target() -> None:
    own = portal(judged(inventory(system()), *PERFECT))
    assert own["score"] == {"low": 100.0, "high": 100.0, "coverage": 1.0}
    assert (own["level"], own["target"], own["on_target"]) == ("parity", "parity", True)


def test_a_system_that_fails_a_little_never_prints_100() -> None:
    ports = [finding("reach.service", port=port) for port in range(1, 200)]
    own = portal(
        judged(inventory(system()), *PERFECT, *ports, finding("naming.hints", "fail", "naming.hint_mismatch"))
    )
    assert own["score"]["high"] < 100


def test_ten_ports_do_not_outweigh_one_certificate() -> None:
    bad = finding("tls.valid", "fail", "tls.expired")
    one = portal(judged(inventory(system()), finding(port=1), bad))["score"]
    ten = portal(judged(inventory(system()), *(finding(port=port) for port in range(1, 11)), bad))["score"]
    assert one == ten


def test_points_of_the_contributions_sum_to_the_score() -> None:
    own = portal(
        judged(
            inventory(system()),
            *PERFECT,
            finding("http.status", "unknown", "reach.slow"),
            finding("naming.a", "warn", "naming.no_a"),
        )
    )
    for end in ("low", "high"):
        total = sum(part["points"][end] for part in own["contributions"])
        assert total == pytest.approx(own["score"][end], abs=0.05)
    assert sum(part["points"]["most"] for part in own["contributions"]) == pytest.approx(100, abs=0.05)


def test_a_system_without_applicable_findings_has_no_score() -> None:
    document = judged(inventory(system()), finding("tls.valid", "not_applicable", "not.declared"))
    assert portal(document)["score"] is None
    assert portal(document)["level"] == "none"
    assert document["totals"]["score"] is None
    assert document["totals"]["not_scored"] == 1


@pytest.mark.parametrize("goal", ["ipv4-only", "retired"])
def test_systems_that_stay_on_ipv4_or_are_retired_have_neither_level_nor_score(goal: Goal) -> None:
    document = judged(inventory(system(goal=goal)), finding("reach.ipv4", "fail", "reach.closed"))
    own = portal(document)
    assert (own["level"], own["target"], own["score"], own["gates"]) == (None, None, None, [])
    assert own["findings"]
    assert document["totals"]["apart"][goal] == 1
    assert document["totals"]["counted"] == 0
    assert sum(document["totals"]["levels"].values()) == 0


def test_findings_stand_sorted_by_id_whatever_order_they_came_in() -> None:
    found = [finding(port=port) for port in range(1, 30)]
    shuffled = list(found)
    Random(6).shuffle(shuffled)
    declared = inventory(system())
    assert encode(results(case(declared, *found))) == encode(results(case(declared, *shuffled)))
    ids = [each["id"] for each in portal(judged(declared, *found))["findings"]]
    assert ids == sorted(ids)


def test_a_finding_says_everything_the_interface_names() -> None:
    target = Target(
        host="www.example", address="2001:db8::80", family=6, port=443, transport="tcp", app="https"
    )
    seen = observation()
    document = judged(
        inventory(system()),
        finding(
            "reach.service",
            "fail",
            "reach.silent",
            target=target,
            vantage="local",
            evidence=(seen.id,),
            args={"tries": 3},
            source=HERE,
        ),
        observations=(seen,),
    )
    (own,) = portal(document)["findings"]
    assert own["severity"] == "critical"
    assert own["target"]["address"] == "2001:db8::80"
    assert own["message"] == {"vi": "vi: reach.silent", "en": "en: reach.silent"}
    assert own["remedy"] == {"vi": "do something", "en": "do something"}
    assert own["source"] == {"file": "inventory.yaml", "line": 3}
    assert own["evidence"] == [seen.id]
    assert own["reproduce"].startswith("curl -6 ")
    assert document["observations"][seen.id]["failure"] == "silent"
    assert document["observations"][seen.id]["started"] == "2026-11-24T03:00:00Z"


@pytest.mark.parametrize(
    ("check", "verdict", "reason", "severity"),
    [
        ("reach.service", "fail", "reach.silent", "critical"),
        ("reach.service", "fail", "reach.partial", "high"),
        ("reach.service", "unknown", "reach.slow", "critical"),
        ("reach.service", "pass", "ok", None),
        ("reach.service", "not_applicable", "not.declared", None),
        ("tls.valid", "warn", "tls.expires_soon", "medium"),
        ("tls.valid", "warn", "tls.expired", "medium"),
        ("parity.offer", "warn", "parity.v4_missing", "low"),
        ("third.party", "fail", "third.reason", "medium"),
    ],
)
def test_severity_is_by_reason_then_by_check_and_a_warn_is_at_most_medium(
    check: str, verdict: Verdict, reason: str, severity: str | None
) -> None:
    (own,) = portal(judged(inventory(system()), finding(check, verdict, reason)))["findings"]
    assert own["severity"] == severity


def test_only_cited_observations_are_kept() -> None:
    cited, other = observation(attempt=1), observation(attempt=2)
    document = judged(inventory(system()), finding(evidence=(cited.id,)), observations=(cited, other))
    assert list(document["observations"]) == [cited.id]


def test_an_accepted_fail_is_shown_and_not_counted_until_it_expires() -> None:
    declared = inventory(system(), accept=(acceptance("tls.valid", date(2026, 11, 24)),))
    bad = finding("tls.valid", "fail", "tls.expired")
    rest = PERFECT[:-1]
    today = judged(declared, *rest, bad, as_of=date(2026, 11, 24))
    own = portal(today)
    assert own["score"]["low"] == 100.0
    assert (own["level"], own["with_exceptions"]) == ("parity", True)
    shown = next(each for each in own["findings"] if each["check"] == "tls.valid")
    assert (shown["verdict"], shown["accepted"], shown["acceptance"]["expired"]) == ("fail", True, False)
    assert today["totals"]["accepted"] == 1
    assert today["totals"]["fails"]["high"] == 0

    tomorrow = judged(declared, *rest, bad, as_of=date(2026, 11, 25))
    own = portal(tomorrow)
    assert own["score"]["low"] < 100
    assert (own["level"], own["with_exceptions"]) == ("reachable", False)
    shown = next(each for each in own["findings"] if each["check"] == "tls.valid")
    assert (shown["accepted"], shown["acceptance"]["expired"]) == (False, True)
    assert tomorrow["totals"]["fails"]["high"] == 1


@pytest.mark.parametrize(
    ("narrowed", "fits"),
    [
        ({}, True),
        ({"host": "www.example"}, True),
        ({"host": "other.example"}, False),
        ({"port": 443}, True),
        ({"port": 80}, False),
        ({"vantage": "local"}, True),
        ({"vantage": "outside"}, False),
        ({"code": "tls.expired"}, True),
        ({"code": "tls.untrusted"}, False),
        ({"system": "mail"}, False),
    ],
)
def test_an_exception_covers_what_it_names_and_nothing_else(narrowed: dict[str, Any], fits: bool) -> None:
    declared = inventory(system(), system("mail"), accept=(acceptance("tls.valid", **narrowed),))
    bad = finding("tls.valid", "fail", "tls.expired", host="www.example", port=443, vantage="local")
    (own,) = portal(judged(declared, bad))["findings"]
    assert own["accepted"] is fits


def test_an_exception_does_not_hide_a_pass() -> None:
    declared = inventory(system(), accept=(acceptance("tls.valid"),))
    (own,) = portal(judged(declared, finding("tls.valid")))["findings"]
    assert own["accepted"] is False


def test_what_is_attested_is_shown_apart_and_gives_a_second_figure() -> None:
    vouched = Attested(
        check="reach.service",
        verdict="pass",
        by="an engineer",
        date=date(2026, 11, 1),
        expires=date(2027, 5, 1),
        source=HERE,
    )
    found = [finding("naming.aaaa"), finding("reach.service", "unknown", "reach.filtered_here")]
    own = portal(judged(inventory(system(attested=(vouched,))), *found))
    assert own["score"]["low"] < 100
    assert own["score_attested"] == {"low": 100.0, "high": 100.0, "coverage": 1.0}
    assert own["attested"][0]["valid"] is True
    late = portal(judged(inventory(system(attested=(vouched,))), *found, as_of=date(2027, 5, 2)))
    assert late["score_attested"] is None
    assert late["attested"][0]["valid"] is False


def test_an_attestation_never_overrules_a_measurement() -> None:
    vouched = Attested(
        check="reach.service",
        verdict="pass",
        by="x",
        date=date(2026, 1, 1),
        expires=date(2027, 1, 1),
        source=HERE,
    )
    own = portal(
        judged(inventory(system(attested=(vouched,))), finding("reach.service", "fail", "reach.closed"))
    )
    assert own["score_attested"] == own["score"]


def test_blockers_are_dependencies_below_target_through_any_number_of_steps() -> None:
    declared = inventory(
        system("portal", needs=("sso",)),
        system("sso", needs=("dns", "portal")),
        system("dns"),
        system("old", goal="ipv4-only"),
    )
    found = [finding(each.check, of=name) for each in PERFECT for name in ("portal", "sso")]
    document = judged(declared, *found, finding("naming.aaaa", "fail", "dns.nodata", of="dns"))
    assert portal(document)["blockers"] == ["dns"]
    assert portal(document, "sso")["blockers"] == ["dns"]
    assert portal(document, "dns")["blockers"] == []


def test_a_system_not_asked_is_not_scanned_and_not_gone() -> None:
    declared = inventory(system("portal", needs=("mail",)), system("mail"))
    document = judged(declared, *PERFECT, selection=Selection(systems=("portal",)))
    mail = portal(document, "mail")
    assert (mail["scanned"], mail["level"], mail["on_target"], mail["findings"]) == (False, None, None, [])
    assert portal(document)["blockers"] == []
    assert document["run"]["partial"] is True
    assert document["totals"]["not_scanned"] == 1


def test_a_run_of_selected_checks_has_scores_and_no_levels() -> None:
    document = judged(inventory(system()), finding("tls.valid"), selection=Selection(checks=("tls",)))
    assert portal(document)["score"]["low"] == 100.0
    assert portal(document)["level"] is None
    assert document["totals"]["not_levelled"] == 1


def test_the_mean_is_weighted_by_criticality_and_names_the_worst() -> None:
    declared = inventory(system("good", criticality="critical"), system("bad", criticality="low"))
    document = judged(
        declared, finding(of="good"), finding("reach.service", "fail", "reach.silent", of="bad")
    )
    assert document["totals"]["score"]["low"] == 80.0
    assert document["totals"]["worst"] == {"id": "bad", "low": 0.0, "high": 0.0}


def test_groups_add_up_to_the_whole() -> None:
    declared = inventory(
        system("a", unit="so-khcn", site="dc1", category="mail"),
        system("b", unit="ubnd-xa", category="mail"),
        system("c", goal="retired"),
        units=(
            Unit(id="so-khcn", name=Text("Sở", "Department"), level="sở", source=HERE),
            Unit(id="ubnd-xa", name=Text("Xã", "Commune"), parent="so-khcn", source=HERE),
        ),
        sites=(Site(id="dc1", name=Text.same("DC1"), source=HERE),),
    )
    totals = judged(declared, finding(of="a"), finding("reach.service", "fail", "reach.closed", of="b"))[
        "totals"
    ]
    for group in ("by_unit", "by_unit_level", "by_category", "by_site", "by_exposure"):
        assert sum(each["systems"] for each in totals[group]) == totals["systems"] == 3
        for verdict, count in totals["findings"].items():
            assert sum(each["findings"][verdict] for each in totals[group]) == count
    assert [each["id"] for each in totals["by_unit"]] == ["so-khcn", "ubnd-xa", None]
    assert [each["id"] for each in totals["by_unit_level"]] == ["sở", None]
    assert [each["id"] for each in totals["by_exposure"]] == ["internet"]
    assert totals["by_unit"][0]["name"] == {"vi": "Sở", "en": "Department"}
    assert totals["by_unit"][1]["worst"]["id"] == "b"
    assert totals["systems"] == totals["counted"] + sum(totals["apart"].values()) + totals["not_scanned"]
    assert sum(totals["levels"].values()) == totals["counted"] - totals["not_levelled"]


def test_programme_findings_are_shown_and_no_part_of_a_systems_score() -> None:
    own = portal(judged(inventory(system()), finding(), finding("deadline.met", "fail", "deadline.passed")))
    assert own["score"]["low"] == 100.0
    assert len(own["findings"]) == 2


def test_the_schema_refuses_what_no_reader_should_meet() -> None:
    document = judged(inventory(system()), finding("tls.valid", "fail", "tls.expired"))
    for path, value in (
        (("schema",), "ipv6check/results@2.0"),
        (("systems", 0, "level"), "perfect"),
        (("systems", 0, "findings", 0, "severity"), None),
        (("systems", 0, "findings", 0, "verdict"), "maybe"),
        (("systems", 0, "score", "low"), 101),
        (("run", "started"), "yesterday"),
        (("totals", "levels", "parity"), -1),
    ):
        broken = json.loads(json.dumps(document))
        place = broken
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
        with pytest.raises(jsonschema.ValidationError):
            validate(broken)


def test_the_schema_lets_minor_versions_add() -> None:
    document = judged(inventory(system()), finding())
    document["schema"] = "ipv6check/results@1.7"
    document["new"] = document["systems"][0]["new"] = document["systems"][0]["findings"][0]["new"] = 1
    validate(document)
