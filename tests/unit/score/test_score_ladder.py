"""Levels by gates: what passes a gate, what stops at it, and who is excused."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ipv6check.model.finding import Verdict
from ipv6check.model.inventory import Goal
from ipv6check.model.profile import GATES, CheckProfile, Profile
from ipv6check.model.score import Level
from ipv6check.score import Entry, level

PUBLISHED: dict[str, Verdict] = {"naming.aaaa": "pass", "address.class": "pass"}
REACHABLE: dict[str, Verdict] = {**PUBLISHED, "reach.service": "pass"}
PARITY: dict[str, Verdict] = {**REACHABLE, "parity.service": "pass", "tls.valid": "pass"}
ROBUST: dict[str, Verdict] = {**PARITY, "path.mtu": "pass"}
EVERYTHING: dict[str, Verdict] = {**ROBUST, "v6only.ready": "pass"}


def profile(**weights: int) -> Profile:
    ids = ("naming.aaaa", "naming.resolves", "address.class", "reach.service", "reach.ipv4", "parity.service")
    return Profile(
        name="test",
        checks={
            check: CheckProfile(weight=Fraction(weights.get(check.replace(".", "_"), 1)), severity="high")
            for check in (*ids, "tls.valid", "http.status", "path.mtu", "v6only.ready")
        },
        warn_share=Fraction(1, 2),
        gates=dict(
            zip(
                GATES,
                (
                    ("naming", "address"),
                    ("reach",),
                    ("parity", "tls", "http", "mail"),
                    ("path", "ns", "resolver", "client"),
                    ("v6only",),
                ),
                strict=True,
            )
        ),
        gate_coverage=Fraction(9, 10),
        criticality={"normal": Fraction(2)},
    )


def reached(
    verdicts: dict[str, Verdict],
    accepted: tuple[str, ...] = (),
    *,
    goal: Goal = "dual-stack",
    category: str = "other",
    rules: Profile | None = None,
) -> Level:
    found = [
        Entry(check=check, verdict=verdict, accepted=check in accepted) for check, verdict in verdicts.items()
    ]
    return level(found, rules or profile(), goal=goal, category=category)


@pytest.mark.parametrize(
    ("verdicts", "name"),
    [
        ({}, "none"),
        (PUBLISHED, "published"),
        (REACHABLE, "reachable"),
        (PARITY, "parity"),
        (ROBUST, "robust"),
        (EVERYTHING, "ipv6-only"),
    ],
)
def test_the_level_is_the_highest_gate_passed_with_all_before_it(
    verdicts: dict[str, Verdict], name: str
) -> None:
    assert reached(verdicts).name == name


def test_a_gate_passed_above_one_that_is_not_gives_no_level() -> None:
    result = reached({**EVERYTHING, "reach.service": "fail"})
    assert result.name == "published"
    states = {state.gate: state for state in result.gates}
    assert states["parity"].passed
    assert states["reachable"].failing == ("reach.service",)


def test_a_dual_stack_system_stops_at_parity_while_no_robust_check_applies() -> None:
    result = reached(PARITY)
    assert (result.name, result.target) == ("parity", "parity")
    robust = result.gates[GATES.index("robust")]
    assert not robust.passed
    assert robust.coverage is None


def test_a_warn_passes_a_gate() -> None:
    assert reached({**PUBLISHED, "naming.aaaa": "warn"}).name == "published"


def test_one_unknown_among_ten_equal_weights_still_passes_and_one_among_nine_does_not() -> None:
    rules = profile(naming_aaaa=9, address_class=1)
    assert reached({**PUBLISHED, "address.class": "unknown"}, rules=rules).name == "published"
    rules = profile(naming_aaaa=8, address_class=1)
    assert reached({**PUBLISHED, "address.class": "unknown"}, rules=rules).name == "none"


def test_a_failing_check_of_no_weight_still_stops_the_gate() -> None:
    rules = profile(address_class=0)
    assert reached({**PUBLISHED, "address.class": "fail"}, rules=rules).name == "none"


def test_checks_that_all_weigh_nothing_are_covered_by_number() -> None:
    rules = profile(naming_aaaa=0, address_class=0)
    assert reached(PUBLISHED, rules=rules).name == "published"
    assert reached({**PUBLISHED, "address.class": "unknown"}, rules=rules).name == "none"


def test_an_accepted_fail_lets_the_gate_pass_with_exceptions() -> None:
    result = reached({**PARITY, "tls.valid": "fail"}, accepted=("tls.valid",))
    assert result.name == "parity"
    assert result.with_exceptions


def test_a_gate_whose_only_finding_is_accepted_is_passed_with_exceptions() -> None:
    result = reached({**PARITY, "reach.service": "fail"}, accepted=("reach.service",))
    assert result.name == "parity"
    assert result.with_exceptions


def test_an_acceptance_above_the_level_reached_is_no_help_and_says_so() -> None:
    result = reached({**PUBLISHED, "reach.service": "fail", "tls.valid": "fail"}, accepted=("tls.valid",))
    assert result.name == "published"
    assert not result.with_exceptions


def test_an_accepted_warn_does_not_take_the_coverage_of_its_gate_away() -> None:
    rules = profile(naming_aaaa=9, address_class=1)
    verdicts: dict[str, Verdict] = {"naming.aaaa": "warn", "address.class": "unknown"}
    assert reached(verdicts, rules=rules).name == "published"
    result = reached(verdicts, accepted=("naming.aaaa",), rules=rules)
    assert (result.name, result.with_exceptions) == ("published", False)


def test_an_ipv6_only_system_without_ipv4_is_excused_from_parity() -> None:
    verdicts: dict[str, Verdict] = {**REACHABLE, "parity.service": "not_applicable", "path.mtu": "pass"}
    result = reached(verdicts, goal="ipv6-only")
    assert (result.name, result.target) == ("robust", "ipv6-only")
    assert result.gates[GATES.index("parity")].excused


def test_nobody_is_excused_from_a_gate_before_the_ones_below_it_are_passed() -> None:
    verdicts: dict[str, Verdict] = {**PUBLISHED, "reach.service": "fail"}
    result = reached(verdicts, goal="ipv6-only")
    parity = result.gates[GATES.index("parity")]
    assert not parity.passed
    assert not parity.excused


def test_a_dual_stack_system_is_not_excused_from_parity() -> None:
    result = reached({**REACHABLE, "parity.service": "not_applicable"})
    assert result.name == "reachable"


def test_an_excused_gate_with_a_failing_check_is_not_passed() -> None:
    result = reached({**REACHABLE, "tls.valid": "fail"}, goal="ipv6-only")
    assert result.name == "reachable"


def test_a_time_server_is_excused_from_robust_on_its_way_to_ipv6_only_and_not_above_its_target() -> None:
    assert reached({**PARITY}, category="ntp").name == "parity"
    towards: dict[str, Verdict] = {**PARITY, "v6only.ready": "pass"}
    assert reached(towards, goal="ipv6-only", category="ntp").name == "ipv6-only"
    assert reached(towards, goal="ipv6-only", category="mail").name == "parity"


def test_an_area_is_not_taken_for_another_that_begins_like_it() -> None:
    result = reached({"namings.other": "pass"})
    assert result.name == "none"
