"""The connect sweep where the network loses packets, servers are full, and our own limits are near."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import timedelta

import pytest

from ipv6check.model.observation import Observation
from tests.lab.connect.conftest import Lab
from tests.lab.network import ROUTER_V6, SERVER_V6

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.timeout(180)]

CLOCKS = timedelta(milliseconds=20)  # `started` is the wall clock, `seconds` the monotonic one

LOSS = """
table inet filter { chain forward { type filter hook forward priority 0; policy accept;
ip6 daddr 2001:db8:ffff:30::/64 numgen random mod 10 < 3 drop
ip6 saddr 2001:db8:ffff:30::/64 numgen random mod 10 < 3 drop
ip6 daddr 2001:db8:ffff:30:: drop
}
}
"""
REJECT_ALL = """
table inet filter { chain forward { type filter hook forward priority 0; policy accept;
ip6 daddr 2001:db8:ffff:40::1 tcp dport != 80 reject with icmpv6 type admin-prohibited
}
}
"""
# Fills its accept queue by itself, and never accepts.
FULL = """
import socket, sys, time
listener = socket.create_server((sys.argv[1], int(sys.argv[2])), family=socket.AF_INET6, backlog=0)
kept = []
for _ in range(8):
    sock = socket.socket(socket.AF_INET6)
    sock.setblocking(False)
    sock.connect_ex((sys.argv[1], int(sys.argv[2])))
    kept.append(sock)
time.sleep(600)
"""


def finals(observations: Sequence[Observation]) -> Counter[str]:
    return Counter(o.failure or "ok" for o in observations if o.final)


def test_with_a_third_of_the_packets_lost_no_live_target_is_called_silent(lab: Lab) -> None:
    lab.network.router.nft(LOSS)
    targets = [(f"2001:db8:ffff:30::{number:x}", 80) for number in range(1, 81)]

    impatient = lab.sweep(targets, deadline=0.8)
    assert finals(impatient)["silent"] > 10, "the network does not lose what the test needs it to lose"

    patient = lab.sweep(targets, deadline=8.5, gaps=[8.6, 8.6])
    assert finals(patient) == {"ok": 80}


def test_last_tries_in_a_lossy_network_come_after_the_rest_and_one_at_a_time(lab: Lab) -> None:
    lab.network.router.nft(LOSS)
    dead = "2001:db8:ffff:30::"
    targets = [(dead, port) for port in (80, 81, 82)]
    targets += [(f"2001:db8:ffff:30::{number:x}", 80) for number in range(1, 31)]
    observations = lab.sweep(targets, deadline=1.5, gaps=[1.6, 1.6])
    assert [o.failure for o in observations if o.task.address == dead and o.final] == ["silent"] * 3
    last = sorted((o for o in observations if o.attempt == 3), key=lambda o: o.started)
    before = max(o.started + timedelta(seconds=o.seconds) for o in observations if o.attempt < 3)
    for observation in last:
        assert observation.started >= before - CLOCKS
        before = observation.started + timedelta(seconds=observation.seconds)


def test_rejections_under_a_router_s_icmp_limit_do_not_turn_into_silence(lab: Lab) -> None:
    lab.network.router.nft(REJECT_ALL)
    targets = [("2001:db8:ffff:40::1", port) for port in range(1000, 1040)]

    burst = lab.sweep(targets, deadline=0.8)
    assert finals(burst)["silent"] > 20, "the router does not limit its ICMP errors"

    observations = lab.sweep(targets, deadline=8.5, gaps=[8.6, 8.6], limits={"per_host": 8})
    assert finals(observations) == {"rejected": 40}
    offenders = {str(o.data["icmp"]) for o in observations if o.failure == "rejected"}
    assert offenders == {str({"type": 1, "code": 1, "offender": ROUTER_V6})}


def test_full_accept_queue_is_silent_not_closed(lab: Lab) -> None:
    lab.network.server.start(sys.executable, "-c", FULL, SERVER_V6, "8081")
    lab.network.server.wait_for_port(SERVER_V6, 8081)
    # Reality: the server's own kernel says that its queue is full.
    waiting = lab.network.server.run("ss", "-Hltn", "sport = :8081").stdout.split()
    assert int(waiting[1]) > int(waiting[2])
    (observation,) = lab.sweep([(SERVER_V6, 8081)], deadline=2.5)
    assert observation.failure == "silent"


@pytest.mark.parametrize("family", [6, 4])
def test_few_descriptors_slow_the_sweep_down_and_are_never_the_target_s_failure(
    lab: Lab, family: int
) -> None:
    lab.network.router.nft("")
    address = "2001:db8:ffff:50::{:x}" if family == 6 else "198.19.50.{}"
    targets = [(address.format(number), 80) for number in range(1, 200)]
    assert finals(lab.sweep(targets, descriptors=32, deadline=8.5)) == {"ok": 199}


def test_descriptors_taken_by_others_are_overloaded_and_tried_again(lab: Lab) -> None:
    lab.network.router.nft("")
    targets = [(f"2001:db8:ffff:51::{number:x}", 80) for number in range(1, 60)]
    observations = lab.sweep(targets, descriptors=64, free=6, deadline=8.5)
    assert finals(observations) == {"ok": 59}
    refused = [o for o in observations if o.failure == "overloaded"]
    assert refused
    assert all(not o.final and o.data["errno"] == "EMFILE" for o in refused)


def test_no_ephemeral_port_left_is_overloaded_and_tried_again(lab: Lab) -> None:
    lab.network.router.nft(LOSS)
    vantage = lab.network.vantage
    before = vantage.run("sysctl", "-n", "net.ipv4.ip_local_port_range").stdout.split()
    vantage.run("sysctl", "-qw", "net.ipv4.ip_local_port_range=50000 50003")
    try:
        observations = lab.sweep([("2001:db8:ffff:30::", 80)], rounds=6, deadline=1.5)
    finally:
        vantage.run("sysctl", "-qw", f"net.ipv4.ip_local_port_range={before[0]} {before[1]}")
    assert finals(observations) == {"silent": 6}
    refused = [o for o in observations if o.failure == "overloaded"]
    assert refused
    assert all(o.data["detail"] == "no_port" and not o.final for o in refused)


def test_five_thousand_targets_of_both_families_all_answer(lab: Lab) -> None:
    lab.network.router.nft("")
    targets = []
    for number in range(2500):
        targets.append((f"2001:db8:ffff:{number:x}::1", 80))
        targets.append((f"198.19.{100 + number // 250}.{1 + number % 250}", 80))
    observations = lab.sweep(targets, deadline=8.5, gaps=[8.6])
    assert finals(observations) == {"ok": 5000}
    tries = defaultdict(list)
    for observation in observations:
        tries[observation.task.id].append(observation.attempt)
    assert len(tries) == 5000
    assert all(attempts == list(range(1, len(attempts) + 1)) for attempts in tries.values())
