"""File names for pages: an id as it is where it is harmless, else cleaned, with a hash of the whole."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache

_PLAIN = re.compile(r"[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)*")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")
_LONGEST = 80


def slug(identifier: str) -> str:
    """Return a file name (no suffix) that no system minds: no path, no reserved word, 80 characters."""
    if _PLAIN.fullmatch(identifier) and len(identifier) <= _LONGEST and not _RESERVED.fullmatch(identifier):
        return identifier
    cleaned = re.sub(r"[^a-z0-9-]+", "-", identifier.lower()).strip("-")[:40] or "x"
    return f"{cleaned}--{_hash(identifier)}"


def slugs(identifiers: Iterable[str]) -> dict[str, str]:
    """Return a different slug for each identifier, whatever they are."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for identifier in identifiers:
        name = slug(identifier)
        while name in taken and identifier not in found:
            name = f"{name[:40]}--{_hash(name + identifier)}"
        taken.add(name)
        found.setdefault(identifier, name)
    return found


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:10]


@lru_cache(maxsize=4096)
def short_id(identifier: str) -> str:
    """Return a short, harmless form of an id for anchors and links: eight hex digits and the try."""
    head, _, attempt = identifier.partition(".")
    if len(head) == 16 and head.isascii() and head.isalnum() and (not attempt or attempt.isdigit()):
        return f"{head[:8]}.{attempt}" if attempt else head[:8]
    return hashlib.sha256(identifier.encode("utf-8", "surrogatepass")).hexdigest()[:8]
