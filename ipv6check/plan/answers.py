"""What a DNS observation says, as far as the plan needs it: definite or not, and which addresses.

Reads the "DNS answer" of docs/observations.md. Remote data: nothing is taken on trust but its types,
and those only where they are looked at.
"""

from __future__ import annotations

from collections.abc import Sequence

from ipv6check.model.inventory import Family
from ipv6check.model.observation import Observation
from ipv6check.model.text import JSON

DEFINITE = ("NOERROR", "NXDOMAIN")
TYPES: dict[Family, str] = {4: "A", 6: "AAAA"}
NAME_TYPES = ("PTR", "NS")
MAX_TARGETS = 4  # of HTTPS records that are looked up
MAX_LINKS = 16  # of a CNAME chain


def rcode(observation: Observation) -> str | None:
    """Return the answer's RCODE, None if nobody answered."""
    if observation.outcome != "ok":
        return None
    value = observation.data.get("rcode")
    return value if isinstance(value, str) else None


def truncated(observation: Observation) -> bool:
    """Whether the answer says that it is not whole (TC)."""
    flags = observation.data.get("flags")
    return observation.outcome == "ok" and isinstance(flags, Sequence) and "TC" in flags


def definite(observation: Observation) -> bool:
    """Whether the question is answered, with or without records."""
    return rcode(observation) in DEFINITE and not truncated(observation)


def addresses(observation: Observation) -> tuple[str, ...]:
    """Return the addresses a client would take from an answer to an A or AAAA question, sorted.

    They stand at the end of the CNAME chain that starts at the name asked for; what hangs elsewhere
    in the answer is nobody's. Servers shuffle their answers: the order here never changes.
    """
    wanted = observation.task.params.get("type")
    if wanted not in TYPES.values() or not definite(observation):
        return ()
    records = _records(observation.data.get("answers"))
    owner = _chain_end(str(observation.task.params.get("name", "")), records)
    here = {text for name, kind, text in records if kind == wanted and name == owner}
    return tuple(sorted(text for text in here if (":" in text) == (wanted == "AAAA")))


def targets(observation: Observation) -> tuple[str, ...]:
    """Return the names that an answer to a PTR or NS question leads to, sorted."""
    wanted = observation.task.params.get("type")
    if wanted not in NAME_TYPES or not definite(observation):
        return ()
    records = _records(observation.data.get("answers"))
    owner = _chain_end(str(observation.task.params.get("name", "")), records)
    here = {text.rstrip(".").lower() for name, kind, text in records if kind == wanted and name == owner}
    return tuple(sorted(here - {""}))


def service_targets(observation: Observation) -> tuple[str, ...]:
    """Return the names whose addresses the HTTPS records of an answer hint at (RFC 9460 §2.5.2)."""
    if observation.task.params.get("type") != "HTTPS" or not definite(observation):
        return ()
    found = set()
    for owner, kind, text in _records(observation.data.get("answers")):
        priority, target, *_ = [*text.split(), "", ""]
        if kind == "HTTPS" and priority != "0":
            found.add(owner if target == "." else target.rstrip(".").lower())
    return tuple(sorted(found - {""}))[:MAX_TARGETS]


def _records(answers: JSON) -> list[tuple[str, str, str]]:
    if not isinstance(answers, Sequence) or isinstance(answers, str):
        return []
    return [
        (str(record[0]).lower(), str(record[1]), str(record[3]))
        for record in answers
        if isinstance(record, Sequence) and not isinstance(record, str) and len(record) == 4
    ]


def _chain_end(name: str, records: list[tuple[str, str, str]]) -> str:
    aliases = {owner: text.rstrip(".").lower() for owner, kind, text in records if kind == "CNAME"}
    for _ in range(MAX_LINKS):
        if name not in aliases:
            break
        name = aliases[name]
    return name
