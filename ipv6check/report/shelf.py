"""Findings that are read when they are asked for: of a large report only the first are held."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar, overload

from ipv6check.model.text import JSON
from ipv6check.model.written import WrittenObject
from ipv6check.report.entries import EvidenceEntry
from ipv6check.report.safe import safe_text
from ipv6check.report.values import mapping

T = TypeVar("T")
HELD = 30_000
"""Findings that are held as objects, about a kilobyte each; those of further systems are read again."""


class Shelf(Generic[T]):
    """What is read of one system at a time; the last one is kept, as a page asks for it again and again."""

    def __init__(self, read: Callable[[int], T]) -> None:
        self._read = read
        self._last: tuple[int, T] | None = None

    def take(self, number: int) -> T:
        """Return what there is of the system of that number."""
        if self._last is None or self._last[0] != number:
            self._last = (number, self._read(number))
        return self._last[1]


class Later(Sequence[T]):
    """A tuple that `read` gives, as often as it is asked for."""

    __slots__ = ("_read",)

    def __init__(self, read: Callable[[], tuple[T, ...]]) -> None:
        self._read = read

    @overload
    def __getitem__(self, number: int, /) -> T: ...
    @overload
    def __getitem__(self, number: slice, /) -> Sequence[T]: ...
    def __getitem__(self, number: int | slice) -> T | Sequence[T]:
        return self._read()[number]

    def __iter__(self) -> Iterator[T]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())


class Evidence(Mapping[str, EvidenceEntry]):
    """The observations that findings cite, by their ids as they are shown; each is read when asked for."""

    def __init__(
        self, told: Mapping[str, JSON], read: Callable[[str, Mapping[str, JSON]], EvidenceEntry]
    ) -> None:
        if not isinstance(told, WrittenObject):
            told = {key: entry for key, entry in told.items() if isinstance(entry, Mapping)}
        self._told = told
        self._read = read
        # An id that has to be made safe is no id of ours: there are none but in a forged document.
        self._shown = {shown: key for key in told if (shown := safe_text(key, 300)) != key}
        self._hidden = frozenset(self._shown.values())

    def __getitem__(self, identity: str) -> EvidenceEntry:
        if identity not in self:
            raise KeyError(identity)
        return self._read(identity, mapping(self._told[self._shown.get(identity, identity)]))

    def __contains__(self, identity: object) -> bool:
        return identity in self._shown or (identity in self._told and identity not in self._hidden)

    def __iter__(self) -> Iterator[str]:
        yield from (key for key in self._told if key not in self._hidden)
        yield from self._shown

    def __len__(self) -> int:
        return sum(1 for _ in self)
