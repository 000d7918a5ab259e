"""`observations-<vantage>.jsonl`: append-only, whole lines, one writer.

A line counts once its newline is there. A kill can leave a torn last line: readers stop before it,
a writer cuts it off. Anything else that cannot be read is an error with its line number.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from ipv6check.codec import DecodeError, decode_observation, encode_observation
from ipv6check.inventory.problems import visible
from ipv6check.model.observation import Observation
from ipv6check.store.files import FILE_MODE, StoreError, explain, explained, regular, write_all

MAX_LINE = 8 << 20  # bytes; probes bound what they keep far below it
_BLOCK = 1 << 16


class Journal:
    """The observations of one run and vantage, open for appending and locked against a second writer."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lines: list[bytes] = []
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        with explained(path):
            self._descriptor = os.open(path, flags, FILE_MODE)
        try:
            self._lock()
            self._size = self._cut_torn_line()
        except BaseException:
            os.close(self._descriptor)
            raise

    def append(self, observation: Observation) -> None:
        """Add an observation; it is in the file after the next `flush`."""
        self._lines.append(encode_observation(observation) + b"\n")

    def flush(self) -> None:
        """Write what was added, as whole lines; on error the file ends where it did before."""
        if not self._lines:
            return
        content = b"".join(self._lines)
        try:
            write_all(self._descriptor, content)
        except OSError as error:
            self._restore()
            raise explain(self.path, error) from error
        self._size += len(content)
        self._lines.clear()

    def sync(self) -> None:
        """Write what was added and make it last through a power cut."""
        self.flush()
        with explained(self.path):
            os.fsync(self._descriptor)

    def close(self) -> None:
        """Release the file and its lock; what was not flushed is lost, as after a kill."""
        os.close(self._descriptor)

    def _lock(self) -> None:
        if not stat.S_ISREG(os.fstat(self._descriptor).st_mode):
            raise StoreError(f"{self.path}: not a regular file")
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
                message = f"{self.path.parent}: another scan is writing to this run; wait for it or stop it"
                raise StoreError(message) from error
            raise explain(self.path, error) from error

    def _cut_torn_line(self) -> int:
        """Truncate behind the last newline; return the size."""
        with explained(self.path):
            size = end = os.fstat(self._descriptor).st_size
            while end > 0:
                start = max(0, end - _BLOCK)
                newline = os.pread(self._descriptor, end - start, start).rfind(b"\n")
                if newline >= 0:
                    end = start + newline + 1
                    break
                end = start
            if end != size:
                os.ftruncate(self._descriptor, end)
            return end

    def _restore(self) -> None:
        try:
            os.ftruncate(self._descriptor, self._size)
        except OSError:
            return  # the next reader stops before the torn line, the next writer cuts it off


def read(path: Path) -> Iterator[Observation]:
    """Yield the observations of a file, a torn last line left out; StoreError names a line it cannot read."""
    for number, line in lines(path):
        yield decode(path, number, line)


def lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the whole lines of a file with their numbers, a torn last one left out."""
    with regular(path) as file:
        number = 0
        while True:
            number += 1
            with explained(path):
                line = file.readline(MAX_LINE + 1)
            if not line.endswith(b"\n"):
                if len(line) > MAX_LINE:
                    raise StoreError(f"{path}:{number}: longer than any line this program writes")
                return
            yield number, line


def decode(path: Path, number: int, line: bytes) -> Observation:
    """Read one line; StoreError names it if it is no observation."""
    try:
        return decode_observation(line)
    except DecodeError as error:
        detail = visible(str(error)[:200])
        raise StoreError(
            f"{path}:{number}: not an observation ({detail}); restore the file from a copy"
        ) from error
