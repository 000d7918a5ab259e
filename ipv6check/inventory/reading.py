"""Bytes and text of an inventory's files: regular files only, bounded before they are read.

What cannot be read is an `Unreadable`, with the line and column where that is known.
"""

from __future__ import annotations

import codecs
import errno
import os
import re
import stat
from pathlib import Path

MAX_BYTES = 64 * 1024 * 1024
"""The largest file that is read; 10,000 systems are about 10 MB."""

LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # what YAML 1.1 (and libyaml) calls a line break
# What YAML calls non-printable, plus C1: none of it belongs in an inventory.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|\ufeff")
_SAYING = {
    errno.ENOENT: "there is no such file",
    errno.EACCES: "may not be read: permission denied",
    errno.ELOOP: "is a loop of symbolic links",
    errno.EISDIR: "is a folder; name a YAML file",
    errno.ENXIO: "is not a regular file",
    errno.ENAMETOOLONG: "has too long a name",
}


class Unreadable(Exception):
    """Why a file cannot be read, at a position in `line`, the text of the source line (if known)."""

    def __init__(self, message: str, line: int = 1, column: int = 1, source: str = "") -> None:
        super().__init__(message)
        self.line = line
        self.column = column
        self.source = source


def read_bytes(path: Path, limit: int = MAX_BYTES) -> bytes:
    """Return the content of a regular file of at most `limit` bytes; raise Unreadable otherwise."""
    try:
        # O_NONBLOCK: opening a FIFO must not wait for a writer; O_NOCTTY: nor a terminal become ours.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise Unreadable(_say(error)) from error
    try:
        content = _read_regular(descriptor, limit)
    except OSError as error:
        raise Unreadable(_say(error)) from error
    finally:
        os.close(descriptor)
    if content is None:
        raise Unreadable(f"is too large: more than {MAX_BYTES // 1024 // 1024} MiB with all it includes")
    return content


def _read_regular(descriptor: int, limit: int) -> bytes | None:
    """Return the content, or None if it is more than `limit` bytes: by its size, or by what comes."""
    status = os.fstat(descriptor)
    if stat.S_ISDIR(status.st_mode):
        raise Unreadable(_SAYING[errno.EISDIR])
    if not stat.S_ISREG(status.st_mode):
        raise Unreadable(_SAYING[errno.ENXIO])
    if status.st_size > limit:
        return None
    with open(descriptor, "rb", closefd=False) as file:
        content = file.read(limit + 1)
    return content if len(content) <= limit else None


def _say(error: OSError | ValueError) -> str:
    if isinstance(error, OSError) and error.errno is not None:
        return _SAYING.get(error.errno, f"cannot be read: {os.strerror(error.errno)}")
    return "cannot be read: its name is not possible"


def decode(content: bytes) -> str:
    """Return UTF-8 text without its byte order mark; raise Unreadable at the first impossible character."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Unreadable("is UTF-16 text: save it as UTF-8")
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        line, column = position(before, len(before))
        message = f"byte 0x{content[error.start]:02x} is not UTF-8: save the file as UTF-8"
        rest = content[error.start : error.start + 60].decode("utf-8", "backslashreplace")
        raise Unreadable(message, line, column, line_at(before + rest, line)) from error
    found = _FORBIDDEN.search(text)
    if found:
        line, column = position(text, found.start())
        code = ord(found.group())
        hint = " (is it UTF-16? save it as UTF-8)" if code == 0 else ""
        message = f"control character U+{code:04X} is not allowed: delete it{hint}"
        raise Unreadable(message, line, column, line_at(text, line))
    return text


def position(text: str, offset: int) -> tuple[int, int]:
    """Return line and column (from 1) of an offset."""
    line, start = 1, 0
    for found in LINE_BREAK.finditer(text, 0, offset):
        line, start = line + 1, found.end()
    return line, offset - start + 1


def line_at(text: str, number: int) -> str:
    """Return the line of that number (from 1), or an empty string."""
    lines = LINE_BREAK.split(text, number)
    return lines[number - 1] if 0 < number <= len(lines) else ""
