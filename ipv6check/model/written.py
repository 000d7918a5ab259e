"""Long arrays of results.json, kept as the JSON that they are written as: each entry is read when asked for.

Ten thousand judged systems as objects are gigabytes; as JSON, compressed, they are some tens of megabytes.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import overload

from ipv6check.model.text import JSON


class Written(Sequence[Mapping[str, JSON]]):
    """An array of objects. Its entries are plain data, made anew at each look: hold on to what you need."""

    __slots__ = ()

    @abstractmethod
    def written(self, number: int) -> bytes:
        """Return an entry as JSON without a newline; IndexError if there is none of that number."""

    @abstractmethod
    def read(self, content: bytes) -> Mapping[str, JSON]:
        """Return the entry that is written as `content`."""

    def every(self) -> Iterator[bytes]:
        """Yield each entry as JSON, in order."""
        return (self.written(number) for number in range(len(self)))

    @overload
    def __getitem__(self, number: int, /) -> Mapping[str, JSON]: ...
    @overload
    def __getitem__(self, number: slice, /) -> Sequence[Mapping[str, JSON]]: ...
    def __getitem__(self, number: int | slice) -> Mapping[str, JSON] | Sequence[Mapping[str, JSON]]:
        if isinstance(number, slice):
            return [self.read(self.written(each)) for each in range(*number.indices(len(self)))]
        return self.read(self.written(number))

    def __iter__(self) -> Iterator[Mapping[str, JSON]]:
        return (self.read(content) for content in self.every())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and not isinstance(other, str) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # it equals a list, which has none


class WrittenObject(Mapping[str, JSON]):
    """An object whose values are made when they are asked for; it is written key by key."""

    __slots__ = ()
