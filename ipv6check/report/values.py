"""Plain JSON read without trust: each function takes anything and returns one type, made safe.

A results.json may be older or newer than this program, or come from another hand: what is
absent or of another type reads as nothing, never as an error.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from math import isfinite

from ipv6check.model.text import JSON, Language
from ipv6check.report.safe import safe_block, safe_text

_MANY = 10**12  # more things than there are
_NOTHING: Mapping[str, JSON] = {}


def mapping(value: JSON) -> Mapping[str, JSON]:
    """Return `value` if it is an object, else an empty one."""
    # dict first: an abstract class's instance check costs ten times as much, and this runs very often.
    return value if isinstance(value, dict) or isinstance(value, Mapping) else _NOTHING


def items(value: JSON) -> Sequence[JSON]:
    """Return `value` if it is an array, else an empty one."""
    if isinstance(value, list):
        return value
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def objects(value: JSON) -> Iterator[Mapping[str, JSON]]:
    """Yield the objects of an array."""
    return (entry for entry in items(value) if isinstance(entry, dict) or isinstance(entry, Mapping))


def text(value: JSON, language: Language, limit: int = 2000) -> str:
    """Return a string or a `{vi, en}` pair in `language`, safe; empty if there is none."""
    if value is None:
        return ""
    if not isinstance(value, str):
        pair = mapping(value)
        value = pair.get(language) or pair.get("en") or pair.get("vi")
    return safe_text(value, limit) if isinstance(value, str) else ""


def block(value: JSON, language: Language, limit: int = 4000) -> str:
    """Return as `text` does, with its lines kept."""
    if value is None:
        return ""
    if not isinstance(value, str):
        pair = mapping(value)
        value = pair.get(language) or pair.get("en") or pair.get("vi")
    return safe_block(value, limit).strip() if isinstance(value, str) else ""


def word(value: JSON, limit: int = 300) -> str | None:
    """Return a string, safe, or None."""
    return safe_text(value, limit) if isinstance(value, str) and value else None


def choice(value: JSON, allowed: Collection[str]) -> str | None:
    """Return one of the words allowed, or None: pages make class names and keys of them."""
    return value if isinstance(value, str) and value in allowed else None


def words(value: JSON, limit: int = 300) -> tuple[str, ...]:
    """Return the strings of an array, safe."""
    return tuple(safe_text(entry, limit) for entry in items(value) if isinstance(entry, str))


def number(value: JSON) -> float | None:
    """Return a finite number (not a bool), or None."""
    if isinstance(value, float):
        return value if isfinite(value) else None
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    try:
        return float(value)
    except OverflowError:
        return None


def count(value: JSON) -> int:
    """Return a whole number of things; 0 if it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < _MANY else 0


def day(value: JSON) -> date | None:
    """Return an ISO date, or None."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def moment(value: JSON) -> datetime | None:
    """Return an ISO time in UTC (one without an offset is UTC already), or None."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
        if found is None:
            return None
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
