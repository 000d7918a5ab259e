"""`Exchange`: one question and how its answer is read; and the few words that every family shares."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ipv6check.net.remote_text import decode

LONGEST = 200  # characters of a remote line that a detail quotes
BIGGEST = 64 * 1024  # bytes that a message may claim for itself


class Another(Exception):
    """These bytes are nothing that a server of this protocol says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What is asked: the app, over which transport, at which port, and the host's name if it has one."""

    app: str
    transport: str
    port: int
    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One question of ours, and how its answer is read.

    `request` is empty where the server speaks first. `read` takes all bytes so far and returns what a
    whole valid answer says in a few words, None while more is needed, and raises `Another` for what no
    such server says; it must bear any bytes. `goodbye` is said after a valid answer.
    `may_hang_up`: servers of this protocol may close on a stranger without a word, `may_ignore`: or not
    answer at all; neither proves anything then.
    """

    read: Callable[[bytes], str | None]
    request: bytes = b""
    goodbye: bytes = b""
    may_hang_up: bool = False
    may_ignore: bool = False


def line(data: bytes, opening: re.Pattern[bytes], shortest: bytes) -> str | None:
    """Read one line that must match `opening`; `shortest` is how every such line begins.

    None while no whole line is there and what is there may still become one.
    """
    head, ended, _ = data[: LONGEST * 4].partition(b"\n")
    if not ended and len(data) < LONGEST * 4:
        if not head.upper().startswith(shortest[: len(head)]):
            raise Another
        return None
    if not opening.match(head):
        raise Another
    return decode(head.rstrip(b"\r"), LONGEST)


def number(data: bytes, start: int, size: int) -> int | None:
    """Return a big-endian number at an offset, None if the bytes are not there yet."""
    end = start + size
    return int.from_bytes(data[start:end], "big") if len(data) >= end else None


def expect(data: bytes, wanted: bytes, start: int = 0) -> bool:
    """Say whether all of `wanted` stands at an offset; raise Another where it never will."""
    have = data[start : start + len(wanted)]
    if have != wanted[: len(have)]:
        raise Another
    return len(have) == len(wanted)
