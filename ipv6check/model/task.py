"""One question to the network: what exactly is asked, of whom, from where.

A task's id is a hash of the question alone, so that equal questions are asked once,
whichever systems want to know.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from json.encoder import encode_basestring as _quoted

from ipv6check.model.inventory import Family
from ipv6check.model.text import JSON

STAGE_VANTAGE = 0
STAGE_NAMES = 1
STAGE_SERVICES = 2
STAGE_CONVERSATIONS = 3
STAGE_CLOSED = 4  # closed and control ports, decoys: after the rest of their host
STAGE_AUDIT = 5  # ports that nobody declared: after everything else of their host, one at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One question. Make it with `make_task`, which computes `id`.

    `kind` is `layer.verb` (docs/observations.md lists them). `address` is a literal, `family`
    its family; both are fixed here and nowhere else. `transport` is "tcp", "udp" or "" (none).
    Not part of the identity: `subject` (what a person calls it), `parent` (the id of the task
    whose success this one waits for; None: free to start), `stage` (order within a host),
    `gentle` (one connection at a time to this address), `until` (UTC; never started later) and `answers`
    (another question that this one's conversation answers as well where it succeeds; it is asked by
    itself only where it does not).
    """

    id: str
    kind: str
    vantage: str
    family: Family | None
    address: str | None
    port: int | None
    transport: str
    params: Mapping[str, JSON] = field(default_factory=dict)
    subject: str = ""
    parent: str | None = None
    stage: int = STAGE_SERVICES
    gentle: bool = False
    until: datetime | None = None
    answers: Task | None = None


# Made once: json.dumps would build an encoder for each of a hundred thousand tasks.
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def task_id(
    kind: str,
    vantage: str,
    family: Family | None,
    address: str | None,
    port: int | None,
    transport: str,
    params: Mapping[str, JSON],
) -> str:
    """Return the first 16 hex digits of SHA-256 over the question's canonical JSON (interface.md §3)."""
    # Written by hand in the order of the keys: an encoder takes three times as long, for each of a
    # hundred thousand tasks. A property test holds it equal to the encoder's own text.
    canonical = (
        f'{{"address":{"null" if address is None else _quoted(address)}'
        f',"family":{"null" if family is None else family}'
        f',"kind":{_quoted(kind)}'
        f',"params":{_canonical(params) if params else "{}"}'
        f',"port":{"null" if port is None else port}'
        f',"transport":{_quoted(transport)}'
        f',"vantage":{_quoted(vantage)}}}'
    )
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def make_task(
    kind: str,
    *,
    vantage: str,
    family: Family | None = None,
    address: str | None = None,
    port: int | None = None,
    transport: str = "",
    params: Mapping[str, JSON] | None = None,
    subject: str = "",
    parent: str | None = None,
    stage: int = STAGE_SERVICES,
    gentle: bool = False,
    until: datetime | None = None,
) -> Task:
    """Make a task and compute its id. `address` must be canonical text."""
    params = params or {}
    return Task(
        id=task_id(kind, vantage, family, address, port, transport, params),
        kind=kind,
        vantage=vantage,
        family=family,
        address=address,
        port=port,
        transport=transport,
        params=params,
        subject=subject,
        parent=parent,
        stage=stage,
        gentle=gentle,
        until=until,
    )
