"""The language between a scan and its raw helper: records of one fixed size, nothing nested.

A record is an operation, a form, two ports, a number, two IPv6 addresses and 16 bytes that tell
questions apart. Both sides refuse whatever has not exactly this shape.
"""

from __future__ import annotations

import ipaddress
import struct
from dataclasses import dataclass
from typing import Final

# From the scan: watch for a server's SYN-ACKs; forge a Packet Too Big for a connection; send an echo.
WATCH, FORGE, ECHO = 1, 2, 3
# From the helper: ready (privileges dropped); an operation done or not; an echo reply came.
READY, DONE, UNKNOWN_CONNECTION, FAILED, REPLY = 16, 17, 18, 19, 20
FROM_SCAN: Final = frozenset({WATCH, FORGE, ECHO})
FROM_HELPER: Final = frozenset({READY, DONE, UNKNOWN_CONNECTION, FAILED, REPLY})

PLAIN, FRAGMENT, OPTIONS = 0, 1, 2
FORMS: Final = {"plain": PLAIN, "fragment": FRAGMENT, "options": OPTIONS}

_RECORD: Final = struct.Struct("!BBHHI16s16s16s")
SIZE: Final = _RECORD.size
NOBODY: Final = bytes(16)


class BadRecord(Exception):
    """Not a record of this language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One message. `number` is an MTU or an errno; `mark` comes back with the answer."""

    operation: int
    form: int = 0
    our_port: int = 0
    their_port: int = 0
    number: int = 0
    ours: bytes = NOBODY
    theirs: bytes = NOBODY
    mark: bytes = NOBODY

    def pack(self) -> bytes:
        """Return the record's bytes."""
        return _RECORD.pack(
            self.operation,
            self.form,
            self.our_port,
            self.their_port,
            self.number,
            self.ours,
            self.theirs,
            self.mark,
        )


def unpack(raw: bytes, allowed: frozenset[int]) -> Record:
    """Read a record; raise BadRecord for another size, operation or form."""
    if len(raw) != SIZE:
        raise BadRecord(f"{len(raw)} bytes")
    operation, form, our_port, their_port, number, ours, theirs, mark = _RECORD.unpack(raw)
    if operation not in allowed or form not in FORMS.values():
        raise BadRecord(f"operation {operation}, form {form}")
    return Record(
        operation=operation,
        form=form,
        our_port=our_port,
        their_port=their_port,
        number=number,
        ours=ours,
        theirs=theirs,
        mark=mark,
    )


def packed(address: str) -> bytes:
    """Return the 16 bytes of an IPv6 address; its zone is left out."""
    return ipaddress.IPv6Address(address.partition("%")[0]).packed


def text(address: bytes) -> str:
    """Return an IPv6 address in text."""
    return str(ipaddress.IPv6Address(address))
