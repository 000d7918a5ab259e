"""Address plan, equipment and programme in results.json: figures, scores of their own, sums that hold."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipv6check.checks import AUDITS, audit
from ipv6check.checks.audit import Audit
from ipv6check.facts.estate import EquipmentView
from ipv6check.judge import encode, judge
from ipv6check.judge.equipment import needed_by
from ipv6check.model.inventory import (
    Acceptance,
    Dependency,
    Equipment,
    Inventory,
    Milestone,
    PlanEntry,
    System,
)
from ipv6check.model.profile import Indicator
from ipv6check.model.run import Selection
from ipv6check.model.text import Text
from ipv6check.profiles import load_profile
from tests.unit.judge.cases import HERE, TODAY, acceptance, inventory, meta, system, validate

DEFAULT = load_profile("default")


def document(declared: Inventory, as_of: date = TODAY, **rest: Any) -> dict[str, Any]:
    """Judge an inventory that nobody was asked about, and return results.json as a reader sees it."""
    run = rest.pop("run", meta())
    made = judge(declared, (), run, rest.pop("profile", DEFAULT), as_of, **rest)
    found: dict[str, Any] = json.loads(encode(made.results))
    validate(found)
    return found


def equipment(name: str, kind: str = "router", **rest: Any) -> Equipment:
    return Equipment(id=name, kind=kind, source=HERE, **rest)


def milestone(name: str, **rest: Any) -> Milestone:
    return Milestone(id=name, name=Text.same(name), source=HERE, **rest)


def entry(prefix: str, use: str = "subnet", **rest: Any) -> PlanEntry:
    return PlanEntry(prefix=prefix, use=use, source=HERE, **rest)


ABLE = {"forwarding": "yes", "routing": "yes"}


def test_without_plan_equipment_and_programme_everything_is_present_and_empty() -> None:
    found = document(inventory(system()))
    assert found["address_plan"]["findings"] == []
    assert found["address_plan"]["utilisation"] == []
    assert found["equipment"] == []
    assert found["programme"]["phases"] == []
    assert found["programme"]["findings"] == []
    assert all(area["judged"] == 0 and area["score"] is None for area in found["totals"]["areas"].values())


def test_an_orphan_costs_its_own_share_of_the_plans_score_and_no_system_anything() -> None:
    plan = (entry("2001:db8::/48", "allocation"), entry("2001:db8:0:1::/64"), entry("3fff:1::/64"))
    declared = inventory(system(), address_plan=plan)
    found = document(declared)
    area = found["totals"]["areas"]["plan"]
    # The orphan fails one of its checks, weight 2 of 6; family_pair of the system does not apply.
    assert area["score"] == {"low": 88.89, "high": 88.89, "coverage": 1.0}
    assert area["worst"]["id"] == "3fff:1::/64"
    assert area["fails"]["high"] == 1
    (orphan,) = [f for f in found["address_plan"]["findings"] if f["reason"] == "plan.orphan"]
    assert orphan["target"]["prefix"] == "3fff:1::/64"
    assert orphan["source"] == {"file": "inventory.yaml", "line": 3}
    assert "3fff:1::/64" in orphan["message"]["vi"]
    assert found["reasons"]["plan.orphan"]["title"]["en"]
    assert found["systems"][0]["score"] == document(inventory(system()))["systems"][0]["score"]


def test_what_the_plan_has_of_a_system_names_the_system() -> None:
    declared = inventory(
        system(planned=("198.51.100.80",)), address_plan=(entry("2001:db8::/48", "allocation"),)
    )
    found = document(declared)
    (pair,) = [f for f in found["address_plan"]["findings"] if f["check"] == "plan.family_pair"]
    assert (pair["verdict"], pair["target"]["system"]) == ("fail", "portal")


def test_exceptions_for_a_prefix_a_device_a_milestone_and_a_system_count_until_they_expire() -> None:
    declared = inventory(
        system(planned=("198.51.100.80",)),
        address_plan=(entry("3fff:1::/64"),),
        equipment=(equipment("r1", ipv6={"forwarding": "no"}), equipment("r2", ipv6={"forwarding": "no"})),
        programme=(milestone("m1", due=date(2026, 1, 1)),),
        accept=(
            acceptance("plan.nested", system="", prefix="3fff:1::/64"),
            acceptance("equipment.capable", system="", equipment="r1"),
            acceptance("programme.on_time", system="", milestone="m1"),
            acceptance("plan.family_pair"),
        ),
    )
    areas = document(declared)["totals"]["areas"]
    assert [areas[name]["accepted"] for name in ("plan", "equipment", "programme")] == [2, 1, 1]
    assert sum(areas["equipment"]["fails"].values()) == 1
    assert areas["plan"]["score"]["low"] == 100.0
    late = document(declared, date(2027, 3, 1))["totals"]["areas"]
    assert [late[name]["accepted"] for name in ("plan", "equipment", "programme")] == [0, 0, 0]


def test_an_exception_for_one_device_does_not_cover_another() -> None:
    accepted: Acceptance = acceptance("equipment.capable", system="", equipment="r1")
    declared = inventory(
        equipment=(equipment("r2", ipv6={"forwarding": "no"}), equipment("r1", ipv6={"forwarding": "no"})),
        accept=(accepted,),
    )
    found = document(declared)["equipment"]
    assert any(f["accepted"] for f in found[0]["findings"])
    assert not any(f["accepted"] for f in found[1]["findings"])


def test_equipment_says_what_it_can_do_what_is_to_be_done_and_who_waits() -> None:
    partly = {"forwarding": "yes", "virtual-servers": "partial", "x": "no"}
    behind = System(
        id="sso",
        name=Text.same("sso"),
        depends_on=(Dependency(kind="equipment", target="fw"),),
        source=HERE,
    )
    declared = inventory(
        system("portal", needs=("sso",)),
        behind,
        system("ioc"),
        equipment=(
            equipment("core", ipv6=ABLE, criticality="critical"),
            equipment("edge", ipv6={"forwarding": "no"}, end_of_support=date(2027, 1, 1)),
            equipment("fw", "firewall", depends_on=(Dependency(kind="equipment", target="edge"),)),
            equipment("lb", "load-balancer", ipv6=partly),
        ),
    )
    found = {each["id"]: each for each in document(declared)["equipment"]}
    assert {name: (each["level"], each["action"]) for name, each in found.items()} == {
        "core": ("capable", None),
        "edge": ("not-capable", "replace"),
        "fw": ("not-assessed", "assess"),
        "lb": ("partial", "upgrade"),
    }
    assert found["edge"]["needed_by"] == ["portal", "sso"]
    assert found["fw"]["needed_by"] == ["portal", "sso"]
    assert found["core"]["needed_by"] == []
    needs = {each["capability"]: (each["need"], each["value"]) for each in found["lb"]["capabilities"]}
    assert needs["virtual-servers"] == ("mandatory", "partial")
    assert needs["management"] == ("optional", "unknown")
    assert needs["x"] == ("extra", "no")


def test_a_critical_device_weighs_more_in_the_score_of_the_equipment() -> None:
    def score(criticality: str) -> float:
        declared = inventory(
            equipment=(
                equipment("good", ipv6=ABLE),
                equipment("bad", ipv6={"forwarding": "no"}, criticality=criticality),
            )
        )
        return float(document(declared)["totals"]["areas"]["equipment"]["score"]["low"])

    assert score("critical") == 33.33
    assert score("low") == 66.67


@given(
    st.lists(
        st.tuples(
            st.sampled_from([None, 1, 2, 3, 9]),
            st.none() | st.integers(-60, 60),
            st.none() | st.integers(-60, 60),
            st.booleans(),
        ),
        max_size=12,
    )
)
def test_the_phases_add_up_to_the_milestones(rows: list[tuple[Any, Any, Any, bool]]) -> None:
    def day(shift: int | None) -> date | None:
        return None if shift is None else TODAY + timedelta(days=shift)

    milestones = tuple(
        milestone(f"m{number}", phase=phase, due=day(due), done=day(done), evidence="x" if shown else None)
        for number, (phase, due, done, shown) in enumerate(rows)
    )
    found = document(inventory(programme=milestones))["programme"]
    states = ("done", "overdue", "due_soon", "ahead", "undated")
    for phase in found["phases"]:
        assert phase["milestones"] == sum(phase[state] for state in states)
        assert phase["with_evidence"] <= phase["done"]
    assert sum(phase["milestones"] for phase in found["phases"]) == len(rows) == len(found["milestones"])
    for state in states:
        assert sum(phase[state] for phase in found["phases"]) == sum(
            each["state"] == state for each in found["milestones"]
        )
    overdue = [each for each in found["findings"] if each["reason"] == "programme.overdue"]
    assert len(overdue) == sum(phase["overdue"] for phase in found["phases"])


def test_deadlines_add_up_and_are_no_part_of_a_systems_score() -> None:
    dates = {"past": TODAY - timedelta(days=1), "today": TODAY, "ahead": TODAY + timedelta(days=9)}
    declared = inventory(*(system(name, deadline=day) for name, day in dates.items()), system("none"))
    found = document(declared)
    assert found["programme"]["deadlines"] == {
        "systems": 3,
        "met": 0,
        "passed": 0,
        "ahead": 2,
        "undecided": 1,
    }
    own = {each["id"]: each for each in found["systems"]}
    assert own["past"]["score"] == own["none"]["score"]
    assert [f["check"] for f in own["past"]["findings"] if f["reason"] == "deadline.undecided"]


def test_indicators_count_what_is_sure_and_what_is_not() -> None:
    declared = inventory(
        system("portal", category="web-portal"),
        system("site", category="web-portal"),
        system("mail", category="mail"),
        system("old", category="web-portal", goal="retired"),
        equipment=(equipment("a", ipv6=ABLE), equipment("b"), equipment("c", ipv6={"forwarding": "no"})),
        programme=(
            milestone("plan", done=date(2026, 1, 1)),
            milestone("plan-so-khcn", due=date(2026, 6, 1), unit="so-khcn"),
            milestone("planning-course", done=date(2026, 1, 1)),
        ),
    )
    found = {each["id"]: each for each in document(declared)["programme"]["indicators"]}
    figures = {name: (each["of"], each["met"], each["undecided"]) for name, each in found.items()}
    assert figures["portals"] == (2, 0, 2)
    assert figures["systems"] == (3, 0, 3)
    assert figures["public-services"] == (0, 0, 0)
    assert figures["plans"] == (2, 1, 0)
    assert figures["equipment"] == (3, 1, 1)
    assert figures["portal-units"] == (0, 0, 0)  # nobody is said to own them
    assert [(each["unit"], each["of"], each["met"]) for each in found["plans"]["by_unit"]] == [
        ("so-khcn", 1, 0),
        (None, 1, 1),
    ]
    for each in found.values():
        for part in ("of", "met", "undecided"):
            assert sum(unit[part] for unit in each["by_unit"]) == each[part]
    assert found["public-services"]["state"] == "nothing"
    assert found["plans"]["state"] == "no_target"


@pytest.mark.parametrize(
    ("answers", "counts"),
    [
        ([("a", True), ("a", True), ("b", True)], (2, 2, 0)),
        ([("a", True), ("a", False), ("b", True)], (2, 1, 0)),
        ([("a", True), ("a", None)], (1, 0, 1)),
        ([("a", None), ("a", False)], (1, 0, 0)),
        ([(None, True)], (0, 0, 0)),
        ([], (0, 0, 0)),
    ],
)
def test_an_agency_is_counted_once_and_only_with_all_that_it_owns(
    answers: list[tuple[str | None, bool | None]], counts: tuple[int, int, int]
) -> None:
    value = {True: "yes", False: "no", None: "unknown"}
    items = tuple(
        equipment(f"e{number}", unit=unit, ipv6=dict.fromkeys(("forwarding", "routing"), value[answer]))
        for number, (unit, answer) in enumerate(answers)
    )
    wanted = Indicator(id="units", name=Text.same("u"), counts="equipment", by_unit=True)
    profile = replace(load_profile("default"), indicators=(wanted,))
    (found,) = document(inventory(equipment=items), profile=profile)["programme"]["indicators"]
    assert (found["of"], found["met"], found["undecided"]) == counts
    assert found["per"] == "unit"
    assert sum(each["of"] for each in found["by_unit"]) == found["of"]


def test_a_run_of_selected_checks_asks_only_the_audits_of_its_areas() -> None:
    declared = inventory(
        system(),
        address_plan=(entry("3fff:1::/64"),),
        equipment=(equipment("r1"),),
        programme=(milestone("m", due=date(2026, 1, 1)),),
    )
    found = document(declared, run=meta(selection=Selection(checks=("equipment", "plan.nested"))))
    assert {each["check"] for each in found["address_plan"]["findings"]} == {"plan.nested"}
    assert {each["check"] for each in found["equipment"][0]["findings"]} == {
        "equipment.capable",
        "equipment.supported",
        "equipment.management",
        "equipment.reachable",
    }
    assert found["programme"]["findings"] == []
    assert [each["state"] for each in found["programme"]["milestones"]] == ["overdue"]


def test_a_run_of_one_system_asks_the_plan_of_that_system_alone() -> None:
    declared = inventory(
        system("portal", planned=("198.51.100.80",)), system("mail", planned=("198.51.100.25",))
    )
    found = document(declared, run=meta(selection=Selection(systems=("portal",))))
    assert [each["target"]["system"] for each in found["address_plan"]["findings"]
            if each["check"] == "plan.family_pair"] == ["portal"]  # fmt: skip


def test_an_audit_that_crashes_costs_its_own_findings_alone() -> None:
    @audit.audit("equipment.capable", of="equipment")
    def broken(view: EquipmentView, params: object) -> Any:
        raise RuntimeError("bug")

    audits: tuple[Audit, ...] = (broken, *(each for each in AUDITS if each.id != "equipment.capable"))
    found = document(inventory(equipment=(equipment("r1", management=("2001:db8::1",)),)), audits=audits)
    reasons = {each["check"]: each["reason"] for each in found["equipment"][0]["findings"]}
    assert reasons["equipment.capable"] == "internal.crashed"
    assert reasons["equipment.management"] == "ok"
    assert found["equipment"][0]["level"] == "not-assessed"


def test_the_order_of_the_inventory_does_not_matter() -> None:
    plan = (entry("2001:db8::/48", "allocation"), entry("2001:db8:0:1::/64"), entry("3fff:1::/64"))
    items = (equipment("a"), equipment("b", ipv6=ABLE))
    one = document(inventory(address_plan=plan, equipment=items))
    other = document(inventory(address_plan=plan[::-1], equipment=items[::-1]))
    for part in ("address_plan", "equipment", "programme", "totals"):
        assert one[part] == other[part]


def test_a_finding_keeps_its_id_when_its_verdict_changes() -> None:
    def ids(value: str) -> set[str]:
        found = document(inventory(equipment=(equipment("r1", ipv6={"forwarding": value}),)))
        return {each["id"] for each in found["equipment"][0]["findings"]}

    assert ids("yes") == ids("no")
    assert len(ids("no")) == 4


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=14))
def test_who_waits_for_a_device_is_found_through_any_chain_and_cycle(edges: list[tuple[int, int]]) -> None:
    names = [("system", "s0"), ("system", "s1"), ("system", "s2")]
    names += [("equipment", "e0"), ("equipment", "e1"), ("equipment", "e2")]

    def needs(index: int) -> tuple[Dependency, ...]:
        return tuple(
            Dependency(kind="system" if to < 3 else "equipment", target=names[to][1])
            for of, to in edges
            if of == index
        )

    declared = inventory(
        *(System(id=f"s{n}", name=Text.same("s"), depends_on=needs(n), source=HERE) for n in range(3)),
        equipment=tuple(equipment(f"e{n}", depends_on=needs(n + 3)) for n in range(3)),
    )
    reach = set(edges)
    for middle in range(6):
        reach |= {(a, d) for a, b in reach for c, d in reach if b == c == middle}
    expected = {
        f"e{n}": tuple(f"s{system}" for system in range(3) if (system, n + 3) in reach) for n in range(3)
    }
    assert needed_by(declared) == expected


def test_addresses_with_a_zone_are_judged_like_others() -> None:
    declared = inventory(
        system(planned=("fe80::1%eth0",)),
        address_plan=(entry("2001:db8::/48", "allocation"),),
        equipment=(equipment("r1", management=("fe80::1%eth1", "fe80::2%eth0")),),
    )
    found = document(declared)
    assert found["address_plan"]["addresses"] == {"known": 3, "in_plan": 0, "outside": 3}
    given = {
        f["target"]["prefix"]
        for f in found["address_plan"]["findings"]
        if "/128" in f["target"].get("prefix", "")
    }
    assert given == {"fe80::1/128"}
