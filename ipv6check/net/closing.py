"""Closing many established connections at once, beside the loop that made them.

A close sends a FIN, and the kernel does all the work of sending it before `close` returns: nearly a
third of what a connect costs. A call that closes a run of descriptors lets go of the interpreter
once, so that the loop goes on meanwhile on another core.
"""

from __future__ import annotations

import contextlib
import os
import queue
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias

ALONE: Final = 16  # so few are closed where they are: a hand-over would cost more
_Batch: TypeAlias = "tuple[list[int], Sequence[str]]"


class Closer:
    """Closes what `take` is given; `closed` hears the addresses, on whichever thread closed them.

    The thread begins with the first batch that is worth it. `stop` returns when all is closed.
    """

    def __init__(self, closed: Callable[[Sequence[str]], None]) -> None:
        self._closed = closed
        self._batches: queue.SimpleQueue[_Batch | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def take(self, sockets: Sequence[socket.socket], addresses: Sequence[str]) -> None:
        """Close these sockets, soon; `addresses` are what they were connected to, in the same order."""
        if len(sockets) < ALONE or not self._ready():
            for sock in sockets:
                sock.close()
            self._closed(addresses)
            return
        self._batches.put(([sock.detach() for sock in sockets], addresses))

    def stop(self) -> None:
        """Wait until everything is closed; `take` must not be called again."""
        if self._thread is not None:
            self._batches.put(None)
            self._thread.join()

    def _ready(self) -> bool:
        if self._thread is None:
            thread = threading.Thread(target=self._run, name="closing", daemon=True)
            with contextlib.suppress(RuntimeError):  # no thread to have: then it is done here
                thread.start()
                self._thread = thread
        return self._thread is not None

    def _run(self) -> None:
        while (batch := self._batches.get()) is not None:
            descriptors, addresses = batch
            for first, end in runs(descriptors):
                os.closerange(first, end)
            self._closed(addresses)


def runs(descriptors: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield (first, end) of each run of consecutive numbers: nothing in a run is anybody else's."""
    ordered = sorted(descriptors)
    first = end = ordered[0] if ordered else 0
    for descriptor in ordered:
        if descriptor != end:
            yield first, end
            first = end = descriptor
        end += 1
    if end > first:
        yield first, end
