"""`compare`: two runs → their difference, like for like.

Only systems with equal hosts and services in both runs can be better or worse; what was added or taken
away is told apart, so that a new failing system makes no old one worse.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ipv6check.history.verdicts import TRANSITIONS, Sheet, pairs
from ipv6check.model.history import Change, ChangeKind, Difference
from ipv6check.model.past import PastFinding, PastRun, PastScore, PastSystem, Sums
from ipv6check.model.profile import LEVELS

_APART = ("ipv4-only", "retired")  # goals with neither level nor score
_DUAL_STACK = frozenset(LEVELS[LEVELS.index("parity") :])


def compare(old: PastRun, new: PastRun) -> Difference:
    """Return what differs. A run and itself differ in nothing; swapped runs give the mirror image."""
    before = {system.id: system for system in old.systems}
    after = {system.id: system for system in new.systems}
    both = sorted(before.keys() & after.keys())
    asked = [name for name in both if before[name].scanned and after[name].scanned]
    unasked = {name for name in both if before[name].scanned != after[name].scanned}
    cohort = tuple(name for name in asked if before[name].declared == after[name].declared)
    return Difference(
        old=old.run.id,
        new=new.run.id,
        old_started=old.run.started,
        new_started=new.run.started,
        cohort=cohort,
        new_systems=tuple(sorted(after.keys() - before.keys())),
        gone_systems=tuple(sorted(before.keys() - after.keys())),
        not_scanned=tuple(sorted(unasked)),
        altered=tuple(name for name in asked if before[name].declared != after[name].declared),
        changes=tuple(change for name in cohort for change in _changes(before[name], after[name])),
        cohort_sums=(sums(before[name] for name in cohort), sums(after[name] for name in cohort)),
        total_sums=(sums(old.systems), sums(new.systems)),
    )


def _changes(before: PastSystem, after: PastSystem) -> Iterator[Change]:
    if before.findings == after.findings:
        return
    old, new = Sheet(before), Sheet(after)
    for identity, check in pairs(old, new):
        first, second = old.findings.get(identity), new.findings.get(identity)
        was, became = old.stand(identity, check), new.stand(identity, check)
        kind = TRANSITIONS.get((was, became))
        if kind is None and _says_otherwise(first, second):
            kind = "changed"
        if kind is not None:
            yield Change(
                kind=kind, system=before.id, before=first, after=second, root=_root(kind, first, second)
            )


def _root(kind: ChangeKind, first: PastFinding | None, second: PastFinding | None) -> str | None:
    """Return what the worse side follows from; of a change that is neither better nor worse, what both do."""
    if kind == "changed":
        return first.root if first and second and first.root == second.root else None
    worse = first if kind in ("fixed", "newly_known", "excused", "gone") else second
    return worse.root if worse else None


def _says_otherwise(first: PastFinding | None, second: PastFinding | None) -> bool:
    """Whether the same stand has another verdict or reason: silent instead of closed, a warn for a pass."""
    if first is None or second is None:
        return False
    return (first.verdict, first.reason) != (second.verdict, second.reason)


def sums(systems: Iterable[PastSystem]) -> Sums:
    """Return what some systems add up to; those without a score are left out of the mean."""
    counted = [system for system in systems if system.scanned and system.goal not in _APART]
    return Sums(
        systems=len(counted),
        on_target=sum(system.on_target is True for system in counted),
        dual_stack=sum(system.level in _DUAL_STACK for system in counted),
        score=_mean([(system.weight, system.score) for system in counted if system.score is not None]),
    )


def _mean(scores: list[tuple[float, PastScore]]) -> PastScore | None:
    total = sum(weight for weight, _ in scores)
    if not total:
        return None
    return PastScore(
        low=round(sum(weight * score.low for weight, score in scores) / total, 2),
        high=round(sum(weight * score.high for weight, score in scores) / total, 2),
        coverage=round(sum(weight * score.coverage for weight, score in scores) / total, 4),
    )
