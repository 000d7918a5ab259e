"""The trend, the pace and the deadlines: when there is a forecast, what it says, and that it is stable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from ipv6check.history import history, night
from ipv6check.history import points as points_of_nights
from ipv6check.history.outlook import outlooks
from ipv6check.history.pace import pace as pace_of_nights
from ipv6check.model.history import Pace, Point
from ipv6check.model.past import PastOrganization, PastRun
from tests.unit.history.runs import day, progress, run, system


def pace(runs: Sequence[PastRun]) -> Pace | None:
    return pace_of_nights([night(each) for each in runs])


def points(runs: Sequence[PastRun]) -> tuple[Point, ...]:
    return points_of_nights([night(each) for each in runs])


def speed(slope: float, low: float | None = None, high: float | None = None) -> Pace:
    return Pace(
        slope=slope,
        low=slope if low is None else low,
        high=slope if high is None else high,
        runs=5,
        days=28,
    )


@pytest.mark.parametrize(
    ("counts", "every", "there"),
    [
        ([1, 2, 3], 14, False),  # three runs
        ([1, 2, 3, 4], 6.9, False),  # four runs over 20 days
        ([1, 2, 3, 4], 7, True),
        ([], 7, False),
    ],
)
def test_there_is_no_forecast_under_four_runs_over_21_days(
    counts: list[int], every: float, there: bool
) -> None:
    assert (pace(progress(counts, every=every)) is not None) is there


def test_several_runs_on_one_day_are_one_night() -> None:
    runs = [*progress([1, 2, 3], every=14), *progress([1, 1, 1], every=0.01)]
    assert pace(runs) is None


def test_steady_progress_has_a_narrow_range() -> None:
    found = pace(progress([2, 4, 6, 8, 10]))
    assert found is not None
    assert (found.low, found.slope, found.high) == (2.0, 2.0, 2.0)
    assert (found.runs, found.days) == (5, 28)


def test_one_bad_night_moves_the_median_little_and_widens_the_range() -> None:
    found = pace(progress([2, 4, 0, 8, 10]))
    assert found is not None
    assert found.slope == pytest.approx(2.0)
    assert found.low <= 2.0 < found.high


def test_the_same_runs_give_the_same_range() -> None:
    runs = progress([1, 3, 2, 5, 9, 8])
    assert pace(runs) == pace(list(reversed(runs)))


def test_systems_that_were_added_met_already_are_no_progress() -> None:
    runs = progress([5, 5, 5, 5], of=10)
    grown = [
        replace(each, systems=(*each.systems, *(system(f"z{n}", met=True) for n in range(number * 3))))
        for number, each in enumerate(runs)
    ]
    found = pace(grown)
    assert found is not None and found.slope == 0


def test_partial_unfinished_and_foreign_runs_carry_no_forecast() -> None:
    whole = progress([1, 2, 3, 4])
    odd = progress([9, 9, 9, 9], every=7.3)
    others = [
        replace(odd[0], run=replace(odd[0].run, partial=True)),
        replace(odd[1], run=replace(odd[1].run, complete=False)),
        replace(odd[2], run=replace(odd[2].run, vantage="internet")),
        replace(odd[2], run=replace(odd[2].run, organization=PastOrganization(id="other"))),
    ]
    assert pace([*others, *whole]) == pace(whole)
    assert [point.usable for point in points([*others[:1], *whole])] == [False, True, True, True, True]


def test_of_a_year_the_last_half_counts_and_thirty_nights_of_it() -> None:
    long = progress([*([0] * 200), *range(0, 40)], of=40, every=1)
    found = pace(long)
    assert found is not None
    assert found.runs == 30
    assert found.days <= 182


def test_a_point_has_the_day_where_the_organisation_is() -> None:
    (point,) = points([run(system(met=True))])
    assert point.day == day("2026-10-02")
    assert (point.systems, point.counted, point.on_target, point.dual_stack) == (1, 1, 1, 1)


@pytest.mark.parametrize(
    ("pace_of", "state", "late"),
    [
        (None, "no_forecast", None),
        (speed(2), "on_time", (0, 0)),
        (speed(1, low=0.5, high=2), "at_risk", (0, 11)),
        (speed(0.5, low=0.25, high=1), "late", (1, 31)),
        (speed(0.5, low=-1, high=1), "late", (1, None)),
        (speed(0, low=0, high=0), "no_end", None),
        (speed(-1, low=-2, high=0), "no_end", None),
    ],
)
def test_a_deadline_against_the_pace(
    pace_of: Pace | None, state: str, late: tuple[int, int | None] | None
) -> None:
    (current,) = progress([2], of=12, deadline=day("2026-12-05"))  # ten systems left, a good nine weeks
    (found,) = outlooks(current, pace_of)
    assert (found.due, found.met, found.state, found.weeks_late) == (12, 2, state, late)


def test_what_is_due_by_a_deadline_includes_what_was_due_before() -> None:
    current = run(
        system("a", met=True, deadline=day("2026-11-01")),
        system("b", deadline=day("2026-12-01")),
        system("undated"),
        system("unscanned", scanned=False, deadline=day("2026-12-01")),
    )
    first, second = outlooks(current, speed(1))
    assert (first.due, first.met, first.state) == (1, 1, "met")
    assert (second.due, second.met) == (2, 1)
    assert second.earliest == current.run.as_of + timedelta(days=7)


def test_history_compares_with_the_last_run_before_and_leaves_out_what_is_not_like_it() -> None:
    runs = progress([1, 2, 3, 4, 5])
    current = runs[3]
    stranger = run(system(), night=20, vantage="internet")
    found = history(current, [night(each) for each in (*runs, stranger)], [*runs, stranger])
    assert [point.id for point in found.points] == [each.run.id for each in runs[:4]]
    assert found.since is not None and found.since.old == runs[2].run.id
    assert found.since.cohort_sums[1].on_target - found.since.cohort_sums[0].on_target == 1
    assert found.pace is not None


def test_a_first_run_has_no_history_and_a_partial_one_no_forecast() -> None:
    runs = progress([1, 2, 3, 4, 5], deadline=day("2026-12-31"))
    first = history(runs[0], [], [])
    assert (first.since, first.pace) == (None, None)
    assert [each.state for each in first.outlooks] == ["no_forecast"]
    partial = replace(runs[-1], run=replace(runs[-1].run, partial=True))
    found = history(partial, [night(each) for each in runs[:-1]], runs[:-1])
    assert (found.pace, found.outlooks) == (None, ())
    assert found.since is not None
