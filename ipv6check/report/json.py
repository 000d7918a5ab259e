"""results.json: the judgement's own document, as the judge writes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from ipv6check.judge.document import encode, parts
from ipv6check.model.run import Judged
from ipv6check.model.text import JSON

__all__ = ["render", "stream"]


def render(judged: Judged, options: Mapping[str, JSON]) -> bytes:
    r"""Return the bytes of results.json; it holds both languages and takes no options.

    Lone surrogates, which no UTF-8 can hold, come out as visible `\ud800`.
    """
    try:
        return encode(judged.results)
    except UnicodeEncodeError:
        return encode(cast("Mapping[str, JSON]", _encodable(judged.results)))


def stream(judged: Judged, options: Mapping[str, JSON]) -> Iterator[bytes]:
    """Yield what `render` returns, in pieces."""
    try:
        yield from parts(judged.results)
    except UnicodeEncodeError:
        yield render(judged, options)


def _encodable(value: JSON) -> JSON:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, Mapping):
        return {str(_encodable(key)): _encodable(entry) for key, entry in value.items()}
    if isinstance(value, Sequence):
        return [_encodable(entry) for entry in value]
    return value
