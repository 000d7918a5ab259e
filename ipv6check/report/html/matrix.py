"""The system matrix: one row a system, one cell an area of checks, in the worst verdict's word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ipv6check.report import digest
from ipv6check.report.entries import FindingEntry, Report, SystemEntry

PAGE = 2000  # systems on one page, so that it stays under 2 MiB
AREAS = (
    "naming",
    "address",
    "reach",
    "parity",
    "tls",
    "http",
    "mail",
    "path",
    "ns",
    "resolver",
    "client",
    "v6only",
    "deadline",
)
# The first of these that an area has is its cell.
WORST = ("fail", "unknown", "warn", "accepted", "pass", "not_applicable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One area of one system: its worst verdict (None: no such check) and how many share it."""

    verdict: str | None
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One system; `state` is `reached`, `missed`, `undecided`, `apart` or `unscanned`."""

    system: SystemEntry
    state: str
    rank: int
    cells: tuple[Cell, ...]


def areas(report: Report) -> tuple[str, ...]:
    """Return the areas that have findings, in the order of the ladder; unknown ones last."""
    found = {area for system in report.systems for area in system.gist.shown}
    return tuple(a for a in AREAS if a in found) + tuple(sorted(found.difference(AREAS)))


def rows(systems: Iterable[SystemEntry], shown: tuple[str, ...]) -> tuple[Row, ...]:
    """Return the rows of the matrix, in the order of `systems`."""
    return tuple(
        Row(system=system, state=state(system), rank=digest.rank(system.level), cells=_cells(system, shown))
        for system in systems
    )


def state(system: SystemEntry) -> str:
    """Return where a system stands against its target."""
    if not system.scanned:
        return "unscanned"
    return digest.state(system) if digest.on_ladder(system) else "apart"


def flat(finding: FindingEntry) -> tuple[FindingEntry, ...]:
    """Return a finding and those folded under it."""
    return (finding, *finding.followers)


def verdict(finding: FindingEntry) -> str:
    """Return the verdict as shown: an accepted problem is an exception, not a fail."""
    return "accepted" if finding.accepted else finding.verdict


def _cells(system: SystemEntry, shown: tuple[str, ...]) -> tuple[Cell, ...]:
    return tuple(_worst(system.gist.shown.get(name, {})) for name in shown)


def _worst(counts: Mapping[str, int]) -> Cell:
    for name in WORST:
        if counts.get(name):
            return Cell(verdict=name, count=counts[name])
    return Cell(verdict=None, count=0)
