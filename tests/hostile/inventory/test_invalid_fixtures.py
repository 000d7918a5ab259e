"""Tiny inventories with one error each: exactly that error is told, at its line and column."""

from pathlib import Path

import pytest

from ipv6check.inventory import load

FIXTURES = Path(__file__).parent / "fixtures"

# fixture → line, column, how the message begins
EXPECTED = {
    "accept-unknown-host": (5, 49, 'system "a" has no host "w.a.example"; it has www.a.example'),
    "accept-unknown-system": (3, 19, 'there is no system "portal"; none is declared'),
    "address-ends-in-colons-as-value": (
        6,
        15,
        "YAML cannot read this address as it stands: quote IPv6 addresses",
    ),
    "address-ends-in-colons": (6, 9, "YAML misreads this address: quote IPv6 addresses that begin or e"),
    "address-in-flow-mapping": (4, 28, "YAML cannot read this address as it stands: quote IPv6 addresses"),
    "alias-bomb": (4, 20, 'anchors and aliases are not allowed ("x"): write the value out'),
    "anchor": (4, 10, 'anchors and aliases are not allowed ("x"): write the value out'),
    "app-over-wrong-transport": (4, 72, "https runs over tcp, not udp"),
    "attested-expires-before-its-date": (6, 87, '"expires" must not be before its date, 2027-01-01'),
    "bad-id": (4, 10, "\"Cổng TTĐT\" is not an id: a-z, 0-9, '.' and '-', beginning with "),
    "canary-of-other-family": (3, 59, "an IPv4 canary says nothing of 2001:db8::/32"),
    "closed-port-twice": (4, 56, "port 22 is listed already: put its vantages in one entry"),
    "comma-in-flow-text": (4, 28, '"tập huấn" is empty: give a value, or delete the key; a text wit'),
    "control-character-in-escape": (4, 19, '"name" contains the control character U+001B: delete it'),
    "control-without-port": (3, 32, '"198.51.100.1" needs a port'),
    "date-of-no-calendar": (4, 47, '"2026-02-30" is no day of the calendar'),
    "date": (4, 47, '"31/12/2026" is not a date: write YYYY-MM-DD'),
    "day-of-week": (4, 54, '"frd" is not a day: write mon, tue, wed, thu, fri, sat, sun, or '),
    "depends-on-itself": (4, 50, 'system "a" depends on itself'),
    "depends-on-two-things": (5, 50, '"depends_on" names one thing: a `system`, an `equipment` or a `h'),
    "depends-on-unknown-system": (4, 53, 'there is no system "dns1"; did you mean "dns-1"?'),
    "duplicate-id": (5, 10, 'id "a" is used already, on line 4: ids are unique in `systems`'),
    "duplicate-key": (6, 5, 'duplicate key "id": it stands on line 4 already; keep one of the'),
    "empty-value": (5, 5, '"name" is empty: give a value, or delete the key'),
    "empty-window": (4, 65, "a window from and to the same time: for the whole day leave `win"),
    "endpoint-in-brackets": (3, 34, "YAML cannot read this address as it stands: quote IPv6 addresses"),
    "entry-is-text": (3, 9, "an entry of `sites` is a mapping: write `- id: dc1` and so on"),
    "enum": (4, 43, '"dualstack" is not possible here; did you mean "dual-stack"?'),
    "equipment-capability-value": (3, 57, '"maybe" is not possible here; write one of yes, no, partial, unk'),
    "equipment-management-is-a-name": (3, 51, '"fw.a.example" is a name; an IP address stands here'),
    "equipment-unknown": (4, 62, 'there is no equipment "fw"; none is declared'),
    "families-without-port": (4, 87, "no port is given for family 6"),
    "host-bad-ipv4": (4, 21, '"198.51.100.300" is not an IP address'),
    "host-broadcast": (4, 21, '"255.255.255.255" is no host\'s address (Limited Broadcast, RFC 9'),
    "host-ipv4-leading-zeros": (4, 21, '"198.051.100.003" is not an IP address'),
    "host-is-a-url": (4, 21, '"https://www.a.example/x" is a URL: give the host name alone'),
    "host-listed-twice-differently": (
        8,
        9,
        '"WWW.a.example." is listed already, on line 7, with other settin',
    ),
    "host-multicast": (4, 21, '"ff02::1" is no host\'s address (Multicast, RFC 4291)'),
    "host-name-too-long": (4, 21, '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'),
    "host-unspecified": (4, 21, '"::" is no host\'s address (Unspecified Address, RFC 4291)'),
    "host-wildcard": (4, 21, '"*.a.example" is no host name: "*" cannot be part of it (wildcar'),
    "host-with-port": (4, 21, '"www.a.example:443": a host has no port; ports stand under `serv'),
    "host-with-prefix-length": (4, 21, '"2001:db8::1/64" is not one host: leave out what begins with "/"'),
    "include-absent": (3, 11, '"absent.yaml" there is no such file'),
    "include-itself": (3, 11, '"invalid-include-itself.yaml" includes itself: invalid-include-i'),
    "include-matches-nothing": (3, 11, 'no file matches "absent/*.yaml"'),
    "include-outside": (3, 11, '"../other.yaml" must name files in the same folder or below'),
    "key-is-a-list": (3, 3, "a key must be one word, not a list or a mapping"),
    "list-is-one-value": (4, 20, '"hosts" takes a list: write [www.a.example], or one `- …` a line'),
    "mapping-is-text": (3, 20, '"inside" takes a mapping: write `key: value`'),
    "missing-organization": (1, 1, 'this entry needs "organization": add `organization: …`'),
    "missing-system-id": (4, 5, 'this entry needs "id": add `id: …`'),
    "missing-version": (1, 1, 'this entry needs "version": add `version: 1`'),
    "path-traversal-id": (4, 10, "\"../../etc/x\" is not an id: a-z, 0-9, '.' and '-', beginning wit"),
    "path-without-slash": (4, 67, '"health" is not a path: it begins with /'),
    "port-and-ports": (4, 72, "give `port` or `ports`, not both"),
    "port-missing": (4, 48, "rtp has no standard port: add `port`"),
    "port-of-no-family": (4, 68, '"5" is not an address family: write 4 or 6'),
    "port-range-backwards": (4, 66, '"20-10" runs backwards'),
    "port-range-too-wide": (4, 66, '"1-65535" is more than 1024 ports: name those the service uses'),
    "port-sexagesimal": (4, 67, '"22:22" is not a port: write a number from 1 to 65535'),
    "port-too-large": (4, 52, '"65536" is not a port: write a number from 1 to 65535'),
    "port-with-leading-zero": (4, 67, '"0123" is not a port: write a number from 1 to 65535 without lea'),
    "prefix-host-bits": (3, 9, '"2001:db8:100::1/40" has bits set behind its length; the prefix '),
    "prefix-length": (3, 9, '"198.51.100.0/33" is not a prefix: its length must be a number f'),
    "resolver-excluded": (4, 24, "resolver 198.51.100.53 lies in `exclude`, which always wins: tak"),
    "resolver-is-a-name": (3, 24, '"ns1.a.example" is not an IP address'),
    "resolver-named-system": (3, 13, '"system" stands for this host\'s own resolver settings: choose an'),
    "resolver-unknown": (3, 31, 'there is no resolver "internl"; did you mean "internal"?'),
    "scope-multicast": (3, 9, '"ff00::/8" is multicast (RFC 4291): no host has an address there'),
    "second-document": (5, 1, "a second document begins here: an inventory file has one; delete"),
    "service-declared-twice": (4, 55, "https on these ports is declared already, on line 4: keep one of"),
    "service-not-of-the-system": (4, 54, 'this system declares no service "htps" under `services`; did you'),
    "site-unknown": (4, 19, 'there is no site "dc1"; none is declared'),
    "tab-indentation": (4, 1, "a tab: YAML is indented with spaces; replace the tab"),
    "tag-binary-key": (4, 13, 'tags are not allowed ("tag:yaml.org,2002:binary"): write the val'),
    "tag-python": (4, 19, 'tags are not allowed ("tag:yaml.org,2002:python/object/apply:os.'),
    "tag-set": (4, 20, 'tags are not allowed ("tag:yaml.org,2002:set"): write the value '),
    "text-in-a-third-language": (4, 27, 'unknown language "fr": write vi or en'),
    "time-of-day": (4, 69, '"7:00" is not a time of day: write HH:MM, for instance "22:00"'),
    "timezone": (2, 36, '"Asia/Ho_Chi_Min" is not a time zone; did you mean "Asia/Ho_Chi_'),
    "too-deep": (3, 53, "nested more than 50 levels deep: no inventory needs that"),
    "trust-absent": (3, 9, '"absent.pem" there is no such file'),
    "unclosed-list": (3, 8, "this list is never closed: add ',' between its items and ']' at "),
    "unclosed-quote": (4, 19, "this quote is never closed: add the closing quote"),
    "unit-circle": (4, 5, 'unit "a" is its own parent: a → b → a'),
    "unit-unknown": (5, 19, 'there is no unit "so-kncn"; did you mean "so-khcn"?'),
    "unknown-app": (4, 48, '"htps" is not possible here; did you mean "https"?'),
    "unknown-key-in-a-host": (4, 43, 'unknown key "roles"; did you mean "role"?'),
    "unknown-key": (4, 13, 'unknown key "hostss"; did you mean "hosts"?'),
    "unknown-top-level-key": (3, 1, 'unknown key "sistems"; did you mean "systems"?'),
    "value-is-a-list": (4, 43, '"goal" takes one value, not a list'),
    "vantage-unknown": (5, 24, 'there is no vantage "outside"; did you mean "inside"?'),
    "vlan": (3, 61, '"5000" is not a VLAN: write a number from 1 to 4094'),
    "wrong-version": (1, 10, 'version "2" is not known to this program: write version: 1'),
    "zones-without-dns": (4, 60, "`zones` is for dns services only"),
}


def test_every_fixture_is_expected_and_every_expectation_has_its_fixture() -> None:
    assert {path.stem.removeprefix("invalid-") for path in FIXTURES.glob("invalid-*.yaml")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_one_error_is_told_where_it_stands(name: str) -> None:
    line, column, message = EXPECTED[name]
    path = FIXTURES / f"invalid-{name}.yaml"
    loaded = load(path)
    assert loaded.inventory is None
    assert [(e.line, e.column, e.message[: len(message)]) for e in loaded.errors] == [(line, column, message)]
    (error,) = loaded.errors
    assert str(error) == f"{path}:{line}:{column}: {error.message}"


@pytest.mark.parametrize("name", EXPECTED)
def test_the_caret_stands_under_the_column(name: str) -> None:
    (error,) = load(FIXTURES / f"invalid-{name}.yaml").errors
    source, caret = error.excerpt.split("\n")
    assert caret.strip() == "^"
    line = (FIXTURES / f"invalid-{name}.yaml").read_text().splitlines()[error.line - 1]
    # Escapes and the cut of long lines move both; what stands over the caret stays the same.
    assert source[len(caret) - 1] == line[error.column - 1].replace("\t", " ")


@pytest.mark.parametrize("name", EXPECTED)
def test_no_message_speaks_of_the_tools_behind(name: str) -> None:
    (error,) = load(FIXTURES / f"invalid-{name}.yaml").errors
    for word in (
        "pydantic",
        "validation error",
        "Input should",
        "Traceback",
        "ValueError",
        "extra_forbidden",
    ):
        assert word not in error.show()
