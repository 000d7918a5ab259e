"""`diff` as a person reads it, and as plain data for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ipv6check.locale import formats, words
from ipv6check.model.history import Change, Difference
from ipv6check.model.past import PastFinding, PastRun, PastScore, Sums
from ipv6check.model.text import JSON, Language
from ipv6check.report.changes import KINDS, ChangeEntry, change_entries
from ipv6check.report.lines import paint, wrap
from ipv6check.report.safe import safe_text

SCHEMA = "ipv6check/diff@1.0"

_SIGNS = {
    "broken": ("✗", "fail"),
    "lapsed": ("✗", "fail"),
    "fixed": ("✓", "pass"),
    "newly_unknown": ("?", "unknown"),
    "newly_known": ("·", "soft"),
    "excused": ("△", "soft"),
    "new": ("+", "soft"),
    "gone": ("−", "soft"),
    "changed": ("~", "soft"),
}


def difference_text(
    difference: Difference, new: PastRun, old: PastRun, language: Language, color: bool, width: int = 80
) -> str:
    """Return the difference in lines of at most `width` cells, with a final newline."""
    names = system_names((old, new), language)
    page = _Page(difference, names, new.run.organization.timezone, language, color, max(width, 40))
    return "\n".join(page.lines()) + "\n"


def system_names(runs: tuple[PastRun, ...], language: Language) -> dict[str, str]:
    """Return the name of every system, as the last of the runs has it."""
    return {
        system.id: safe_text(system.name.get(language), 200)
        for run in runs
        for system in run.systems
        if system.name
    }


class _Page:
    """One difference while it is being written."""

    def __init__(
        self,
        difference: Difference,
        names: Mapping[str, str],
        timezone: str,
        language: Language,
        color: bool,
        width: int,
    ) -> None:
        self.difference = difference
        self.names = names
        self.timezone = timezone
        self.language = language
        self.color = color
        self.width = width

    def say(self, key: str, **args: int | str) -> str:
        told = {k: formats.number(v, self.language) if isinstance(v, int) else v for k, v in args.items()}
        return words(self.language)[key].format(**told)

    def lines(self) -> Iterator[str]:
        """Yield all lines."""
        found = self.difference
        yield from self.head()
        if found.empty:
            yield ""
            yield self.say("diff.nothing")
            return
        yield from self.systems()
        for kind in KINDS:
            yield from self.changes(
                f"diff.kind.{kind}", change_entries(found, (kind,), self.names, self.language)
            )
        unsteady = change_entries(found, ("broken", "fixed"), self.names, self.language, unsteady=True)
        yield from self.changes("diff.unsteady", unsteady)

    def head(self) -> Iterator[str]:
        found = self.difference
        for key, run, moment in (
            ("diff.old", found.old, found.old_started),
            ("diff.new", found.new, found.new_started),
        ):
            shown = formats.moment(moment, self.timezone, self.language)
            yield from wrap(f"{self.say(key)}: {safe_text(run, 100)} · {shown}", self.width)
        yield ""
        yield from wrap(self.sums("diff.cohort", found.cohort_sums), self.width, "", "  ")
        if found.total_sums != found.cohort_sums:
            yield from wrap(self.sums("diff.total", found.total_sums), self.width, "", "  ")

    def sums(self, key: str, pair: tuple[Sums, Sums]) -> str:
        before, after = pair
        systems = formats.number(after.systems, self.language)
        if before.systems != after.systems:
            systems = f"{formats.number(before.systems, self.language)} → {systems}"
        return self.say(
            key,
            systems=systems,
            before=before.on_target,
            after=after.on_target,
            score=f"{self.score(before.score)} → {self.score(after.score)}",
        )

    def score(self, score: PastScore | None) -> str:
        return "–" if score is None else formats.interval(score.low, score.high, self.language)

    def systems(self) -> Iterator[str]:
        found = self.difference
        for key, ids in (
            ("new_systems", found.new_systems),
            ("gone_systems", found.gone_systems),
            ("not_scanned", found.not_scanned),
            ("altered", found.altered),
        ):
            if ids:
                shown = ", ".join(safe_text(name, 100) for name in ids)
                yield from wrap(self.say(f"diff.{key}", count=len(ids), names=shown), self.width, "", "  ")

    def changes(self, key: str, entries: tuple[ChangeEntry, ...]) -> Iterator[str]:
        if not entries:
            return
        yield ""
        yield paint(self.say(key, count=len(entries)), "strong", self.color)
        for entry in entries:
            sign, role = _SIGNS[entry.kind]
            first, *rest = wrap(change_line(entry, self.language), self.width, f"  {sign} ", "    ")
            yield paint(first, role, self.color)
            yield from rest


def change_line(entry: ChangeEntry, language: Language) -> str:
    """Return one change as a sentence: whose, which check, where, from what to what, and why."""
    parts = [entry.name, entry.check]
    if entry.target:
        parts.append(entry.target)
    why = f" ({entry.title}, {entry.reason})" if entry.reason != "ok" else ""
    parts.append(f"{entry.before} → {entry.after}{why}")
    if entry.follows:
        count = formats.number(entry.follows, language)
        parts.append(words(language)["diff.follows"].format(count=count))
    return " · ".join(parts)


def difference_document(difference: Difference) -> dict[str, JSON]:
    """Return the difference as plain data."""
    return {
        "schema": SCHEMA,
        "old": {"id": difference.old, "started": difference.old_started.isoformat()},
        "new": {"id": difference.new, "started": difference.new_started.isoformat()},
        "systems": {
            "cohort": len(difference.cohort),
            "new": list(difference.new_systems),
            "gone": list(difference.gone_systems),
            "not_scanned": list(difference.not_scanned),
            "altered": list(difference.altered),
        },
        "sums": {
            "cohort": [_sums(each) for each in difference.cohort_sums],
            "total": [_sums(each) for each in difference.total_sums],
        },
        "changes": [_change(each) for each in difference.changes],
    }


def _sums(sums: Sums) -> JSON:
    score = sums.score
    return {
        "systems": sums.systems,
        "on_target": sums.on_target,
        "dual_stack": sums.dual_stack,
        "score": None
        if score is None
        else {"low": score.low, "high": score.high, "coverage": score.coverage},
    }


def _change(change: Change) -> JSON:
    finding = change.either
    target = finding.target
    return {
        "kind": change.kind,
        "system": change.system,
        "id": finding.id,
        "check": finding.check,
        "vantage": finding.vantage,
        "target": {"host": target.host, "port": target.port, "family": target.family, "app": target.app},
        "before": _side(change.before),
        "after": _side(change.after),
        "root": change.root,
        "unsteady": change.unsteady,
    }


def _side(finding: PastFinding | None) -> JSON:
    if finding is None:
        return None
    return {
        "verdict": finding.verdict,
        "reason": finding.reason,
        "severity": finding.severity,
        "accepted": finding.accepted,
    }
