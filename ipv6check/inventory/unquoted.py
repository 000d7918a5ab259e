"""IPv6 addresses that YAML misreads because they are not in quotes, and the line as it should be.

`a: 2001:db8::`, `[::1]`, `{host: ::1}` and `- [::1]:53` are syntax errors; `- 2001:db8::` is read as a
mapping. Only tokens that are addresses, and that YAML can misread, are touched.
"""

from __future__ import annotations

import re

from ipv6check.inventory.addresses import block, parse
from ipv6check.inventory.problems import Refusal

ADVICE = "quote IPv6 addresses that begin or end with ':' or stand in brackets"

_PIECE = re.compile(
    r"""
    "(?:\\.|[^"\\])*" | '(?:''|[^'])*'                              # quoted already
    | (?<!\S)\#.*                                                   # a comment
    | (?P<endpoint> \[ [0-9A-Fa-f:.]+ (?:%[\w.-]+)? \] : \d{1,5} (?![\w:]) )
    | (?P<address> (?<![\w.:%-]) [0-9A-Fa-f:.]* : [0-9A-Fa-f:.]* (?:%[\w.-]+)? (?:/\d{1,3})? (?![\w]) )
    """,
    re.VERBOSE,
)


def is_address(text: str) -> bool:
    """Whether text is an IPv6 address or prefix."""
    try:
        if "/" in text:
            block(text)
        else:
            parse(text)
    except Refusal:
        return False
    return ":" in text


def correct(line: str) -> tuple[str, int] | None:
    """Return the line with its misread addresses quoted, and the column of the first; None without any."""
    first = 0

    def quote(found: re.Match[str]) -> str:
        nonlocal first
        token = found["endpoint"] or found["address"]
        if not token or not _is_misread(token):
            return found.group()
        first = first or found.start() + 1
        return f'"{token}"'

    corrected = _PIECE.sub(quote, line)
    return (corrected, first) if first else None


def _is_misread(token: str) -> bool:
    if token.startswith("["):
        return is_address(token[1 : token.index("]")])
    return (token.startswith(":") or token.endswith(":")) and is_address(token)


def misread_key(key: str) -> str | None:
    """Return the address that a key with no value (`2001:db8:` of `- 2001:db8::`) was meant to be."""
    meant = key + ":"
    return meant if is_address(meant) else None
