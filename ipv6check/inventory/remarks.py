"""Warnings on an inventory that is valid: what its author may not have meant.

Warnings never stop a scan; each says what follows from what is written.
"""

from __future__ import annotations

from collections import Counter

from ipv6check.inventory.addresses import canonical_prefix, classify, split_zone
from ipv6check.inventory.capabilities import CHECKS
from ipv6check.inventory.circles import circles
from ipv6check.inventory.nodes import Journal
from ipv6check.inventory.problems import did_you_mean
from ipv6check.inventory.scope import NEVER_CONTACTED, in_explicit_scope, permitted
from ipv6check.model.inventory import Acceptance, Equipment, Host, Inventory, Source, System

_SPARED_BY_SCOPE = frozenset({"documentation", "loopback", "ula"})
_SHOWN = 8  # of the members of a circle
_KNOWN_ROLES = ("standby", "vip")


def remark(inventory: Inventory, journal: Journal) -> None:
    """Write every warning on the inventory into the journal."""
    _Remarks(inventory, journal).all()


def _alone(address: str) -> str:
    """Return an address as the prefix of itself alone; a zone is no part of it."""
    return canonical_prefix(split_zone(address)[0])


class _Remarks:
    def __init__(self, inventory: Inventory, journal: Journal) -> None:
        self._inventory = inventory
        self._journal = journal
        self._permitted = permitted(inventory)
        self._in_scope = in_explicit_scope(inventory)
        self._checks = frozenset(CHECKS)
        self._planned = frozenset(
            (
                *(entry.prefix for entry in inventory.address_plan),
                *(_alone(each) for system in inventory.systems for each in system.planned),
                *(_alone(each) for item in inventory.equipment for each in item.management),
            )
        )

    def all(self) -> None:
        """Go through the whole inventory once."""
        first: dict[str, tuple[System, Source]] = {}
        for system in self._inventory.systems:
            self._on_system(system)
            for host in system.hosts:
                self._on_sharing(system, host, first)
                self._on_host(system, host)
        for accepted in self._inventory.accept:
            self._on_check(accepted.check, accepted.source)
            self._on_accepted(accepted)
        for circle in circles(self._inventory):
            self._on_circle(circle)
        if not self._inventory.systems:
            source = Source(self._inventory.files[0].name, 1)
            self._warn(source, "no system is declared: there is nothing to scan")

    def _warn(self, source: Source, message: str) -> None:
        self._journal.warn(self._journal.at(source), message)

    def _on_system(self, system: System) -> None:
        if system.goal != "retired":
            if not system.hosts:
                self._warn(system.source, f'system "{system.id}" has no hosts: nothing of it can be checked')
            if not system.vantages:
                message = f'no vantage sees "{system.exposure}": nothing is asked of system "{system.id}"'
                self._warn(system.source, message)
        for attested in system.attested:
            self._on_check(attested.check, attested.source)
        self._on_pairs(system)

    def _on_pairs(self, system: System) -> None:
        """Warn of a pair of one literal alone: it has nothing to be compared with."""
        members = Counter(host.pair for host in system.hosts if host.pair)
        for host in system.hosts:
            if host.pair and members[host.pair] == 1 and host.address:
                others = [pair for pair in members if pair != host.pair]
                near = did_you_mean(host.pair, others)
                self._warn(host.source, f'pair "{host.pair}" has one member only: nothing to compare{near}')

    def _on_sharing(self, system: System, host: Host, first: dict[str, tuple[System, Source]]) -> None:
        key = host.address or host.name or host.declared
        other, source = first.setdefault(key, (system, host.source))
        if other.id != system.id:
            same = host.source.file == source.file
            place = f"line {source.line}" if same else f"line {source.line} of {source.file}"
            message = f'"{host.declared}" is a host of system "{other.id}" too, on {place}; it is asked once'
            self._warn(host.source, message)

    def _on_host(self, system: System, host: Host) -> None:
        if host.name is not None and "." not in host.name:
            message = (
                f'"{host.declared}" has one label only: names are absolute here, no search domain is added'
            )
            self._warn(host.source, message)
        near = did_you_mean(host.role, _KNOWN_ROLES) if host.role and host.role not in _KNOWN_ROLES else ""
        if near:
            self._warn(host.source, f'role "{host.role}" means nothing special{near}')
        if host.address is not None:
            self._on_literal(system, host, host.address)

    def _on_literal(self, system: System, host: Host, address: str) -> None:
        why = self._permitted(address, False)
        found = classify(address)
        if why == NEVER_CONTACTED:
            zone = ": write its zone, for instance fe80::1%eth0" if found.kind == "linklocal" else ""
            self._warn(host.source, f"{address} is never contacted ({found.name}){zone}")
            return
        if why is not None:
            where = (
                "in `exclude`"
                if self._inventory.scope is None or self._in_scope(address)
                else "outside `scope`"
            )
            self._warn(host.source, f"{address} lies {where}: it is not contacted")
        if found.family == 4 or (found.kind in _SPARED_BY_SCOPE and self._in_scope(address)):
            return
        if found.code is not None:
            self._warn(host.source, f"{address} is no address to publish: {found.name} ({found.rfc})")
        elif found.kind == "ula" and system.exposure == "internet":
            message = f"{address} is unique-local (RFC 4193): nobody on the internet reaches it"
            self._warn(host.source, message)

    def _on_accepted(self, accepted: Acceptance) -> None:
        """Warn of an exception for a prefix that is not in the plan: it would never fit anything."""
        if accepted.prefix is None or accepted.prefix in self._planned:
            return
        near = did_you_mean(accepted.prefix, self._planned)
        self._warn(accepted.source, f"{accepted.prefix} is no prefix of the `address_plan`{near}")

    def _on_circle(self, circle: tuple[System | Equipment, ...]) -> None:
        """Warn of members that need each other: the roadmap moves them in one wave."""
        names = [each.id for each in circle]
        shown = " → ".join([*names[:_SHOWN], *(["…"] if len(names) > _SHOWN else []), names[0]])
        message = f"depends on itself through others ({shown}): they can only be migrated together"
        self._warn(circle[0].source, f'"{names[0]}" {message}')

    def _on_check(self, check: str, source: Source) -> None:
        if check not in self._checks:
            near = did_you_mean(check, CHECKS)
            self._warn(source, f'no built-in check is called "{check}"{near}')
