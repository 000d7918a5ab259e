"""Facts about a declared DNS server: whether it answers for its zones over IPv6, by UDP and by TCP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ipv6check.facts.connects import not_let_out
from ipv6check.facts.tries import Asked, family_of, items, text
from ipv6check.facts.unanswered import unanswered
from ipv6check.model.fact import Answer

if TYPE_CHECKING:
    from ipv6check.facts.derive import Facts

# What over TCP is a definite no after UDP was answered; the other words are our own trouble.
_REFUSED = frozenset({"closed", "rejected", "silent", "unreachable", "reset", "eof", "slow"})
_SILENT = frozenset({"no_answer", "closed", "rejected", "unreachable"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What one address says of one zone: `reason` is a code unless `answer` is yes."""

    address: str
    port: int
    zone: str
    answer: Answer
    reason: str = ""
    detail: str = "-"
    evidence: tuple[str, ...] = ()


def served(
    facts: Facts, vantage: str, address: str, port: int, zone: str, *, recursive: bool
) -> Served | None:
    """Return whether an address serves a zone, or resolves it; None if it was not asked."""
    asked = [
        each
        for each in facts.index.authority.get((vantage, "service", zone, "SOA"), ())
        if (each.task.address, each.task.port) == (address, port)
    ]
    udp = next((each for each in asked if each.task.kind == "dns.query"), None)
    tcp = next((each for each in asked if each.task.kind == "dns.tcp"), None)
    if udp is None:
        return None
    answer, reason, detail = _judged(facts, vantage, udp, tcp, recursive=recursive)
    evidence = tuple(i for each in asked for i in each.evidence)
    return Served(
        address=address, port=port, zone=zone, answer=answer, reason=reason, detail=detail, evidence=evidence
    )


def _judged(
    facts: Facts, vantage: str, udp: Asked, tcp: Asked | None, *, recursive: bool
) -> tuple[Answer, str, str]:
    if udp.answered is None:
        return _unanswered(facts, vantage, udp, "ns.silent", _SILENT)
    data = udp.answered.data
    flags, rcode = items(data, "flags"), text(data, "rcode") or "?"
    useful = rcode in ("NOERROR", "NXDOMAIN") if recursive else rcode == "NOERROR"
    if ("RA" if recursive else "AA") not in flags or not useful:
        return "no", "ns.lame", rcode
    if tcp is None:
        return "unknown", "not.asked", rcode
    if tcp.answered is None:
        return _unanswered(facts, vantage, tcp, "ns.tcp_blocked", _REFUSED)
    return "yes", "", rcode


def _unanswered(
    facts: Facts, vantage: str, asked: Asked, reason: str, definite: frozenset[str]
) -> tuple[Answer, str, str]:
    """Tell a server that does not answer from a vantage that cannot see it."""
    word = asked.last.failure or ""
    if asked.last.outcome != "failed" or word not in definite:
        ours = {"overloaded": "vantage.overloaded", "no_privilege": "vantage.no_privilege"}
        if word == "local":
            ours[word] = not_let_out(asked.last, family_of(asked.task.address or ""))
        kept = word if word in ("schedule.outside", "time.over") else ours.get(word, "not.asked")
        return "unknown", "internal.crashed" if asked.last.outcome == "crashed" else kept, word
    masked = unanswered(facts, vantage, asked)
    return ("no", reason, word) if masked.answer == "no" else ("unknown", masked.failure or "not.asked", word)
