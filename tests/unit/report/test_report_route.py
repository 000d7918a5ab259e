"""Roadmap, progress, changes and exceptions as the terminal and the pages show them."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipv6check.model.history import Outlook, Pace
from ipv6check.model.run import Judged
from ipv6check.model.text import LANGUAGES, Language
from ipv6check.report import phrases, render
from ipv6check.report.html.burnup import HEIGHT, WIDTH, burn_up
from ipv6check.report.html.graph import graph
from ipv6check.report.html.route_pages import roadmap
from ipv6check.report.outlooks import outlook_line, pace_line
from ipv6check.report.reading import read
from ipv6check.report.route_entries import NodeEntry, RouteEntry, StepEntry, WaveEntry
from ipv6check.report.terminal import summary
from tests.unit.report import sample

LATER = sample.with_history()
FIRST = sample.judged()


def page(judged: Judged, name: str = "index.html", language: Language = "en") -> str:
    files = render(judged, {"format": "html", "language": language})
    assert isinstance(files, dict)
    return files[name].decode() if name in files else ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_terminal_shows_deadlines_changes_blockers_and_exceptions(language: Language) -> None:
    text = summary(LATER, language, False, 80)
    wanted = {
        "vi": (
            "Tiến độ so với thời hạn",
            "chậm",
            "so với 17/11/2026: +",
            "mở khóa",
            "Ngoại lệ hết hạn trong 30",
        ),
        "en": (
            "Progress against the deadlines",
            "late",
            "since 2026-11-17: +",
            "unlocks",
            "Exceptions that expire",
        ),
    }
    for words in wanted[language]:
        assert words in text, words
    assert max(map(len, text.splitlines())) <= 80


def test_without_earlier_runs_nothing_is_said_of_them() -> None:
    text, html = summary(FIRST, "en", False, 80), page(FIRST)
    for words in ("Progress against", "since 2026", "Worse than", "Nothing is worse"):
        assert words not in text and words not in html
    assert 'id="blockers"' in html and 'id="expiring"' in html


def test_what_has_no_data_is_absent() -> None:
    empty = sample.judged(0)
    html = page(empty)
    for part in ("progress", "blockers", "since", "expiring", "roadmap.html"):
        assert part not in html.replace("page-one", "")
    assert page(empty, "roadmap.html") == ""


def test_page_one_has_the_regression_with_its_link_and_the_blocker_with_owner_action_and_date() -> None:
    html = page(LATER)
    report = read(LATER, "en")
    blocker = report.route.blockers[0]
    row = re.findall(r"<tr>.*?</tr>", html[html.index('id="blockers"') :], re.S)[1]
    assert blocker.node.name in row and blocker.owner in row and "2026-12-31" in row
    assert blocker.action and blocker.action[:40] in row
    since = html[html.index('id="since"') :]
    assert "Pass → Fail" in since and 'href="systems/' in since


def test_the_roadmap_page_lists_every_step_of_every_wave() -> None:
    html, report = page(LATER, "roadmap.html"), read(LATER, "en")
    for wave in report.route.waves:
        part = html[html.index(f'id="wave-{wave.number}"') :]
        for step in wave.steps:
            assert step.node.name in part
    assert "<title" in html and "<desc" in html and "marker-end" in html
    assert all(path.deadline.isoformat() in html for path in report.route.paths)


def test_a_very_long_roadmap_stays_under_its_size() -> None:
    report = read(FIRST, "vi")
    wave = report.route.waves[0]
    many = replace(wave, steps=wave.steps * 400)
    parts = roadmap(replace(report, route=replace(report.route, waves=(many,) * 9)))["waves"]
    assert sum(len(part["steps"]) for part in parts) == 1500
    assert all(part["more"] + len(part["steps"]) == len(many.steps) for part in parts)


def test_the_graph_points_from_what_comes_first_and_bows_within_a_cycle() -> None:
    found = graph(read(LATER, "en").route)
    assert found is not None
    at = {box.node.key: box for box in found.boxes}
    steps = {step.node.key: step for wave in read(LATER, "en").route.waves for step in wave.steps}
    for key, box in at.items():
        for need in steps[key].after:
            if need.key in at and need.key not in {n.key for n in steps[key].cycle}:
                assert at[need.key].x < box.x
    assert found.hidden == len(steps) - len(at)


@given(st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda pair: pair[0] < pair[1])))
def test_an_arrow_that_others_imply_is_not_drawn_and_none_is_lost(wanted: set[tuple[int, int]]) -> None:
    nodes = [NodeEntry(kind="system", id=f"s{n}", name=f"s{n}", listed=True) for n in range(6)]
    waves = tuple(
        WaveEntry(
            number=n + 1,
            steps=(_step(nodes[n], n + 1, tuple(nodes[a] for a, b in sorted(wanted) if b == n)),),
            unlocks=0,
            cycles=(),
        )
        for n in range(6)
    )
    found = graph(RouteEntry(waves=waves))
    if not wanted:
        assert found is None
        return
    assert found is not None
    reach = set(wanted)
    for middle in range(6):
        reach |= {(a, d) for a, b in reach if b == middle for c, d in reach if c == middle}
    needed = {(a, b) for a, b in wanted if not any((a, m) in reach and (m, b) in reach for m in range(6))}
    assert len(found.edges) == len(needed)


def _step(node: NodeEntry, wave: int, after: tuple[NodeEntry, ...]) -> StepEntry:
    return StepEntry(
        node=node,
        wave=wave,
        unlocks=0,
        waiting=0,
        effort=1,
        unit="",
        owner="",
        action="",
        needed_by=None,
        after=after,
        unknown=(),
        cycle=(),
    )


def test_nothing_that_depends_on_nothing_is_drawn() -> None:
    route = read(LATER, "en").route
    alone = tuple(
        replace(wave, steps=tuple(replace(step, after=()) for step in wave.steps)) for wave in route.waves
    )
    assert graph(replace(route, waves=alone)) is None


def test_the_burn_up_stays_within_its_frame() -> None:
    assert LATER.history is not None
    steep = Pace(slope=40, low=-40, high=400, runs=5, days=30)
    for pace in (LATER.history.pace, steep, None):
        found = burn_up(replace(LATER.history, pace=pace), 22)
        assert found is not None
        numbers = [
            tuple(map(float, p.split(","))) for p in f"{found.line} {found.cone} {found.middle}".split()
        ]
        assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in numbers)
    assert burn_up(None, 22) is None
    assert burn_up(replace(LATER.history, points=LATER.history.points[:1], outlooks=()), 22) is None


def test_dates_under_the_burn_up_never_overlap_and_a_deadline_that_has_passed_stands_before_today() -> None:
    assert LATER.history is not None
    (model, *_), night = LATER.history.outlooks, LATER.history.points[0].day
    days = [night - timedelta(days=140), night + timedelta(days=1500), night + timedelta(days=1501)]
    outlooks = tuple(replace(model, deadline=day) for day in days)
    found = burn_up(replace(LATER.history, outlooks=outlooks), 22)
    assert found is not None
    assert found.deadlines[0].x < found.nights[0].x
    places = [tick.x for tick in found.ticks]
    assert all(later - earlier >= 66 for earlier, later in itertools.pairwise(places))
    assert [tick.day for tick in found.ticks] == [days[0], days[1]]


DAY = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("state", "late", "vi", "en"),
    [
        ("met", None, "đã hoàn thành", "done"),
        ("no_forecast", None, "chưa đủ số liệu để dự báo", "too little history for a forecast"),
        ("on_time", (0, 0), "kịp thời hạn", "in time"),
        ("at_risk", (0, 3), "có thể chậm đến 3 tuần", "up to 3 weeks late"),
        ("at_risk", (0, None), "có thể không kịp", "may never be done at this pace"),
        ("late", (2, 7), "chậm 2–7 tuần", "2–7 weeks late"),
        ("late", (2, 2), "chậm 2 tuần", "2 weeks late"),
        ("late", (2, None), "chậm ít nhất 2 tuần", "at least 2 weeks late"),
        ("no_end", None, "với tốc độ hiện tại sẽ không hoàn thành", "will not be done at this pace"),
    ],
)
def test_how_late_is_said_plainly(state: Any, late: tuple[int, int | None] | None, vi: str, en: str) -> None:
    outlook = Outlook(deadline=DAY, due=9, met=1, state=state, weeks_late=late)
    assert (outlook_line(outlook, "vi"), outlook_line(outlook, "en")) == (vi, en)


def test_the_pace_is_told_with_its_range_and_what_it_rests_on() -> None:
    pace = Pace(slope=1.25, low=-0.5, high=2, runs=8, days=49)
    assert "+1,2 hệ thống" in pace_line(pace, "vi") and "-0,5" in pace_line(pace, "vi")
    assert "8 runs over 49 days" in pace_line(pace, "en")
    still = replace(pace, slope=-0.2, low=-0.34, high=-0.0)
    assert "-0.2" in pace_line(still, "en") and "-0.3 to 0.0" in pace_line(still, "en")
    assert "-0.3 to 0.0" in pace_line(replace(still, high=-0.04), "en")
    assert "four whole runs over 21 days" in pace_line(None, "en")


@pytest.mark.parametrize(("more", "shown"), [(0, "±0"), (-2, "−2"), (3, "+3")])
def test_the_verdict_is_compared_with_the_last_run_like_for_like(more: int, shown: str) -> None:
    assert LATER.history is not None and LATER.history.since is not None
    before, after = LATER.history.since.cohort_sums
    since = replace(
        LATER.history.since, cohort_sums=(replace(before, dual_stack=after.dual_stack - more), after)
    )
    report = replace(read(LATER, "vi"), history=replace(LATER.history, since=since))
    assert phrases.compared(report) == f"so với 17/11/2026: {shown}"
    nothing = replace(LATER.history, since=replace(since, cohort=()))
    assert phrases.compared(replace(report, history=nothing)) == ""
