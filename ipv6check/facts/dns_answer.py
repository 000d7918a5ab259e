"""What one DNS answer says of one question: addresses, none, or nothing definite.

In: the data of a `dns.query` or `dns.tcp` observation (docs/observations.md). Everything is remote:
what has not the documented shape is as good as absent. The chain of CNAMEs is followed from the
name asked for; records that hang elsewhere are nobody's (RFC 2308 §2, RFC 1034 §3.6.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from ipv6check.facts.tries import items, sequence, text
from ipv6check.inventory.addresses import canonical
from ipv6check.model.fact import Answer
from ipv6check.model.text import JSON

MANY_LINKS = 8
"""A longer chain of CNAMEs is a warning (catalogue.md, `dns.cname_chain`)."""

_RCODES: Mapping[str, str] = {
    "SERVFAIL": "dns.servfail",
    "REFUSED": "dns.refused",
    "NOTIMP": "dns.notimp",
    "FORMERR": "dns.formerr",
    "BADVERS": "dns.formerr",
}
ADDRESS_TYPES = ("A", "AAAA")
Validation = Literal["secure", "not_validated", "bogus"]
"""What a resolver says of an answer's signatures: AD (RFC 6840 §5.8), nothing, or that they are wrong."""
_DNSSEC_ERRORS = frozenset(range(5, 13)) | {27}  # extended errors of RFC 8914 §4 about signatures


@dataclass(frozen=True, slots=True)
class Record:
    """One resource record; `text` is the RDATA as the probe wrote it."""

    owner: str
    type: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What an answer amounts to. `failure` is a reason code where `answer` is not yes.

    `chain` are the owners from the name asked for to the one whose RCODE it is (one without a
    CNAME). `exists` says that the name has a node in the tree: NOERROR, with or without records.
    `texts` are the records of other types than A and AAAA, `zone` is the owner of the SOA that came
    with a negative answer ("" is the root's, None: there was none).
    """

    answer: Answer
    failure: str | None = None
    addresses: tuple[str, ...] = ()
    chain: tuple[str, ...] = ()
    rcode: str = ""
    exists: bool = False
    texts: tuple[str, ...] = ()
    zone: str | None = None
    validation: Validation = "not_validated"

    @property
    def links(self) -> int:
        """How many CNAMEs lead to the end of the chain."""
        return max(0, len(self.chain) - 1)


def truncated(data: Mapping[str, JSON]) -> bool:
    """Whether the answer says that it is not whole."""
    return "TC" in items(data, "flags")


def read(data: Mapping[str, JSON], name: str, rdtype: str) -> Said:
    """Read one whole answer to a question for records of one type."""
    answers = _records(data, "answers")
    chain, looped = _follow(name, answers) if rdtype != "CNAME" else ((name,), False)
    rcode = (text(data, "rcode") or "?").upper()
    said = Said(
        answer="no", chain=chain, rcode=rcode, exists=True, zone=_zone(data), validation=_validation(data)
    )
    if said.rcode not in ("NOERROR", "NXDOMAIN"):
        return _refused(said, looped=looped)
    if rdtype in ADDRESS_TYPES and (found := _addresses(answers, chain[-1], rdtype)):
        return replace(said, answer="yes", addresses=found)
    if rdtype not in ADDRESS_TYPES and (texts := _texts(answers, chain[-1], rdtype)):
        return replace(said, answer="yes", texts=texts)
    if looped:
        return replace(said, failure="dns.cname_loop")
    if said.rcode == "NXDOMAIN":
        # RFC 6604: the RCODE is that of the last owner, so the first one exists if it is an alias.
        dangling = len(chain) > 1
        return replace(said, failure="dns.cname_dangling" if dangling else "dns.nxdomain", exists=dangling)
    return _nothing(said, data, answers, rdtype)


def _refused(said: Said, *, looped: bool) -> Said:
    """Tell a resolver that gave up on a chain from one that does not answer at all."""
    if looped:
        return replace(said, failure="dns.cname_loop")
    if said.rcode == "SERVFAIL" and said.links > MANY_LINKS:
        return replace(said, failure="dns.cname_chain")
    return replace(
        said, answer="unknown", failure=_RCODES.get(said.rcode, "dns.servfail"), exists=said.links > 0
    )


def _nothing(said: Said, data: Mapping[str, JSON], answers: tuple[Record, ...], rdtype: str) -> Said:
    """Tell NODATA from broken records, from a resolver that gave up, and from a referral."""
    end = said.chain[-1]
    if any(_bad(entry, end, rdtype) for entry in items(data, "bad_rdata")) or any(
        record.owner == end and record.type == rdtype for record in answers
    ):
        return replace(said, failure="dns.bad_rdata")
    if data.get("more") is True:
        # The probe keeps 64 records: what was asked for may be among the others.
        return replace(said, answer="unknown", failure="dns.formerr")
    authority = {record.type for record in _records(data, "authority")}
    if "SOA" not in authority and said.links > MANY_LINKS:
        return replace(said, failure="dns.cname_chain")
    if "NS" in authority and "SOA" not in authority and not answers and "AA" not in items(data, "flags"):
        # A referral: this server does not resolve for us, so it has said nothing of the name.
        return replace(said, answer="unknown", failure="dns.refused", rcode="referral", exists=False)
    return replace(said, failure="dns.nodata")


def _records(data: Mapping[str, JSON], section: str) -> tuple[Record, ...]:
    found = []
    for entry in items(data, section):
        parts = sequence(entry)
        if len(parts) == 4 and all(isinstance(parts[i], str) for i in (0, 1, 3)):
            owner = str(parts[0]).lower().removesuffix(".")
            found.append(Record(owner, str(parts[1]).upper(), str(parts[3])))
    return tuple(found)


def _follow(name: str, answers: tuple[Record, ...]) -> tuple[tuple[str, ...], bool]:
    """Return the owners along the chain of CNAMEs, and whether it comes back to one of them."""
    aliases: dict[str, str] = {}
    for record in answers:
        if record.type == "CNAME":
            aliases.setdefault(record.owner, record.text.lower().removesuffix("."))
    chain = [name.lower().removesuffix(".")]
    while chain[-1] in aliases:
        following = aliases[chain[-1]]
        if following in chain:
            return (*chain, following), True
        chain.append(following)
    return tuple(chain), False


def _addresses(answers: tuple[Record, ...], owner: str, rdtype: str) -> tuple[str, ...]:
    """Return the addresses of one owner, sorted: servers shuffle their answers."""
    found = set()
    for record in answers:
        if record.owner == owner and record.type == rdtype and (":" in record.text) == (rdtype == "AAAA"):
            try:
                found.add(canonical(record.text))
            except ValueError:  # a stored answer need not have come from our own probe
                continue
    return tuple(sorted(found))


def _texts(answers: tuple[Record, ...], owner: str, rdtype: str) -> tuple[str, ...]:
    return tuple(
        sorted({record.text for record in answers if (record.owner, record.type) == (owner, rdtype)})
    )


def _zone(data: Mapping[str, JSON]) -> str | None:
    """Return the zone that a negative answer comes from (RFC 2308 §3), None if it does not say."""
    owners = [record.owner for record in _records(data, "authority") if record.type == "SOA"]
    return owners[0] if owners else None


def _validation(data: Mapping[str, JSON]) -> Validation:
    codes = {sequence(entry)[0] for entry in items(data, "ede") if sequence(entry)}
    if codes & _DNSSEC_ERRORS:
        return "bogus"
    return "secure" if "AD" in items(data, "flags") else "not_validated"


def _bad(entry: JSON, owner: str, rdtype: str) -> bool:
    parts = sequence(entry)
    return len(parts) >= 2 and str(parts[0]).lower().removesuffix(".") == owner and parts[1] == rdtype
