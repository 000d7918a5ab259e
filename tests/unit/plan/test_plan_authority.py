"""Questions to authoritative servers: whom the scope permits, and three tries with A answers between."""

import itertools

import pytest

from ipv6check.model.task import Task
from ipv6check.net.failure import Failed
from ipv6check.plan import Plan, Results
from ipv6check.scan import make_net
from tests.unit.plan.making import HEAD, RESOLVERS, answer, failed, plan

NEEDS = frozenset({"dns.query", "dns.authority", "dns.answers"})
SYSTEMS = """
  - id: dns
    name: DNS
    hosts: [ns1.tinhmau.example]
    services: [{app: dns, transport: udp, role: authoritative, zones: [tinhmau.example]}]
  - id: web
    name: Web
    hosts: [www.tinhmau.example]
    services: [https]
"""
DELEGATION = HEAD.replace("systems:", "scope_dns: delegation\nsystems:")
SITE = "www.tinhmau.example"
OWN, FOREIGN = "2001:db8::53", "2001:db8:77::53"


def made(head: str = HEAD) -> Plan:
    return plan(SYSTEMS, head=head, needs=NEEDS)


def the(tasks: tuple[Task, ...], name: str, rdtype: str) -> Task:
    return next(t for t in tasks if (t.params.get("name"), t.params.get("type")) == (name, rdtype))


def delegated(planned: Plan, *order: int) -> set[tuple[str | None, str]]:
    """Return whom the site is asked of, once NS records and both addresses came in some order."""
    initial = planned.initial()
    zone = answer(the(initial, "tinhmau.example", "NS"), *("ns1.tinhmau.example.", "ns.elsewhere.example."))
    foreign = the(planned.expand(zone, Results()), "ns.elsewhere.example", "AAAA")
    seen = (zone, answer(the(initial, "ns1.tinhmau.example", "AAAA"), OWN), answer(foreign, FOREIGN))
    results, found = Results(), set()
    for place in order or range(3):
        results.record(seen[place])
        for task in planned.expand(seen[place], results):
            if task.params.get("purpose") == "authority" and task.params.get("name") == SITE:
                found.add((task.address, str(task.params["type"])))
    return found


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_servers_of_a_zone_are_asked_in_whichever_order_the_answers_come(order: tuple[int, ...]) -> None:
    assert delegated(made(DELEGATION), *order) == set(itertools.product((OWN, FOREIGN), ("A", "AAAA")))


def test_without_the_delegation_scope_only_the_declared_servers_are_asked() -> None:
    assert delegated(made()) == {(OWN, "A"), (OWN, "AAAA")}


def test_an_excluded_name_server_is_never_asked() -> None:
    head = DELEGATION.replace("systems:", 'exclude: ["2001:db8:77::/48"]\nsystems:')
    assert delegated(made(head)) == {(OWN, "A"), (OWN, "AAAA")}


@pytest.mark.parametrize(
    ("head", "address", "port", "permitted"),
    [
        (HEAD, "2a00::53", 53, False),
        (DELEGATION, "2a00::53", 53, True),
        (DELEGATION, "2a00::53", 80, False),
        (DELEGATION, "fd12:3456:789a::53", 53, False),
        (DELEGATION, "10.0.0.53", 53, False),
        (DELEGATION, "ff02::1", 53, False),
    ],
)
def test_the_last_guard_permits_name_servers_by_the_same_rule(
    head: str, address: str, port: int, permitted: bool
) -> None:
    net = make_net(made(head).inventory, vantage="inside", resolvers=RESOLVERS)
    if permitted:
        net.permit(address, port)
    else:
        with pytest.raises(Failed):
            net.permit(address, port)


def first_round(planned: Plan, rdtype: str) -> Task:
    results = Results()
    for seen in (
        answer(the(planned.initial(), "tinhmau.example", "NS"), "ns1.tinhmau.example."),
        answer(the(planned.initial(), "ns1.tinhmau.example", "AAAA"), OWN),
    ):
        results.record(seen)
        tasks = planned.expand(seen, results)
    return the(tuple(t for t in tasks if t.params.get("purpose") == "authority"), SITE, rdtype)


@pytest.mark.parametrize("fault", ["SERVFAIL", "NXDOMAIN", "dropped"])
def test_a_wrong_answer_is_asked_again_twice_after_an_a_answer_each(fault: str) -> None:
    planned, asked = made(), []
    task: Task | None = first_round(planned, "AAAA")
    while task is not None:
        asked.append((task.params["type"], task.params["round"]))
        wrong = failed(task, "no_answer") if fault == "dropped" else answer(task, rcode=fault)
        seen = wrong if task.params["type"] == "AAAA" else answer(task, "198.51.100.1")
        task = next(iter(planned.expand(seen, Results())), None)
    assert asked == [("AAAA", 1), ("A", 2), ("AAAA", 2), ("A", 3), ("AAAA", 3)]


def test_a_server_that_stops_answering_a_is_asked_no_further() -> None:
    planned = made()
    (again,) = planned.expand(answer(first_round(planned, "AAAA"), rcode="SERVFAIL"), Results())
    assert planned.expand(failed(again, "no_answer"), Results()) == ()


def test_a_right_answer_is_asked_once() -> None:
    planned = made()
    assert planned.expand(answer(first_round(planned, "AAAA"), "2001:db8::80"), Results()) == ()
    assert planned.expand(answer(first_round(planned, "A"), "198.51.100.1"), Results()) == ()


def test_a_declared_server_is_asked_for_its_zone_over_udp_and_tcp() -> None:
    planned, results = made(), Results()
    seen = answer(the(planned.initial(), "ns1.tinhmau.example", "AAAA"), OWN)
    results.record(seen)
    asked = [t for t in planned.expand(seen, results) if t.params.get("purpose") == "service"]
    assert {(t.kind, t.address, t.params["name"], t.params["rd"]) for t in asked} == {
        ("dns.query", OWN, "tinhmau.example", False),
        ("dns.tcp", OWN, "tinhmau.example", False),
    }
