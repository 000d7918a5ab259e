"""SPF (RFC 7208): whether a domain's record lets one address send its mail, out of answers already seen.

Nothing is asked here: `look` finds the answers of a run. What the record leaves to macros, `exists` and
`ptr`, and what the DNS did not tell, is doubt; only a record read to its end says no.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ipv6check.facts.mail_records import Records, exchanges, strings
from ipv6check.model.fact import Answer
from ipv6check.model.text import JSON

Look = Callable[[str, str], Records]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

LOOKUPS = 10
"""Terms that ask the DNS, in all of one evaluation (RFC 7208 §4.6.4)."""

EXCHANGES = 10
UNEVALUATED = "spf.unevaluated"

_TERM = re.compile(
    r"([+?~-]?)(all|include|a|mx|ptr|ip4|ip6|exists)(?::([^/]*(?:/.*)?)|(/.*))?", re.IGNORECASE
)
_REDIRECT = re.compile(r"redirect=(\S+)", re.IGNORECASE)
_LENGTHS = re.compile(r"(.*?)(?:/(\d{1,3}))?(?://(\d{1,3}))?")


@dataclass(slots=True)
class _Walk:
    """One evaluation: the lookups it has made, and the first doubt it met."""

    address: ipaddress.IPv4Address | ipaddress.IPv6Address
    look: Look
    lookups: int = 0
    doubt: str = ""
    args: dict[str, JSON] = field(default_factory=dict)
    evidence: list[str] = field(default_factory=list)

    def ask(self, name: str, rdtype: str) -> Records:
        found = self.look(name, rdtype)
        self.evidence += found.evidence
        if found.answer == "unknown":
            self.doubts(found.failure, found.args)
        return found

    def doubts(self, why: str, args: dict[str, JSON] | None = None) -> None:
        if not self.doubt:
            self.doubt, self.args = why, args or {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """Whether the address may send; `failure` is a reason code of an unknown, or `spf.none`."""

    answer: Answer
    failure: str = ""
    record: str = ""
    args: dict[str, JSON] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()


def covers(domain: str, address: str, look: Look) -> Covered:
    """Return whether the domain's SPF record gives `pass` for the address."""
    walk = _Walk(ipaddress.ip_address(address), look)
    record = spf_record(walk.ask(domain, "TXT"))
    if record is None:
        answer: Answer = "unknown" if walk.doubt else "no"
        return Covered(
            answer=answer, failure=walk.doubt or "spf.none", args=walk.args, evidence=tuple(walk.evidence)
        )
    if _check(walk, domain, record):
        return Covered(answer="yes", record=record, evidence=tuple(walk.evidence))
    return Covered(
        answer="unknown" if walk.doubt else "no",
        failure=walk.doubt,
        record=record,
        args=walk.args,
        evidence=tuple(walk.evidence),
    )


def spf_record(found: Records) -> str | None:
    """Return the SPF record among TXT records; None if there is none (RFC 7208 §4.5)."""
    for each in strings(found):
        if each.lower() == "v=spf1" or each.lower().startswith("v=spf1 "):
            return each
    return None


def terms(record: str) -> Iterator[tuple[str, str, str]]:
    """Yield (qualifier, mechanism, rest) of each mechanism of a record, `redirect` last."""
    redirect = ""
    for word in record.split()[1:]:
        if match := _REDIRECT.fullmatch(word):
            redirect = redirect or match[1]
        elif match := _TERM.fullmatch(word):
            yield match[1] or "+", match[2].lower(), match[3] or match[4] or ""
    if redirect:
        yield "+", "redirect", redirect


def _check(walk: _Walk, domain: str, record: str) -> bool:
    """Whether the record gives `pass`: the first mechanism that matches decides."""
    for qualifier, mechanism, rest in terms(record):
        if mechanism == "redirect":
            return _passes(walk, rest)
        if _matches(walk, domain, mechanism, rest):
            return qualifier == "+"
    return False


def _matches(walk: _Walk, domain: str, mechanism: str, rest: str) -> bool:
    if mechanism == "all":
        return True
    if mechanism in ("ip4", "ip6"):
        network = _network(rest)
        return network is not None and walk.address in network
    if "%" in rest or mechanism in ("exists", "ptr"):
        walk.doubts(UNEVALUATED)
        return False
    if mechanism == "include":
        return _passes(walk, rest)
    if not _may_look(walk):
        return False
    target, length = _target(walk, domain, rest)
    hosts = [target] if mechanism == "a" else [name for _, name in exchanges(walk.ask(target, "MX")) if name]
    return any(_has(walk, host, length) for host in hosts[:EXCHANGES])


def _passes(walk: _Walk, domain: str) -> bool:
    """Whether another domain's record gives `pass`; one without a record is an error of this one."""
    if "%" in domain or not _may_look(walk):
        walk.doubts(UNEVALUATED)
        return False
    record = spf_record(walk.ask(domain.lower().rstrip("."), "TXT"))
    if record is None:
        walk.doubts(UNEVALUATED)
        return False
    return _check(walk, domain.lower().rstrip("."), record)


def _may_look(walk: _Walk) -> bool:
    walk.lookups += 1
    if walk.lookups > LOOKUPS:
        walk.doubts(UNEVALUATED)
        return False
    return True


def _target(walk: _Walk, domain: str, rest: str) -> tuple[str, int]:
    """Return the name and the prefix length of an `a` or `mx` (`domain/24//64`, each part optional)."""
    match = _LENGTHS.fullmatch(rest)
    name, four, six = match.groups() if match else (rest, None, None)
    bits = walk.address.max_prefixlen
    given = six if walk.address.version == 6 else four
    return (name or domain).lower().rstrip("."), min(bits, int(given)) if given else bits


def _has(walk: _Walk, host: str, length: int) -> bool:
    """Whether a host has the address, or one in the same prefix."""
    rdtype = "AAAA" if walk.address.version == 6 else "A"
    network = ipaddress.ip_network((walk.address, length), strict=False)
    for value in walk.ask(host, rdtype).values:
        try:
            if ipaddress.ip_address(value) in network:
                return True
        except ValueError:
            continue  # a stored answer need not have come from our own probe
    return False


def _network(text: str) -> Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
