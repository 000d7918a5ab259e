"""What a view of the DNS says of mail: MX, TXT and PTR records of a name, or why that is unknown.

In: the `dns.query` and `dns.tcp` observations of a name and a type. The first definite answer of the
view's servers counts, as for addresses; everything else is somebody's trouble and never "none".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ipv6check.facts.tries import Asked, Index, items, sequence, text
from ipv6check.model.fact import Answer
from ipv6check.model.text import JSON

_RCODES: Mapping[str, str] = {
    "SERVFAIL": "dns.servfail",
    "REFUSED": "dns.refused",
    "NOTIMP": "dns.notimp",
    "FORMERR": "dns.formerr",
}
_LINKS = 16
# A character string of a TXT record as zone files write it (RFC 1035 §5.1): quoted, `\"`, `\\`, `\123`.
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r"\\([0-9]{3}|.)")
_EXCHANGE = re.compile(r"(\d{1,5})\s+(\S+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """The records of one name and type. `failure` is a reason code unless there are some."""

    name: str
    type: str
    answer: Answer
    failure: str = ""
    values: tuple[str, ...] = ()
    server: str = "-"
    rcode: str = "-"
    evidence: tuple[str, ...] = ()

    @property
    def args(self) -> dict[str, JSON]:
        """The arguments of a DNS reason."""
        return {
            "name": self.name,
            "type": self.type,
            "owner": self.name,
            "links": 0,
            "rcode": self.rcode,
            "server": self.server,
        }


def records(index: Index, vantage: str, name: str, rdtype: str) -> Records:
    """Return what the vantage's view says; unknown with `not.asked` if nobody asked."""
    nothing = Records(name=name, type=rdtype, answer="unknown", failure="not.asked")
    asked = index.dns.get((vantage, name, rdtype), ())
    found = [_read(nothing, each) for each in asked if each.param("cd") is not True]
    evidence = tuple(i for each in asked for i in each.evidence)
    for each in found:
        if each.answer != "unknown":
            return each
    if not found:
        return nothing
    told = next((each for each in found if each.rcode != "-"), found[0])
    return Records(
        name=name,
        type=rdtype,
        answer="unknown",
        failure=told.failure,
        server=told.server,
        rcode=told.rcode,
        evidence=evidence,
    )


def _read(nothing: Records, asked: Asked) -> Records:
    task = asked.task
    place = f"[{task.address}]:{task.port}" if ":" in (task.address or "") else f"{task.address}:{task.port}"
    answer = asked.answered
    base = {"name": nothing.name, "type": nothing.type, "server": place, "evidence": asked.evidence}
    if answer is None:
        last = asked.last
        skipped = last.failure if last.outcome == "skipped" and last.failure else ""
        failure = "internal.crashed" if last.outcome == "crashed" else skipped or "dns.timeout"
        return Records(answer="unknown", failure=failure, **base)  # type: ignore[arg-type]
    rcode = (text(answer.data, "rcode") or "?").upper()
    base["rcode"] = rcode
    if "TC" in items(answer.data, "flags"):
        return Records(answer="unknown", failure="dns.tcp_blocked", **base)  # type: ignore[arg-type]
    if rcode not in ("NOERROR", "NXDOMAIN"):
        failure = _RCODES.get(rcode, "dns.servfail")
        return Records(answer="unknown", failure=failure, **base)  # type: ignore[arg-type]
    values = _values(answer.data, nothing.name, nothing.type)
    failure = "" if values else "dns.nxdomain" if rcode == "NXDOMAIN" else "dns.nodata"
    return Records(answer="yes" if values else "no", failure=failure, values=values, **base)  # type: ignore[arg-type]


def _values(data: Mapping[str, JSON], name: str, rdtype: str) -> tuple[str, ...]:
    """Return the records at the end of the chain of aliases that starts at the name, sorted."""
    found: list[tuple[str, str, str]] = []
    for entry in items(data, "answers"):
        parts = sequence(entry)
        if len(parts) == 4 and all(isinstance(parts[i], str) for i in (0, 1, 3)):
            found.append((str(parts[0]).lower().rstrip("."), str(parts[1]).upper(), str(parts[3])))
    aliases = {owner: value.lower().rstrip(".") for owner, kind, value in found if kind == "CNAME"}
    owner = name.lower().rstrip(".")
    for _ in range(_LINKS):
        owner = aliases.get(owner, owner)
    return tuple(sorted(value for at, kind, value in found if kind == rdtype and at == owner))


def exchanges(found: Records) -> tuple[tuple[int, str], ...]:
    """Return (preference, name) of MX records, the best first; the name is empty for a null MX (RFC 7505)."""
    read = [match for value in found.values if (match := _EXCHANGE.fullmatch(value.strip()))]
    return tuple(sorted((int(match[1]), match[2].lower().rstrip(".")) for match in read))


def strings(found: Records) -> tuple[str, ...]:
    """Return TXT records as text, their character strings joined without a space (RFC 7208 §3.3)."""
    return tuple("".join(_unescaped(each) for each in _STRING.findall(value)) for value in found.values)


def _unescaped(string: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1])) if len(match[1]) == 3 else match[1], string)
