"""What holds for every inventory and every answer: scope, order, sameness."""

from __future__ import annotations

import ipaddress
import random

from hypothesis import given
from hypothesis import strategies as st

from ipv6check.inventory.scope import permitted
from ipv6check.model.observation import Observation
from ipv6check.model.task import Task
from ipv6check.plan import Plan, Results
from tests.unit.plan.making import RESOLVERS, answer, failed, observe, plan, redirected

SYSTEMS = """
- id: web
  hosts: [www.tinhmau.example, "2001:db8:100:10::80", {host: 198.51.100.81, role: standby}]
  services: [https, http, smtp, {app: dns, transport: udp}]
  closed_ports: [3389]
- id: sso
  hosts: [sso.tinhmau.example, 198.51.100.81]
  services: [https]
  probe: gentle
"""
BARE = "version: 1\norganization: {id: o, name: o}\nexclude: ['2001:db8:100::/48']\nsystems:\n"
PLANS = (plan(SYSTEMS), plan(SYSTEMS, head=BARE, vantage="local"))
NAMES = ("www.tinhmau.example", "sso.tinhmau.example", "other.example")
ODD = ("::1", "127.0.0.1", "fe80::1", "::ffff:127.0.0.1", "ff02::1", "255.255.255.255", "x", "", "fe80::1%lo")


def address(rng: random.Random) -> str:
    """Return an address of any kind, often one of the scope's."""
    choices = (
        lambda: str(ipaddress.IPv6Address(rng.getrandbits(128))),
        lambda: str(ipaddress.IPv4Address(rng.getrandbits(32))),
        lambda: f"2001:db8:100:10::{rng.randrange(1, 500):x}",
        lambda: f"2400:1::{rng.randrange(1, 9)}",
        lambda: f"198.51.100.{rng.randrange(256)}",
        lambda: rng.choice(ODD),
    )
    return rng.choice(choices)()


def location(rng: random.Random) -> str:
    """Return where a stranger's server may send us."""
    if rng.random() < 0.2:
        return "".join(chr(rng.randrange(1, 0x500)) for _ in range(rng.randrange(20)))
    host = rng.choice([*NAMES, address(rng)])
    port = rng.choice(["", "", ":9100", ":8443", ":0", ":70000"])
    return f"http{rng.choice(['', 's'])}://{f'[{host}]' if ':' in host else host}{port}/{rng.random()}"


def reply(rng: random.Random, task: Task) -> Observation:
    """Return what came back for a task."""
    if task.kind in ("dns.query", "dns.tcp"):
        records = [address(rng) for _ in range(rng.randrange(4))]
        return rng.choice(
            [
                answer(task, *(record for record in records if record)),
                answer(task, rcode=rng.choice(["SERVFAIL", "FORMERR", "REFUSED"])),
                answer(task, flags=["TC"]),
                failed(task, "no_answer"),
            ]
        )
    if task.kind == "http.get":
        return redirected(task, location(rng))
    return rng.choice(
        [observe(task), observe(task), failed(task, "silent", after=9.0), failed(task, "closed")]
    )


@given(seed=st.integers(0, 2**32), made=st.sampled_from(PLANS))
def test_nobody_outside_the_scope_is_ever_asked_and_every_scan_ends(seed: int, made: Plan) -> None:
    rng, why_not = random.Random(seed), permitted(made.inventory)
    named: set[tuple[str, int | None]] = {(e.address, e.port) for e in RESOLVERS}
    for vantage in made.inventory.vantages:
        named |= {(canary.address, canary.port) for canary in vantage.canaries}
        named |= {(control.address, control.port) for control in vantage.controls}
    results, waiting, known = Results(), list(made.initial()), set[str]()
    while waiting:
        task = waiting.pop(rng.randrange(len(waiting)))
        if task.id not in known:
            known.add(task.id)
            assert len(known) < 5000
            assert task.port is None or not 9100 <= task.port <= 9107
            assert task.address is not None
            assert task.family == ipaddress.ip_address(task.address.partition("%")[0]).version
            if task.kind != "vantage.source" and (task.address, task.port) not in named:
                assert why_not(task.address, True) is None
            observation = reply(rng, task)
            results.record(observation)
            waiting += made.expand(observation, results)
        if not waiting:
            waiting = [task for task in made.closing(results) if task.id not in known]


@given(seed=st.integers(0, 2**32))
def test_a_plan_is_pure(seed: int) -> None:
    rng, made, twin = random.Random(seed), PLANS[0], plan(SYSTEMS)
    assert made.initial() == twin.initial()
    results, waiting = Results(), list(made.initial())
    for _ in range(30):
        observation = reply(rng, waiting.pop(rng.randrange(len(waiting))))
        results.record(observation)
        follow = made.expand(observation, results)
        assert follow == twin.expand(observation, results)
        waiting += follow
    assert made.closing(results) == twin.closing(results)
