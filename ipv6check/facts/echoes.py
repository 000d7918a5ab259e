"""Facts about echo requests: answered, not answered, or not to be known from here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ipv6check.facts.connects import NO_FAMILY
from ipv6check.facts.tries import Asked
from ipv6check.model.fact import Answer

if TYPE_CHECKING:
    from ipv6check.facts.view import SystemView

_UNKNOWN: Mapping[str, str] = {
    "no_privilege": "vantage.no_privilege",
    "overloaded": "vantage.overloaded",
    "local": "vantage.no_route",
    "not_permitted": "scope.outside",
}
_SKIPPED = frozenset({"schedule.outside", "time.over"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Echo:
    """Whether an address answered one form of echo request; `failure` is a reason code of an unknown."""

    answer: Answer
    failure: str = ""
    evidence: tuple[str, ...] = ()


def asked(view: SystemView, vantage: str) -> bool:
    """Whether any echo was asked for from a vantage: a run of selected checks, or an older one, has none."""
    return bool(view.facts.remember(("echoes", vantage), lambda: _by_address(view, vantage)))


def echo(view: SystemView, vantage: str, address: str, form: str) -> Echo:
    """Return whether an address answered: `plain`, `fragment` or `options`."""
    key = ("echoes", vantage)
    every = view.facts.remember(key, lambda: _by_address(view, vantage))
    found = every.get((address, form))
    if found is None:
        return Echo(answer="unknown", failure=_not_asked(view, vantage, address))
    if found.answered is not None:
        return Echo(answer="yes", evidence=found.evidence)
    last = found.last
    if last.outcome == "crashed":
        return Echo(answer="unknown", failure="internal.crashed", evidence=found.evidence)
    if last.outcome == "skipped":
        reason = last.failure if last.failure in _SKIPPED else "not.asked"
        return Echo(answer="unknown", failure=reason or "not.asked", evidence=found.evidence)
    words = [each.failure or "" for each in found.tries]
    if all(word == "no_answer" for word in words):
        return _masked(view, vantage, found)
    ours = next(word for word in reversed(words) if word != "no_answer")
    witness = view.facts.witnesses.get(vantage)
    if ours == "local" and witness is not None and witness.none[6]:
        return Echo(answer="unknown", failure=NO_FAMILY[6], evidence=found.evidence)
    return Echo(answer="unknown", failure=_UNKNOWN.get(ours, "not.asked"), evidence=found.evidence)


def _by_address(view: SystemView, vantage: str) -> dict[tuple[str, str], Asked]:
    found: dict[tuple[str, str], Asked] = {}
    for asked in view.facts.index.kind(vantage, "path.echo"):
        found[asked.task.address or "", str(asked.param("form"))] = asked
    return found


def _masked(view: SystemView, vantage: str, asked: Asked) -> Echo:
    """Return silence as a no, unless this vantage sees no IPv6, had lost it by then, or was shunned."""
    witness = view.facts.witnesses.get(vantage)
    if witness is None or not witness.signs[6].anybody:
        return Echo(answer="unknown", failure="vantage.unverified", evidence=asked.evidence)
    reason = witness.silence(6, asked.task.address or "", (asked.began, asked.ended))
    if reason is not None:
        return Echo(answer="unknown", failure=reason, evidence=asked.evidence)
    return Echo(answer="no", evidence=asked.evidence)


def _not_asked(view: SystemView, vantage: str, address: str) -> str:
    witness = view.facts.witnesses.get(vantage)
    if witness is None:
        return view.facts.absent
    if witness.none[6]:
        return NO_FAMILY[6]
    return view.facts.refusal(address, True) or "not.asked"
