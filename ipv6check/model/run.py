"""What a run says of itself in run.json, and what a judgement hands to the reports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from ipv6check.model.history import History
from ipv6check.model.inventory import Inventory
from ipv6check.model.text import JSON, Text

RUN_SCHEMA = "ipv6check/run@1.0"
RUN_ID: Final = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{6}")
"""A run's id, which is its folder's name: the moment in UTC, and six random hex digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What a run was limited to; empty tuples mean everything.

    `declared_only`: nobody was asked, and only what the inventory declares is judged.
    """

    systems: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    declared_only: bool = False

    @property
    def partial(self) -> bool:
        """Whether anything was left out on purpose."""
        return bool(self.systems or self.units or self.checks or self.declared_only)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A run made in the same sitting, in the same folder, and what it is."""

    id: str
    title: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One vantage's run that a merged run was made of, as its run.json described it.

    The hashes are of its run.json and of the whole lines of its observations, `count` of them.
    """

    id: str
    vantage: str
    started: datetime
    finished: datetime | None
    complete: bool
    tool: str
    profile: str
    profile_sha256: str
    catalogue_sha256: str
    run_sha256: str
    observations_sha256: str
    count: int
    resolvers: tuple[tuple[str, int], ...] = ()
    max_time: float | None = None
    host: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunMeta:
    """run.json: what, where, when, with which versions. Times are UTC.

    `finished` is None while the run is under way or after it was cut off; `complete` says that
    nothing was left unasked. `inventory_main` names the main file inside the run's `inventory/`.
    `resolvers` are the endpoints (address, port) of the vantage's view, as used. A merged run names
    its parts, in the order of their vantages, and in `vantage` all of these: `inside+internet`.
    """

    id: str
    started: datetime
    finished: datetime | None
    complete: bool
    tool: str
    profile: str
    profile_sha256: str
    catalogue_sha256: str
    inventory_sha256: str
    inventory_main: str
    vantage: str
    resolvers: tuple[tuple[str, int], ...] = ()
    selection: Selection = field(default_factory=Selection)
    beside: tuple[Beside, ...] = ()
    max_time: float | None = None
    host: str = ""
    merged: tuple[Part, ...] = ()
    schema: str = RUN_SCHEMA

    @property
    def vantages(self) -> tuple[str, ...]:
        """The vantages that took part: one, or those of the parts."""
        return tuple(part.vantage for part in self.merged) or (self.vantage,)

    def began(self, vantage: str) -> datetime:
        """Return when a vantage's own run started."""
        return next((part.started for part in self.merged if part.vantage == vantage), self.started)

    def resolvers_of(self, vantage: str) -> tuple[tuple[str, int], ...]:
        """Return the endpoints of a vantage's view, as used; none of a vantage that took no part."""
        own = next((part.resolvers for part in self.merged if part.vantage == vantage), ())
        return self.resolvers if vantage == self.vantage else own


def joint(vantages: Iterable[str]) -> str:
    """Return what a merged run bears in the place of a vantage's name; no vantage can be called so."""
    return "+".join(sorted(vantages))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A judgement: `results` is results.json as plain data (interface.md §4), ready to be written.

    Its two long parts, `systems` and `observations`, make their entries when they are asked for.

    Reports read `results`; `inventory` is there for names, owners and texts that it does not repeat,
    `history` for what earlier runs add, where somebody looked for them.
    """

    results: Mapping[str, JSON]
    inventory: Inventory
    as_of: date
    history: History | None = None
