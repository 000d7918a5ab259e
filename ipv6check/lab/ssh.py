"""The lab's SSH-like server as far as its host key (RFC 4253 §6–8); nobody can log in.

It offers one exchange, waits for the client's side of it, and shows a key made of a word. No secret is
agreed and nothing is signed: the probe asks for no more.
"""

from __future__ import annotations

import asyncio
import hashlib
import struct

_KEXINIT, _KEX_REPLY = 20, 31
_LISTS = (
    "curve25519-sha256",
    "ssh-ed25519",
    *["aes128-ctr"] * 2,
    *["hmac-sha2-256"] * 2,
    *["none"] * 2,
    "",
    "",
)
_MOST = 8192  # bytes that a client may say


def _string(content: bytes) -> bytes:
    return struct.pack("!I", len(content)) + content


def _packet(payload: bytes) -> bytes:
    padding = 8 - (len(payload) + 5) % 8
    padding += 8 if padding < 4 else 0
    return struct.pack("!IB", len(payload) + padding + 1, padding) + payload + bytes(padding)


def offer() -> bytes:
    """Return the offer (KEXINIT) as a packet."""
    lists = b"".join(_string(names.encode("ascii")) for names in _LISTS)
    return _packet(bytes([_KEXINIT]) + bytes(16) + lists + b"\0" + bytes(4))


def reply(word: str) -> bytes:
    """Return the reply that shows the host key made of a word, as a packet."""
    key = _string(b"ssh-ed25519") + _string(hashlib.sha256(word.encode("utf-8")).digest())
    signature = _string(b"ssh-ed25519") + _string(bytes(64))
    return _packet(bytes([_KEX_REPLY]) + _string(key) + _string(bytes(32)) + _string(signature))


def packets(said: bytes) -> int:
    """Return how many whole packets a client has sent after its identification."""
    _, line, rest = said.partition(b"\n")
    count = 0
    while line and len(rest) >= 4:
        (length,) = struct.unpack("!I", rest[:4])
        if len(rest) < 4 + length:
            break
        rest = rest[4 + length :]
        count += 1
    return count


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, word: str) -> None:
    """Hold the conversation after the identification has been sent; return when the client goes."""
    writer.write(offer())
    await writer.drain()
    said, shown = b"", False
    while len(said) < _MOST and (data := await reader.read(1024)):
        said += data
        if not shown and packets(said) >= 2:
            shown = True
            writer.write(reply(word))
            await writer.drain()
