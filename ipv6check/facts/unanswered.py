"""A DNS server that did not answer, as a port that did not: whether the vantage could have seen it at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipv6check.facts.tries import Asked, family_of
from ipv6check.model.fact import Fact

if TYPE_CHECKING:
    from ipv6check.facts.derive import Facts

_SAID = ("closed", "rejected", "unreachable")


def unanswered(facts: Facts, vantage: str, asked: Asked) -> Fact:
    """Return the failed question as a fact about its port, masked as any other of this vantage.

    The answer is no, or unknown with the reason why that is the vantage's own trouble.
    """
    word, task = asked.last.failure or "", asked.task
    fact = Fact(
        kind="tcp.connect" if task.kind == "dns.tcp" else "udp.exchange",
        subject=task.subject,
        vantage=vantage,
        answer="no",
        family=family_of(task.address or ""),
        address=task.address,
        port=task.port,
        failure=word if word in _SAID else "silent",
    )
    witness = facts.witnesses.get(vantage)
    return fact if witness is None else witness.masked(fact, (asked.began, asked.ended))
