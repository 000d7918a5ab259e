"""Geometry of the burn-up: systems at their target over time, the deadlines, and the forecast's cone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ipv6check.model.history import History, Outlook, Pace, Point

WIDTH, HEIGHT = 640, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 20, 16, 24
_BEYOND = 60  # days drawn after the last deadline
_LABEL = 66  # the widest date's width, with a gap after it


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A point with what stands beside it; `end` says that the text is to stand before it."""

    x: float
    y: float
    day: date
    count: int
    end: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A date under the axis: where its text is centred. None overlaps another: the table has them all."""

    x: float
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BurnUp:
    """Everything as drawn, in the units of a WIDTH × HEIGHT drawing; `cone` is empty without a forecast."""

    line: str
    nights: tuple[Mark, ...]
    deadlines: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    cone: str
    middle: str
    total: int
    ground: float
    ceiling: float
    left: float
    right: float


def burn_up(history: History | None, total: int) -> BurnUp | None:
    """Return the drawing of a history; None where there is neither a second run nor a deadline."""
    if history is None:
        return None
    nights = [point for point in history.points if point.usable]
    if not nights or not total or (len(nights) < 2 and not history.outlooks):
        return None
    frame = _Frame(nights, history.outlooks, max(total, *(night.on_target for night in nights)))
    last = nights[-1]
    marks = tuple(frame.mark(night.day, night.on_target) for night in nights)
    return BurnUp(
        line=" ".join(f"{mark.x},{mark.y}" for mark in marks),
        nights=marks,
        deadlines=tuple(frame.mark(each.deadline, each.due) for each in history.outlooks),
        ticks=_ticks(frame, [*(each.deadline for each in history.outlooks), nights[0].day]),
        cone=_cone(frame, last, history.pace),
        middle=_ray(frame, last, history.pace),
        total=frame.total,
        ground=frame.y(0),
        ceiling=frame.y(frame.total),
        left=_LEFT,
        right=WIDTH - _RIGHT,
    )


class _Frame:
    """The scales of both axes."""

    def __init__(self, nights: Sequence[Point], outlooks: Sequence[Outlook], total: int) -> None:
        ends = [nights[-1].day, *(each.deadline for each in outlooks)]
        self.first = min(nights[0].day, *ends)  # a deadline that has passed stands before the first night
        extra = timedelta(days=_BEYOND if outlooks else 0)
        self.last = max(max(ends) + extra, self.first + timedelta(days=7))
        self.total = total

    def x(self, day: date) -> float:
        """Return where a day stands; what lies outside stands at the edge."""
        share = (day - self.first).days / (self.last - self.first).days
        return round(_LEFT + min(max(share, 0.0), 1.0) * (WIDTH - _LEFT - _RIGHT), 1)

    def y(self, count: float) -> float:
        """Return the height of so many systems."""
        share = min(max(count / self.total, 0.0), 1.0)
        return round(HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM), 1)

    def mark(self, day: date, count: int) -> Mark:
        """Return a point; labels of the right third stand to its left."""
        x = self.x(day)
        return Mark(x=x, y=self.y(count), day=day, count=count, end=x > WIDTH * 0.7)

    def reach(self, start: Point, speed: float) -> list[tuple[float, float]]:
        """Return the way from today at `speed` systems a week to the edge, bent where all are there."""
        weeks = (self.last - start.day).days / 7
        left = self.total - start.on_target
        way = [(self.x(start.day), self.y(start.on_target))]
        if speed > 0 and left / speed < weeks:
            way.append((self.x(start.day + timedelta(days=round(left / speed * 7))), self.y(self.total)))
        way.append((self.x(self.last), self.y(start.on_target + speed * weeks)))
        return way


def _ticks(frame: _Frame, days: Sequence[date]) -> tuple[Tick, ...]:
    """Return the dates that have room, the first ones first."""
    found: list[Tick] = []
    for day in days:
        x = round(min(max(frame.x(day), _LEFT), WIDTH - _LABEL / 2), 1)
        if all(abs(x - each.x) >= _LABEL for each in found):
            found.append(Tick(x=x, day=day))
    return tuple(sorted(found, key=lambda each: each.x))


def _cone(frame: _Frame, last: Point, pace: Pace | None) -> str:
    if pace is None:
        return ""
    over, under = frame.reach(last, pace.high), frame.reach(last, pace.low)
    return " ".join(f"{x},{y}" for x, y in [*over, *reversed(under)])


def _ray(frame: _Frame, last: Point, pace: Pace | None) -> str:
    return "" if pace is None else " ".join(f"{x},{y}" for x, y in frame.reach(last, pace.slope))
