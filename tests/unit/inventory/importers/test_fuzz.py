"""Whatever a source says: one clear refusal, or a draft that is an inventory. Never anything else."""

from __future__ import annotations

import json
from xml.sax.saxutils import quoteattr

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ipv6check.inventory.importers import READERS, Options, read
from ipv6check.inventory.reading import Unreadable
from tests.unit.inventory.importers.drafting import checked
from tests.unit.inventory.importers.test_tables import book

NASTY = [
    "a.example",
    "www.tinhmau.example",
    "2001:db8::1",
    "2001:db8::",
    "::",
    "::1",
    "fe80::1%eth0",
    "203.0.113.1",
    "203.0.113.0/24",
    "2001:db8::/32",
    "[2001:db8::1]:443",
    "a.example:443",
    "443",
    "80,443",
    "53/udp",
    "0",
    "65536",
    "9100",
    "1-70000",
    "https",
    "https://a.example:8443/ü?x",
    "http://[::1",
    "yes",
    "no",
    "null",
    "~",
    "- x",
    "# c",
    "key: value",
    "{a: b}",
    '"',
    "'",
    "\\",
    "*",
    "&a",
    "!vault",
    "\x85",
    "\u2028",
    "\u202e",
    "\ufeff",
    "../../etc/passwd",
    "<script>",
    "=cmd|' /C calc'!A0",
    "Cổng thông tin",
    "Co\u0302ng",
    "một cửa",
    "2026-02-30",
    "31/12/2026",
    "x" * 300,
    "a..b",
    ".",
    "-",
    "xn--a",
    "*.a.example",
    "_x.a.example",
    "٣",
    "Ⅷ",
    "\U0001f600",
]
WORDS = st.one_of(st.sampled_from(NASTY), st.text(max_size=12))
HEADERS = st.sampled_from(
    [
        "id",
        "name",
        "host",
        "port",
        "service",
        "unit",
        "site",
        "owner",
        "deadline",
        "phase",
        "planned",
        "url",
        "depends_on",
        "criticality",
        "category",
        "device",
        "management",
        "os",
        "lạ",
        "",
    ]
)
BOUNDED = settings(suppress_health_check=[HealthCheck.too_slow])


def survives(format_name: str, content: bytes, options: Options | None = None) -> None:
    try:
        draft = read(format_name, content, options or Options())
    except Unreadable as problem:
        assert str(problem) and "\n" not in str(problem)
        assert problem.line >= 1 and problem.column >= 1
        return
    checked(draft, format_name)


@given(st.binary(max_size=300), st.sampled_from(sorted(READERS)))
def test_any_bytes(content: bytes, format_name: str) -> None:
    survives(format_name, content)


@BOUNDED
@given(st.lists(HEADERS, min_size=1, max_size=8), st.lists(st.lists(WORDS, max_size=8), max_size=6))
def test_tables(headers: list[str], rows: list[list[str]]) -> None:
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [headers, *rows]]
    survives("csv", "\n".join(quoted).encode("utf-8", "replace"))


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(HEADERS, min_size=1, max_size=6),
    st.lists(
        st.lists(st.one_of(WORDS, st.integers(), st.floats(allow_nan=False), st.dates()), max_size=6),
        max_size=4,
    ),
    st.integers(0, 4000),
    st.binary(max_size=8),
)
def test_workbooks_whole_and_damaged(
    headers: list[str], rows: list[list[object]], at: int, damage: bytes
) -> None:
    printable = [
        ["".join(c for c in str(x) if c.isprintable()) if isinstance(x, str) else x for x in r] for r in rows
    ]
    content = book({"S": [headers, *printable]})
    survives("xlsx", content)
    survives("xlsx", content[:at] + damage + content[at + len(damage) :])
    survives("xlsx", content[:at])


@BOUNDED
@given(st.lists(st.lists(WORDS, max_size=4), max_size=8))
def test_lines(lines: list[list[str]]) -> None:
    survives("hosts", "\n".join(" ".join(words) for words in lines).encode("utf-8", "replace"))


ANSIBLE_KEYS = [
    "hosts",
    "children",
    "vars",
    "all",
    "web",
    "ansible_host",
    "a.example",
    "ansible_port",
    "_meta",
    "hostvars",
    "ansible_connection",
]


def tree(keys: list[str], *leaves: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """Nested lists and mappings with these keys."""
    return st.recursive(
        st.one_of(st.none(), st.integers(-1, 70000), WORDS, *leaves),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(keys), inner, max_size=5)
        ),
        max_leaves=15,
    )


@BOUNDED
@given(tree(ANSIBLE_KEYS))
def test_ansible(value: object) -> None:
    survives("ansible", json.dumps({"all": value, "_meta": value}).encode())
    survives("ansible", yaml.safe_dump({"all": value}, allow_unicode=True).encode("utf-8", "replace"))


INI_WORDS = ["[web]", "[a:children]", "[b:vars]", "x=1", "h[1:3].a.example", "h[a:z:0]", "ansible_port=22"]


@BOUNDED
@given(st.lists(st.lists(st.one_of(WORDS, st.sampled_from(INI_WORDS)), max_size=3), max_size=8))
def test_ansible_ini(lines: list[list[str]]) -> None:
    survives(
        "ansible", ("[all]\n" + "\n".join(" ".join(words) for words in lines)).encode("utf-8", "replace")
    )


NETBOX_KEYS = [
    "id",
    "name",
    "url",
    "address",
    "dns_name",
    "prefix",
    "ports",
    "protocol",
    "status",
    "tenant",
    "site",
    "assigned_object",
    "device",
    "virtual_machine",
    "primary_ip4",
    "device_type",
    "manufacturer",
    "role",
    "vlan",
    "vid",
    "vcpus",
    "parent_object_type",
    "parent_object_id",
    "value",
    "results",
]


@BOUNDED
@given(
    st.lists(tree(NETBOX_KEYS), max_size=4),
    st.sampled_from(["dcim/devices", "ipam/services", "ipam/ip-addresses", "x"]),
)
def test_netbox(items: list[object], path: str) -> None:
    survives("netbox", json.dumps({path: items, "virtualization/virtual-machines": items}).encode())
    survives("netbox", json.dumps(items).encode())


@BOUNDED
@given(WORDS, WORDS, WORDS, st.sampled_from(["open", "open|filtered", "closed"]), WORDS)
def test_nmap(address: str, name: str, port: str, state: str, service: str) -> None:
    def attribute(text: str) -> str:
        return quoteattr("".join(c for c in text if c.isprintable()))

    survives(
        "nmap",
        f"""<nmaprun><host><status state="up"/><address addr={attribute(address)} addrtype="ipv6"/>
        <hostnames><hostname name={attribute(name)} type="PTR"/></hostnames><ports>
        <port protocol="tcp" portid={attribute(port)}><state state="{state}"/>
        <service name={attribute(service)} tunnel="ssl"/></port></ports></host></nmaprun>""".encode(),
    )


@BOUNDED
@given(
    st.lists(
        st.tuples(
            WORDS, st.sampled_from(["A", "AAAA", "CNAME", "MX", "NS", "SRV", "TXT", "PTR", "$INCLUDE"]), WORDS
        ),
        max_size=6,
    )
)
def test_zones(records: list[tuple[str, str, str]]) -> None:
    lines = ["$TTL 60", "@ SOA ns1 h 1 2 3 4 5", *(" ".join(record) for record in records)]
    survives("zone", "\n".join(lines).encode("utf-8", "replace"), Options(origin="tinhmau.example"))
