"""Exit codes: which gate breaks, what is only incomplete, and who wins when several apply."""

from __future__ import annotations

from typing import Any

import click
import pytest
from click.testing import CliRunner

from ipv6check.cli.gates import Gates, Outcome, evaluate, gate_options
from ipv6check.facts import VantageState
from ipv6check.judge.results import results
from ipv6check.model.finding import Finding, Target
from ipv6check.model.inventory import Goal, Inventory, ProbeMode
from ipv6check.model.run import Judged
from tests.unit.judge.cases import TODAY, acceptance, case, finding, inventory, meta, system

SEEN = VantageState(name="local", ipv4="ok", ipv6="ok")
NO_IPV6 = VantageState(name="local", ipv4="ok", ipv6="none", reason="vantage.no_ipv6")
FAIL = finding("reach.service", "fail", "reach.silent")
UNKNOWN = finding("tls.valid", "unknown", "reach.slow")


def judged(
    declared: Inventory, *found: Finding, vantage: VantageState = SEEN, complete: bool = True
) -> Judged:
    made = case(declared, *found)
    fields: dict[str, Any] = {name: getattr(made, name) for name in made.__slots__}
    fields |= {"vantages": (vantage,), "run": meta(complete=complete)}
    return Judged(results=results(type(made)(**fields)), inventory=declared, as_of=TODAY)


def outcome(
    gates: Gates, *found: Finding, vantage: VantageState = SEEN, complete: bool = True, **rest: Any
) -> Outcome:
    return evaluate(gates, judged(inventory(system()), *found, vantage=vantage, complete=complete), **rest)


def test_without_a_gate_findings_never_change_the_code() -> None:
    assert outcome(Gates(), FAIL, UNKNOWN).code == 0


@pytest.mark.parametrize(
    ("found", "under", "code"),
    [
        ((finding(),), 100, 0),
        ((FAIL,), 0, 0),
        ((FAIL,), 1, 1),
        ((finding(), UNKNOWN), 60, 0),  # 62.5–100: certainly at least 60
        ((finding(), UNKNOWN), 70, 3),  # it may be
        ((FAIL, UNKNOWN), 40, 1),  # 0–37.5: it cannot be
        ((), 1, 3),  # nothing applies: there is no score to pass with
    ],
)
def test_fail_under_breaks_on_the_high_end_and_is_incomplete_on_the_low_end(
    found: tuple[Finding, ...], under: float, code: int
) -> None:
    assert outcome(Gates(fail_under=under), *found).code == code


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (finding("reach.service", "fail", "reach.silent"), 1),  # critical
        (finding("tls.valid", "fail", "tls.expired"), 1),  # high
        (finding("address.planned", "fail", "plan.outside"), 0),  # medium
        (finding("reach.service", "unknown", "reach.slow"), 0),
        (finding("reach.service", "warn", "reach.loss"), 0),
        (finding("reach.service"), 0),
    ],
)
def test_fail_on_high_breaks_on_fails_of_that_severity_or_worse_only(found: Finding, code: int) -> None:
    assert outcome(Gates(fail_on="high"), found).code == code


def test_fail_on_does_not_break_on_what_is_accepted() -> None:
    declared = inventory(system(), accept=(acceptance("reach.service"),))
    assert evaluate(Gates(fail_on="low"), judged(declared, FAIL)).code == 0


@pytest.mark.parametrize(("wanted", "code"), [(0, 0), (62.5, 0), (62.6, 3), (100, 3)])
def test_min_coverage_is_a_percentage_and_short_of_it_is_incomplete(wanted: float, code: int) -> None:
    assert outcome(Gates(min_coverage=wanted), finding(), UNKNOWN).code == code


def test_min_coverage_without_any_score_is_incomplete() -> None:
    assert outcome(Gates(min_coverage=1)).code == 3
    assert outcome(Gates(min_coverage=0)).code == 0


def test_a_run_that_was_not_completed_is_incomplete() -> None:
    assert outcome(Gates(), finding(), complete=False).code == 3


def test_a_definite_fail_wins_over_what_is_incomplete_and_an_interrupt_over_both() -> None:
    gates = Gates(fail_on="critical", min_coverage=100)
    result = outcome(gates, FAIL, UNKNOWN, vantage=NO_IPV6)
    assert result.code == 1
    assert result.broken
    assert result.incomplete
    assert outcome(gates, FAIL, UNKNOWN, interrupted=True).code == 130
    assert outcome(Gates(), interrupted=True).code == 130


@pytest.mark.parametrize(
    ("goal", "blind", "code"),
    [
        ("dual-stack", "ipv6", 3),
        ("dual-stack", "ipv4", 3),
        ("ipv6-only", "ipv6", 3),
        ("ipv6-only", "ipv4", 0),
        ("ipv4-only", "ipv6", 0),
        ("ipv4-only", "ipv4", 3),
        ("retired", "ipv6", 0),
    ],
)
@pytest.mark.parametrize("state", ["none", "broken"])
def test_a_family_that_the_goal_needs_and_the_vantage_cannot_see_is_incomplete(
    goal: Goal, blind: str, code: int, state: str
) -> None:
    states = {"ipv4": "ok", "ipv6": "ok", blind: state}
    vantage = VantageState(name="local", reason="vantage.broken", **states)
    assert evaluate(Gates(), judged(inventory(system(goal=goal)), finding(), vantage=vantage)).code == code


@pytest.mark.parametrize(("probe", "code"), [("full", 3), ("gentle", 3), ("dns-only", 0), ("none", 0)])
def test_a_system_whose_addresses_are_not_asked_needs_no_family(probe: ProbeMode, code: int) -> None:
    declared = inventory(system(probe=probe))
    assert evaluate(Gates(), judged(declared, finding(), vantage=NO_IPV6)).code == code


def test_a_system_of_another_vantage_needs_nothing_from_this_one() -> None:
    declared = inventory(system(vantages=("elsewhere",)))
    assert evaluate(Gates(), judged(declared, finding(), vantage=NO_IPV6)).code == 0


def test_an_unverified_family_counts_as_unseen_only_where_it_masked_something() -> None:
    vantage = VantageState(name="local", ipv4="ok", ipv6="unverified", reason="vantage.unverified")
    assert outcome(Gates(), finding(), vantage=vantage).code == 0
    masked = finding("reach.service", "unknown", "vantage.unverified", target=Target(family=6))
    assert outcome(Gates(), masked, vantage=vantage).code == 3
    other = finding("reach.ipv4", "unknown", "vantage.unverified", target=Target(family=4))
    assert outcome(Gates(), other, vantage=vantage).code == 0


@pytest.mark.parametrize(
    ("arguments", "gates"),
    [
        ([], Gates()),
        (["--fail-under", "80.5", "--fail-on", "high"], Gates(fail_under=80.5, fail_on="high")),
        (["--min-coverage", "95"], Gates(min_coverage=95)),
    ],
)
def test_the_options_arrive_as_one_value(arguments: list[str], gates: Gates) -> None:
    seen: list[Gates] = []

    @click.command()
    @gate_options
    def command(gates: Gates) -> None:
        seen.append(gates)

    assert CliRunner().invoke(command, arguments).exit_code == 0
    assert seen == [gates]


@pytest.mark.parametrize(
    "arguments",
    [["--fail-under", "101"], ["--fail-under", "-1"], ["--fail-on", "info"], ["--min-coverage", "nan"]],
)
def test_a_gate_that_makes_no_sense_is_a_usage_error(arguments: list[str]) -> None:
    @click.command()
    @gate_options
    def command(gates: Gates) -> None:
        raise AssertionError

    assert CliRunner().invoke(command, arguments).exit_code == 2
