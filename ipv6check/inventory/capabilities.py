"""Which checks an inventory's absent input switches off, and what would switch them on.

Every check of the catalogue is listed; a check's input is a question to one system or to the whole
inventory. Pure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ipv6check.inventory.apps import STARTTLS, TLS_FIRST
from ipv6check.inventory.delegation import zone_of, zones
from ipv6check.model.inventory import Inventory, System
from ipv6check.model.text import Text

Asks = Callable[[Inventory, System], bool]
AsksWhole = Callable[[Inventory], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """What some checks need; `given` asks one system, `given_whole` (if set) the inventory instead.

    `given_by` (if set) makes the question to one system of what is to be known of the whole first.
    """

    checks: tuple[str, ...]
    advice: Text
    given: Asks = lambda _, __: True
    given_whole: AsksWhole | None = None
    given_by: Callable[[Inventory], Asks] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchedOff:
    """Checks that are not applicable for want of input.

    `systems` are the ids of those that lack it; empty where the whole inventory does (`everywhere`).
    """

    checks: tuple[str, ...]
    everywhere: bool
    systems: tuple[str, ...]
    advice: Text


def _offers(*apps: str) -> Asks:
    return lambda _, system: any(service.app in apps for service in system.services)


def _offers_tls(apps: frozenset[str]) -> Asks:
    return lambda _, system: any(s.app in apps and s.transport == "tcp" for s in system.services)


def _views(inventory: Inventory, system: System) -> bool:
    names = set(system.vantages)
    return len({vantage.resolver for vantage in inventory.vantages if vantage.name in names}) > 1


def _in_zones(inventory: Inventory) -> Asks:
    """Ask whether every name of a system lies in a declared zone: only its servers may be asked."""
    known = zones(inventory)
    return lambda _, system: all(zone_of(host.name, known) for host in system.hosts if host.name)


INPUTS: tuple[Input, ...] = (
    Input(
        checks=(
            "naming.resolves", "naming.aaaa", "naming.a", "naming.hints", "naming.speed",
            "address.class", "address.reverse", "address.stable",
        ),
        given=lambda _, system: bool(system.hosts),
        advice=Text("khai báo `hosts` của hệ thống", "declare the system's `hosts`"),
    ),
    Input(
        checks=(
            "reach.service", "reach.ipv4", "reach.stable", "parity.service", "parity.offer",
            "parity.exposure", "parity.latency", "path.mtu", "path.icmp", "path.extension",
            "client.happy_eyeballs", "v6only.ready",
        ),
        given=lambda _, system: bool(system.hosts and system.services),
        advice=Text("khai báo `hosts` và `services`", "declare `hosts` and `services`"),
    ),
    Input(
        checks=("naming.views",),
        given=_views,
        advice=Text(
            "khai báo từ hai vị trí quan sát (`vantages`) dùng các `resolvers` khác nhau",
            "declare two vantages with different `resolvers`",
        ),
    ),
    Input(
        checks=("parity.closed_ports",),
        given=lambda _, system: bool(system.closed_ports),
        advice=Text("khai báo `closed_ports`", "declare `closed_ports`"),
    ),
    Input(
        checks=("parity.hostkey",),
        given=_offers("ssh"),
        advice=Text("khai báo dịch vụ `ssh`", "declare the service `ssh`"),
    ),
    Input(
        checks=("tls.valid", "tls.parity"),
        given=_offers_tls(TLS_FIRST | STARTTLS),
        advice=Text(
            "khai báo một dịch vụ TLS hoặc STARTTLS, ví dụ `https` hoặc `smtp`",
            "declare a service with TLS or STARTTLS, for instance `https` or `smtp`",
        ),
    ),
    Input(
        checks=("tls.revocation",),
        given=_offers_tls(TLS_FIRST),
        advice=Text(
            "khai báo một dịch vụ dùng TLS ngay từ đầu, ví dụ `https`",
            "declare a service that begins with TLS, for instance `https`",
        ),
    ),
    Input(
        checks=(
            "http.status", "http.healthy", "http.content", "http.headers", "http.resources",
            "client.ipv4_literal",
        ),
        given=_offers("http", "https"),
        advice=Text("khai báo dịch vụ `http` hoặc `https`", "declare the service `http` or `https`"),
    ),
    Input(
        checks=("mail.mx",),
        given=lambda _, system: bool(system.mail_domains),
        advice=Text("khai báo `mail_domains`", "declare `mail_domains`"),
    ),
    Input(
        checks=("mail.smtp", "mail.starttls"),
        given=_offers("smtp", "submission", "smtps"),
        advice=Text("khai báo dịch vụ `smtp`", "declare the service `smtp`"),
    ),
    Input(
        checks=("mail.spf",),
        given=lambda _, system: bool(system.mail_senders and system.mail_domains),
        advice=Text("khai báo `mail_senders` và `mail_domains`", "declare `mail_senders` and `mail_domains`"),
    ),
    Input(
        checks=("ns.aaaa",),
        given_by=_in_zones,
        advice=Text(
            "khai báo `zones` của dịch vụ `dns` phục vụ các tên này; trước đó phép kiểm tra là chưa xác định "
            "và làm giảm độ bao phủ",
            "declare the `zones` of the `dns` service that serves these names; until then the check is "
            "unknown, and lowers the coverage",
        ),
    ),
    Input(
        checks=("ns.ipv6", "ns.answers", "ns.glue"),
        given=lambda _, system: any(service.zones for service in system.services),
        advice=Text("khai báo `zones` cho dịch vụ `dns`", "declare the `zones` of a `dns` service"),
    ),
    Input(
        checks=("ns.chain",),
        given_whole=lambda inventory: bool(inventory.dns_roots),
        advice=Text("khai báo `dns_roots`", "declare `dns_roots`"),
    ),
    Input(
        checks=("resolver.ipv6",),
        given_whole=lambda inventory: any(v.resolver != "system" for v in inventory.vantages),
        advice=Text(
            "đặt tên cho máy chủ phân giải trong `resolvers` và dùng ở `vantages`",
            "name the resolvers under `resolvers` and use them in `vantages`",
        ),
    ),
    Input(
        checks=("v6only.dependencies",),
        given=lambda _, system: bool(system.depends_on),
        advice=Text("khai báo `depends_on`", "declare `depends_on`"),
    ),
    Input(
        checks=("address.planned", "plan.nested", "plan.boundary", "plan.subnet_size", "plan.duplicate"),
        given_whole=lambda inventory: any(":" in entry.prefix for entry in inventory.address_plan),
        advice=Text("khai báo quy hoạch địa chỉ `address_plan`", "declare the `address_plan`"),
    ),
    Input(
        checks=("plan.family_pair",),
        given_whole=lambda inventory: (
            any(system.planned for system in inventory.systems)
            or any(entry.system for entry in inventory.address_plan)
        ),
        advice=Text(
            "khai báo `planned` của các hệ thống, hoặc `system` của tiền tố trong `address_plan`",
            "declare `planned`, or the `system` of prefixes in the `address_plan`",
        ),
    ),
    Input(
        checks=("equipment.capable",),
        given_whole=lambda inventory: bool(inventory.equipment),
        advice=Text("khai báo thiết bị trong `equipment`", "declare the `equipment`"),
    ),
    Input(
        checks=("equipment.supported",),
        given_whole=lambda inventory: any(item.end_of_support for item in inventory.equipment),
        advice=Text("khai báo `end_of_support` của thiết bị", "declare the equipment's `end_of_support`"),
    ),
    Input(
        checks=("equipment.reachable",),
        given_whole=lambda inventory: (
            any(item.management and item.management_ports for item in inventory.equipment)
            and any(vantage.manages for vantage in inventory.vantages)
        ),
        advice=Text(
            "khai báo `management` của thiết bị và một vị trí quan sát có `sees: [internal]`",
            "declare the equipment's `management`, and a vantage with `sees: [internal]`",
        ),
    ),
    Input(
        checks=("equipment.management",),
        given_whole=lambda inventory: any(item.management for item in inventory.equipment),
        advice=Text(
            "khai báo địa chỉ quản trị `management` của thiết bị", "declare the equipment's `management`"
        ),
    ),
    Input(
        checks=("programme.on_time",),
        given_whole=lambda inventory: any(item.due for item in inventory.programme),
        advice=Text(
            "khai báo các mốc có hạn (`due`) trong `programme`", "declare milestones with `due` dates"
        ),
    ),
    Input(
        checks=("deadline.met",),
        given=lambda _, system: system.deadline is not None,
        advice=Text("khai báo `deadline`", "declare the `deadline`"),
    ),
)  # fmt: skip

CHECKS: tuple[str, ...] = tuple(check for need in INPUTS for check in need.checks)
"""Every check of the catalogue."""


def switched_off(inventory: Inventory) -> tuple[SwitchedOff, ...]:
    """Return what absent input switches off, in the catalogue's order; retired systems are not asked."""
    asked = [system for system in inventory.systems if system.goal not in ("retired", "ipv4-only")]
    found = []
    for need in INPUTS:
        if need.given_whole is not None:
            lacking = [] if need.given_whole(inventory) else asked
            everywhere = not need.given_whole(inventory)
        else:
            given = need.given if need.given_by is None else need.given_by(inventory)
            lacking = [system for system in asked if not given(inventory, system)]
            everywhere = len(lacking) == len(asked)
        if everywhere or lacking:
            ids = () if everywhere else tuple(system.id for system in lacking)
            off = SwitchedOff(checks=need.checks, everywhere=everywhere, systems=ids, advice=need.advice)
            found.append(off)
    return tuple(found)
