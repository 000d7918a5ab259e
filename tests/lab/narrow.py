"""V – R – N – S: two routers with a narrow link (MTU 1280) and a wide one (1500) between them.

Each situation has a /64 of its own in S, by its number, and an address of its own in V, so that no
path MTU that one of them teaches a kernel is known to another. `T`, a second server beside S, probes the path
itself (RFC 4821); its /64s are those of `PROBING`. Everything else is like tests/lab/network.py.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.lab import network as plain
from tests.lab.network import Namespace, Network

PROBING = range(0x70, 0x80)
"""Numbers of situations whose server probes the path itself."""

APART = range(0xA0, 0xB0)
"""Numbers of situations that have a /48 of their own."""


def at(number: int) -> str:
    """Return the address of situation `number`."""
    return f"{_network(number)}::1"


def source(number: int) -> str:
    """Return V's address towards situation `number`."""
    return f"2001:db8:1::{number:x}"


def prefix(number: int) -> str:
    """Return the /64 of situation `number`."""
    return f"{_network(number)}::/64"


def _network(number: int) -> str:
    return f"2001:db8:{number:x}:1" if number in APART else f"2001:db8:ffff:{number:x}"


@dataclass
class NarrowNetwork(Network):
    """`router` is R, the router beside V; `far` is N, the one beside S; `probing` is T."""

    far: Namespace
    probing: Namespace

    def close(self) -> None:
        """End the processes and remove the namespaces."""
        for namespace in (self.far, self.probing):
            namespace.close()
            plain._ip("netns", "delete", namespace.name, check=False)
        super().close()


def build(narrow: Sequence[int], wide: Sequence[int]) -> NarrowNetwork:
    """Make the network for situations whose path is narrow, and others whose path is wide."""
    tag = secrets.token_hex(3)
    vantage, router, far, server, probing = (Namespace(f"v6c-{tag}-{letter}") for letter in "vrnst")
    made = NarrowNetwork(vantage, router, server, far, probing)
    try:
        for namespace in (vantage, router, far, server, probing):
            plain._ip("netns", "add", namespace.name)
            namespace.run("ip", "link", "set", "lo", "up")
        _links(made)
        for namespace in (router, far):
            namespace.run("sysctl", "-qw", "net.ipv6.conf.all.forwarding=1", "net.ipv4.ip_forward=1")
        for namespace in (server, probing):
            namespace.run("sysctl", "-qw", "net.ipv6.ip_nonlocal_bind=1")
        probing.run("sysctl", "-qw", "net.ipv4.tcp_mtu_probing=1")
        vantage.run("sysctl", "-qw", "net.ipv4.ping_group_range=0 2147483647")
        _routes(made, narrow, wide)
        made.warm()
    except BaseException:
        made.close()
        raise
    return made


def _links(made: NarrowNetwork) -> None:
    vantage, router, far, server, probing = (
        *(made.vantage, made.router, made.far, made.server),
        made.probing,
    )
    for left, left_device, right, right_device, mtu in (
        (vantage, "v0", router, "r0", 1500),
        (router, "r1", far, "n1", 1280),
        (router, "r2", far, "n2", 1500),
        (far, "n0", server, "s0", 1500),
        (far, "n3", probing, "t0", 1500),
    ):
        plain._link(left, left_device, right, right_device)
        for namespace, device in ((left, left_device), (right, right_device)):
            namespace.run("ip", "link", "set", device, "mtu", str(mtu))
    plain._address(vantage, "v0", f"{plain.VANTAGE_V6}/64", f"{plain.VANTAGE_V4}/24")
    plain._address(router, "r0", f"{plain.ROUTER_V6}/64", f"{plain.ROUTER_V4}/24")
    for device, number in (("1", 5), ("2", 6)):
        plain._address(router, f"r{device}", f"2001:db8:{number}::1/64", f"198.18.{number}.1/24")
        plain._address(far, f"n{device}", f"2001:db8:{number}::2/64", f"198.18.{number}.2/24")
    plain._address(far, "n0", "2001:db8:2::1/64", "198.51.100.1/24")
    plain._address(server, "s0", f"{plain.SERVER_V6}/64", f"{plain.SERVER_V4}/24")
    plain._address(far, "n3", "2001:db8:3::1/64")
    plain._address(probing, "t0", "2001:db8:3::2/64")


def _routes(made: NarrowNetwork, narrow: Sequence[int], wide: Sequence[int]) -> None:
    """The wide link carries everything that no situation sends over the narrow one."""
    plain._route(made.vantage, ("default", "via", plain.ROUTER_V6), ("default", "via", plain.ROUTER_V4))
    plain._route(made.server, ("default", "via", "2001:db8:2::1"), ("default", "via", "198.51.100.1"))
    plain._route(made.probing, ("default", "via", "2001:db8:3::1"))
    plain._route(
        made.router, ("2001:db8:2::/48", "via", "2001:db8:6::2"), ("198.51.100.0/24", "via", "198.18.6.2")
    )
    plain._route(
        made.far, ("2001:db8:1::/64", "via", "2001:db8:6::1"), ("203.0.113.0/24", "via", "198.18.6.1")
    )
    plain._route(made.far, ("2001:db8:1::/64", "via", "2001:db8:5::1", "table", "100"))
    for number in (*narrow, *wide):
        link = 5 if number in narrow else 6
        server, via = (made.probing, "2001:db8:3::2") if number in PROBING else (made.server, plain.SERVER_V6)
        made.vantage.run(
            "ip", "address", "add", f"{source(number)}/128", "dev", "v0", "nodad", "preferred_lft", "0"
        )
        plain._route(made.vantage, (prefix(number), "via", plain.ROUTER_V6, "src", source(number)))
        plain._route(made.router, (prefix(number), "via", f"2001:db8:{link}::2"))
        plain._route(made.far, (prefix(number), "via", via))
        plain._route(server, ("local", prefix(number), "dev", "lo"))
        if number in narrow:
            made.far.run("ip", "-6", "rule", "add", "from", prefix(number), "lookup", "100")


@contextlib.contextmanager
def narrow_network(narrow: Sequence[int], wide: Sequence[int]) -> Iterator[NarrowNetwork]:
    """Build the network, and remove it whatever happens."""
    made = build(narrow, wide)
    try:
        yield made
    finally:
        made.close()
