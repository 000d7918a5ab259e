"""What is wrong is told at once and in its place; what was hardly meant is remarked."""

from collections.abc import Callable

import pytest

from ipv6check.inventory import Loaded
from ipv6check.model.inventory import (
    Inventory,
)

Read = Callable[[str], Loaded]


def valid(loaded: Loaded) -> Inventory:
    assert loaded.inventory is not None, [str(e) for e in loaded.errors]
    assert loaded.errors == ()
    return loaded.inventory


def messages(loaded: Loaded) -> list[str]:
    return [problem.message for problem in loaded.warnings]


class TestErrors:
    def test_all_are_told_at_once_in_the_order_of_the_file(self, read: Read) -> None:
        loaded = read("""scoop: []
exclude: [2001:db8::1/32]
systems:
  - id: a
    unit: nowhere
    goal: dualstack
    hosts: ["www.a.example:443", {host: ff02::1}]
    services: [htps, {app: https, port: 0443, transport: udp}]
    hosts: [x]
  - {id: a, depends_on: [b], deadline: tomorrow}
units: [{id: u, parent: u}]
""")
        assert [(e.line, e.message.split(";")[0].split(":")[0]) for e in loaded.errors] == [
            (3, 'unknown key "scoop"'),
            (4, '"2001'),
            (7, 'there is no unit "nowhere"'),
            (8, '"dualstack" is not possible here'),
            (9, '"www.a.example'),
            (9, '"ff02'),
            (10, '"htps" is not possible here'),
            (10, '"0443" is not a port'),
            (11, 'duplicate key "hosts"'),
            (12, 'id "a" is used already, on line 6'),
            (12, 'there is no system "b"'),
            (12, '"tomorrow" is not a date'),
            (13, 'unit "u" is its own parent'),
        ]

    def test_a_mistake_in_an_entry_does_not_make_its_id_unknown(self, read: Read) -> None:
        loaded = read("""systems:
  - {id: a, hosts: [www.a.example], goal: wrong}
  - {id: b, hosts: [www.b.example], depends_on: [a]}
accept: [{system: a, check: http.content, host: www.a.example, why: w, owner: o, expires: 2027-01-31}]
""")
        assert [e.line for e in loaded.errors] == [4]

    def test_each_unquoted_address_of_a_file_is_told(self, read: Read) -> None:
        loaded = read("""systems:
  - id: a
    hosts:
      - 2001:db8::
      - host: 2001:db8:1::
      - {host: ::1}
    planned: [2001:db8::, "::5"]
resolvers: {x: [[::1]:53]}
goal: oops
""")
        assert [e.line for e in loaded.errors] == [6, 7, 8, 9, 10, 11]
        assert [e.hint for e in loaded.errors[:5]] == [
            '- "2001:db8::"',
            '- host: "2001:db8:1::"',
            '- {host: "::1"}',
            'planned: ["2001:db8::", "::5"]',
            'resolvers: {x: ["[::1]:53"]}',
        ]

    def test_the_corrected_line_is_accepted(self, read: Read) -> None:
        first = read("systems:\n  - id: a\n    hosts:\n      - 2001:db8:0:1::\n")
        (error,) = first.errors
        mended = read(f"systems:\n  - id: a\n    hosts:\n      {error.hint}\n")
        assert valid(mended).systems[0].hosts[0].address == "2001:db8:0:1::"


class TestWarnings:
    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ('systems: [{id: a, hosts: ["fd00:1::1"]}]', "unique-local"),
            ('systems: [{id: a, hosts: ["::ffff:198.51.100.1"]}]', "never contacted"),
            ('systems: [{id: a, hosts: ["64:ff9b::1"]}]', "no address to publish"),
            ('systems: [{id: a, hosts: ["fe80::1"]}]', "write its zone"),
            ('systems: [{id: a, hosts: ["2001:db8::1"]}]', "Documentation"),
            ('systems: [{id: a, hosts: ["::1"]}]', "Loopback"),
            ("scope: [198.51.100.0/24]\nsystems: [{id: a, hosts: [203.0.113.1]}]", "outside `scope`"),
            ("exclude: [198.51.100.0/24]\nsystems: [{id: a, hosts: [198.51.100.1]}]", "in `exclude`"),
            (
                "scope: [198.51.100.0/25]\nexclude: [198.51.100.0/24]\nsystems: [{id: a, hosts: [x.y]}]",
                "nothing of it",
            ),
            (
                "exclude: [198.51.100.0/25, 198.51.100.0/24]\nsystems: [{id: a, hosts: [x.y]}]",
                "changes nothing",
            ),
            ("scope: ['::/0']\nsystems: [{id: a, hosts: [x.y]}]", "every address there is"),
            ("scope: []\nsystems: [{id: a, hosts: [x.y]}]", "permits no address"),
            ("systems: [{id: a, hosts: [x.y, x.y.]}]", "listed already"),
            ("systems: [{id: a, hosts: [intranet]}]", "one label"),
            ("systems: [{id: a}]", "no hosts"),
            ("systems: []", "no system is declared"),
            ("sites: [{id: dc1}]", "no system is declared"),
            ("systems: [{id: a, hosts: [{host: x.y, role: standyb}]}]", 'did you mean "standby"'),
            ("systems: [{id: a, hosts: [{host: 198.51.100.1, pair: ww}, x.y]}]", "one member only"),
            ("systems: [{id: a, hosts: [x.y], services: [{app: tcp, port: 9100}]}]", "never probed"),
            ("systems: [{id: a, hosts: [x.y], closed_ports: [9107]}]", "never probed"),
            ("systems: [{id: a, hosts: [x.y], services: [ssh], closed_ports: [22]}]", "declared service too"),
            ("vantages: {v: {sees: [wan]}}\nsystems: [{id: a, hosts: [x.y]}]", 'no vantage sees "internet"'),
            (
                "systems: [{id: a, hosts: [x.y]}]\n"
                "accept: [{system: a, check: http.contents, why: w, owner: o, expires: 2027-01-01}]",
                'did you mean "http.content"',
            ),
        ],
    )
    def test_what_was_hardly_meant_is_remarked(self, text: str, says: str, read: Read) -> None:
        loaded = read(text)
        valid(loaded)
        assert any(says in message for message in messages(loaded)), messages(loaded)

    @pytest.mark.parametrize(
        "second", ["WWW.a.example.", "www.a.example"], ids=["in other words", "in the same words"]
    )
    def test_the_same_name_in_two_systems_is_remarked_once(self, second: str, read: Read) -> None:
        loaded = read(f"systems:\n  - {{id: a, hosts: [www.a.example]}}\n  - {{id: b, hosts: [{second}]}}\n")
        assert len(valid(loaded).systems) == 2
        assert messages(loaded) == [f'"{second}" is a host of system "a" too, on line 4; it is asked once']

    def test_the_same_address_in_two_systems_is_remarked(self, read: Read) -> None:
        scope = "scope: ['2001:db8::/32']\n"
        loaded = read(
            f"{scope}systems: [{{id: a, hosts: ['2001:db8::1']}}, {{id: b, hosts: ['2001:DB8::0:1']}}]\n"
        )
        assert len(messages(loaded)) == 1

    def test_addresses_in_an_explicit_scope_are_not_blamed(self, read: Read) -> None:
        scope = "scope: ['2001:db8::/32', '::1/128', 'fd00:1::/32']\n"
        loaded = read(f"{scope}systems: [{{id: a, hosts: ['2001:db8::1', '::1', 'fd00:1::1']}}]\n")
        assert messages(loaded) == []

    def test_a_unique_local_address_of_an_internal_system_is_fine(self, read: Read) -> None:
        assert messages(read("systems: [{id: a, exposure: internal, hosts: ['fd00:1::1']}]\n")) == []
