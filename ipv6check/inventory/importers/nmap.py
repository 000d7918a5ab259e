"""nmap's XML (`nmap -oX`) into a draft: a system for each host name, or for each address without one.

Parsed with defusedxml: document types and entities are refused. Only open ports count; what was open on
one address of a name is declared for all of them, since that difference is what a scan is to find.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from ipv6check.inventory.apps import APPS
from ipv6check.inventory.importers.draft import Draft, DraftSystem
from ipv6check.inventory.importers.options import Options
from ipv6check.inventory.importers.wording import clean
from ipv6check.inventory.names import canonical_name
from ipv6check.inventory.problems import Refusal
from ipv6check.inventory.reading import Unreadable

MAX_DEPTH = 60
MAX_HOSTS = 20_000
_MOST_ELEMENTS = 3_000_000

# What nmap-services and -sV call a service, and the app; others are plain TCP or UDP ports.
_APPS = {
    "http": "http", "http-alt": "http", "http-proxy": "http", "https": "https", "https-alt": "https",
    "smtp": "smtp", "smtps": "smtps", "submission": "submission", "imap": "imap", "imaps": "imaps",
    "pop3": "pop3", "pop3s": "pop3s", "ssh": "ssh", "domain": "dns", "ntp": "ntp", "ldap": "ldap",
    "ldapssl": "ldaps", "kerberos-sec": "kerberos", "radius": "radius", "ms-wbt-server": "rdp",
    "microsoft-ds": "smb", "nfs": "nfs", "iscsi": "iscsi", "sip": "sip", "sip-tls": "sips",
    "h323q931": "h323", "rtsp": "rtsp", "mqtt": "mqtt", "secure-mqtt": "mqtts", "isakmp": "ike",
    "openvpn": "openvpn", "postgresql": "postgresql", "mysql": "mysql", "ms-sql-s": "mssql",
    "oracle-tns": "oracle", "oracle": "oracle", "mongodb": "mongodb", "mongod": "mongodb", "snmp": "snmp",
    "syslog": "syslog",
}  # fmt: skip
_OVER_TLS = {
    "http": "https", "smtp": "smtps", "imap": "imaps", "pop3": "pop3s", "ldap": "ldaps", "sip": "sips",
    "mqtt": "mqtts",
}  # fmt: skip


def read(content: bytes, options: Options) -> Draft:
    """Read a scan's XML; raise Unreadable if it is none, or holds no host that was up."""
    del options
    root = parse(content)
    if root.tag != "nmaprun":
        raise Unreadable(f"is XML, but not nmap's (its root is <{clean(root.tag, 40)}>): run nmap -oX FILE")
    draft = Draft()
    for number, host in enumerate(root.iter("host")):
        if number >= MAX_HOSTS:
            raise Unreadable(f"has more than {MAX_HOSTS} hosts: split the scan")
        if _state(host.find("status")) == "up":
            _add_host(draft, host)
    if root.find("runstats/finished") is None:
        draft.remark(
            "lượt quét nmap này chưa chạy hết: danh sách có thể thiếu",
            "this nmap run did not finish: hosts may be missing",
        )
    if not draft.systems:
        raise Unreadable("names no host that is up: scan again, with -Pn if hosts do not answer an echo")
    return draft


def parse(content: bytes) -> Element:
    """Return the root element; raise Unreadable for what is not XML, has a DTD, or nests too deeply."""
    if not content.strip():
        raise Unreadable("is empty")
    parser = DefusedXMLParser(target=_Builder(), forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(_without_doctype(content))
        root = parser.close()
    except DefusedXmlException as error:
        raise Unreadable(
            "has a document type (DTD) or entities, which nmap does not write: refused"
        ) from error
    except ParseError as error:
        line, column = error.position
        raise Unreadable(f"is not whole XML: {clean(str(error), 120)}", line, column + 1) from error
    except (ValueError, LookupError) as error:
        raise Unreadable(f"is not XML that can be read: {clean(str(error), 120)}") from error
    assert isinstance(root, Element)  # noqa: S101  # what _Builder.close returns
    return root


def _without_doctype(content: bytes) -> bytes:
    """Take out the one document type that nmap itself writes: a bare `<!DOCTYPE nmaprun>`."""
    return content.replace(b"<!DOCTYPE nmaprun>", b"", 1)


class _Builder:
    """A tree builder with bounds: recursion further on must not meet a tree without a floor."""

    def __init__(self) -> None:
        self._root: Element | None = None
        self._open: list[Element] = []
        self._count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Open an element."""
        self._count += 1
        if len(self._open) >= MAX_DEPTH or self._count > _MOST_ELEMENTS:
            raise ValueError("too many or too deeply nested elements")
        element = Element(tag, attributes)
        if self._open:
            self._open[-1].append(element)
        elif self._root is None:
            self._root = element
        self._open.append(element)

    def end(self, tag: str) -> None:
        """Close an element."""
        self._open.pop()

    def data(self, text: str) -> None:
        """Leave text out: all that matters is in attributes."""

    def close(self) -> Element:
        """Return the root."""
        if self._root is None:
            raise ValueError("there is no element")
        return self._root


def _state(status: Element | None) -> str:
    return status.get("state", "") if status is not None else ""


def _add_host(draft: Draft, host: Element) -> None:
    addresses = [a.get("addr", "") for a in host.iter("address") if a.get("addrtype") in ("ipv4", "ipv6")]
    name = next(_names(host), "")
    if not addresses:
        return
    system = draft.system(name or addresses[0])
    if name:
        system.add_host(name)
    for address in addresses:
        system.add_host(address, name=name)
    for port in host.iter("port"):
        state = _state(port.find("state"))
        if state == "open":
            _add_port(system, port)
        elif "open" in state:
            number = f"{port.get('portid')}/{port.get('protocol')}"
            system.remark(f"nmap chưa chắc chắn: {number} {state}", f"nmap is not sure: {number} {state}")


def _names(host: Element) -> Iterator[str]:
    """Yield the host's usable names: those a person gave first, then those of reverse DNS."""
    found = [(h.get("type") != "user", h.get("name", "")) for h in host.iter("hostname")]
    for _, name in sorted(found):
        try:
            yield canonical_name(clean(name))
        except Refusal:
            continue


def _add_port(system: DraftSystem, port: Element) -> None:
    number, transport = port.get("portid", ""), port.get("protocol", "")
    service = port.find("service")
    said = service.get("name", "") if service is not None else ""
    secured = service is not None and service.get("tunnel") == "ssl"
    if transport not in ("tcp", "udp"):
        system.unmapped("port", f"{number}/{transport}")
        return
    app = _APPS.get(said, transport)
    if secured:
        app = _OVER_TLS.get(app, app if app in APPS and APPS[app].tls else "tls")
    added = system.add_service(app, number, transport)
    if added is not None and added.app in ("tcp", "udp", "tls") and said:
        system.remark(
            f"cổng {transport.upper()} {number}: nmap gọi là {said}",
            f"port {number}/{transport}: nmap calls it {said}",
        )
