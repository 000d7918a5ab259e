"""The host's resolver settings: name servers are taken, everything that bends names is not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipv6check.net.resolver import LOOPBACK, ResolverError, ResolverSettings, parse, system_resolvers


def addresses(text: str) -> list[str]:
    return [server.address for server in parse(text, lambda zone: zone == "eth0").servers]


def test_name_servers_keep_their_order_and_port() -> None:
    settings = parse("nameserver 198.51.100.53\nnameserver 2001:db8::53\n")
    assert [(server.address, server.port) for server in settings.servers] == [
        ("198.51.100.53", 53),
        ("2001:db8::53", 53),
    ]


def test_search_domains_options_and_comments_have_no_say() -> None:
    text = """\
# nameserver 198.51.100.1
; nameserver 198.51.100.2
search corp.example example
domain corp.example
options no-aaaa rotate ndots:5
sortlist 198.51.100.0/24
  nameserver\t198.51.100.53  # ours
"""
    assert addresses(text) == ["198.51.100.53"]


def test_an_address_becomes_canonical() -> None:
    assert addresses("nameserver 2001:DB8:0::0053") == ["2001:db8::53"]


def test_a_link_local_server_keeps_its_zone() -> None:
    assert addresses("nameserver fe80::1%eth0") == ["fe80::1%eth0"]


@pytest.mark.parametrize(
    "word", ["fe80::1%gone", "fe80::1%", "198.51.100.1%eth0", "dns.example", "198.51.100.256", "::g"]
)
def test_what_is_no_address_here_is_refused_and_told(word: str) -> None:
    settings = parse(f"nameserver {word}\n", lambda zone: zone == "eth0")
    assert settings == ResolverSettings(servers=(), refused=(word,))


def test_the_loopback_interface_is_known_by_name_and_by_number() -> None:
    assert [s.address for s in parse("nameserver fe80::1%lo\nnameserver fe80::2%1").servers] == [
        "fe80::1%lo",
        "fe80::2%1",
    ]


def test_no_more_than_three_servers_are_asked_as_everywhere() -> None:
    text = "".join(f"nameserver 198.51.100.{n}\n" for n in range(1, 6))
    assert addresses(text) == ["198.51.100.1", "198.51.100.2", "198.51.100.3"]


def test_a_server_named_twice_counts_once() -> None:
    assert addresses("nameserver ::1\nnameserver 0:0::1\nnameserver 127.0.0.1") == ["::1", "127.0.0.1"]


@pytest.mark.parametrize(
    "text", ["", "search example\n", "nameserver\n", "nameserver6 ::1\n", "NAMESERVER ::1\n"]
)
def test_without_a_server_the_one_on_this_host_is_asked(text: str) -> None:
    assert parse(text).servers == LOOPBACK


def test_a_missing_file_is_a_host_without_settings(tmp_path: Path) -> None:
    assert system_resolvers(tmp_path / "resolv.conf").servers == LOOPBACK


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "resolv.conf"
    path.write_bytes(b"\xff\xfe junk\nnameserver ::1\r\n")
    assert [server.address for server in system_resolvers(path).servers] == ["::1"]


def test_a_folder_or_a_pipe_is_a_clear_error(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (tmp_path, pipe):
        with pytest.raises(ResolverError, match="not a regular file"):
            system_resolvers(path)


def test_a_loop_of_links_is_a_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "resolv.conf"
    path.symlink_to(path)
    with pytest.raises(ResolverError, match=r"resolv\.conf: "):
        system_resolvers(path)


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    assert len(parse(text).servers) <= 3
    assert len(parse("nameserver " + text).servers) <= 3
