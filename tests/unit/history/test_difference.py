"""Two runs compared: what counts as better and worse, the cohort, and the algebra of differences."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipv6check.history import compare
from ipv6check.history.verdicts import MIRROR
from ipv6check.model.past import PastFinding, PastRun, PastSystem
from tests.unit.history.runs import finding, run, system

ACCEPTED = finding("fail", accepted=True)


def kinds(before: PastFinding | None, after: PastFinding | None) -> list[str]:
    old = system("portal", *([before] if before else []))
    new = system("portal", *([after] if after else []))
    return [change.kind for change in compare(run(old), run(new, night=1)).changes]


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (finding("fail"), finding("pass"), ["fixed"]),
        (finding("fail"), finding("warn", "reach.loss"), ["fixed"]),
        (finding("pass"), finding("fail"), ["broken"]),
        (finding("pass"), finding("unknown"), ["newly_unknown"]),
        (finding("fail"), finding("unknown"), ["newly_unknown"]),
        (finding("unknown"), finding("fail"), ["newly_known"]),
        (finding("unknown"), finding("pass"), ["newly_known"]),
        (finding("fail"), ACCEPTED, ["excused"]),
        (ACCEPTED, finding("fail"), ["lapsed"]),
        (ACCEPTED, ACCEPTED, []),
        (None, finding("fail"), ["new"]),
        (None, finding("pass"), []),
        (finding("fail"), None, ["gone"]),
        (finding("fail"), finding("fail", "reach.closed"), ["changed"]),
        (finding("pass"), finding("warn", "reach.loss"), ["changed"]),
        (finding("fail"), finding("fail"), []),
        (finding("pass"), finding("not_applicable", "not.declared"), ["changed"]),
        (finding("not_applicable", "not.declared"), finding("fail"), ["new"]),
    ],
)
def test_what_a_change_is(before: PastFinding | None, after: PastFinding | None, kind: list[str]) -> None:
    assert kinds(before, after) == kind


def test_a_port_that_is_found_open_is_broken_though_the_run_before_named_no_port() -> None:
    calm = finding("pass", check="parity.exposure", name="any")
    exposed = finding("fail", "parity.v6_exposed", check="parity.exposure", name="port-22")
    difference = compare(run(system("portal", calm)), run(system("portal", exposed), night=1))
    assert [(change.kind, change.either.id) for change in difference.changes] == [("broken", "port-22")]


def test_a_second_port_found_open_is_broken_too() -> None:
    first = finding("fail", check="parity.exposure", name="port-22")
    second = finding("fail", check="parity.exposure", name="port-3389")
    difference = compare(run(system("portal", first)), run(system("portal", first, second), night=1))
    assert [(change.kind, change.either.id) for change in difference.changes] == [("broken", "port-3389")]


def test_where_a_finding_stands_twice_the_worst_counts() -> None:
    both = system("portal", finding("pass"), finding("fail"))
    assert compare(run(system("portal", finding("fail"))), run(both, night=1)).changes == ()


def test_a_new_failing_system_leaves_the_cohort_as_it_was() -> None:
    old = run(system("portal", finding(), met=True, score=100))
    new = run(
        system("mail", finding("fail"), score=0), system("portal", finding(), met=True, score=100), night=1
    )
    difference = compare(old, new)
    assert difference.new_systems == ("mail",)
    assert difference.changes == ()
    before, after = difference.cohort_sums
    assert before.score and after.score and before.score.low == after.score.low == 100
    assert difference.total_sums[1].score and difference.total_sums[1].score.low == 50


def test_other_hosts_or_services_are_not_like_for_like() -> None:
    difference = compare(
        run(system("portal", finding())), run(system("portal", finding("fail"), declared="2"), night=1)
    )
    assert (difference.cohort, difference.altered, difference.changes) == ((), ("portal",), ())


def test_a_system_that_was_not_asked_is_not_scanned_and_not_gone() -> None:
    old = run(system("mail", finding()), system("portal", finding()))
    new = run(system("mail", scanned=False), system("portal", finding()), night=1, partial=True)
    difference = compare(old, new)
    assert (difference.not_scanned, difference.gone_systems, difference.changes) == (("mail",), (), ())


def test_what_is_gone_is_gone() -> None:
    assert compare(run(system("mail"), system("portal")), run(system("portal"), night=1)).gone_systems == (
        "mail",
    )


VERDICTS = ("pass", "warn", "fail", "unknown", "not_applicable")


@st.composite
def findings(draw: st.DrawFn) -> PastFinding:
    check = draw(st.sampled_from(["reach.service", "parity.exposure"]))
    verdict = draw(st.sampled_from(VERDICTS))
    accepted = verdict in ("fail", "unknown") and draw(st.booleans())
    return finding(
        verdict,
        draw(st.sampled_from(["a.b", "c.d"])),
        check=check,
        name=f"{check}-{draw(st.integers(1, 3))}",
        accepted=accepted,
        root=draw(st.sampled_from([None, "reach.service-1"])),
    )


@st.composite
def runs(draw: st.DrawFn) -> PastRun:
    names = draw(st.sets(st.sampled_from("abc")))
    systems: list[PastSystem] = [
        system(
            name,
            *draw(st.lists(findings(), max_size=4)),
            met=draw(st.sampled_from([True, False, None])),
            scanned=draw(st.sampled_from([True, True, False])),
            declared=draw(st.sampled_from(["1", "1", "2"])),
            score=draw(st.sampled_from([None, 0, 62.5, 100])),
        )
        for name in sorted(names)
    ]
    return run(*systems, night=draw(st.integers(0, 9)))


@given(runs())
def test_a_run_and_itself_differ_in_nothing(one: PastRun) -> None:
    assert compare(one, one).empty


@given(runs(), runs())
def test_swapped_runs_give_the_mirror_image(one: PastRun, other: PastRun) -> None:
    there, back = compare(one, other), compare(other, one)
    assert (there.new_systems, there.gone_systems) == (back.gone_systems, back.new_systems)
    assert (there.cohort, there.altered, there.not_scanned) == (back.cohort, back.altered, back.not_scanned)
    assert there.cohort_sums == back.cohort_sums[::-1]
    assert there.total_sums == back.total_sums[::-1]

    def mirrored(change: Any) -> tuple[Any, ...]:
        return (MIRROR[change.kind], change.system, change.after, change.before, change.root)

    def plain(change: Any) -> tuple[Any, ...]:
        return (change.kind, change.system, change.before, change.after, change.root)

    assert [mirrored(change) for change in there.changes] == [plain(change) for change in back.changes]


@given(runs(), runs())
def test_every_system_is_told_of_once(one: PastRun, other: PastRun) -> None:
    found = compare(one, other)
    told = [*found.cohort, *found.new_systems, *found.gone_systems, *found.not_scanned, *found.altered]
    unscanned = {s.id for s in one.systems if not s.scanned} & {s.id for s in other.systems if not s.scanned}
    assert sorted([*told, *unscanned]) == sorted({s.id for s in (*one.systems, *other.systems)})
