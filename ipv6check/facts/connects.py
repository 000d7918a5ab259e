"""Facts about ports: open, definitely not, or unknown, out of all tries at one port.

What is built here is not masked yet. Silence is only definite after three serial tries of at
least 8 s each that spread over 30 s or more (catalogue.md, "Silent").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from ipv6check.facts.tries import Asked, ended, mapping, text
from ipv6check.model.fact import Answer, Fact, Stability
from ipv6check.model.inventory import Family
from ipv6check.model.observation import Observation
from ipv6check.model.task import STAGE_AUDIT
from ipv6check.model.text import JSON

SILENT_TRIES = 3
SILENT_SECONDS = 8.0
SILENT_SPREAD = 30.0
_ROUNDING = 0.05  # seconds by which a clock's reading may fall short of its timer

DEFINITE = frozenset({"closed", "rejected", "unreachable"})
_SILENCE = frozenset({"silent", "no_answer"})
_OURS: Mapping[str, str] = {
    "overloaded": "vantage.overloaded",
    "no_privilege": "vantage.no_privilege",
    "not_permitted": "scope.outside",
}
_SKIPPED = frozenset({"schedule.outside", "time.over"})
_NONE = frozenset({"no_route", "no_source", "no_family", "ENETUNREACH", "EADDRNOTAVAIL", "EAFNOSUPPORT"})
NO_FAMILY: Mapping[Family, str] = {4: "vantage.no_ipv4", 6: "vantage.no_ipv6"}


def connect_fact(asked: Iterable[Asked]) -> Fact | None:
    """Return what the tries at one port from one vantage amount to; None if there are none.

    A yes needs one answered try. `data` holds `tries`, `waited_ms` (from the first to the end of the
    last), and of the try that decided: `answered_ms`, `error`, `offender`, `source`.
    """
    asked = sorted(asked, key=lambda each: each.task.id)
    tries = sorted((t for each in asked for t in each.tries), key=lambda t: (t.started, t.id))
    if not tries:
        return None
    task = asked[0].task
    told = [t for t in tries if t.outcome in ("ok", "failed")]
    answer, failure, decisive = _decide(tries, told)
    return Fact(
        kind=task.kind,
        subject=task.subject,
        vantage=task.vantage,
        answer=answer,
        family=task.family,
        address=task.address,
        port=task.port,
        failure=failure or None,
        stability=_stability(told, any(t.outcome == "ok" for t in told)),
        evidence=tuple(t.id for t in tries),
        data=_data(tries, decisive),
    )


def _decide(tries: list[Observation], told: list[Observation]) -> tuple[Answer, str, Observation]:
    """Return the answer, why it is no yes, and the try that decided."""
    task = tries[0].task
    opened = [t for t in told if t.outcome == "ok"]
    refused = [t for t in told if t.failure in DEFINITE]
    if opened and task.kind == "udp.exchange" and opened[-1].data.get("valid") is False:
        # Somebody replied, but not the service.
        return "no", "protocol", opened[-1]
    if opened:
        return "yes", "", opened[-1]
    if refused:
        return "no", refused[-1].failure or "", refused[-1]
    if not _is_silence(tries, task.kind):
        return "unknown", _why_unknown(tries, task.family), tries[-1]
    if task.kind == "udp.exchange":
        # Silence over UDP may be a rule of the protocol: the check decides, by application.
        return "unknown", "udp.unanswered", tries[-1]
    return "no", "silent", tries[-1]


def _is_silence(tries: list[Observation], kind: str) -> bool:
    """Whether the tries are enough to call a port silent."""
    silent = [t for t in tries if t.outcome == "failed" and t.failure in _SILENCE]
    if _shut(tries, silent):
        return True
    if len(silent) < SILENT_TRIES:
        return False
    if kind == "udp.exchange":
        return True
    serial = [t for t in silent if t.seconds >= SILENT_SECONDS - _ROUNDING]
    if len(serial) < SILENT_TRIES:
        return False
    spread = max(ended(t) for t in serial) - min(t.started for t in serial)
    return spread >= timedelta(seconds=SILENT_SPREAD - _ROUNDING)


def _shut(tries: list[Observation], silent: list[Observation]) -> bool:
    """Whether a port that should not answer was silent through a whole try: four SYNs, as they are lost.

    There silence is what is wanted, and no fail follows from it.
    """
    audited = all(t.task.stage == STAGE_AUDIT for t in tries)
    return audited and any(t.seconds >= SILENT_SECONDS - _ROUNDING for t in silent)


def _why_unknown(tries: list[Observation], family: Family | None) -> str:
    """Return whose trouble it is that the tries prove nothing: the last word that says so."""
    for each in reversed(tries):
        if each.outcome == "crashed":
            return "internal.crashed"
        if each.outcome == "skipped":
            return each.failure if each.failure in _SKIPPED else "not.asked"
        failure = each.failure or ""
        if failure in _OURS:
            return _OURS[failure]
        if failure == "local":
            return not_let_out(each, family)
    # Silent, but too few tries: the run ended before it could be sure.
    return "not.asked"


def not_let_out(observation: Observation, family: Family | None) -> str:
    """Tell "no such family here" from "our own rules or routes forbid this destination"."""
    return without_family(observation, family) or "vantage.no_route"


def without_family(observation: Observation, family: Family | None) -> str:
    """Return that the vantage lacks the family, if a failed try says so (no route or no source); else ""."""
    told = {text(observation.data, "detail"), text(observation.data, "errno")}
    return NO_FAMILY[family] if family is not None and told & _NONE else ""


def _stability(told: list[Observation], opened: bool) -> Stability:
    """Say whether the tries agree: lost packets on the way to a yes, or answers that differ."""
    words = {t.failure for t in told if t.outcome == "failed" and t.failure != "overloaded"}
    if opened:
        if words & DEFINITE:
            return "unstable"
        return "loss" if words & _SILENCE else "stable"
    if len(words & DEFINITE) > 1:
        return "unstable"
    return "loss" if words & DEFINITE and words & _SILENCE else "stable"


def _data(tries: list[Observation], decisive: Observation) -> dict[str, JSON]:
    span = max(ended(t) for t in tries) - min(t.started for t in tries)
    data: dict[str, JSON] = {
        "tries": len(tries),
        "waited_ms": round(span.total_seconds() * 1000),
        "answered_ms": round(decisive.seconds * 1000),
    }
    if source := text(decisive.data, "source"):
        data["source"] = source
    if detail := text(decisive.data, "errno") or text(decisive.data, "detail"):
        data["error"] = detail
    if offender := text(mapping(decisive.data, "icmp"), "offender"):
        data["offender"] = offender
    return data
