"""Which management addresses of equipment a scan asks, and how; and that nobody else is."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from ipv6check.model.task import STAGE_CLOSED, STAGE_SERVICES, Task
from tests.unit.plan.making import EVERYTHING, HEAD, inventory, plan

NEEDS = EVERYTHING | {"tcp.management"}
SYSTEM = '  - {id: web, hosts: ["2001:db8:10::80"], services: [https]}\n'
DEVICE = """
equipment:
  - {id: fw, kind: firewall, management: ["2001:db8:60::fe", 198.51.100.254]}
"""


def connects(tasks: Iterable[Task], network: str = "2001:db8:60:") -> list[tuple[str | None, int | None]]:
    return sorted(
        (t.address, t.port)
        for t in tasks
        if t.kind == "tcp.connect" and (t.address or "").startswith((network, "198.51.100.2"))
    )


def test_each_management_port_is_connected_to_last_and_nothing_is_said() -> None:
    tasks = [t for t in plan(SYSTEM + DEVICE, needs=NEEDS).initial() if t.subject.startswith("fw ")]
    assert connects(tasks) == [
        ("198.51.100.254", 22),
        ("198.51.100.254", 443),
        ("2001:db8:60::fe", 22),
        ("2001:db8:60::fe", 443),
    ]
    assert all(t.stage == STAGE_CLOSED and not t.params for t in tasks)
    assert {t.kind for t in tasks} == {"tcp.connect"}


@pytest.mark.parametrize(
    "device",
    [
        '{id: fw, kind: firewall, management: ["2001:db8:60::fe"], management_ports: []}',
        '{id: fw, kind: firewall, management: ["2001:db8:60::fe"], management_ports: [9100]}',
        '{id: fw, kind: firewall, management: ["3fff:60::fe"]}',
        "{id: fw, kind: firewall}",
    ],
)
def test_without_ports_out_of_scope_or_at_a_printers_port_nobody_is_asked(device: str) -> None:
    tasks = plan(f"{SYSTEM}equipment: [{device}]\n", needs=NEEDS).initial()
    assert not [t for t in tasks if t.subject.startswith("fw ")]


def test_what_is_excluded_stays_so() -> None:
    head = HEAD.replace("resolvers:", 'exclude: ["2001:db8:60::/64"]\nresolvers:')
    tasks = plan(SYSTEM + DEVICE, head=head, needs=NEEDS).initial()
    assert connects(tasks) == [("198.51.100.254", 22), ("198.51.100.254", 443)]


def test_without_a_scope_the_listed_addresses_are_it() -> None:
    head = HEAD.replace('scope: ["2001:db8::/32", 198.51.100.0/24]\n', "")
    tasks = plan(SYSTEM + DEVICE, head=head, needs=NEEDS).initial()
    assert ("2001:db8:60::fe", 22) in connects(tasks)


def test_a_vantage_outside_and_a_run_of_some_systems_ask_no_device() -> None:
    two = SYSTEM + "  - {id: dns, hosts: [ns.example], services: [https]}\n" + DEVICE
    assert not connects(plan(two, vantage="outside", needs=NEEDS).initial())
    assert not connects(plan(two, system_ids=["web"], needs=NEEDS).initial())
    assert connects(plan(two, system_ids=["web", "dns"], needs=NEEDS).initial())
    assert not connects(plan(two, needs=EVERYTHING).initial())


def test_the_check_alone_asks_the_devices_and_no_system() -> None:
    tasks = plan(SYSTEM + DEVICE, needs=frozenset({"tcp.management"})).initial()
    asked = {t.address for t in tasks if not t.kind.startswith("vantage.")}
    assert asked == {"2001:db8:60::fe", "198.51.100.254"}


def test_a_port_that_a_system_declares_there_too_is_asked_once_and_as_a_service() -> None:
    system = '  - {id: web, hosts: ["2001:db8:60::fe"], services: [https]}\n'
    tasks = [t for t in plan(system + DEVICE, needs=NEEDS).initial() if t.address == "2001:db8:60::fe"]
    (shared,) = [t for t in tasks if (t.kind, t.port) == ("tcp.connect", 443)]
    assert shared.stage == STAGE_SERVICES


def test_a_device_at_a_gentle_systems_address_is_asked_gently() -> None:
    system = '  - {id: web, hosts: ["2001:db8:60::fe"], services: [https], probe: gentle}\n'
    tasks = [t for t in plan(system + DEVICE, needs=NEEDS).initial() if t.address == "2001:db8:60::fe"]
    assert all(t.gentle for t in tasks if t.kind == "tcp.connect")


def test_the_dry_run_names_every_device_and_its_ports() -> None:
    contacts = plan(inventory(SYSTEM + DEVICE), needs=NEEDS).estimate(rate=100).contacts
    managed = {c.host: c for c in contacts if c.role == "management"}
    assert set(managed) == {"2001:db8:60::fe", "198.51.100.254"}
    assert [port for _, port, _ in managed["2001:db8:60::fe"].ports] == [22, 443]
    assert [name for name, _ in managed["2001:db8:60::fe"].why] == ["fw"]
