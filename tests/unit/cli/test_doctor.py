"""`doctor`: what is said of hosts that cannot see, and the command that mends each trouble."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

import pytest
from click.testing import CliRunner, Result
from rich.cells import cell_len

from ipv6check.cli import cli, doctor
from ipv6check.cli.diagnosis import diagnose
from ipv6check.model.inventory import Endpoint, Family
from ipv6check.model.text import LANGUAGES, Language
from ipv6check.net.host import FamilyState, HostState, look
from ipv6check.net.interfaces import OwnAddress

GLOBAL6 = OwnAddress(address="2001:db8:1::2", scope="global", interface="eth0")
LINK_LOCAL = OwnAddress(address="fe80::2", scope="link_local", interface="eth0")
ULA = OwnAddress(address="fd12:3456:789a::2", scope="unique_local", interface="eth0")
LOOPBACK = OwnAddress(address="::1", scope="loopback", interface="lo")
IPV4 = OwnAddress(address="198.51.100.7", scope="global")
CLAT = OwnAddress(address="192.0.0.1", scope="clat")


def family(
    number: Family, *addresses: OwnAddress, source: str | None = None, why: str | None = None
) -> FamilyState:
    gateways = ("fe80::1%eth0" if number == 6 else "198.51.100.1",) if source else ()
    return FamilyState(family=number, addresses=addresses, gateways=gateways, source=source, why_not=why)


SOUND6 = family(6, GLOBAL6, LINK_LOCAL, LOOPBACK, source=GLOBAL6.address)
SOUND4 = family(4, IPV4, source=IPV4.address)


def state(six: FamilyState = SOUND6, four: FamilyState = SOUND4, **more: Any) -> HostState:
    known: dict[str, Any] = {
        "resolvers": (Endpoint("198.51.100.53", 53),),
        "ping": {4: None, 6: None},
        "descriptors": 4096,
        "at_once": 4032,
        "synchronised": True,
    }
    return HostState(families={4: four, 6: six}, **{**known, **more})


def run(monkeypatch: pytest.MonkeyPatch, host: HostState, language: Language = "en") -> Result:
    monkeypatch.setattr(doctor, "look", lambda: host)
    return CliRunner(env={"COLUMNS": "80", "NO_COLOR": "1"}).invoke(cli, ["doctor", "--lang", language])


TROUBLES: Mapping[str, tuple[HostState, str, str]] = {
    "no IPv6 at all": (state(family(6, LOOPBACK, why="no_route")), "no IPv6 address", "disable_ipv6=0"),
    "link-local only": (
        state(family(6, LINK_LOCAL, why="no_source")),
        "link-local addresses only",
        "accept_ra",
    ),
    "no default route": (state(family(6, GLOBAL6, why="no_route")), "no way out", "ip -6 route add default"),
    "a ULA": (state(family(6, ULA, source=ULA.address)), "unique local address", "ip -6 address add"),
    "no IPv4": (state(four=family(4, why="no_route")), "no IPv4 address", "ip address add"),
    "no resolver": (state(resolvers=()), "no resolver", "resolv.conf"),
    "an unreadable resolv.conf": (
        state(resolvers=(), resolver_error="/etc/resolv.conf: Permission denied"),
        "Permission denied",
        "resolv.conf",
    ),
    "a word that is no server": (state(refused=("bogus",)), "bogus", "resolv.conf"),
    "no pings": (state(ping={4: "EACCES", 6: "EACCES"}), "Pings are not permitted", "ping_group_range"),
    "no raw sockets": (state(raw="EPERM"), "Raw sockets are not permitted", "sudo"),
    "few descriptors": (state(descriptors=64, at_once=32), "64 open files", "ulimit -n"),
    "a free clock": (state(synchronised=False), "system clock", "timedatectl"),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_each_trouble_is_named_with_the_command_that_mends_it(trouble: str) -> None:
    host, words, command = TROUBLES[trouble]
    lines = [line for line in diagnose(host) if line.mend]
    (line,) = lines
    assert words in line.text.en.format(**line.values)
    assert command in line.mend
    assert line.mark != "ok"
    assert shlex.split(line.mend)


def test_a_sound_host_has_nothing_to_mend() -> None:
    assert [line for line in diagnose(state()) if line.mend or line.mark != "ok"] == []


def test_addresses_that_are_duplicate_or_deprecated_are_said_to_be() -> None:
    twice = OwnAddress(address="2001:db8:1::3", scope="global", interface="eth0", state="duplicate")
    old = OwnAddress(address="2001:db8:1::4", scope="global", interface="eth0", state="deprecated")
    said = {line.mark for line in diagnose(state(family(6, GLOBAL6, twice, old, source=GLOBAL6.address)))}
    assert said == {"ok", "bad", "note"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("trouble", TROUBLES)
def test_it_fits_80_columns_in_both_languages(
    monkeypatch: pytest.MonkeyPatch, trouble: str, language: Language
) -> None:
    done = run(monkeypatch, TROUBLES[trouble][0], language)
    assert done.exit_code == 0, done.output
    assert "{" not in done.output
    assert all(cell_len(line) <= 80 for line in done.output.splitlines())


def test_the_summary_says_which_family_cannot_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    done = run(monkeypatch, TROUBLES["no IPv6 at all"][0])
    assert "can see: IPv4" in done.output
    assert "NOT see: IPv6" in done.output


def test_ipv4_through_a_translator_is_no_way_out_to_compare_with(monkeypatch: pytest.MonkeyPatch) -> None:
    done = run(monkeypatch, state(four=family(4, CLAT, source=CLAT.address)))
    assert "translator (CLAT, 192.0.0.1)" in done.output


def test_this_very_host_can_be_looked_at() -> None:
    host = look()
    assert list(diagnose(host))
    assert host.at_once > 0
