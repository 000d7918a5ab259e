"""results.json as bytes: keys in the documented order, one space of indentation, UTF-8, a final newline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ipv6check import codec
from ipv6check.model.text import JSON

SCHEMA = "ipv6check/results@1.0"


def encode(results: Mapping[str, JSON]) -> bytes:
    """Return results.json. Equal results are equal bytes: order is that of the judgement, never of a hash."""
    return b"".join(parts(results))


def parts(results: Mapping[str, JSON]) -> Iterator[bytes]:
    """Yield results.json in pieces: of a large run it is hundreds of megabytes."""
    return codec.document_parts(results)
