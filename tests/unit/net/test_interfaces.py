"""Our own addresses out of /proc/net: what the kernel writes, and what it never would."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ipv6check.net.interfaces import own_addresses, parse_ipv4, parse_ipv6

INET6 = """20010db8000100000000000000000002 04 40 00 80     eth0
00000000000000000000000000000001 01 80 10 80       lo
fe80000000000000020000fffe000001 04 40 20 c0     eth0
fd000000000000010000000000000002 04 40 00 a8     eth1
20010db8000200000000000000000002 04 40 00 20 eth0
"""
TRIE = """Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 198.51.100.0/24 2 0 2
        |-- 198.51.100.0
           /24 link UNICAST
        |-- 198.51.100.7
           /32 host LOCAL
        |-- 198.51.100.255
           /32 link BROADCAST
Local:
        |-- 198.51.100.7
           /32 host LOCAL
        |-- 127.0.0.1
           /32 host LOCAL
"""


def test_ipv6_addresses_come_with_scope_state_and_interface() -> None:
    found = [(each.address, each.scope, each.state, each.interface) for each in parse_ipv6(INET6)]
    assert found == [
        ("2001:db8:1::2", "global", "preferred", "eth0"),
        ("::1", "loopback", "preferred", "lo"),
        ("fe80::200:ff:fe00:1", "link_local", "tentative", "eth0"),
        ("fd00:0:0:1::2", "unique_local", "duplicate", "eth1"),
        ("2001:db8:2::2", "global", "deprecated", "eth0"),
    ]


def test_ipv4_addresses_are_the_local_leaves_each_once() -> None:
    assert [(each.address, each.scope) for each in parse_ipv4(TRIE)] == [
        ("198.51.100.7", "global"),
        ("127.0.0.1", "loopback"),
    ]


def test_a_host_without_a_family_has_no_file_for_it(tmp_path: Path) -> None:
    assert own_addresses(tmp_path) == ()
    (tmp_path / "if_inet6").write_text(INET6)
    assert len(own_addresses(tmp_path)) == 5


@given(st.text(max_size=200))
def test_another_kernels_lines_are_passed_over(text: str) -> None:
    assert isinstance(parse_ipv6(text), tuple)
    assert isinstance(parse_ipv4(f"|-- {text}\n   /32 host LOCAL\n{text}"), tuple)
