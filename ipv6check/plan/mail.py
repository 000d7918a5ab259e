"""Questions about mail domains: their MX and SPF records, the names these lead to, and who refused us.

Only the DNS is asked: a mail exchanger that no system declares is never contacted. A record can
name others without end, so the includes of all domains together have a bound.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Sequence

from ipv6check.model.inventory import FAMILIES, Family
from ipv6check.model.observation import Observation
from ipv6check.model.task import Task
from ipv6check.model.text import JSON
from ipv6check.plan import answers, names
from ipv6check.plan.index import Index
from ipv6check.plan.results import Results

NEED = "dns.mail"
MAX_EXCHANGES = 10  # of one MX answer that are looked up
MAX_TERMS = 10  # of one SPF record that ask the DNS (RFC 7208 §4.6.4)
REFUSED = 500

_SPF = re.compile(r'"v=spf1(?:"| )', re.IGNORECASE)
_STRINGS = re.compile(r'" *"')
_TERM = re.compile(r"[+?~-]?(include|a|mx)(?::([^/\s\"]+))?(?:/\S*)?", re.IGNORECASE)
_REDIRECT = re.compile(r"redirect=([^\s\"]+)", re.IGNORECASE)
_PTR4, _PTR6 = ".in-addr.arpa", ".ip6.arpa"


def initial(index: Index) -> Iterator[Task]:
    """Yield the MX question of every mail domain, and TXT where it is known whence its mail leaves."""
    if NEED not in index.needs:
        return
    for system in index.systems:
        for domain in system.mail_domains:
            yield from _ask(index, domain, "MX")
            # Without an MX record the domain's own addresses count (RFC 5321 §5.1).
            yield from names.lookups(index, domain)
            if system.mail_senders:
                yield from _ask(index, domain, "TXT")


def follow(index: Index, observation: Observation, results: Results) -> Iterator[Task]:
    """Yield what an MX, TXT or PTR answer leads to, or who we are to a mail server that refused us."""
    task, rdtype = observation.task, observation.task.params.get("type")
    if NEED not in index.needs:
        return
    if task.kind == "smtp.greeting":
        yield from _who_we_are(index, observation)
    elif rdtype == "MX" and answers.definite(observation):
        for value in _values(observation, "MX")[:MAX_EXCHANGES]:
            exchange = value.partition(" ")[2].strip().rstrip(".").lower()
            if exchange:
                yield from names.lookups(index, exchange)
    elif rdtype == "TXT" and answers.definite(observation):
        for value in _values(observation, "TXT"):
            if _SPF.match(value):
                yield from _spf(index, str(task.params.get("name")), value, results)
    elif rdtype == "PTR" and answers.definite(observation):
        family: Family = 4 if str(task.params.get("name")).endswith(_PTR4) else 6
        for value in _values(observation, "PTR")[:MAX_EXCHANGES]:
            yield from names.lookups(index, value.rstrip(".").lower(), (family,))


def _spf(index: Index, domain: str, record: str, results: Results) -> Iterator[Task]:
    """Yield the lookups of one record, its includes only as long as the bound allows."""
    domains = {each for system in index.systems for each in system.mail_domains}
    more = results.count("TXT") <= len(domains) * (MAX_TERMS + 1)
    for word in _STRINGS.sub("", record).strip('"').split()[1:][: 4 * MAX_TERMS]:
        if "%" in word:
            continue
        if redirect := _REDIRECT.fullmatch(word):
            mechanism, target = "include", redirect[1]
        elif term := _TERM.fullmatch(word):
            mechanism, target = term[1].lower(), term[2] or domain
        else:
            continue
        name = target.rstrip(".").lower()
        if mechanism == "a":
            yield from names.lookups(index, name, FAMILIES)
        elif mechanism == "mx":
            yield from _ask(index, name, "MX")
        elif more:
            yield from _ask(index, name, "TXT")


def _who_we_are(index: Index, observation: Observation) -> Iterator[Task]:
    """Yield the PTR question for our own address, where a mail server turned us away for good."""
    codes = (observation.data.get("code"), observation.data.get("ehlo_code"))
    source = observation.data.get("source")
    if not isinstance(source, str) or not any(isinstance(code, int) and code >= REFUSED for code in codes):
        return
    yield from _ask(index, ipaddress.ip_address(source.partition("%")[0]).reverse_pointer, "PTR")


def _ask(index: Index, name: str, rdtype: str) -> Iterator[Task]:
    if index.resolvers:
        yield names.question(index, index.resolvers[0], name, rdtype)


def _values(observation: Observation, rdtype: str) -> list[str]:
    """Return the texts of the answer's records of a type, sorted: servers shuffle them."""
    found: JSON = observation.data.get("answers")
    if not isinstance(found, Sequence) or isinstance(found, str):
        return []
    return sorted(
        str(record[3])
        for record in found
        if isinstance(record, Sequence) and not isinstance(record, str) and len(record) == 4
        if str(record[1]).upper() == rdtype
    )
