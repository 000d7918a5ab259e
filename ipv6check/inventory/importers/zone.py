"""A zone, as a master file (RFC 1035, section 5) or as transferred, into a draft.

A name with addresses is a system, its aliases (CNAME) are further hosts of it; MX, NS and SRV records say
what it serves. `$INCLUDE` and `$GENERATE` are not followed. Addresses stay with DNS: hosts are names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import dns.exception
import dns.name
import dns.rdata
import dns.rdataset
import dns.rdatatype
import dns.reversename
import dns.zone

from ipv6check.inventory.importers.draft import Draft, DraftSystem
from ipv6check.inventory.importers.encoding import decode
from ipv6check.inventory.importers.options import Options
from ipv6check.inventory.importers.service import DraftService
from ipv6check.inventory.importers.wording import clean
from ipv6check.inventory.names import canonical_name
from ipv6check.inventory.problems import Refusal
from ipv6check.inventory.reading import Unreadable, line_at

MAX_RECORDS = 200_000
_SOA = re.compile(
    r"^[ \t]*(\S+)[ \t]+(?:[0-9A-Za-z]+[ \t]+)?(?:IN[ \t]+)?(?:[0-9A-Za-z]+[ \t]+)?SOA[ \t]", re.M | re.I
)
_ORIGIN = re.compile(r"^[ \t]*\$ORIGIN[ \t]+(\S+)", re.M | re.I)
_FOREIGN_DIRECTIVE = re.compile(r"^[ \t]*\$(?!ORIGIN\b|TTL\b)[^\n]*", re.M | re.I)
_MOST_ALIASES = 16  # resolvers give up on longer chains
_SRV_APPS = {
    "http": "http", "https": "https", "ldap": "ldap", "ldaps": "ldaps", "kerberos": "kerberos", "sip": "sip",
    "sips": "sips", "imap": "imap", "imaps": "imaps", "pop3": "pop3", "pop3s": "pop3s", "ntp": "ntp",
    "submission": "submission", "submissions": "smtps", "ssh": "ssh", "mqtt": "mqtt",
    "secure-mqtt": "mqtts", "radius": "radius",
}  # fmt: skip

_BROKEN = (dns.exception.DNSException, ValueError, RecursionError, IndexError, KeyError)

Records = dict[dns.name.Name, dict[dns.rdatatype.RdataType, list[dns.rdata.Rdata]]]


def read(content: bytes, options: Options) -> Draft:
    """Read a zone file; raise Unreadable with the line that is wrong, or if its origin is not known."""
    text, note = decode(content, options.encoding)
    draft = Draft()
    if note:
        draft.remark(note.vi, note.en)
    for found in _FOREIGN_DIRECTIVE.finditer(text):
        draft.remark(f"không thực hiện: {found[0]}", f"not followed: {found[0]}")
    text = _FOREIGN_DIRECTIVE.sub("", text)
    origin = _origin(text, options.origin)
    records = _parse(text, origin)
    apex = _host_name(origin) or ""
    if origin.is_subdomain(dns.name.from_text("arpa")):
        _add_reverse(draft, records)
    else:
        _Zone(draft, records, origin, apex).add_all()
    if not draft.systems:
        raise Unreadable(f"zone {clean(str(origin), 80)} names no host")
    return draft


def _origin(text: str, given: str | None) -> dns.name.Name:
    """Return the zone's name: as given, by $ORIGIN, or by an absolute owner of the SOA record."""
    found = [given or "", *(m[1] for m in _ORIGIN.finditer(text)), *(m[1] for m in _SOA.finditer(text))]
    for name in found:
        if name and (name.endswith(".") or name == given):
            try:
                return dns.name.from_text(name)
            except (dns.exception.DNSException, UnicodeError) as error:
                raise Unreadable(f'"{clean(name, 80)}" is no name of a zone') from error
    raise Unreadable("does not say of which zone it is: name it with --origin ZONE")


def _parse(text: str, origin: dns.name.Name) -> Records:
    try:
        zone = _as_zone(text, origin)
    except _BROKEN as error:
        raise _broken(text, origin, error) from error
    found: Records = {}
    for count, (name, rdataset, rdata) in enumerate(_each(zone)):
        if count >= MAX_RECORDS:
            raise Unreadable(f"has more than {MAX_RECORDS} records: split it")
        found.setdefault(name, {}).setdefault(rdataset.rdtype, []).append(rdata)
    return found


def _as_zone(text: str, origin: dns.name.Name) -> dns.zone.Zone:
    return dns.zone.from_text(
        text,
        origin,
        relativize=False,
        check_origin=False,
        allow_include=False,
        allow_directives=("$TTL", "$ORIGIN"),
    )


def _each(zone: dns.zone.Zone) -> Iterator[tuple[dns.name.Name, dns.rdataset.Rdataset, dns.rdata.Rdata]]:
    for name, rdataset in zone.iterate_rdatasets():
        for rdata in rdataset:
            yield name, rdataset, rdata


def _broken(text: str, origin: dns.name.Name, error: Exception) -> Unreadable:
    """Return what is wrong, with its line: dnspython names the line that it stopped at, often the next."""
    said = str(error) if isinstance(error, dns.exception.DNSException) else type(error).__name__
    at = re.match(r"(?:<[^>]*>|[^:]*):([0-9]+): *(.*)", said, re.S)
    if at is None:
        return Unreadable(f"is not a zone file: {clean(said, 160)}")
    line = int(at[1])
    try:
        _as_zone("\n".join(text.split("\n")[: line - 1]) + "\n", origin)
    except _BROKEN:
        line = max(1, line - 1)
    return Unreadable(f"is not a zone file: {clean(at[2], 160)}", line, 1, line_at(text, line))


def _host_name(name: dns.name.Name) -> str | None:
    """Return a name as a host may be called in an inventory; None for wildcards, `_acme…` and the like."""
    try:
        text = canonical_name(name.to_text(omit_final_dot=True))
    except Refusal:
        return None
    return None if text.startswith("_") or "._" in text else text


def _add_reverse(draft: Draft, records: Records) -> None:
    """Make a system of each name that a reverse zone gives, with its addresses as hosts."""
    for owner, sets in records.items():
        for rdata in sets.get(dns.rdatatype.PTR, ()):
            name = _host_name(rdata.target)  # type: ignore[attr-defined]
            try:
                address = dns.reversename.to_address(owner)
            except dns.exception.DNSException:
                address = ""
            if name is None or not address:
                draft.remark(f"chưa ánh xạ: {owner} PTR {rdata}", f"not mapped: {owner} PTR {rdata}")
                continue
            draft.system(name).add_host(address, name=name)


class _Zone:
    """A forward zone on its way into a draft."""

    def __init__(self, draft: Draft, records: Records, origin: dns.name.Name, apex: str) -> None:
        self._draft = draft
        self._records = records
        self._origin = origin
        self._apex = apex

    def add_all(self) -> None:
        """Add every name, then what MX, NS and SRV records say of them."""
        below = [name for name in self._records if name != self._origin and self._is_cut(name)]
        for owner in self._records:
            self._add_owner(owner)
        self._add_servers()
        for cut in below:
            self._draft.remark(f"ủy quyền: {cut} (vùng khác)", f"delegated: {cut} (another zone)")

    def _is_cut(self, name: dns.name.Name) -> bool:
        return dns.rdatatype.NS in self._records[name]

    def _add_owner(self, owner: dns.name.Name) -> None:
        sets = self._records[owner]
        addresses = [str(r) for t in (dns.rdatatype.A, dns.rdatatype.AAAA) for r in sets.get(t, ())]
        alias = sets.get(dns.rdatatype.CNAME)
        if not addresses and not alias:
            self._keep(owner, sets, (dns.rdatatype.TXT, dns.rdatatype.HINFO, dns.rdatatype.LOC))
            return
        name = _host_name(owner)
        if name is None:
            said = f"{owner} {', '.join(addresses) or alias}"
            self._draft.remark(f"chưa ánh xạ: {said}", f"not mapped: {said}")
            return
        system = self._draft.system(self._final(owner))
        remark = ", ".join(addresses[:8])
        if alias:
            remark = f"CNAME {alias[0].target}"  # type: ignore[attr-defined]
        system.add_host(name, remark=remark)

    def _final(self, owner: dns.name.Name) -> str:
        """Return the name that an alias leads to inside the zone; itself if outside, round or too far."""
        seen, at = {owner}, owner
        while True:
            alias = self._records.get(at, {}).get(dns.rdatatype.CNAME)
            target = alias[0].target if alias else None  # type: ignore[attr-defined]
            if target is None:
                return _host_name(at) or _host_name(owner) or str(owner)
            if target not in self._records or target in seen or len(seen) > _MOST_ALIASES:
                return _host_name(owner) or str(owner)
            seen.add(target)
            at = target

    def _add_servers(self) -> None:
        here = self._records.get(self._origin, {})
        for rdata in here.get(dns.rdatatype.NS, ()):
            self._serve_dns(rdata.target)  # type: ignore[attr-defined]
        for rdata in here.get(dns.rdatatype.MX, ()):
            system = self._system_of(rdata.exchange, "MX")  # type: ignore[attr-defined]
            if system is not None:
                system.put("category", "mail")
                system.add_service("smtp")
                system.mail_domains[self._apex] = None
        for owner, sets in self._records.items():
            for rdata in sets.get(dns.rdatatype.SRV, ()):
                self._add_srv(owner, rdata)

    def _serve_dns(self, target: dns.name.Name) -> None:
        system = self._system_of(target, "NS")
        if system is not None and self._apex:
            system.put("category", "dns")
            for transport in ("udp", "tcp"):
                system.keep_service(DraftService("dns", transport, "", "", "authoritative", (self._apex,)))

    def _system_of(self, target: dns.name.Name, kind: str) -> DraftSystem | None:
        """Return the system that has the target; what lies elsewhere becomes a remark."""
        name = _host_name(target)
        if name is not None and target in self._records:
            return self._draft.systems.get(self._final(target))
        self._draft.remark(f"{kind} ở ngoài vùng: {target}", f"{kind} outside the zone: {target}")
        return None

    def _add_srv(self, owner: dns.name.Name, rdata: dns.rdata.Rdata) -> None:
        labels = [label.decode("ascii", "replace") for label in owner.labels[:2]]
        app, transport = (label.removeprefix("_").lower() for label in [*labels, "", ""][:2])
        system = self._system_of(rdata.target, "SRV")  # type: ignore[attr-defined]
        if system is None or transport not in ("tcp", "udp"):
            return
        system.add_service(_SRV_APPS.get(app, transport), rdata.port, transport)  # type: ignore[attr-defined]

    def _keep(
        self, owner: dns.name.Name, sets: dict[dns.rdatatype.RdataType, list[dns.rdata.Rdata]],
        kinds: Iterable[dns.rdatatype.RdataType],
    ) -> None:  # fmt: skip
        for kind in kinds:
            for rdata in sets.get(kind, ()):
                said = f"{owner} {dns.rdatatype.to_text(kind)} {rdata}"
                self._draft.remark(f"chưa ánh xạ: {said}", f"not mapped: {said}")
