"""Audit ports: which hosts are tried, how late, and that IPv4 is asked only for what IPv6 opens."""

from __future__ import annotations

from ipv6check.model.task import STAGE_AUDIT, STAGE_CLOSED, Task
from ipv6check.plan import Results
from tests.unit.plan.making import answer, failed, find, observe, plan, shown

SYSTEM = """
- id: web
  hosts: ["2001:db8::80", 198.51.100.80]
  services: [https]
  closed_ports: [3389]
"""
PORTS = (22, 443, 3389, 9100, 9107, 27017)


def audited(tasks: tuple[Task, ...]) -> list[str]:
    return shown(task for task in tasks if task.stage == STAGE_AUDIT)


def test_ports_that_are_no_service_and_not_asked_anyway_are_tried_last_over_ipv6() -> None:
    tasks = plan(SYSTEM, audit_ports=PORTS).initial()
    assert audited(tasks) == ["tcp.connect 2001:db8::80 22", "tcp.connect 2001:db8::80 27017"]
    assert all(task.stage < STAGE_AUDIT for task in tasks if task.port in (443, 3389))


def test_gentle_dns_only_and_loopback_hosts_are_not_tried() -> None:
    for mode in ("gentle", "dns-only", "none"):
        tasks = plan(SYSTEM.rstrip() + f"\n  probe: {mode}\n", audit_ports=PORTS).initial()
        assert audited(tasks) == []
    head = "version: 1\norganization: {id: o, name: o}\nscope: ['::1/128']\nsystems:\n"
    local = SYSTEM.replace("2001:db8::80", "::1").replace(", 198.51.100.80", "")
    assert audited(plan(local, head=head, vantage="local", audit_ports=PORTS).initial()) == []


def test_an_address_that_another_system_wants_gentle_is_not_tried() -> None:
    both = SYSTEM + "- {id: db, hosts: ['2001:db8::80'], services: [ssh], probe: gentle}\n"
    assert audited(plan(both, audit_ports=PORTS).initial()) == []


def test_a_port_that_is_another_systems_service_keeps_that_services_stage() -> None:
    both = SYSTEM + "- {id: admin, hosts: ['2001:db8::80'], services: [ssh]}\n"
    assert find(plan(both, audit_ports=PORTS).initial(), "tcp.connect 2001:db8::80 22").stage < STAGE_CLOSED


def test_ipv4_is_asked_at_the_end_for_what_ipv6_opens_and_for_nothing_else() -> None:
    made = plan(SYSTEM, audit_ports=PORTS)
    results = Results()
    for task in made.initial():
        if task.kind == "tcp.connect":
            shut = task.port in (3389, 27017)
            results.record(failed(task, "closed") if shut else observe(task))
    asked = [task for task in made.closing(results) if task.port in PORTS]
    assert shown(asked) == ["tcp.connect 198.51.100.80 22"]
    assert asked[0].stage == STAGE_CLOSED
    for task in made.closing(results):
        results.record(failed(task, "closed"))
    assert not [task for task in made.closing(results) if "look" not in task.params]


def test_the_ipv4_addresses_of_a_name_are_asked_too_within_their_pair() -> None:
    made = plan(
        "- {id: w, hosts: [w.example, {host: 198.51.100.7, pair: other}], services: [https]}",
        audit_ports=(22,),
    )
    results = Results()
    for task in made.initial():
        if task.kind == "dns.query" and task.params["name"] == "w.example":
            address = "2001:db8::1" if task.params["type"] == "AAAA" else "198.51.100.1"
            seen = answer(task, address)
            results.record(seen)
            for follow in made.expand(seen, results):
                if follow.kind == "tcp.connect":
                    results.record(observe(follow))
    assert "tcp.connect 198.51.100.1 22" in shown(made.closing(results))
    assert not [task for task in made.closing(results) if task.address == "198.51.100.7"]


def test_the_estimate_lists_them_on_both_families_and_counts_those_that_are_asked_anyway() -> None:
    contacts = {c.host: c for c in plan(SYSTEM, audit_ports=(22,)).estimate(rate=0).contacts}
    for host in ("2001:db8::80", "198.51.100.80"):
        assert 22 in [port for _, port, _ in contacts[host].ports]
    with_, without = (plan(SYSTEM, audit_ports=ports).estimate(rate=0) for ports in ((22,), ()))
    assert with_.probes["tcp.connect"] == without.probes["tcp.connect"] + 1


def test_a_silent_audit_port_keeps_nobody_from_further_looks_and_is_witnessed_without() -> None:
    made = plan(SYSTEM.replace("  closed_ports: [3389]\n", ""), audit_ports=(22,))
    results = Results()
    for task in made.initial():
        if task.kind == "tcp.connect":
            silent = task.stage == STAGE_AUDIT
            results.record(failed(task, "silent", after=9) if silent else observe(task))
    looked, witnessed = 0, []
    while tasks := made.closing(results):
        for task in tasks:
            looked += "look" in task.params
            witnessed += [task.port] if task.params.get("round") == 2 else []
            results.record(failed(task, "silent", after=20) if "look" in task.params else observe(task))
    assert (looked, len(witnessed)) == (1, 1)
