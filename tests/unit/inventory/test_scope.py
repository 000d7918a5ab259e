"""Who may be contacted, by the inventory alone: each rule of interface.md, and what it must not permit."""

import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipv6check.inventory.addresses import block
from ipv6check.inventory.scope import Prefixes, in_explicit_scope, permitted
from ipv6check.model.inventory import Dependency, Host, Inventory, Organization, Source, System
from ipv6check.model.text import Text

HERE = Source("i.yaml", 1)
OUTSIDE = "scope.outside"
NEVER = "address.never"


def inventory(
    *hosts: str, scope: tuple[str, ...] | None = None, exclude: tuple[str, ...] = (), foreign: str = ""
) -> Inventory:
    literals = tuple(
        Host(declared=h, address=h if ":" in h or h[0].isdigit() else None, source=HERE) for h in hosts
    )
    needs = (Dependency(kind="host", target=foreign),) if foreign else ()
    system = System(id="a", name=Text.same("a"), hosts=literals, depends_on=needs, source=HERE)
    organization = Organization(id="o", name=Text.same("o"))
    return Inventory(organization=organization, scope=scope, exclude=exclude, systems=(system,))


class TestDefaultScope:
    listed = ("2001:db8::80", "10.0.0.1", "fd00:1::1", "127.0.0.1", "fe80::1%eth0", "www.a.example")

    @pytest.mark.parametrize("address", listed[:-1])
    @pytest.mark.parametrize("by_dns", [False, True])
    def test_a_listed_literal_is_permitted_whatever_it_is(self, address: str, by_dns: bool) -> None:
        assert permitted(inventory(*self.listed))(address, by_dns) is None

    @pytest.mark.parametrize("address", ["2400:cb00::1", "8.8.8.8"])
    def test_a_global_answer_of_the_dns_is_permitted_and_the_same_unlisted_is_not(self, address: str) -> None:
        ask = permitted(inventory(*self.listed))
        assert ask(address, True) is None
        assert ask(address, False) == OUTSIDE

    @pytest.mark.parametrize(
        "address",
        [
            "::1",
            "127.0.0.2",
            "fe80::2%eth0",
            "169.254.169.254",
            "10.0.0.2",
            "192.168.1.1",
            "100.64.0.1",
            "fd00:1::2",
            "2001:db8::81",
            "198.51.100.1",
            "64:ff9b::a00:1",
            "2002:a00:1::1",
            "2001:0:1::1",
            "fec0::1",
            "::10.0.0.1",
            "198.18.0.1",
            "4000::1",
        ],
    )
    def test_the_dns_alone_permits_nothing_that_is_not_global_unicast(self, address: str) -> None:
        assert permitted(inventory(*self.listed))(address, True) == OUTSIDE

    def test_a_foreign_host_that_something_depends_on_is_listed_too(self) -> None:
        assert permitted(inventory(foreign="198.51.100.9"))("198.51.100.9", False) is None
        assert permitted(inventory(foreign="ocsp.example"))("198.51.100.9", False) == OUTSIDE

    def test_a_zone_is_part_of_a_listed_literal(self) -> None:
        assert permitted(inventory(*self.listed))("fe80::1%eth1", False) == OUTSIDE


class TestExplicitScope:
    def test_it_decides_alone(self) -> None:
        ask = permitted(inventory("198.51.100.1", scope=("2001:db8::/32", "127.0.0.0/8", "fe80::/64")))
        for by_dns in (False, True):
            assert ask("2001:db8:ffff::1", by_dns) is None
            assert ask("127.0.0.1", by_dns) is None
            assert ask("fe80::1%eth0", by_dns) is None
            assert ask("198.51.100.1", by_dns) == OUTSIDE
            assert ask("2400:cb00::1", by_dns) == OUTSIDE

    def test_an_empty_scope_permits_nothing(self) -> None:
        assert permitted(inventory("198.51.100.1", scope=()))("198.51.100.1", False) == OUTSIDE

    def test_what_lies_in_it_is_known(self) -> None:
        inside = in_explicit_scope(inventory(scope=("2001:db8::/32",)))
        assert inside("2001:db8::1")
        assert not inside("2001:db9::1")
        assert not in_explicit_scope(inventory("2001:db8::1"))("2001:db8::1")


@pytest.mark.parametrize("scope", [None, ("::/0", "0.0.0.0/0")])
def test_exclude_always_wins(scope: tuple[str, ...] | None) -> None:
    ask = permitted(inventory("2001:db8:dead::1", scope=scope, exclude=("2001:db8:dead::/48",)))
    assert ask("2001:db8:dead::1", False) == OUTSIDE
    assert ask("2001:db8:dead::1", True) == OUTSIDE


def test_an_excluded_ipv4_host_is_not_reached_through_nat64_either() -> None:
    ask = permitted(inventory(scope=("64:ff9b::/96",), exclude=("198.51.100.0/24",)))
    assert ask("64:ff9b::c633:6401", True) == OUTSIDE
    assert ask("64:ff9b::cb00:7101", True) is None


@pytest.mark.parametrize(
    "address",
    ["::", "0.0.0.0", "ff02::1", "224.0.0.1", "255.255.255.255", "::ffff:10.0.0.1", "fe80::1", "nonsense"],
)
@pytest.mark.parametrize("by_dns", [False, True])
def test_some_addresses_are_contacted_never(address: str, by_dns: bool) -> None:
    everything = inventory("ff02::1", "::", "::ffff:10.0.0.1", "fe80::1", scope=("::/0", "0.0.0.0/0"))
    assert permitted(everything)(address, by_dns) == NEVER
    assert permitted(replace(everything, scope=None))(address, by_dns) == NEVER


PREFIX = st.builds(
    lambda value, length: (value >> (128 - length) << (128 - length), length),
    st.integers(0, 2**128 - 1),
    st.integers(0, 128),
)


@given(st.lists(PREFIX, max_size=8), st.integers(0, 2**128 - 1))
def test_a_set_of_prefixes_holds_what_one_of_them_holds(prefixes: list[tuple[int, int]], value: int) -> None:
    import ipaddress

    texts = [f"{ipaddress.IPv6Address(n)}/{length}" for n, length in prefixes]
    address = ipaddress.IPv6Address(value)
    held = any(address in ipaddress.IPv6Network(text) for text in texts)
    assert Prefixes(texts).hold(str(address)) == held
    for text in texts:
        assert Prefixes(texts).covering(block(text))


def test_scope_schedule_and_addresses_do_without_pydantic_and_yaml() -> None:
    program = (
        "import sys; from ipv6check.inventory import capabilities, schedule, scope;"
        "print({'pydantic', 'yaml', 'netaddr', 'cryptography'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
