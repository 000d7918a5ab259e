"""A month of nightly runs against a baseline: the nights on which the gate breaks are those it should.

Each night is judged like a real one, exceptions and all; only the findings are written by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from ipv6check import codec
from ipv6check.facts import VantageState
from ipv6check.history import Regressions, regressions
from ipv6check.judge.results import Case, results
from ipv6check.model.finding import Finding
from ipv6check.model.past import PastRun
from ipv6check.model.run import Selection
from ipv6check.profiles import load_profile
from tests.unit.history import runs
from tests.unit.judge.cases import acceptance, finding, inventory, meta, said, system

NIGHTS = 30
FIRST = date(2026, 11, 1)
State = Callable[[int], str]  # night → "." passes, "F" fails, "?" unknown, " " no such system yet


def pattern(text: str) -> State:
    """Return the state of each night; the last stays."""
    return lambda night: text[min(night, len(text) - 1)]


def night(number: int, states: dict[str, State], *, expires: date | None = None, only: str = "") -> PastRun:
    """Judge one night."""
    there = {name: state(number) for name, state in states.items() if state(number) != " "}
    accept = [
        acceptance("tls.valid", expires, system=name) for name in there if name == "excepted" and expires
    ]
    declared = inventory(*(system(name) for name in there), accept=accept)
    today = FIRST + timedelta(days=number)
    started = datetime(today.year, today.month, today.day, 2, tzinfo=UTC)
    run = meta(
        id=f"{started:%Y%m%dT%H%M%SZ}-abcdef",
        started=started,
        selection=Selection(systems=(only,) if only else ()),
    )
    asked = [name for name in there if only in ("", name)]
    case = Case(
        inventory=declared,
        run=run,
        profile=load_profile("default"),
        as_of=today,
        as_of_given=False,
        findings={name: [found(name, there[name])] for name in asked},
        observations=(),
        vantages=(VantageState(name="local", ipv4="ok", ipv6="ok"),),
        warnings=(),
        render=said,
        title=lambda reason, language: f"{language}: {reason}",
        catalogue="4" * 64,
    )
    return codec.convert_past(results(case))


def found(name: str, state: str) -> Finding:
    check = "tls.valid" if name == "excepted" else "reach.service"
    if state == "F":
        return finding(check, "fail", "tls.expired" if name == "excepted" else "reach.silent", of=name)
    return finding(check, of=name) if state == "." else finding(check, "unknown", "reach.slow", of=name)


def gates(states: dict[str, State], nights: int = NIGHTS, expires: date | None = None) -> list[Regressions]:
    """Return what the gate says each night, with the first night as the baseline."""
    made = [night(number, states, expires=expires) for number in range(nights)]
    return [regressions(made[0], made[: number + 1]) for number in range(nights)]


def breaking(found: Sequence[Regressions]) -> dict[int, list[str]]:
    return {
        number: [f"{change.system} {change.either.check}" for change in each.breaking]
        for number, each in enumerate(found)
        if each.breaking
    }


def test_the_gate_breaks_on_exactly_the_nights_it_should() -> None:
    states = {
        "steady": pattern("."),
        "old-trouble": pattern("F"),  # it was there in the baseline: nobody's regression
        "breaks": pattern("....." + "FFF" + "."),  # nights 5, 6, 7; mended on 8
        "flaps": pattern(".........." + "F.F.F.F.F." + "."),  # from night 10
        "grown": pattern("            " + "F"),  # added on night 12, failing from the start
        "blind": pattern("..............." + "???" + "."),  # our own trouble for three nights
        "excepted": pattern("F"),  # excused until 21 November, the last day that it holds
    }
    nights = gates(states, expires=date(2026, 11, 21))
    expected = {
        **{number: ["breaks reach.service"] for number in (5, 6, 7)},
        10: ["flaps reach.service"],  # on its first night a flapping check looks like any broken one
        **{number: ["excepted tls.valid"] for number in range(21, NIGHTS)},  # night 21 is 22 November
    }
    assert breaking(nights) == expected
    # Nights on which it is bad but known to flap are told, and break nothing.
    assert [number for number, each in enumerate(nights) if each.flapping] == [12, 14, 16, 18]
    assert nights[12].difference.new_systems == ("grown",)
    assert [change.kind for change in nights[15].difference.changes if change.system == "blind"] == [
        "newly_unknown"
    ]


@pytest.mark.parametrize(
    ("nights", "expected"),
    [
        # X breaks, ~ bad but flapping, . nothing worse than the baseline
        (".F", ".XXXXXXXXXXX"),
        (".F.F.F.F.F.F.", ".X.~.~.~.~.~"),
        ("..F..F..F..", "..X..~..~..."),
        (".F.FFFFF", ".X.~~XXXXXXX"),  # at last it stays: four of five
        (".FF.FFF", ".XX.~XXXXXXX"),
        (".?F?F", "..X.XXXXXXXX"),  # a night that could not tell is neither a change nor worse
        ("FF.F", "............"),  # bad in the baseline: never worse than it
    ],
)
def test_what_flaps_breaks_the_gate_only_once_it_is_bad_in_four_of_five(nights: str, expected: str) -> None:
    found = gates({"flaps": pattern(nights)}, len(expected))
    assert "".join("X" if each.breaking else "~" if each.flapping else "." for each in found) == expected


def test_a_partial_run_tells_of_what_it_asked_and_of_nothing_else() -> None:
    states = {"one": pattern(".F"), "two": pattern(".F")}
    full = night(0, states)
    part = night(1, states, only="one")
    found = regressions(full, [full, part])
    assert [change.system for change in found.breaking] == ["one"]
    assert found.difference.not_scanned == ("two",)
    assert found.difference.gone_systems == ()


def test_an_exception_that_ends_over_something_mended_breaks_nothing() -> None:
    states = {"excepted": pattern("FFFFF.")}
    assert breaking(gates(states, 12, expires=date(2026, 11, 8))) == {}


def test_what_follows_from_a_regression_is_not_named_beside_it() -> None:
    good = runs.run(
        runs.system("portal", runs.finding(check="naming.aaaa"), runs.finding(check="reach.service"))
    )
    bad = runs.run(
        runs.system(
            "portal",
            runs.finding("fail", "dns.nodata", check="naming.aaaa"),
            runs.finding("fail", "reach.no_address", check="reach.service", root="naming.aaaa"),
        ),
        night=1,
    )
    found = regressions(good, [good, bad])
    assert [change.either.check for change in found.breaking] == ["naming.aaaa"]
    assert len(found.difference.of("broken")) == 2
