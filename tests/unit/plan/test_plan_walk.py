"""The walk over IPv6 alone: from the roots, along referrals, to nobody who may not be asked."""

import itertools

import pytest

from ipv6check.model.observation import Observation
from ipv6check.model.task import Task
from ipv6check.model.text import JSON
from ipv6check.plan import Plan, Results
from tests.unit.plan.making import HEAD, answer, observe, plan
from tests.unit.plan.test_plan_authority import DELEGATION, OWN, SYSTEMS

ROOT, TLD = "2001:db8::a", "2001:db8::b"
ZONE = "tinhmau.example"
NEEDS = frozenset({"dns.query", "dns.walk", "dns.glue"})


def made(head: str = DELEGATION) -> Plan:
    return plan(
        SYSTEMS, head=head.replace("systems:", f'dns_roots: ["{ROOT}", 198.51.100.1]\nsystems:'), needs=NEEDS
    )


def walking(tasks: tuple[Task, ...]) -> list[Task]:
    return [task for task in tasks if task.params.get("purpose") == "walk"]


def referred(task: Task, zone: str, server: str, *glue: str) -> Observation:
    """Answer a step with a referral."""
    additional: list[JSON] = [[server, "AAAA", 300, address] for address in glue]
    data: dict[str, JSON] = {
        "rcode": "NOERROR",
        "flags": ["QR"],
        "answers": [],
        "authority": [[zone, "NS", 300, server]],
        "additional": additional,
    }
    return observe(task, data=data)


def onward(planned: Plan, seen: Observation, results: Results | None = None) -> list[Task]:
    results = Results() if results is None else results
    results.record(seen)
    return walking(planned.expand(seen, results))


def test_a_walk_starts_at_the_ipv6_roots_alone() -> None:
    (first,) = walking(made().initial())
    assert (first.address, first.params["name"], first.params["zone"], first.params["rd"]) == (
        ROOT,
        ZONE,
        "",
        False,
    )


def test_a_walk_follows_glue_down_to_the_zone() -> None:
    planned = made()
    (first,) = walking(planned.initial())
    (second,) = onward(planned, referred(first, "example", "ns.example", TLD))
    assert (second.address, second.params["zone"]) == (TLD, "example")
    (third,) = onward(planned, referred(second, ZONE, f"ns1.{ZONE}", OWN))
    assert (third.address, third.params["zone"]) == (OWN, ZONE)
    assert onward(planned, answer(third, "x", flags=["AA"])) == []


@pytest.mark.parametrize("zone", ["", "example", "elsewhere"])
def test_a_referral_that_does_not_lead_down_is_not_followed(zone: str) -> None:
    planned = made()
    (first,) = walking(planned.initial())
    (second,) = onward(planned, referred(first, "example", "ns.example", TLD))
    assert onward(planned, referred(second, zone, "ns.example", TLD)) == []


def test_a_server_without_glue_outside_its_zone_is_walked_for_in_whichever_order_answers_come() -> None:
    planned = made()
    (first,) = walking(planned.initial())
    sent_on = referred(first, ZONE, "ns.elsewhere.example")
    (search,) = onward(planned, sent_on)
    assert (search.address, search.params["name"], search.params["type"]) == (
        ROOT,
        "ns.elsewhere.example",
        "AAAA",
    )
    found = answer(search, OWN, flags=["AA"])
    for order in itertools.permutations((sent_on, found)):
        results = Results()
        asked = [task for seen in order for task in onward(planned, seen, results)]
        assert (OWN, ZONE) in {(task.address, task.params["name"]) for task in asked}


def test_a_server_without_glue_inside_its_zone_leads_nowhere() -> None:
    planned = made()
    (first,) = walking(planned.initial())
    assert onward(planned, referred(first, ZONE, f"ns1.{ZONE}")) == []


def test_without_the_delegation_scope_nobody_beyond_the_roots_is_asked() -> None:
    planned = made(HEAD)
    (first,) = walking(planned.initial())
    assert onward(planned, referred(first, "example", "ns.example", TLD)) == []


def test_servers_that_lead_in_circles_are_searched_for_only_so_deep() -> None:
    planned, results = made(), Results()
    waiting, seen = walking(planned.initial()), 0
    while waiting:
        task = waiting.pop()
        seen += 1
        assert seen < 20
        waiting += onward(planned, referred(task, "example", f"ns{seen}.other"), results)


def test_the_roots_are_listed_among_those_asked() -> None:
    listed = {(contact.role, contact.host) for contact in made().estimate(rate=100).contacts}
    assert {("resolver", ROOT), ("resolver", "198.51.100.1")} <= listed
