"""Whether a web server turned us away for asking too often (catalogue.md, `http.throttled`)."""

from __future__ import annotations

from dataclasses import replace

from ipv6check.facts.place import REDIRECTS
from ipv6check.facts.tries import Asked, Index, ended, number
from ipv6check.facts.visits import Visit

TOO_MANY = 429
_AWAY = frozenset({403, 503})
SEVERAL = 3
"""As many different questions in a row turned away speak for a limit, not for a rule about one page."""


def throttled(found: Visit, asked: Asked, index: Index, vantage: str) -> Visit:
    """Return the visit, or the same as unknown if its last status is a limit on our own asking.

    429 says so. 403 and 503 may: if the same question was answered otherwise before, or if the
    address, having answered others, turns every later question away. Redirects are no such answer:
    they come before every refusal that is meant.
    """
    if found.status == TOO_MANY:
        return replace(found, answer="unknown", failure="http.throttled")
    task = asked.task
    if found.status not in _AWAY or task.address is None or task.port is None:
        return found
    mine, before, after = False, False, False
    away: set[tuple[object, object]] = set()
    for other in index.talks.get((vantage, task.address, task.port), ()):
        answer = other.answered
        status = None if answer is None else number(answer.data, "status")
        if answer is None or status is None or status in REDIRECTS:
            continue
        question = (other.param("host"), other.param("path"))
        if status in (*_AWAY, TOO_MANY):
            away.add(question)
            continue
        earlier = ended(answer) <= asked.began
        before, after = before or earlier, after or not earlier
        mine = mine or (earlier and question == (asked.param("host"), asked.param("path")))
    if mine or (before and not after and len(away) >= SEVERAL):
        return replace(found, answer="unknown", failure="http.throttled")
    return found
