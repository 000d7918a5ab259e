"""The observations that findings cite, as results.json keeps them: bounded, certificates as hashes."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import UTC, datetime
from typing import TypeAlias, cast

from ipv6check.model.observation import Observation
from ipv6check.model.text import JSON
from ipv6check.model.written import WrittenObject

Plain: TypeAlias = "bool | int | float | str | list[Plain] | dict[str, Plain] | None"

_LEAVES = frozenset((bool, int, float, str))
DATA_LIMIT = 4096  # bytes of an observation's data, as JSON
# Longest string, most items: tried in this order until the data fit.
_STEPS = ((1024, 64), (512, 32), (256, 16), (128, 8), (64, 4), (32, 2))


def plain(value: JSON) -> Plain:
    """Return `value` as dicts and lists of its own, equal to what its JSON reads back as."""
    # By exact type first: an abstract class's instance check costs ten times as much.
    if value is None or type(value) in _LEAVES or isinstance(value, bool | int | float | str):
        return cast("Plain", value)
    if isinstance(value, dict) or isinstance(value, Mapping):
        return {
            key if type(key) is str else str(key): entry if type(entry) in _LEAVES else plain(entry)  # type: ignore[misc]
            for key, entry in value.items()
        }
    return [entry if type(entry) in _LEAVES else plain(entry) for entry in value]  # type: ignore[misc]


def moment(at: datetime) -> str:
    """Return a time as results.json writes it: UTC, ISO 8601, `Z`."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def by_id(observations: Iterable[Observation]) -> dict[str, Observation]:
    """Return the observations by id.

    Where an id stands twice (a run that was resumed while its last line was written), the first counts.
    """
    found: dict[str, Observation] = {}
    for observation in observations:
        found.setdefault(observation.id, observation)
    return found


class CitedObservations(WrittenObject):
    """`observations` of results.json: those that findings cite, in the order of their ids."""

    __slots__ = ("_found",)

    def __init__(self, stored: Mapping[str, Observation], ids: Set[str]) -> None:
        self._found = {identity: stored[identity] for identity in sorted(ids) if identity in stored}

    def __getitem__(self, identity: str) -> dict[str, Plain]:
        return observation_document(self._found[identity])

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def observation_document(observation: Observation) -> dict[str, Plain]:
    """Return one observation as plain data."""
    task = observation.task
    return {
        "task": {
            "id": task.id,
            "kind": task.kind,
            "vantage": task.vantage,
            "family": task.family,
            "address": task.address,
            "port": task.port,
            "transport": task.transport,
            "params": bounded(task.params),
        },
        "started": moment(observation.started),
        "seconds": observation.seconds,
        "outcome": observation.outcome,
        "failure": observation.failure,
        "data": bounded(_fingerprinted(observation.data)),
    }


def bounded(data: Mapping[str, JSON], limit: int = DATA_LIMIT) -> dict[str, Plain]:
    """Return `data` within `limit` bytes of JSON; what had to be shortened says so by `cut`."""
    whole = {key: plain(value) for key, value in data.items()}
    # No character of a repr stands for more than four bytes of JSON: small data need no encoding.
    if 4 * len(repr(whole)) <= limit or _size(whole) <= limit:
        return whole
    for longest, most in _STEPS:
        short = {key: _shortened(value, longest, most) for key, value in whole.items()}
        short["cut"] = True
        if _size(short) <= limit:
            return short
    return {"cut": True}


def _size(value: Plain) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def _shortened(value: Plain, longest: int, most: int) -> Plain:
    if isinstance(value, str):
        return value if len(value) <= longest else value[: longest - 1] + "…"
    if isinstance(value, list):
        return [_shortened(entry, longest, most) for entry in value[:most]]
    if isinstance(value, dict):
        return {key: _shortened(entry, longest, most) for key, entry in list(value.items())[:most]}
    return value


def _fingerprinted(data: Mapping[str, JSON]) -> Mapping[str, JSON]:
    """Replace a certificate chain by the SHA-256 fingerprints of its certificates."""
    chain = data.get("chain")
    if isinstance(chain, str) or not isinstance(chain, list | tuple):
        return data
    rest: dict[str, JSON] = {key: value for key, value in data.items() if key != "chain"}
    rest["chain_sha256"] = [_fingerprint(entry) for entry in chain]
    return rest


def _fingerprint(certificate: JSON) -> str:
    try:
        return hashlib.sha256(base64.b64decode(str(certificate), validate=True)).hexdigest()
    except (binascii.Error, ValueError):
        return "unreadable"
