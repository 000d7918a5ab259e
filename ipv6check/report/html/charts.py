"""Geometry of the drawings: numbers for the SVG macros, nothing drawn here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ipv6check.model.profile import LEVELS

BAR_WIDTH = 100  # per cent of the drawing


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One part of a stacked bar, in per cent of its width; `rank` is the level's number."""

    level: str
    rank: int
    count: int
    share: float
    x: float
    width: float

    @property
    def middle(self) -> float:
        """Where its label stands."""
        return round(self.x + self.width / 2, 3)


def stacked(levels: Mapping[str, int]) -> tuple[Segment, ...]:
    """Return the parts of a bar over the levels that have systems, lowest first."""
    counts = [(rank, level, levels.get(level, 0)) for rank, level in enumerate(LEVELS)]
    total = sum(count for _, _, count in counts)
    segments = []
    before = 0
    for rank, level, count in counts:
        if count:
            x = BAR_WIDTH * before / total
            width = BAR_WIDTH * count / total
            segments.append(
                Segment(
                    level=level,
                    rank=rank,
                    count=count,
                    share=count / total,
                    x=round(x, 3),
                    width=round(width, 3),
                )
            )
            before += count
    return tuple(segments)
