"""The few forms of BER that our own requests need (ITU-T X.690), and a bounded reader of what comes back."""

from __future__ import annotations

from dataclasses import dataclass

from ipv6check.probes.exchanges.exchange import BIGGEST, Another

INTEGER, BIT_STRING, OCTET_STRING, NULL, ENUMERATED = 0x02, 0x03, 0x04, 0x05, 0x0A
SEQUENCE = 0x30
_LONG_FORM = 0x80
_MOST_LENGTH_BYTES = 4


def tlv(tag: int, *contents: bytes) -> bytes:
    """Return tag, length and the contents in a row; tags of one byte, definite lengths."""
    body = b"".join(contents)
    if len(body) < _LONG_FORM:
        return bytes((tag, len(body))) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes((tag, _LONG_FORM | len(length))) + length + body


def integer(value: int, tag: int = INTEGER) -> bytes:
    """Return a whole number that is not negative."""
    return tlv(tag, value.to_bytes(value.bit_length() // 8 + 1, "big"))


@dataclass(frozen=True, slots=True)
class Element:
    """One element as it was read: its tag, its contents, and the offset behind it."""

    tag: int
    value: bytes
    end: int

    @property
    def number(self) -> int:
        """The contents as a whole number."""
        return int.from_bytes(self.value[:8], "big", signed=True)


def element(data: bytes, start: int = 0) -> Element | None:
    """Read one element; None while its end is not there yet, Another for what is no BER of ours."""
    if len(data) < start + 2:
        return None
    tag, length, offset = data[start], data[start + 1], start + 2
    if length >= _LONG_FORM:
        size = length & ~_LONG_FORM
        if not 1 <= size <= _MOST_LENGTH_BYTES:
            raise Another
        if len(data) < offset + size:
            return None
        length = int.from_bytes(data[offset : offset + size], "big")
        offset += size
    if length > BIGGEST:
        raise Another
    if len(data) < offset + length:
        return None
    return Element(tag, data[offset : offset + length], offset + length)


def inside(data: bytes, *tags: int) -> list[Element]:
    """Read the elements of a whole value whose first tags must be these; Another if they are not."""
    found: list[Element] = []
    offset = 0
    for tag in tags:
        each = element(data, offset)
        if each is None or each.tag != tag:
            raise Another
        found.append(each)
        offset = each.end
    return found
