"""More looks at declared services, when all else is done: what answered once should answer every time.

Over IPv6, at a sample of the open ports of each network, for `reach.stable`; and at every port that
refused a connection, over both families: one RST at a restart must not be a fail.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache

from ipv6check.model.inventory import Family
from ipv6check.model.task import STAGE_SERVICES, Task, make_task
from ipv6check.plan.results import Results, Settled

LOOKS = 20
"""Looks at an open port: at 30 % loss, one scan in 300 would see less than two packets lost."""

LOOKS_AGAIN = 2
"""Looks at a port that refused."""

SAMPLED = 16
"""Open ports of one network (a /64, a /24) that are looked at again; the others' links are the same."""

_LITERAL = re.compile(r"[0-9.]+$|[0-9a-f.]*:")
_ON = ("ok", "closed", "rejected", "unreachable")
_ANSWERED = ("ok", "closed")
_TELLING = ("tcp.connect", "vantage.canary")


def looks(results: Results, fallen: frozenset[str]) -> Iterator[Task]:
    """Yield the next look at each port that gets one: one after the other, none after a silent one.

    `fallen` are addresses that fell silent after they had answered: witnesses ask those. Where a witness
    was silent too, it may be that host which shuns us, or we who were cut off: one look at somebody else
    tells, and until it is answered nobody else of that family is looked at.
    """
    sampled: dict[str, int] = {}
    doubted = _doubted(results)
    first = [each for each in results.values() if _is_first(each.task)]
    for settled in sorted(first, key=lambda each: each.task.id):
        task = settled.task
        if task.address in fallen or doubted.get(task.family) == "lost":
            continue
        word = _word(settled)
        if word == "closed":
            wanted = LOOKS_AGAIN
        elif word == "ok" and task.family == 6 and _sample(sampled, task):
            wanted = LOOKS
        else:
            continue
        following = _next(results, task, wanted)
        if following is not None:
            yield following
            if task.family in doubted:
                doubted[task.family] = "lost"  # for this call: its answer comes first


def _doubted(results: Results) -> dict[Family | None, str]:
    """Return the families that may be cut off: "doubtful" after a silent witness, "lost" after two hosts.

    What counts is what was silent since somebody of the family last answered.
    """
    telling = [each for each in results.values() if each.task.kind in _TELLING]
    silences = [each for each in telling if _is_repeated_silence(each)]
    if not silences:
        return {}
    answered: dict[Family | None, datetime] = {}
    for each in telling:
        if _word(each) in _ANSWERED:
            answered[each.task.family] = max(answered.get(each.task.family, each.ended), each.ended)
    hosts: dict[Family | None, set[str | None]] = {}
    for each in silences:
        family = each.task.family
        if family not in answered or each.ended > answered[family]:
            hosts.setdefault(family, set()).add(each.task.address)
    witnessed = {each.task.family for each in silences if "round" in each.task.params}
    return {
        family: "lost" if len(silent) > 1 else "doubtful"
        for family, silent in hosts.items()
        if family in witnessed
    }


def most(tasks: Iterable[Task]) -> int:
    """Return how many looks there would be at most if everything answered; a name stands for a network."""
    sampled: dict[str, int] = {}
    return sum(LOOKS for task in tasks if _wanted(task) and task.family == 6 and _sample(sampled, task))


def _is_first(task: Task) -> bool:
    """Whether a task is the first question to a declared port; gentle hosts are not pressed.

    On loopback nothing is lost.
    """
    return _wanted(task) and not _is_loopback(task.address or "")


def _is_repeated_silence(settled: Settled) -> bool:
    """Whether a witness or a look, each at a port that had answered, was silent."""
    if settled.failure != "silent" or settled.task.kind != "tcp.connect":
        return False
    return "round" in settled.task.params or "look" in settled.task.params


def _wanted(task: Task) -> bool:
    plain = task.kind == "tcp.connect" and task.stage == STAGE_SERVICES and not task.params
    return plain and not task.gentle and task.address is not None


def _sample(sampled: dict[str, int], task: Task) -> bool:
    network = _network(task.address or "")
    sampled[network] = sampled.get(network, 0) + 1
    return sampled[network] <= SAMPLED


@cache
def _is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address).is_loopback


@cache
def _network(address: str) -> str:
    if not _LITERAL.match(address):
        return address
    length = 64 if ":" in address else 24
    return str(ipaddress.ip_network(f"{address.partition('%')[0]}/{length}", strict=False))


def _word(settled: Settled) -> str:
    return "ok" if settled.outcome == "ok" else settled.failure or settled.outcome


def _next(results: Results, first: Task, wanted: int) -> Task | None:
    """Return the look that is due, None after the last or after one that nobody answered."""
    seen = results.looks_at(first)
    if len(seen) >= wanted or any(_word(look) not in _ON for look in seen):
        return None
    return _look(first, len(seen) + 1)


def _look(first: Task, number: int) -> Task:
    return make_task(
        first.kind,
        vantage=first.vantage,
        family=first.family,
        address=first.address,
        port=first.port,
        transport=first.transport,
        params={"look": number},
        subject=first.subject,
        stage=STAGE_SERVICES,
        until=first.until,
    )
