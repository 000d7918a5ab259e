"""What changed between two runs, in one language: safe, folded under what it follows from.

Input: a `Difference`. Shared by the terminal, the HTML report and `diff`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from ipv6check.locale import words
from ipv6check.model.history import Change, ChangeKind, Difference
from ipv6check.model.past import PastFinding, PastTarget
from ipv6check.model.text import Language
from ipv6check.report.safe import safe_text
from ipv6check.report.titles import check_title, reason_title

# In the order in which a person wants to know; `changed` is for those who ask.
KINDS: tuple[ChangeKind, ...] = (
    "broken",
    "lapsed",
    "fixed",
    "newly_unknown",
    "newly_known",
    "excused",
    "new",
    "gone",
    "changed",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeEntry:
    """One change as shown; `follows` is how many others follow from it."""

    kind: ChangeKind
    system: str
    name: str
    check: str
    check_title: str
    target: str
    before: str
    after: str
    reason: str
    title: str
    follows: int
    unsteady: bool


def change_entries(
    difference: Difference,
    kinds: tuple[ChangeKind, ...],
    names: Mapping[str, str],
    language: Language,
    *,
    unsteady: bool | None = False,
) -> tuple[ChangeEntry, ...]:
    """Return the changes of some kinds that follow from no other of them, by system and check.

    `names` gives the name of a system; `unsteady` None takes those that flap too, True only those.
    """
    found = [each for each in difference.of(*kinds, unsteady=unsteady) if not _idle(each)]
    there = {(change.system, change.either.id) for change in found}
    follows = Counter((change.system, change.root) for change in found if change.root)
    tops = [change for change in found if (change.system, change.root) not in there]
    tops.sort(key=lambda each: (each.system, each.either.check, each.either.id))
    return tuple(_entry(change, follows[change.system, change.either.id], names, language) for change in tops)


def _idle(change: Change) -> bool:
    """Whether a check only came to apply or ceased to: what made it so is a change of its own."""
    sides = (change.before, change.after)
    return change.kind == "changed" and any(each and each.verdict == "not_applicable" for each in sides)


def _entry(change: Change, follows: int, names: Mapping[str, str], language: Language) -> ChangeEntry:
    finding = change.either
    return ChangeEntry(
        kind=change.kind,
        system=safe_text(change.system, 200),
        name=names.get(change.system) or safe_text(change.system, 200),
        check=safe_text(finding.check, 100),
        check_title=check_title(finding.check, language),
        target=_target(finding.target),
        before=_verdict(change.before, language),
        after=_verdict(change.after, language),
        reason=safe_text(finding.reason, 100),
        title=reason_title(finding.reason, language, finding.verdict),
        follows=follows,
        unsteady=change.unsteady,
    )


def _verdict(finding: PastFinding | None, language: Language) -> str:
    if finding is None:
        return "–"
    key = "accepted" if finding.accepted else finding.verdict
    return words(language).get(f"verdict.{key}", safe_text(finding.verdict, 30))


def _target(target: PastTarget) -> str:
    place = safe_text(target.host or "", 200)
    if place and target.port is not None:
        place = f"[{place}]:{target.port}" if ":" in place else f"{place}:{target.port}"
    family = f"IPv{target.family}" if target.family in (4, 6) else ""
    return " ".join(part for part in (place, family) if part)
