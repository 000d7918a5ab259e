"""Lines, Ansible, NetBox, nmap and zones: what becomes of what they say, and what they may not do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ipv6check.inventory.importers import Options, read
from ipv6check.inventory.reading import Unreadable
from tests.unit.inventory.importers.drafting import drafted, offers, only


def refused(format_name: str, content: bytes | str, options: Options | None = None) -> str:
    source = content.encode() if isinstance(content, str) else content
    with pytest.raises(Unreadable) as caught:
        read(format_name, source, options or Options())
    assert "\n" not in str(caught.value)
    return f"{caught.value.line}: {caught.value}"


# lines

LINES = """# danh sách cổng
www.tinhmau.example 443
www.tinhmau.example:80
[2001:db8::1]:53 # máy chủ tên miền
198.51.100.7 1521 Cơ sở dữ liệu một cửa
203.0.113.7 53/udp,53
https://lgsp.tinhmau.example:8243/api/v1
../../etc/passwd 22
198.51.100.8 9100
"""


def test_host_port_lines_in_all_their_kinds() -> None:
    text, inventory = drafted("hosts", LINES)
    found = {system.id: offers(system) for system in inventory.systems}
    assert found == {
        "www.tinhmau.example": {"https/tcp:443", "http/tcp:80"},
        "2001-db8-1": {"dns/tcp:53"},
        "198.51.100.7": {"oracle/tcp:1521"},
        "203.0.113.7": {"dns/udp:53", "dns/tcp:53"},
        "lgsp.tinhmau.example": {"https/tcp:8243"},
        "198.51.100.8": set(),
    }
    assert "# Cơ sở dữ liệu một cửa" in text
    assert "dòng 8 không đọc được: ../../etc/passwd 22" in text
    assert "port 9100 is never probed" in text


def test_lines_without_one_host_are_refused_at_the_first() -> None:
    assert refused("hosts", "\n# c\n../x 22\n").startswith("3: no line names a host")
    assert "has no line" in refused("hosts", "")


# Ansible

YAML = """all:
  vars: {ansible_user: root, db_password: !vault "abc", banner: !unsafe "{{ x }}"}
  children:
    web:
      hosts:
        www.tinhmau.example: &chung {ansible_host: "2001:db8::1"}
        web2.tinhmau.example: {<<: *chung, ansible_host: 203.0.113.4, ansible_port: 2222}
    db:
      hosts:
        db[01:03].tinhmau.example:
          ansible_password: !vault |
            $ANSIBLE_VAULT;1.1;AES256
            61626364
    may_tram: {hosts: {w1: {ansible_connection: winrm}}}
    cuc_bo: {hosts: {localhost: {ansible_connection: local}}}
    dc1: {children: {web: , db: }}
"""


def test_a_static_yaml_inventory_with_vaults_anchors_and_ranges() -> None:
    text, inventory = drafted("ansible", YAML)
    web, db, stations, local = inventory.systems
    assert [(h.address, h.sni, h.services) for h in web.hosts] == [
        ("2001:db8::1", "www.tinhmau.example", ("ssh:22",)),
        ("203.0.113.4", "web2.tinhmau.example", ("ssh:2222",)),
    ]
    assert [host.name for host in db.hosts] == [f"db0{n}.tinhmau.example" for n in (1, 2, 3)]
    assert offers(stations) == {"tcp/tcp:5986"}
    assert not local.hosts
    assert "61626364" not in text and "VAULT" not in text and "{{" not in text
    assert "db_password" in text  # that there is one is said, not what it is


INI = """mail.tinhmau.example ansible_host=203.0.113.9
[web]
www[1:2].tinhmau.example pass="một hai"  # tốt
[2001:db8::5]:2022
[dc:children]
web
[dc:vars]
secret=hush
"""


def test_a_static_ini_inventory() -> None:
    text, inventory = drafted("ansible", INI)
    mail, web = inventory.systems
    assert mail.hosts[0].sni == "mail.tinhmau.example"
    assert [host.declared for host in web.hosts] == [
        "www1.tinhmau.example",
        "www2.tinhmau.example",
        "2001:db8::5",
    ]
    assert offers(web) == {"ssh/tcp:22", "ssh/tcp:2022"}
    assert "hush" not in text and "một hai" not in text


def test_group_variables_reach_hosts_below_and_the_nearest_wins() -> None:
    source = "[a]\nh.example\n[b:children]\na\n[b:vars]\nansible_port=2022\n[all:vars]\nansible_port=9\n"
    _, inventory = drafted("ansible", source)
    assert offers(only(inventory)) == {"ssh/tcp:2022"}


BOMB = "a: &a [x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 8)}]\n" for n in range(9)
)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("#!/usr/bin/env python3\nprint('{}')\n", "is a script, and scripts are never run"),
        ("$ANSIBLE_VAULT;1.1;AES256\n6162", "encrypted with ansible-vault"),
        ("- hosts: all\n  tasks: []\n", "perhaps a playbook"),
        ("key: value\n", "YAML without groups"),
        ('{"a": 1}', "no inventory"),
        ('{"all": ', "not whole JSON"),
        ("all:\n  hosts: [\n", "is not YAML"),
        (BOMB, "unfolds to more than"),
        ("a: &a\n  b: *a\n", "stands inside what it names"),
        ("[web\n", "is no section"),
        ("[web]\nh[1:99999999].example\n", "names more than 10000 hosts"),
        ("[web]\nh.example oops\n", "is neither a host nor a variable"),
        ("", "is empty"),
        ("all: {" * 100, "nested more than"),
        ('{"all":' * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_ansible_inventory_is_refused(content: str, said: str) -> None:
    assert said in refused("ansible", content)


# NetBox

VM = {
    "id": 3,
    "url": "https://netbox.tinhmau.example/api/virtualization/virtual-machines/3/",
    "name": "Cổng thông tin <b>tỉnh</b>",
    "status": {"value": "active", "label": "Active"},
    "site": {"id": 1, "name": "DC1", "slug": "dc1"},
    "tenant": {"id": 2, "name": "Sở Khoa học và Công nghệ"},
    "primary_ip4": {"id": 9, "address": "198.51.100.80/24"},
    "primary_ip6": None,
    "vcpus": 4,
}
OBJECTS: dict[str, list[dict[str, Any]]] = {
    "dcim/sites": [{"id": 1, "name": "DC1"}],
    "ipam/prefixes": [
        {"prefix": "2001:db8:100::/48", "status": {"value": "container"}, "description": "Vùng địa chỉ"},
        {"prefix": "2001:db8:100:10::/64", "status": {"value": "active"}, "vlan": {"vid": 10}, "site": None},
        {"prefix": "2001:db8:100::1/64", "status": {"value": "active"}},
    ],
    "dcim/devices": [
        {
            "id": 7,
            "name": "fw-1",
            "role": {"name": "Firewall"},
            "device_type": {"model": "X-1", "manufacturer": {"name": "HãngA"}},
            "platform": {"name": "FireOS"},
            "status": {"value": "planned"},
            "primary_ip6": {"address": "2001:db8:100:60::1/64"},
        }
    ],
    "virtualization/virtual-machines": [VM],
    "ipam/ip-addresses": [
        {
            "id": 9,
            "address": "198.51.100.80/24",
            "dns_name": "www.tinhmau.example",
            "assigned_object": {"id": 5, "virtual_machine": {"id": 3, "name": "x"}},
        },
        {"id": 10, "address": "203.0.113.1/24", "dns_name": "ns1.tinhmau.example", "assigned_object": None},
        {"id": 11, "address": "203.0.113.2/24", "dns_name": "", "description": "dự phòng"},
    ],
    "ipam/services": [
        {
            "name": "HTTPS",
            "protocol": {"value": "tcp"},
            "ports": [443, 8443],
            "parent_object_type": "virtualization.virtualmachine",
            "parent_object_id": 3,
        },
        {"name": "DNS", "protocol": {"value": "udp"}, "ports": [53], "virtual_machine": {"id": 3}},
    ],
}


def test_netbox_objects_become_systems_equipment_and_plan() -> None:
    text, inventory = drafted("netbox", json.dumps(OBJECTS, ensure_ascii=False))
    portal, named = inventory.systems
    assert portal.name.vi == "Cổng thông tin <b>tỉnh</b>"
    assert (portal.unit, portal.site) == ("so-khoa-hoc-va-cong-nghe", "dc1")
    assert offers(portal) == {"https/tcp:443", "tcp/tcp:8443", "dns/udp:53"}
    assert [(host.address, host.sni) for host in portal.hosts] == [("198.51.100.80", "www.tinhmau.example")]
    assert (named.id, named.hosts[0].address) == ("ns1.tinhmau.example", "203.0.113.1")
    (device,) = inventory.equipment
    assert (device.kind, device.vendor, device.model, device.os) == ("firewall", "HãngA", "X-1", "FireOS")
    assert device.management == ("2001:db8:100:60::1",)
    assert [(e.prefix, e.use, e.vlan) for e in inventory.address_plan] == [
        ("2001:db8:100::/48", "allocation", None),
        ("2001:db8:100:10::/64", "subnet", 10),
    ]
    for kept in ("status = planned", "2001:db8:100::1/64", "203.0.113.2 dự phòng"):
        assert kept in text


@pytest.mark.parametrize(
    "document", [VM, [VM], {"count": 1, "next": None, "previous": None, "results": [VM]}, {"anything": [VM]}]
)
def test_one_response_a_list_or_an_object_is_read_alike(document: object) -> None:
    _, inventory = drafted("netbox", json.dumps(document))
    assert only(inventory).hosts[0].address == "198.51.100.80"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<!DOCTYPE html><html>", "is HTML or XML"),
        (json.dumps({"results": [VM]}).encode()[:-9], "not whole JSON"),
        (b"[]", "holds no device"),
        (b"3", "holds no device"),
        (b"\xff\xff\xff", "not JSON"),
        (b"[" * 200_000, "nested too deeply"),
    ],
)
def test_what_is_no_export_of_netbox_is_refused(content: bytes, said: str) -> None:
    assert said in refused("netbox", content)


# nmap

SCAN = """<?xml version="1.0"?><!DOCTYPE nmaprun>
<nmaprun scanner="nmap"><host><status state="up"/><address addr="2001:db8::80" addrtype="ipv6"/>
<hostnames><hostname name="www.tinhmau.example" type="user"/>
<hostname name="x.example" type="PTR"/></hostnames>
<ports><port protocol="tcp" portid="443"><state state="open"/><service name="http" tunnel="ssl"/></port>
<port protocol="tcp" portid="22"><state state="closed"/></port>
<port protocol="udp" portid="161"><state state="open|filtered"/></port></ports></host>
<host><status state="up"/><address addr="203.0.113.80" addrtype="ipv4"/>
<hostnames><hostname name="www.tinhmau.example" type="PTR"/></hostnames>
<ports><port protocol="tcp" portid="8006"><state state="open"/><service name="wpl-analytics"/>
</port></ports></host>
<host><status state="down"/><address addr="203.0.113.81" addrtype="ipv4"/></host>
<runstats><finished time="1"/></runstats></nmaprun>"""


def test_hosts_of_one_name_are_one_system_over_both_families() -> None:
    text, inventory = drafted("nmap", SCAN)
    system = only(inventory)
    assert [host.declared for host in system.hosts] == ["www.tinhmau.example", "2001:db8::80", "203.0.113.80"]
    assert all(len(host.services) == 2 for host in system.hosts)  # a difference is for a scan to find
    assert offers(system) == {"https/tcp:443", "tcp/tcp:8006"}
    assert "161/udp open|filtered" in text
    assert "chưa chạy hết" not in text


def test_a_scan_that_was_cut_off_is_not_whole_xml() -> None:
    assert "is not whole XML" in refused("nmap", SCAN[:-30])


LAUGHS = """<!DOCTYPE nmaprun [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><nmaprun>&b;</nmaprun>"""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (LAUGHS, "document type (DTD)"),
        ('<!DOCTYPE nmaprun SYSTEM "file:///etc/passwd"><nmaprun/>', "document type (DTD)"),
        ("<html></html>", "not nmap's"),
        ("<nmaprun></nmaprun>", "no host that is up"),
        ("<nmaprun>" + "<a>" * 100_000, "too many or too deeply nested"),
        ("", "is empty"),
        ("Nmap scan report for a.example", "is not whole XML"),
    ],
)
def test_what_is_no_scan_of_nmap_is_refused(content: str, said: str) -> None:
    assert said in refused("nmap", content)


# zones

ZONE = """$ORIGIN tinhmau.example.
$TTL 3600
@ SOA ns1 hostmaster 1 2 3 4 5
@ NS ns1
@ NS ns.other.example.
@ MX 10 mail
ns1 A 203.0.113.1
ns1 AAAA 2001:db8::1
mail A 203.0.113.2
www CNAME web1
web1 A 203.0.113.3
vong1 CNAME vong2
vong2 CNAME vong1
* A 203.0.113.9
_ldap._tcp SRV 0 0 389 ldap
ldap AAAA 2001:db8::9
sub NS ns.sub
$GENERATE 1-100000000 h$ A 203.0.113.$
$INCLUDE /etc/passwd
"""


def test_a_zone_says_who_serves_what() -> None:
    text, inventory = drafted("zone", ZONE)
    found = {system.id.split(".")[0]: system for system in inventory.systems}
    assert offers(found["ns1"]) == {"dns/udp:53", "dns/tcp:53"}
    assert found["ns1"].services[0].zones == ("tinhmau.example",)
    assert found["mail"].mail_domains == ("tinhmau.example",)
    assert [host.name for host in found["web1"].hosts] == ["www.tinhmau.example", "web1.tinhmau.example"]
    assert offers(found["ldap"]) == {"ldap/tcp:389"}
    assert "203.0.113.1, 2001:db8::1" in text
    for kept in (
        "$GENERATE",
        "$INCLUDE /etc/passwd",
        "*.tinhmau.example",
        "NS ở ngoài vùng: ns.other.example",
    ):
        assert kept in text
    assert len(text) < 4000


def test_a_chain_of_aliases_without_an_end_in_sight_is_no_work_without_an_end() -> None:
    chain = "".join(f"h{n} 60 CNAME h{n + 1}\n" for n in range(3000))
    source = f"$ORIGIN a.example.\n@ 60 SOA a b 1 2 3 4 5\n{chain}h3000 60 A 203.0.113.1\n"
    draft = read("zone", source.encode(), Options())
    assert len(draft.systems["h3000.a.example"].hosts) == 17


def test_a_reverse_zone_gives_addresses_with_names() -> None:
    source = "$ORIGIN 113.0.203.in-addr.arpa.\n@ 60 SOA a b 1 2 3 4 5\n7 60 PTR www.tinhmau.example.\n"
    _, inventory = drafted("zone", source)
    assert [(h.address, h.sni) for h in only(inventory).hosts] == [("203.0.113.7", "www.tinhmau.example")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("@ 60 SOA a b 1 2 3 4 5\n", "--origin ZONE"),
        (
            "$ORIGIN a.example.\n@ 60 SOA a b 1 2 3 4 5\nx 60 A 1.2.3\ny 60 A 1.2.3.4\n",
            "3: is not a zone file",
        ),
        ("$ORIGIN a.example.\n@ 60 TXT x\n", "names no host"),
        ("$ORIGIN a.example.\nx 60 WRONG y\n", "is not a zone file"),
    ],
)
def test_what_is_no_zone_is_refused(content: str, said: str) -> None:
    assert said in refused("zone", content)


@pytest.mark.parametrize("format_name", ["hosts", "ansible", "zone"])
def test_another_kind_of_file_is_named_for_what_it_is(format_name: str) -> None:
    assert "is a ZIP archive" in refused(format_name, b"PK\x03\x04")
    assert "is compressed with gzip" in refused(format_name, b"\x1f\x8b\x08")
