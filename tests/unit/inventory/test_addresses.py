"""Canonical text, prefixes, and the dated table of special-purpose addresses."""

import csv
import ipaddress
import re
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipv6check.inventory.addresses import (
    block,
    canonical,
    canonical_prefix,
    classify,
    embedded_ipv4,
    parse,
)
from ipv6check.inventory.problems import Refusal
from ipv6check.inventory.special_purpose import IPV4, IPV6, REGISTRY_DATE, Range

DATA = Path(__file__).parents[3].parent / "shared" / "data"
SPARSE = st.builds(lambda a, b, c: a & b & c, *[st.integers(0, 2**128 - 1)] * 3)
V6 = st.one_of(
    st.integers(0, 2**128 - 1),
    SPARSE,
    st.integers(0, 2**34),
    st.integers(0, 2**32 - 1).map(lambda n: n | 0xFFFF << 32),
)


def registry(family: int) -> list[dict[str, str]]:
    path = DATA / f"iana-special-ipv{family}.csv"
    if not path.exists():
        pytest.skip(f"IANA's registry is not beside the repository: {path.name}")
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        {**row, "Address Block": re.sub(r" *\[\d+\]", "", part).strip()}
        for row in rows
        for part in row["Address Block"].split(",")
    ]


def table(family: int) -> dict[str, Range]:
    return {row.prefix: row for row in (IPV4 if family == 4 else IPV6)}


@pytest.mark.parametrize("family", [4, 6])
def test_every_row_of_the_registry_is_in_the_table_as_iana_says(family: int) -> None:
    for row in registry(family):
        ours = table(family)[row["Address Block"]]
        reachable = {"True": True, "False": False}.get(re.sub(r" \[\d+\]", "", row["Globally Reachable"]))
        assert (ours.prefix, ours.globally_reachable) == (row["Address Block"], reachable)
        assert ours.name == row["Name"].strip('"')
        assert ours.rfc.replace(" ", "") in row["RFC"].replace(" ", "")


@pytest.mark.parametrize("family", [4, 6])
def test_the_table_claims_no_row_of_the_registry_that_is_not_there(family: int) -> None:
    ours = table(family).keys()
    beyond = {"0.0.0.0/0", "224.0.0.0/4", "::/0", "::/96", "2000::/3", "3ffe::/16", "fec0::/10", "ff00::/8"}
    assert ours - {row["Address Block"] for row in registry(family)} <= beyond
    assert REGISTRY_DATE == "2025-05-16"


@pytest.mark.parametrize("row", [*IPV4, *IPV6], ids=lambda row: row.prefix)
def test_each_range_classifies_its_first_address_by_the_longest_prefix(row: Range) -> None:
    network = ipaddress.ip_network(row.prefix)
    rows = IPV4 if network.version == 4 else IPV6
    holding = [r for r in rows if network.network_address in ipaddress.ip_network(r.prefix)]
    longest = max(holding, key=lambda r: ipaddress.ip_network(r.prefix).prefixlen)
    assert classify(str(network.network_address)).prefix == longest.prefix


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("::ffff:192.0.2.1", "addr.v4mapped"),
        ("fe80::1%eth0", "addr.linklocal"),
        ("::1", "addr.loopback"),
        ("::", "addr.unspecified"),
        ("ff02::1", "addr.multicast"),
        ("2001:db8::1", "addr.documentation"),
        ("3fff::1", "addr.documentation"),
        ("2002:c000:201::1", "addr.6to4"),
        ("2001:0:1::1", "addr.teredo"),
        ("fec0::1", "addr.site_local"),
        ("100::1", "addr.discard"),
        ("64:ff9b::192.0.2.1", "addr.nat64"),
        ("64:ff9b:1:ffff::1", "addr.nat64"),
        ("4000::1", "addr.reserved"),
        ("3ffe::1", "addr.reserved"),
        ("::192.0.2.1", "addr.reserved"),
        ("5f00::1", "addr.reserved"),
        ("127.0.0.1", "addr.loopback"),
        ("169.254.0.1", "addr.linklocal"),
        ("240.0.0.1", "addr.reserved"),
    ],
)
def test_an_address_that_should_not_be_published_has_its_code(address: str, code: str) -> None:
    assert classify(address).code == code


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("2400:cb00::1", "global"),
        ("2a00::1", "global"),
        ("8.8.8.8", "global"),
        ("2620:4f:8000::1", "global"),
        ("192.0.0.9", "global"),
        ("fd12::1", "ula"),
        ("10.1.1.1", "private"),
        ("172.31.0.1", "private"),
        ("100.64.0.1", "shared"),
        ("255.255.255.255", "broadcast"),
    ],
)
def test_what_depends_on_the_exposure_has_no_code_of_its_own(address: str, kind: str) -> None:
    found = classify(address)
    assert (found.kind, found.code) == (kind, None)


@given(V6)
def test_canonical_text_is_what_the_c_library_writes(value: int) -> None:
    written = socket.inet_ntop(socket.AF_INET6, value.to_bytes(16, "big"))
    assert canonical(str(ipaddress.IPv6Address(value))) == written
    assert canonical(ipaddress.IPv6Address(value).exploded.upper()) == written
    assert parse(written) == (6, value, "")


@given(st.integers(0, 2**32 - 1))
def test_ipv4_text_is_what_the_c_library_writes(value: int) -> None:
    written = socket.inet_ntop(socket.AF_INET, value.to_bytes(4, "big"))
    assert canonical(written) == written


@given(V6)
def test_every_address_has_a_class(value: int) -> None:
    assert classify(str(ipaddress.IPv6Address(value))).family == 6


@given(V6, st.integers(0, 128))
def test_a_prefix_holds_what_the_standard_library_says(value: int, length: int) -> None:
    network = ipaddress.IPv6Network((value, length), strict=False)
    found = block(str(network))
    assert found.holds(6, value)
    assert canonical_prefix(str(network)).endswith(f"/{length}")
    outside = (int(network.broadcast_address) + 1) % 2**128
    assert found.holds(6, outside) == (ipaddress.IPv6Address(outside) in network)


def test_a_zone_stays_behind_the_address() -> None:
    assert canonical("FE80::0:1%eth0") == "fe80::1%eth0"
    assert classify("fe80::1%eth0").kind == "linklocal"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "x",
        "1.2.3",
        "1.2.3.4.5",
        "01.2.3.4",
        "1.2.3.4/8",
        "1.2.3.4%e",
        ":::",
        "2001:db8",
        "::1%",
        "::1%a b",
        "::1\n",
        "1::2::3",
        "[::1]",
        "٣.1.1.1",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        canonical(text)


@pytest.mark.parametrize(
    ("text", "instead"), [("010.0.0.1", "10.0.0.1"), ("[2001:db8::1]", "2001:db8::1"), ("x", "")]
)
def test_a_refusal_says_what_was_probably_meant(text: str, instead: str) -> None:
    with pytest.raises(Refusal) as caught:
        canonical(text)
    assert caught.value.instead == instead


def test_a_lone_address_is_the_prefix_of_itself() -> None:
    assert canonical_prefix("2001:DB8::1") == "2001:db8::1/128"
    assert canonical_prefix("198.51.100.7") == "198.51.100.7/32"


@pytest.mark.parametrize(
    "text", ["2001:db8::/129", "2001:db8::/-1", "1.2.3.0/024", "x/8", "::/", "fe80::%e/64"]
)
def test_what_is_no_prefix_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        canonical_prefix(text)


def test_bits_behind_the_length_are_refused_with_the_right_prefix() -> None:
    with pytest.raises(Refusal) as caught:
        canonical_prefix("2001:db8::1/32")
    assert caught.value.instead == "2001:db8::/32"


def test_only_the_well_known_nat64_prefix_hides_an_ipv4_address() -> None:
    assert embedded_ipv4("64:ff9b::c633:6401") == "198.51.100.1"
    assert embedded_ipv4("64:ff9b:1::c633:6401") is None
    assert embedded_ipv4("198.51.100.1") is None


@pytest.mark.parametrize("address", ["2002::1", "3fff::1", "fec0::1", "ff02::1", "::192.0.2.1"])
def test_what_common_libraries_call_global_is_not_global(address: str) -> None:
    assert classify(address).kind != "global"
