"""What the connect sweep says of each way a connect can end, on a real network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ipv6check.model.observation import Observation
from tests.lab.connect.conftest import Lab
from tests.lab.network import ROUTER_V4, ROUTER_V6, VANTAGE_V4, VANTAGE_V6

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.timeout(180)]

# Every reject statement nftables knows, and what must come of it: word and ICMP (type, code); the
# offender is the router. None: no ICMP error.
REJECTS = {
    6: {
        "icmpv6 type no-route": ("unreachable", (1, 0)),
        "icmpv6 type admin-prohibited": ("rejected", (1, 1)),
        "icmpv6 type addr-unreachable": ("unreachable", (1, 3)),
        "icmpv6 type port-unreachable": ("rejected", (1, 4)),
        "icmpv6 type policy-fail": ("rejected", (1, 5)),
        "icmpv6 type reject-route": ("rejected", (1, 6)),
        "tcp reset": ("closed", None),
    },
    4: {
        "icmp type net-unreachable": ("unreachable", (3, 0)),
        "icmp type host-unreachable": ("unreachable", (3, 1)),
        "icmp type prot-unreachable": ("rejected", (3, 2)),
        "icmp type port-unreachable": ("rejected", (3, 3)),
        "icmp type net-prohibited": ("rejected", (3, 9)),
        "icmp type host-prohibited": ("rejected", (3, 10)),
        "icmp type admin-prohibited": ("rejected", (3, 13)),
        "tcp reset": ("closed", None),
    },
}
SOURCE = {6: VANTAGE_V6, 4: VANTAGE_V4}
ROUTER = {6: ROUTER_V6, 4: ROUTER_V4}


def any_address(family: int, number: int) -> str:
    """An address of S's AnyIP prefixes, each in a network of its own."""
    return f"2001:db8:ffff:{number:x}::1" if family == 6 else f"198.19.{number}.1"


def rejected_address(family: int, statement: str) -> str:
    return any_address(family, 16 + list(REJECTS[family]).index(statement))


def ruleset() -> str:
    rules = []
    for family, statements in REJECTS.items():
        word = "ip6" if family == 6 else "ip"
        for statement in statements:
            address = rejected_address(family, statement)
            rules.append(f"{word} daddr {address} tcp dport 80 reject with {statement}")
        rules.append(f"{word} daddr {any_address(family, 3)} drop")
    return (
        "table inet filter { chain forward { type filter hook forward priority 0; policy accept;\n"
        + "\n".join(rules)
        + "\n}\n}\n"
    )


# Local routes, by what they do; the address lies behind them.
LOCAL_ROUTES = {"unreachable": 4, "prohibit": 5, "blackhole": 6}
LOCAL_DETAIL = {"unreachable": "unreachable_route", "prohibit": "prohibited", "blackhole": "blackhole_route"}
NO_ROUTE = {6: "3fff:1::1", 4: "198.18.0.1"}  # R has no route and no default there
DEAD_NEIGHBOUR = {6: "2001:db8:1::dead", 4: "203.0.113.77"}
BEHIND_DEAD_GATEWAY = {6: "2001:db8:ffff:9::1", 4: "198.19.9.1"}


@pytest.fixture(scope="module")
def seen(lab: Lab) -> Mapping[tuple[str, int], Observation]:
    """One sweep, one try, over every situation; by address and port."""
    lab.network.router.nft(ruleset())
    # Each situation's ICMP error must come at once; what rate limits do is tested apart.
    lab.network.router.run("sysctl", "-qw", "net.ipv4.icmp_ratelimit=0", "net.ipv6.icmp.ratelimit=0")
    vantage = lab.network.vantage
    for family, option in ((6, "-6"), (4, "-4")):
        for route, number in LOCAL_ROUTES.items():
            vantage.run("ip", option, "route", "add", route, any_address(family, number))
        gateway = "2001:db8:1::beef" if family == 6 else "203.0.113.99"
        vantage.run("ip", option, "route", "add", BEHIND_DEAD_GATEWAY[family], "via", gateway)
    targets = []
    for family, statements in REJECTS.items():
        targets += [(rejected_address(family, statement), 80) for statement in statements]
        targets += [(any_address(family, number), 80) for number in (1, 3, *LOCAL_ROUTES.values())]
        targets += [(any_address(family, 2), 81)]
        for table in (NO_ROUTE, DEAD_NEIGHBOUR, BEHIND_DEAD_GATEWAY):
            targets += [(table[family], 80)]
    observations = lab.sweep(targets, deadline=5.0)
    found = {(str(o.task.address), int(o.task.port or 0)): o for o in observations}
    assert len(found) == len(targets) == len(observations)
    assert all(o.final for o in observations)
    return found


@pytest.mark.parametrize("family", [6, 4])
def test_listening_port_connects_and_names_our_source(seen: Mapping[Any, Observation], family: int) -> None:
    observation = seen[any_address(family, 1), 80]
    assert observation.outcome == "ok"
    assert observation.failure is None
    assert observation.data["source"] == SOURCE[family]
    assert set(observation.data) <= {"source", "rtt_ms"}


@pytest.mark.parametrize("family", [6, 4])
def test_port_where_nobody_listens_is_closed(seen: Mapping[Any, Observation], family: int) -> None:
    observation = seen[any_address(family, 2), 81]
    assert (observation.outcome, observation.failure) == ("failed", "closed")
    assert observation.data["errno"] == "ECONNREFUSED"
    assert "icmp" not in observation.data


@pytest.mark.parametrize("family", [6, 4])
def test_dropped_syns_are_silent_after_the_whole_deadline(
    seen: Mapping[Any, Observation], family: int
) -> None:
    observation = seen[any_address(family, 3), 80]
    assert (observation.outcome, observation.failure) == ("failed", "silent")
    assert observation.data == {"source": SOURCE[family]}
    assert observation.seconds >= 5.0


@pytest.mark.parametrize(
    ("family", "statement"), [(family, s) for family, statements in REJECTS.items() for s in statements]
)
def test_every_reject_of_a_router_keeps_its_meaning_and_its_offender(
    seen: Mapping[Any, Observation], family: int, statement: str
) -> None:
    word, icmp = REJECTS[family][statement]
    observation = seen[rejected_address(family, statement), 80]
    assert (observation.outcome, observation.failure) == ("failed", word)
    expected = None if icmp is None else {"type": icmp[0], "code": icmp[1], "offender": ROUTER[family]}
    assert observation.data.get("icmp") == expected
    assert "sync" not in observation.data


@pytest.mark.parametrize("family", [6, 4])
def test_router_without_a_route_makes_the_target_unreachable_and_is_named(
    seen: Mapping[Any, Observation], family: int
) -> None:
    observation = seen[NO_ROUTE[family], 80]
    assert observation.failure == "unreachable"
    code = (1, 0) if family == 6 else (3, 0)
    assert observation.data["icmp"] == {"type": code[0], "code": code[1], "offender": ROUTER[family]}


@pytest.mark.parametrize("family", [6, 4])
def test_dead_neighbour_on_our_own_link_is_unreachable_not_our_trouble(
    seen: Mapping[Any, Observation], family: int
) -> None:
    observation = seen[DEAD_NEIGHBOUR[family], 80]
    assert observation.failure == "unreachable"
    icmp = observation.data["icmp"]
    assert isinstance(icmp, Mapping)
    assert icmp["offender"] == SOURCE[family]


@pytest.mark.parametrize("family", [6, 4])
def test_dead_gateway_is_our_own_trouble_though_the_errno_is_the_same(
    seen: Mapping[Any, Observation], family: int
) -> None:
    observation = seen[BEHIND_DEAD_GATEWAY[family], 80]
    assert observation.failure == "local"
    assert observation.data["detail"] == "gateway_silent"
    assert observation.data["errno"] == seen[DEAD_NEIGHBOUR[family], 80].data["errno"] == "EHOSTUNREACH"


@pytest.mark.parametrize("family", [6, 4])
@pytest.mark.parametrize("route", LOCAL_ROUTES)
def test_local_reject_routes_are_our_own_trouble_said_by_connect_itself(
    seen: Mapping[Any, Observation], family: int, route: str
) -> None:
    observation = seen[any_address(family, LOCAL_ROUTES[route]), 80]
    assert observation.failure == "local"
    assert observation.data["sync"] is True
    assert observation.data["detail"] == LOCAL_DETAIL[route]
