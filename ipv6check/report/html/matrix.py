"""The system matrix: one row a system, one cell an area of checks, in the worst verdict's word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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


def by_vantage(
    findings: Iterable[FindingEntry], vantages: Sequence[str]
) -> list[tuple[str, tuple[str | None, ...]]]:
    """Return each check that is seen from a vantage, and its worst verdict from each of `vantages`."""
    found: dict[str, dict[str, dict[str, int]]] = {}
    for part in (part for finding in findings for part in flat(finding)):
        if part.vantage is not None:
            counts = found.setdefault(part.check, {}).setdefault(part.vantage, {})
            counts[verdict(part)] = counts.get(verdict(part), 0) + 1
    return [
        (check, tuple(_worst(seen.get(vantage, {})).verdict for vantage in vantages))
        for check, seen in sorted(found.items())
    ]


def _cells(system: SystemEntry, shown: tuple[str, ...]) -> tuple[Cell, ...]:
    return tuple(_worst(system.gist.shown.get(name, {})) for name in shown)


def _worst(counts: Mapping[str, int]) -> Cell:
    for name in WORST:
        if counts.get(name):
            return Cell(verdict=name, count=counts[name])
    return Cell(verdict=None, count=0)
