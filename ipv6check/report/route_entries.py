"""The roadmap and the exceptions as a report shows them: safe, named, in one language.

`route_reading.py` makes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeEntry:
    """A system or a piece of equipment by name; `listed`: the report has a page of it."""

    kind: str
    id: str
    name: str
    listed: bool

    @property
    def key(self) -> tuple[str, str]:
        """Its kind and id."""
        return (self.kind, self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepEntry:
    """One node in its wave: what it unlocks, who waits for it, whose it is, what is to be done, by when."""

    node: NodeEntry
    wave: int
    unlocks: int
    waiting: int
    effort: int
    unit: str
    owner: str
    action: str
    needed_by: date | None
    after: tuple[NodeEntry, ...]
    unknown: tuple[NodeEntry, ...]
    cycle: tuple[NodeEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveEntry:
    """One wave; `unlocks` are the systems of later ones."""

    number: int
    steps: tuple[StepEntry, ...]
    unlocks: int
    cycles: tuple[tuple[NodeEntry, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PathEntry:
    """The heaviest chain to a deadline."""

    deadline: date
    systems: int
    effort: int
    steps: tuple[tuple[NodeEntry, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteEntry:
    """The roadmap; everything empty where nothing is below its target."""

    waves: tuple[WaveEntry, ...] = ()
    blockers: tuple[StepEntry, ...] = ()
    paths: tuple[PathEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionEntry:
    """One known exception; `days` until its last."""

    subject: str
    check: str
    why: str
    owner: str
    expires: date
    days: int
    state: str
    findings: int
    source: str
