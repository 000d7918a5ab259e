"""One system judged: its findings, score, level and attested figure, before they are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ipv6check.judge.marking import Marked
from ipv6check.judge.standings import Standings, entries, said_of
from ipv6check.judge.tally import Tally, tally
from ipv6check.model.finding import Verdict
from ipv6check.model.inventory import Attested, System
from ipv6check.model.score import Level, Score
from ipv6check.score import TARGETS, Entry, reaches, score

# What a person may vouch for; anything else vouches for nothing.
_VOUCHED: Mapping[str, Verdict] = {"pass": "pass", "warn": "warn", "fail": "fail"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One system as judged. `scanned` False: this run was not asked about it.

    `level` is None where the goal has none or not every check was asked; `score` None where
    nothing counts; `attested_score` None where nothing valid is attested. `kept` is what stays of the
    findings where they do not.
    """

    system: System
    scanned: bool
    marked: tuple[Marked, ...] = ()
    score: Score | None = None
    level: Level | None = None
    attested_score: Score | None = None
    kept: Tally | None = None

    @property
    def tally(self) -> Tally:
        """Its findings, counted."""
        return tally(self.marked) if self.kept is None else self.kept

    @property
    def summed(self) -> Outcome:
        """What sums over all systems need of it: no findings, and no single check's share of a score."""
        own = None if self.score is None else replace(self.score, contributions=())
        vouched = None if self.attested_score is None else replace(self.attested_score, contributions=())
        return replace(self, marked=(), score=own, attested_score=vouched, kept=self.tally)

    @property
    def counted(self) -> bool:
        """Whether it counts in totals: its goal includes IPv6 and it was scanned."""
        return self.scanned and self.system.goal in TARGETS

    @property
    def target(self) -> str | None:
        """The level that its goal asks for; None if it asks for none."""
        return TARGETS.get(self.system.goal)

    @property
    def on_target(self) -> bool | None:
        """Whether it has reached its target level; None: not known, or it has none."""
        return None if self.level is None else reaches(self.level.name, self.level.target)


def outcome(
    system: System, marked: Sequence[Marked], standings: Standings, *, as_of: date, all_checks: bool
) -> Outcome:
    """Judge one scanned system by its marked findings."""
    ordered = in_order(marked)
    if system.goal not in TARGETS:
        return Outcome(system=system, scanned=True, marked=ordered)
    said = said_of(ordered)
    valid = [each for each in system.attested if holds(each, as_of)]
    return Outcome(
        system=system,
        scanned=True,
        marked=ordered,
        score=standings.score(said),
        level=standings.level(said, system) if all_checks else None,
        attested_score=score(with_attested(entries(said), valid), standings.profile) if valid else None,
    )


def in_order(marked: Iterable[Marked]) -> tuple[Marked, ...]:
    """Return findings in the order of results.json: by id."""
    return tuple(sorted(marked, key=_order))


def _order(marked: Marked) -> tuple[str, str, str, str]:
    finding = marked.finding
    return (marked.id, finding.verdict, finding.reason, finding.target.address or "")


def holds(attested: Attested, as_of: date) -> bool:
    """Whether an attestation is valid: not before its date, and through its last day."""
    return attested.date <= as_of <= attested.expires


def with_attested(said: Sequence[Entry], attested: Sequence[Attested]) -> list[Entry]:
    """Return the entries with what is attested in place of what is unknown or was never asked.

    A measurement always stands: where a check has any definite answer of its own, the attestation
    settles only what that check left unknown.
    """
    vouched: dict[str, Verdict] = {each.check: _VOUCHED.get(each.verdict, "unknown") for each in attested}
    measured = {entry.check for entry in said if entry.verdict not in ("unknown", "not_applicable")}
    kept = [entry for entry in said if entry.check not in vouched or entry.verdict != "unknown"]
    settled = {entry.check for entry in said if entry.verdict == "unknown"}
    added = [
        Entry(check=check, verdict=verdict)
        for check, verdict in sorted(vouched.items())
        if check in settled or check not in measured
    ]
    return [*kept, *added]
