"""results.json's roadmap, blockers, critical paths and exceptions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ipv6check.judge.cohort import declared as fingerprint
from ipv6check.judge.exceptions import standing
from ipv6check.judge.roadmap import effort
from ipv6check.model.finding import Finding
from ipv6check.model.inventory import Attested, Dependency, Equipment, Host, Service, Source
from ipv6check.model.run import Selection
from ipv6check.model.text import Text
from tests.unit.judge.cases import HERE, TODAY, acceptance, finding, inventory, judged, portal, system
from tests.unit.judge.test_judge_results import PERFECT


def bad(**rest: Any) -> Finding:
    return finding("naming.aaaa", "fail", "dns.nodata", **rest)


def device(name: str = "fw-core", **ipv6: str) -> Equipment:
    return Equipment(id=name, kind="firewall", ipv6=ipv6, source=HERE)


def on(*kinds: str) -> tuple[Dependency, ...]:
    return tuple(Dependency(kind="equipment", target=each) for each in kinds)


def test_a_system_on_target_is_in_no_wave() -> None:
    document = judged(inventory(system()), *PERFECT)
    assert (document["roadmap"], document["blockers"], document["critical_paths"]) == ([], [], [])


def test_the_roadmap_has_the_documented_shape() -> None:
    declared = inventory(
        system("portal", needs=("dns",), deadline=date(2026, 12, 31), criticality="critical"), system("dns")
    )
    document = judged(declared, bad(of="portal", host="www.example"), bad(of="dns", host="ns1.example"))
    first, second = document["roadmap"]
    assert (first["wave"], first["systems"], first["unlocks"]) == (1, ["dns"], 1)
    assert (second["wave"], second["systems"], second["unlocks"]) == (2, ["portal"], 0)
    (blocker,) = document["blockers"]
    assert (blocker["kind"], blocker["id"], blocker["unlocks"]) == ("system", "dns", 1)
    assert blocker["needed_by"] == "2026-12-31"
    (path,) = document["critical_paths"]
    assert [[key["id"] for key in step] for step in path["steps"]] == [["dns"], ["portal"]]


@pytest.mark.parametrize(
    ("ipv6", "state"),
    [
        ({"forwarding": "yes", "filtering": "yes", "management": "no"}, "met"),
        ({"forwarding": "yes", "filtering": "partial"}, "unmet"),
        ({"forwarding": "no"}, "unmet"),
        ({"forwarding": "yes", "filtering": "unknown"}, "unknown"),
        ({"management": "yes"}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_equipment_is_in_the_way_only_where_a_capability_is_known_to_lack(
    ipv6: dict[str, str], state: str
) -> None:
    declared = inventory(system(depends_on=on("fw-core")), equipment=(device(**ipv6),))
    document = judged(declared, bad())
    steps = {step["id"]: step for wave in document["roadmap"] for step in wave["steps"]}
    assert ("fw-core" in steps) is (state == "unmet")
    assert portal(document)["blocked_by_equipment"] == (["fw-core"] if state == "unmet" else [])
    unknown = [key["id"] for key in steps["portal"]["unknown"]]
    assert unknown == (["fw-core"] if state == "unknown" else [])


def test_a_device_that_needs_another_waits_for_it() -> None:
    edge = Equipment(
        id="fw-edge", kind="firewall", ipv6={"filtering": "partial"}, depends_on=on("fw-core"), source=HERE
    )
    document = judged(
        inventory(system(depends_on=on("fw-edge")), equipment=(edge, device(forwarding="no"))), bad()
    )
    assert [wave["equipment"] for wave in document["roadmap"]] == [["fw-core"], ["fw-edge"], []]


def test_systems_not_scanned_are_neither_in_a_wave_nor_in_the_way() -> None:
    declared = inventory(system("portal", needs=("mail",)), system("mail"))
    document = judged(declared, bad(), selection=Selection(systems=("portal",)))
    (wave,) = document["roadmap"]
    assert wave["systems"] == ["portal"]
    assert wave["steps"][0]["unknown"] == [{"kind": "system", "id": "mail"}]


@pytest.mark.parametrize(("places", "size"), [(0, 1), (1, 1), (2, 1), (3, 2), (6, 2), (7, 4), (500, 4)])
def test_effort_is_a_relative_size_by_places_to_mend(places: int, size: int) -> None:
    assert effort(places) == size


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 12, 31), "in_force"),
        (date(2027, 1, 1), "expiring"),
        (date(2027, 1, 31), "expiring"),
        (date(2027, 2, 1), "expired"),
    ],
)
def test_an_exception_warns_for_thirty_days_and_holds_through_its_last(day: date, state: str) -> None:
    assert standing(date(2027, 1, 31), day) == state


def test_exceptions_stand_in_the_order_in_which_they_expire_with_what_they_fit() -> None:
    declared = inventory(
        system(),
        accept=(
            acceptance("reach.service", date(2027, 6, 30)),
            replace(acceptance("naming.aaaa", date(2026, 12, 1)), source=Source("inventory.yaml", 9)),
        ),
    )
    document = judged(declared, bad())
    first, second = document["exceptions"]
    assert (first["check"], first["days"], first["state"], first["findings"]) == (
        "naming.aaaa",
        7,
        "expiring",
        1,
    )
    assert (second["check"], second["state"], second["findings"]) == ("reach.service", "in_force", 0)


def test_the_total_with_what_is_attested_stands_beside_the_measured_one() -> None:
    vouched = Attested(
        check="reach.service",
        verdict="pass",
        by="so-khcn",
        date=TODAY,
        expires=date(2027, 1, 1),
        source=HERE,
    )
    unknown = finding("reach.service", "unknown", "reach.slow")
    totals: dict[str, Any] = judged(inventory(system(attested=(vouched,))), unknown)["totals"]
    assert (totals["score"]["low"], totals["score"]["high"]) == (0.0, 100.0)
    assert (totals["score_attested"]["low"], totals["score_attested"]["high"]) == (100.0, 100.0)
    assert judged(inventory(system()), unknown)["totals"]["score_attested"] is None


def test_the_same_thing_is_measured_while_hosts_and_services_are_equal() -> None:
    one, two = (
        Host(declared=name, name=name, services=("https",), source=HERE)
        for name in ("a.example", "b.example")
    )
    https = Service(id="https", app="https", ports={4: (443,), 6: (443,)}, source=HERE)
    base = fingerprint(system(hosts=(one, two), services=(https,)))
    same = system(hosts=(two, one), services=(https,), unit="so-khcn", deadline=TODAY)
    assert fingerprint(replace(same, name=Text.same("Other"))) == base
    assert fingerprint(system(hosts=(one,), services=(https,))) != base
    moved = Service(id="https", app="https", ports={4: (443,), 6: (8443,)}, source=HERE)
    assert fingerprint(system(hosts=(one, two), services=(moved,))) != base
