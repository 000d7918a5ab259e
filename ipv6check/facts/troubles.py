"""Troubles that are a vantage's own, or the target's way of shutting a scanner out.

Pure look-ups over an `Index`: which family it lacks, which router of ours turns everybody away,
which ports are blocked on our side, which hosts fell silent in mid-scan.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ipv6check.facts.signs import Links
from ipv6check.facts.tries import Asked, Index, ended, mapping, number, text
from ipv6check.inventory.addresses import BITS, classify, parse
from ipv6check.model.inventory import Family, Vantage

SEVERAL = 3
"""Targets in as many different networks must fail alike before it is our own way out."""

NEGATIVE = frozenset({"closed", "rejected", "unreachable", "silent"})
_NETWORK: Mapping[Family, int] = {4: 16, 6: 48}


def has_none(index: Index, vantage: str, family: Family) -> bool:
    """Whether no usable source address or route of the family was ever found.

    A link-local source reaches no address of wider scope (RFC 4007 §9).
    """
    asked = [each for each in index.kind(vantage, "vantage.source") if each.task.family == family]
    return bool(asked) and not any(_usable(each) for each in asked)


def _usable(asked: Asked) -> bool:
    answer = asked.answered
    if answer is None:
        # Only a definite "no source" says so; a try that crashed or was skipped says nothing.
        return asked.last.failure != "local"
    scope, address = text(answer.data, "scope"), asked.task.address
    narrow = scope in ("link_local", "unspecified")
    return not narrow or (address is not None and classify(address).kind == "linklocal")


def offenders(connects: list[Asked], near: Links) -> frozenset[tuple[Family, str]]:
    """Return who, of our next hops and ourselves, turns away several different networks.

    The caller sees to it that nobody beyond them answered.
    """
    ours = near.own | near.routers
    networks: dict[tuple[Family, str], set[int]] = {}
    for asked in connects:
        address, family = asked.task.address, asked.task.family
        if address is None or family is None:
            continue
        for each in asked.tries:
            offender = text(mapping(each.data, "icmp"), "offender")
            if each.failure in ("rejected", "unreachable", "local") and offender in ours:
                shift = BITS[family] - _NETWORK[family]
                networks.setdefault((family, offender), set()).add(parse(address)[1] >> shift)
    return frozenset(
        (family, offender) for (family, offender), seen in networks.items() if len(seen) >= SEVERAL
    )


def blocked_ports(connects: list[Asked], vantage: Vantage) -> frozenset[tuple[Family, int]]:
    """Return the ports on which the controls of a family do not answer, nor does anybody else."""
    controls = {(control.address, control.port) for control in vantage.controls}
    refused: set[tuple[Family, int]] = set()
    opened: set[tuple[Family, int]] = set()
    for asked in connects:
        task = asked.task
        if task.port is None or task.family is None:
            continue
        place = (task.family, task.port)
        if asked.answered is not None:
            opened.add(place)
        elif (task.address, task.port) in controls and asked.last.failure in NEGATIVE:
            refused.add(place)
    return frozenset(refused - opened)


def shunned(connects: list[Asked]) -> dict[str, datetime]:
    """Return the addresses that fell silent on a port that had answered, with their last answer."""
    last: dict[str, datetime] = {}
    ports: dict[tuple[str, int], datetime] = {}
    witnesses: list[tuple[str, int, datetime]] = []
    for asked in connects:
        address, port = asked.task.address, asked.task.port
        if address is None or port is None:
            continue
        for each in asked.tries:
            if each.outcome == "ok" or each.failure == "closed":
                last[address] = max(last.get(address, ended(each)), ended(each))
                ports[address, port] = max(ports.get((address, port), ended(each)), ended(each))
        if (number(asked.task.params, "round") or 0) > 1 and asked.last.failure == "silent":
            witnesses.append((address, port, asked.ended))
    return {
        address: last[address]
        for address, port, at in witnesses
        if (address, port) in ports and at > last[address]
    }
