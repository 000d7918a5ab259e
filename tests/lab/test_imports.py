"""Round trips of importing: exports that real tools make here and now become inventories that validate."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ipv6check.inventory.importers import Options, read
from ipv6check.inventory.reading import Unreadable
from ipv6check.model.inventory import Inventory
from tests.lab.network import SERVER_V4, SERVER_V6, VANTAGE_V6, Network, three_namespaces
from tests.unit.inventory.importers.drafting import drafted, offers, only
from tests.unit.inventory.importers.test_readers import INI

pytestmark = [pytest.mark.lab, pytest.mark.slow]

YAML = """all:
  vars: {ansible_user: quan-tri}
  children:
    web:
      vars: {mo_ta: Cổng thông tin điện tử}
      hosts:
        www.tinhmau.example: &chung {ansible_host: "2001:db8::1"}
        web2.tinhmau.example: {<<: *chung, ansible_host: 203.0.113.4, ansible_port: 2222}
    db:
      hosts: {"db[01:03].tinhmau.example": {mat_khau: !unsafe "{{ x }}"}}
    may_tram: {hosts: {w1.tinhmau.example: {ansible_connection: winrm}}}
    dc1: {children: {web: {}, db: {}}}
"""
KEY = "c2VjcmV0LW9mLWEtdGVzdC10aGF0LWlzLWxvbmctZW5vdWdo"
IDN = "cổng".encode("idna").decode()
ZONE = f"""$ORIGIN tinhmau.example.
$TTL 300
@ SOA ns1 hostmaster 1 2 3 4 5
@ NS ns1
@ MX 10 mail
ns1 AAAA {SERVER_V6}
ns1 A {SERVER_V4}
mail A 198.51.100.25
www CNAME web
web AAAA 2001:db8:2::80
{IDN} AAAA 2001:db8:2::81
ghi-chu TXT "cong thong tin"
"""
CONFIGURATION = """server:
  listen: [{v6}@53, {v4}@53]
  rundir: {folder}
  user: root:root
database:
  storage: {folder}
key:
  - id: chuyen-vung
    algorithm: hmac-sha256
    secret: {key}
acl:
  - id: signed
    key: chuyen-vung
    action: transfer
template:
  - id: default
    storage: {folder}
    file: "%s.zone"
zone:
  - domain: tinhmau.example
    acl: signed
"""


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    folder = tmp_path_factory.mktemp("knot")
    (folder / "tinhmau.example.zone").write_text(ZONE)
    configuration = folder / "knot.conf"
    configuration.write_text(CONFIGURATION.format(v6=SERVER_V6, v4=SERVER_V4, folder=folder, key=KEY))
    with three_namespaces() as made:
        made.server.start("knotd", "-c", str(configuration), log=folder / "knot.log")
        made.server.wait_for_port(SERVER_V6, 53)
        yield made


def import_zone(network: Network, server: str, **more: str) -> subprocess.CompletedProcess[str]:
    assignments = [f"{name}={value}" for name, value in more.items()]
    command = (sys.executable, "-m", "ipv6check", "import", "zone", "tinhmau.example", "--axfr", server)
    return network.vantage.run("env", *assignments, *command, check=False)


@pytest.mark.parametrize("server", [SERVER_V6, f"[{SERVER_V6}]:53", f"{SERVER_V4}:53"])
def test_a_zone_that_knot_transfers(network: Network, server: str) -> None:
    done = import_zone(network, server, IPV6CHECK_TSIG=f"chuyen-vung:{KEY}")
    assert done.returncode == 0, done.stderr
    assert f"- ns1.tinhmau.example    # {SERVER_V4}, {SERVER_V6}" in done.stdout
    assert "mail_domains: [tinhmau.example]" in done.stdout
    assert "role: authoritative, zones: [tinhmau.example]" in done.stdout
    assert f"- {IDN}.tinhmau.example    # 2001:db8:2::81" in done.stdout
    assert "- www.tinhmau.example    # CNAME web.tinhmau.example." in done.stdout


def test_knot_refuses_who_has_no_key_and_no_draft_is_written(network: Network) -> None:
    done = import_zone(network, SERVER_V6)
    assert done.returncode == 3
    assert "refuses to transfer tinhmau.example" in done.stderr
    assert done.stdout == ""


def test_a_wrong_key_is_refused_too(network: Network) -> None:
    done = import_zone(network, SERVER_V6, IPV6CHECK_TSIG=f"chuyen-vung:{KEY[:-4]}AAAA")
    assert done.returncode == 3
    assert done.stderr.count("\n") == 2  # whom it asks, and what came of it
    assert done.stdout == ""


def test_a_server_that_is_not_there(network: Network) -> None:
    done = import_zone(network, f"[{SERVER_V6}]:5353")
    assert (done.returncode, done.stdout) == (3, "")
    assert "Connection refused" in done.stderr


@pytest.mark.parametrize(("family", "address"), [("-6", SERVER_V6), ("-4", SERVER_V4)])
def test_a_scan_by_nmap(network: Network, family: str, address: str, tmp_path: Path) -> None:
    report = tmp_path / "scan.xml"
    network.vantage.run(
        "nmap", family, "-n", "-Pn", "-sT", "--max-retries", "1", "-p", "22,53", "-oX", str(report), address
    )
    _, inventory = drafted("nmap", report.read_bytes())
    assert only(inventory).hosts[0].address == address
    assert offers(only(inventory)) == {"dns/tcp:53"}


def test_a_scan_of_nobody_by_nmap(network: Network, tmp_path: Path) -> None:
    report = tmp_path / "scan.xml"
    network.vantage.run("nmap", "-6", "-n", "-sL", "-oX", str(report), VANTAGE_V6)
    with pytest.raises(Unreadable, match="names no host that is up"):
        read("nmap", report.read_bytes(), Options())


@pytest.mark.parametrize("kind", ["ini", "yaml"])
def test_what_ansible_inventory_lists(kind: str, tmp_path: Path) -> None:
    source = tmp_path / f"hosts.{kind}"
    source.write_text(INI if kind == "ini" else YAML)
    done = subprocess.run(
        ["ansible-inventory", "-i", str(source), "--list"],
        capture_output=True,
        check=True,
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"},
    )
    assert json.loads(done.stdout)["_meta"]["hostvars"]
    _, listed = drafted("ansible", done.stdout)
    _, static = drafted("ansible", source.read_bytes())
    assert shape(listed) == shape(static)
    assert len(listed.systems) > 1


def shape(inventory: Inventory) -> dict[str, tuple[set[tuple[str, str | None, tuple[str, ...]]], set[str]]]:
    """Return what matters of a draft of Ansible: hosts with their names and services, by system."""
    return {
        system.id: ({(h.declared, h.sni, h.services) for h in system.hosts}, offers(system))
        for system in inventory.systems
    }
