"""A whole inventory: every key of interface.md §1, every default, and values that stay text."""

import re
from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ipv6check.inventory import Loaded, load, load_folder
from ipv6check.inventory.apps import APPS
from ipv6check.inventory.schema import json_schema
from ipv6check.model.inventory import (
    Canary,
    ClosedPort,
    Dependency,
    Endpoint,
    Host,
    Inventory,
    Organization,
    Source,
    Vantage,
    Window,
)
from ipv6check.model.text import Text

WHOLE = Path(__file__).parent / "whole.yaml"

HEAD = "version: 1\norganization: {id: test}\n"
Read = Callable[[str], Loaded]


def valid(loaded: Loaded) -> Inventory:
    assert loaded.inventory is not None, [str(e) for e in loaded.errors]
    assert loaded.errors == ()
    return loaded.inventory


def messages(loaded: Loaded) -> list[str]:
    return [problem.message for problem in loaded.warnings]


class TestWholeInventory:
    def whole(self) -> Inventory:
        return valid(load(WHOLE))

    def test_it_has_no_warning(self) -> None:
        assert messages(load(WHOLE)) == []

    def test_every_key_of_the_schema_is_used_in_it(self) -> None:
        text = WHOLE.read_text()
        keys = {name for part in _objects(json_schema()) for name in part.get("properties", {})}
        absent = {key for key in keys if not re.search(rf'["{{,\s]{re.escape(key)}"?:', text)}
        assert absent <= {"include", "trust", "version"}  # the first two need files: tested on their own

    def test_head(self) -> None:
        found = self.whole()
        assert found.organization == Organization(
            id="tinh-mau", name=Text("Tỉnh Mẫu", "Sample Province"), timezone="Asia/Ho_Chi_Minh"
        )
        assert found.scope == ("2001:db8:100::/40", "198.51.100.0/24")
        assert found.exclude == ("2001:db8:100:dead::/64",)
        assert found.scope_dns == "delegation"
        assert found.dns_roots == ("2001:db8::53",)
        assert found.resolvers == {
            "internal": (
                Endpoint("198.51.100.53", 53),
                Endpoint("2001:db8:100::53", 53),
                Endpoint("127.0.0.1", 5353),
                Endpoint("::1", 5353),
            )
        }

    def test_vantages(self) -> None:
        inside, internet = self.whole().vantages
        assert inside == Vantage(
            name="inside",
            resolver="internal",
            sees=("internet", "wan", "internal"),
            canaries=(
                Canary(address="2001:db8:100:1::1"),
                Canary(address="198.51.100.1", port=443, prefixes=("198.51.100.0/24",)),
            ),
            controls=(Endpoint("2001:db8:100:1::25", 25),),
        )
        assert internet == Vantage(name="internet", sees=("internet",))

    def test_portal(self) -> None:
        portal = self.whole().system("portal")
        assert portal.name == Text("Cổng thông tin điện tử tỉnh", "Provincial web portal")
        assert portal.owner is not None
        assert (portal.owner.name, portal.owner.contact) == (Text.same("NO"), "on")
        assert (portal.deadline, portal.phase, portal.goal) == (date(2026, 12, 31), 2, "dual-stack")
        assert [s.id for s in portal.services] == [
            "https:443",
            "https:8443",
            "https:9443,10443",
            "rtp",
            "dns",
            "tcp",
        ]
        assert portal.service("https:9443,10443").ports == {4: (9443,), 6: (10443,)}
        assert portal.service("rtp").ports == {6: tuple(range(16384, 16485))}
        assert portal.service("rtp").families == (6,)
        assert portal.service("https:8443").path == "/health"
        assert portal.service("dns").zones == ("tinhmau.example",)
        assert portal.service("dns").transport == "udp"
        assert portal.closed_ports == (
            ClosedPort(port=3389, vantages=("internet",)),
            ClosedPort(port=22, vantages=("internet",)),
        )
        assert portal.depends_on == (
            Dependency(kind="system", target="dns"),
            Dependency(kind="equipment", target="fw-core"),
            Dependency(kind="host", target="ocsp.example", services=("http",)),
        )
        assert portal.windows == (
            Window(days=(0, 1, 2, 3, 4), begin=time(22), end=time(5), timezone="Asia/Ho_Chi_Minh"),
            Window(days=(5, 6), begin=time(1), end=time(0), timezone="Asia/Ho_Chi_Minh"),
        )
        assert portal.attested[0].evidence == "biên bản / minutes"

    def test_hosts_of_the_portal(self) -> None:
        portal = self.whole().system("portal")
        all_services = tuple(service.id for service in portal.services)
        name, vip, other, standby = portal.hosts
        assert (name.declared, name.name, name.address, name.sni) == (
            "www.tinhmau.example",
            "www.tinhmau.example",
            None,
            "www.tinhmau.example",
        )
        assert (vip.address, vip.name, vip.sni, vip.role, vip.pair) == (
            "2001:db8:100:10::80",
            None,
            "www.tinhmau.example",
            "vip",
            "www",
        )
        assert vip.services == all_services
        assert other.services == ("https:443", "https:8443", "https:9443,10443")
        assert other.sni == "www.tinhmau.example"
        assert standby.standby

    def test_the_rest(self) -> None:
        found = self.whole()
        assert found.units[1].parent == "ubnd-tinh"
        assert found.units[0].name == Text.same("ubnd-tinh")
        assert found.address_plan[1].vlan == 10
        assert found.accept[0].host == "www.tinhmau.example"
        assert found.equipment[0].model == "1.10"
        assert found.equipment[0].ipv6 == {
            "forwarding": "yes", "management": "no", "filtering": "unknown", "routing": "partial",
        }  # fmt: skip
        assert found.programme[0].done == date(2026, 5, 12)

    def test_sources_are_file_line_and_column(self) -> None:
        portal = self.whole().system("portal")
        lines = WHOLE.read_text().splitlines()
        for host in portal.hosts:
            assert host.source.file == "whole.yaml"
            assert host.declared in lines[host.source.line - 1][host.source.column - 1 :]

    def test_the_copy_in_a_run_loads_to_the_same(self, tmp_path: Path) -> None:
        first = self.whole()
        for file in first.files:
            (tmp_path / file.name).write_bytes(file.content)
        assert valid(load_folder(tmp_path, "whole.yaml")) == first


def _objects(node: object) -> list[dict[str, dict[str, object]]]:
    if isinstance(node, dict):
        return [node, *(part for value in node.values() for part in _objects(value))]
    if isinstance(node, list):
        return [part for value in node for part in _objects(value)]
    return []


class TestDefaults:
    def test_one_vantage_local_with_the_systems_resolvers(self, read: Read) -> None:
        found = valid(
            read("systems: [{id: a, hosts: [www.a.example], services: [https], closed_ports: [22]}]")
        )
        assert found.vantages == (Vantage(name="local"),)
        system = found.systems[0]
        assert system.vantages == ("local",)
        assert system.closed_ports == (ClosedPort(port=22, vantages=("local",)),)
        assert system.name == Text.same("a")
        assert (system.category, system.criticality, system.exposure) == ("other", "normal", "internet")
        assert (system.goal, system.probe) == ("dual-stack", "full")
        assert found.scope is None

    @pytest.mark.parametrize("app", [name for name, app in APPS.items() if app.port])
    def test_a_bare_app_takes_its_standard_port(self, app: str, read: Read) -> None:
        (service,) = (
            valid(read(f"systems: [{{id: a, hosts: [www.a.example], services: [{app}]}}]"))
            .systems[0]
            .services
        )
        port = APPS[app].port
        assert (service.id, service.app) == (app, app)
        assert service.ports == {4: (port,), 6: (port,)}
        assert service.transport == APPS[app].transports[0]

    def test_closed_ports_are_tried_from_where_the_internet_is_seen(self, read: Read) -> None:
        vantages = "vantages: {in: {sees: [internal, wan]}, out: {sees: [internet]}}\n"
        systems = """systems:
  - {id: a, hosts: [a.example], vantages: [in, out], closed_ports: [22]}
  - {id: b, hosts: [b.example], exposure: internal, closed_ports: [22]}
"""
        a, b = valid(read(vantages + systems)).systems
        assert a.closed_ports[0].vantages == ("out",)
        assert (b.vantages, b.closed_ports[0].vantages) == (("in",), ("in",))

    def test_the_same_app_over_two_transports_has_two_ids(self, read: Read) -> None:
        system = valid(
            read("""systems:
  - id: a
    hosts: [ns.a.example, {host: ns2.a.example, services: ["dns:53/tcp"]}]
    services: [{app: dns, transport: udp}, {app: dns, transport: tcp}]
""")
        ).systems[0]
        assert [service.id for service in system.services] == ["dns:53/udp", "dns:53/tcp"]
        assert system.hosts[1].services == ("dns:53/tcp",)

    @pytest.mark.parametrize(
        ("hosts", "sni"),
        [
            ('["2001:db8::1"]', None),
            ('["2001:db8::1", www.a.example]', "www.a.example"),
            ('["2001:db8::1", www.a.example, www.b.example]', None),
            ('[{host: "2001:db8::1", name: x.example}, www.a.example]', "x.example"),
            ('["2001:db8::1", {host: 198.51.100.1, name: x.example}]', "x.example"),
        ],
    )
    def test_a_literal_takes_the_systems_only_name(self, hosts: str, sni: str | None, read: Read) -> None:
        system = valid(read(f"systems: [{{id: a, hosts: {hosts}}}]")).systems[0]
        assert system.hosts[0].sni == sni


class TestValuesStayText:
    @pytest.mark.parametrize(
        "text",
        [
            "NO",
            "on",
            "0123",
            "1.10",
            "2024-01-01",
            "12:34:56",
            "22:22",
            "~",
            "null",
            "1e3",
            "0x10",
            "=",
            "<<",
        ],
    )
    def test_what_yaml_would_convert_is_kept(self, text: str, read: Read) -> None:
        found = valid(read(f"systems: [{{id: a, owner: {text}, hosts: [www.a.example]}}]"))
        owner = found.systems[0].owner
        assert owner is not None
        assert owner.name == Text.same(text)

    def test_an_address_of_decimal_groups_is_an_address(self, read: Read) -> None:
        found = valid(read("systems: [{id: a, hosts: [1:20:30:40:50:50:50:50]}]"))
        assert found.systems[0].hosts[0].address == "1:20:30:40:50:50:50:50"

    @pytest.mark.parametrize(
        "text", ["fe80::1%eth0", "2001:DB8::0:1", "::1", "::ffff:10.0.0.1", "64:ff9b::1"]
    )
    def test_addresses_are_kept_as_declared_and_made_canonical(self, text: str, read: Read) -> None:
        from ipv6check.inventory.addresses import canonical

        (host,) = valid(read(f"systems: [{{id: a, hosts: ['{text}']}}]")).systems[0].hosts
        assert (host.declared, host.address) == (text, canonical(text))

    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("WWW.Tinh.Example.", "www.tinh.example"),
            ("tỉnh-mẫu.example", "xn--tnh-mu-0e8b9i.example"),
            ("XN--TNH-MU-0E8B9I.example", "xn--tnh-mu-0e8b9i.example"),
            ("_sip.a.example", "_sip.a.example"),
        ],
    )
    def test_names_become_a_labels(self, text: str, name: str, read: Read) -> None:
        (host,) = valid(read(f"systems: [{{id: a, hosts: ['{text}']}}]")).systems[0].hosts
        assert (host.declared, host.name, host.sni) == (text, name, name)

    @settings(max_examples=60, deadline=None)
    @given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=40))
    def test_any_name_of_a_system_survives(self, text: str) -> None:
        import tempfile

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "i.yaml"
            entry = {"id": "a", "name": text, "hosts": ["www.a.example"]}
            written = yaml.safe_dump({"systems": [entry]}, allow_unicode=False, default_style='"')
            path.write_text(HEAD + written)
            loaded = load(path)
        if text.strip():
            assert valid(loaded).systems[0].name == Text.same(text.strip())
        else:
            assert [e.message for e in loaded.errors] == ['"name" must not be empty']


def test_a_thousand_systems_load_each_as_written(read: Read) -> None:
    rows = [
        f"  - {{id: s{n}, unit: u{n % 7}, hosts: [w{n}.example, '2001:db8:{n:x}::1'],"
        f" services: [http, https], depends_on: [{f's{n + 1}' if n < 999 else ''}]}}"
        for n in range(1000)
    ]
    units = ", ".join(f"{{id: u{n}}}" for n in range(7))
    loaded = read(f"scope: ['2001:db8::/32']\nunits: [{units}]\nsystems:\n" + "\n".join(rows) + "\n")
    found = valid(loaded)
    assert messages(loaded) == []
    assert [s.id for s in found.systems] == [f"s{n}" for n in range(1000)]
    assert [s.source.line for s in found.systems] == list(range(6, 1006))
    assert found.systems[999].hosts[1] == Host(
        declared="2001:db8:3e7::1",
        address="2001:db8:3e7::1",
        sni="w999.example",
        services=("http", "https"),
        source=Source("inventory.yaml", 1005, found.systems[999].hosts[1].source.column),
    )


def test_a_thousand_wrong_references_are_all_told(read: Read) -> None:
    rows = [f"  - {{id: s{n}, hosts: [w{n}.example], depends_on: [x{n}]}}" for n in range(1000)]
    assert len(read("systems:\n" + "\n".join(rows) + "\n").errors) == 1000
