"""Bytes of a text file in whatever encoding an office saved it, into NFC text.

UTF-8 and UTF-16 are recognised; what is neither is read as windows-1258 (Vietnamese) and said so,
because an eight-bit encoding cannot be recognised for certain.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

from ipv6check.inventory.reading import Unreadable, position
from ipv6check.model.text import Text

_BINARY = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_KINDS = (
    (b"PK\x03\x04", "is a ZIP archive or an Office file: import it as xlsx"),
    (b"\xd0\xcf\x11\xe0", "is an old Office file (.xls): save it as .xlsx or CSV"),
    (b"%PDF", "is a PDF: export the table as xlsx or CSV"),
    (b"\x1f\x8b", "is compressed with gzip: unpack it first"),
)
_GUESSED = Text(
    "Nguồn không phải UTF-8: đã đọc theo windows-1258. Nếu chữ tiếng Việt bị sai, hãy nêu --encoding.",
    "The source is not UTF-8: read as windows-1258. If its text is wrong, name the encoding with --encoding.",
)


def decode(content: bytes, encoding: str | None = None) -> tuple[str, Text | None]:
    """Return the text in NFC, and a remark if its encoding had to be guessed; raise Unreadable."""
    for magic, message in _KINDS:
        if content.startswith(magic):
            raise Unreadable(message)
    guessed = None
    if encoding is not None:
        text = _named(content, encoding)
    elif content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = _named(content, "utf-16")
    elif _half_zeros(content):
        text = _named(content, _half_zeros(content))
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text, guessed = _named(content, "cp1258"), _GUESSED
    text = text.removeprefix("\ufeff")
    found = _BINARY.search(text)
    if found:
        line, column = position(text, found.start())
        raise Unreadable(f"is not text: it contains U+{ord(found.group()):04X}", line, column)
    return unicodedata.normalize("NFC", text), guessed


def _half_zeros(content: bytes) -> str:
    """Return utf-16-le or utf-16-be where every other byte of the beginning is (nearly) zero."""
    head = content[:400]
    if len(head) < 8 or len(content) % 2:
        return ""
    odd, even = head[1::2].count(0), head[0::2].count(0)
    if odd > len(head) // 4 and even == 0:
        return "utf-16-le"
    return "utf-16-be" if even > len(head) // 4 and odd == 0 else ""


def _named(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)  # refuses codecs that are no encodings of text (zip, rot13)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = f"is not {encoding}: byte 0x{content[error.start]:02x}; name its encoding with --encoding"
        raise Unreadable(message, line) from error
    except (LookupError, ValueError) as error:
        message = f'there is no encoding of text "{encoding}": for instance utf-8, windows-1258'
        raise Unreadable(message) from error
