"""Files that are whole or not there: atomic writes, bounded reads, and one kind of error for a person.

A write goes to a new file of the same folder (never through a symlink), is synced, renamed over the
old one, and the folder is synced: after a kill or a power cut there is the old content or the new.
What can be made again need not be synced.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

FILE_MODE = 0o640  # what a scan saw is not everybody's business
FOLDER_MODE = 0o750
PIECE = 1 << 18  # bytes of a large file that are held at a time

_REMEDIES = {
    errno.ENOSPC: "no space left: free some, then resume the run",
    errno.EDQUOT: "disk quota exceeded: free some space, then resume the run",
    errno.EROFS: "the file system is read-only: choose another folder with -o",
    errno.EACCES: "permission denied: choose another folder with -o, or change its rights",
    errno.EPERM: "not permitted: choose another folder with -o, or change its rights",
    errno.ENOTDIR: "a part of the path is not a folder",
    errno.EISDIR: "a folder stands where a file should be",
    errno.ELOOP: "a symbolic link stands where a file should be",
    errno.ENOENT: "no such file or folder",
    errno.ENAMETOOLONG: "the name is too long",
}


class StoreError(Exception):
    """Something about a run folder that a person must mend; its text is the whole message."""


def explain(path: Path, error: OSError) -> StoreError:
    """Make a StoreError of an OSError: the path, what is wrong, and what to do."""
    text = _REMEDIES.get(error.errno or 0) or error.strerror or type(error).__name__
    return StoreError(f"{path}: {text}")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn any OSError inside into a StoreError about `path`."""
    try:
        yield
    except OSError as error:
        raise explain(path, error) from error


def make_folder(path: Path) -> None:
    """Make a folder and its parents; nothing happens where it is."""
    with explained(path):
        path.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)


def write(path: Path, content: bytes | Iterable[bytes], *, lasting: bool = True) -> None:
    """Write a file, whole or piece by piece, atomically; its folder must exist.

    `lasting` False is for what can be made again: no sync, so a power cut (not a kill) may lose it.
    """
    pieces = (content,) if isinstance(content, bytes) else content
    temporary = path.with_name(f".{path.name[:64]}.{secrets.token_hex(6)}.new")
    with explained(path):
        descriptor = os.open(
            temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, FILE_MODE
        )
        try:
            try:
                for piece in pieces:
                    write_all(descriptor, piece)
                if lasting:
                    os.fsync(descriptor)
            finally:
                os.close(descriptor)
            os.replace(temporary, path)
        except BaseException:
            remove_quietly(temporary)
            raise
        if lasting:
            sync_folder(path.parent)


def write_all(descriptor: int, content: bytes) -> None:
    """Write every byte; the kernel may take fewer at a time."""
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]


def link(path: Path, target: str) -> None:
    """Make `path` a symbolic link to `target`, replacing an older link atomically."""
    temporary = path.with_name(f".{path.name[:64]}.{secrets.token_hex(6)}.new")
    with explained(path):
        os.symlink(target, temporary)
        try:
            os.replace(temporary, path)
        except BaseException:
            remove_quietly(temporary)
            raise
        sync_folder(path.parent)


@contextmanager
def regular(path: Path) -> Iterator[BinaryIO]:
    """Open a regular file for reading, never through a symlink; StoreError if it is none."""
    with explained(path):
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise StoreError(f"{path}: not a regular file")
        yield file


def read(path: Path, limit: int) -> bytes:
    """Return a regular file's content; StoreError if it is no such file or over `limit` bytes."""
    with regular(path) as file, explained(path):
        content = file.read(limit + 1)
    if len(content) > limit:
        raise StoreError(f"{path}: larger than {limit} bytes, which no run of this program writes")
    return content


def pieces(path: Path) -> Iterator[bytes]:
    """Yield a regular file's content in pieces, for files too large to be held; StoreError if it is none."""
    with regular(path) as file, explained(path):
        while piece := file.read(PIECE):
            yield piece


def sha256(path: Path) -> str:
    """Return the SHA-256 of a regular file, in hex; StoreError if it is none."""
    digest = hashlib.sha256()
    for piece in pieces(path):
        digest.update(piece)
    return digest.hexdigest()


def holds(path: Path, content: Iterable[bytes]) -> bool:
    """Whether a file is that content, piece by piece; StoreError if it cannot be read."""
    with regular(path) as file, explained(path):
        return all(file.read(len(piece)) == piece for piece in content) and not file.read(1)


def sync_folder(path: Path) -> None:
    """Make a rename in the folder last through a power cut."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some file systems cannot sync folders
            raise
    finally:
        os.close(descriptor)


def remove_quietly(path: Path) -> None:
    """Remove a temporary file of ours; one that is gone already is as good."""
    try:
        path.unlink()
    except OSError:
        return
