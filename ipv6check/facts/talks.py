"""Facts about conversations: whether what answers on a port is the service that was declared.

A TCP connection is not a service: some devices accept whatever is asked. Where a conversation with
the application was tried, its outcome is part of the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from ipv6check.facts.tries import Asked
from ipv6check.model.fact import Answer, Fact
from ipv6check.model.inventory import Host
from ipv6check.model.text import JSON

HTTP_APPS = frozenset({"http", "https"})

_NO: Mapping[str, str] = {
    "no_greeting": "reach.no_banner",
    "eof": "reach.no_banner",
    "reset": "reach.no_banner",
    "protocol": "reach.protocol",
    "malformed": "reach.protocol",
}
_SPOKE = frozenset({"tls_alert", "too_large"})
_UNKNOWN: Mapping[str, str] = {
    "slow": "reach.slow",
    "overloaded": "vantage.overloaded",
    "no_privilege": "vantage.no_privilege",
    "not_permitted": "scope.outside",
    "local": "vantage.no_route",
    # The port had answered a moment before: its state changes faster than we can ask.
    "closed": "reach.unstable",
    "rejected": "reach.unstable",
    "unreachable": "reach.unstable",
    "silent": "reach.unstable",
    # Servers of this protocol may turn a stranger away without a word: the open port is all we know.
    "unwelcome": "reach.no_banner",
}
_SKIPPED = frozenset({"schedule.outside", "time.over"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """One conversation: yes if the application answered (were it with a refusal of its own).

    `failure` is a reason code unless `answer` is yes; `word` what the probe reported; `data` what
    it saw, also on a refusal.
    """

    answer: Answer
    failure: str = ""
    word: str = ""
    data: Mapping[str, JSON] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    asked: Asked | None = None

    @property
    def completed(self) -> bool:
        """Whether the conversation came to its regular end."""
        return self.answer == "yes" and not self.word


def talk(asked: Asked) -> Talk:
    """Return what all tries at one conversation amount to: only unanimous failures are a no."""
    answer = asked.answered
    if answer is not None:
        return Talk(answer="yes", data=answer.data, evidence=asked.evidence, asked=asked)
    last = asked.last
    word = last.failure or last.outcome
    result = Talk(answer="unknown", word=word, data=last.data, evidence=asked.evidence, asked=asked)
    if last.outcome == "crashed":
        return replace(result, failure="internal.crashed")
    if last.outcome == "skipped":
        return replace(result, failure=word if word in _SKIPPED else "not.asked")
    words = {each.failure or "" for each in asked.tries if each.outcome == "failed"} - {"overloaded"}
    if words & _SPOKE:
        spoke = next(each for each in reversed(asked.tries) if each.failure in _SPOKE)
        return replace(result, answer="yes", word=spoke.failure or "", data=spoke.data)
    if words and words <= _NO.keys():
        return replace(result, answer="no", failure=_NO[word] if word in _NO else "reach.no_banner")
    return replace(result, failure=_UNKNOWN.get(word, "reach.slow"))


def server_name(host: Host) -> str | None:
    """Return the name for SNI and the Host header, None if there is none."""
    return host.sni or host.name


def of_host(asked: Iterable[Asked], kind: str, host: Host, address: str) -> list[Asked]:
    """Return the conversations of one kind that were held in the name of one host.

    An address may serve many names: what it says to another one is no answer for this.
    """
    name = server_name(host)
    found = []
    for each in asked:
        if each.task.kind != kind:
            continue
        if kind in ("tls.handshake", "tls.starttls") and each.param("sni") != name:
            continue
        if kind == "http.get" and each.param("host") != (name or address):
            continue
        if kind == "app.greeting" and each.param("tls") is True and each.param("sni") != name:
            continue
        found.append(each)
    return found


def spoken(connect: Fact, talks: Iterable[Talk], *, open_everything: bool) -> Fact:
    """Return the fact of a port as that of its service: what the application said counts.

    A conversation that could not be held takes nothing away from an open port, but that the
    application was slow, or that a port nobody declared is open too, leaves it unproven.
    """
    if connect.answer != "yes":
        return connect
    talks = list(talks)
    evidence = (*connect.evidence, *(i for each in talks for i in each.evidence))
    for each in talks:
        if each.answer == "no" or each.failure == "reach.slow":
            data = {**connect.data, "word": each.word}
            return replace(connect, answer=each.answer, failure=each.failure, evidence=evidence, data=data)
    if open_everything and not any(each.answer == "yes" for each in talks):
        return replace(connect, answer="unknown", failure="reach.open_everything", evidence=evidence)
    return replace(connect, evidence=evidence)
