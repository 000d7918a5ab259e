"""SSH as far as the server's host key (RFC 4253 §6–8): its offer, and one key exchange that is not finished.

In: a channel on which both sides have identified themselves. Out: the host key. Nothing is proved by
it: the signature is not looked at, since keys are compared with each other and nobody is trusted.
Every length is a stranger's, and bounded.
"""

from __future__ import annotations

import base64
import hashlib
import os
import struct
from dataclasses import dataclass
from typing import Final

from ipv6check.net.failure import EOF, MALFORMED, Failed
from ipv6check.net.remote_text import decode
from ipv6check.net.stream import CHUNK, Channel

PACKET: Final = 35_000
"""Longest packet in bytes (RFC 4253 §6.1)."""

PACKETS: Final = 16
NAMES: Final = 32  # of an offer that are kept

_DISCONNECT, _IGNORE, _UNIMPLEMENTED, _DEBUG, _EXT_INFO = 1, 2, 3, 4, 7
_KEXINIT, _KEX_REPLY, _KEX_START = 20, 31, 30
_BY_APPLICATION: Final = 11
_CHATTER: Final = frozenset({_IGNORE, _UNIMPLEMENTED, _DEBUG, _EXT_INFO})

HOST_KEYS: Final = (
    *("ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"),
    *("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa", "ssh-dss"),
)
_EXCHANGES: Final = (
    *("curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256", "ecdh-sha2-nistp384"),
    *("ecdh-sha2-nistp521", "diffie-hellman-group14-sha256", "diffie-hellman-group14-sha1"),
    "diffie-hellman-group1-sha1",
)
_CIPHERS: Final = (
    *("aes128-ctr", "aes256-ctr", "chacha20-poly1305@openssh.com", "aes128-gcm@openssh.com"),
    *("aes256-gcm@openssh.com", "aes128-cbc", "3des-cbc"),
)
_MACS: Final = ("hmac-sha2-256", "hmac-sha2-512", "hmac-sha2-256-etm@openssh.com", "hmac-sha1", "hmac-md5")
_LISTS: Final = (_EXCHANGES, HOST_KEYS, _CIPHERS, _CIPHERS, _MACS, _MACS, ("none",), ("none",), (), ())


@dataclass(frozen=True, slots=True, kw_only=True)
class HostKey:
    """A server's host key: its type, and the fingerprint as OpenSSH writes it (`SHA256:…`)."""

    type: str
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a server offers: ways to exchange keys, and kinds of host key, in its order."""

    exchanges: tuple[str, ...]
    host_keys: tuple[str, ...]

    def exchange(self) -> str | None:
        """Return the way both sides know, by our preference (RFC 4253 §7.1); None if there is none.

        Without a kind of host key in common there is none either.
        """
        if not any(each in self.host_keys for each in HOST_KEYS):
            return None
        return next((each for each in _EXCHANGES if each in self.exchanges), None)


class Packets:
    """Unencrypted SSH packets over a channel; `rest` is what had been read beyond the identification."""

    def __init__(self, channel: Channel, rest: bytes = b"") -> None:
        self.channel = channel
        self._buffer = bytearray(rest)
        self._count = 0

    async def send(self, payload: bytes) -> None:
        """Send one packet, padded to a multiple of eight (RFC 4253 §6)."""
        padding = 8 - (len(payload) + 5) % 8
        padding += 8 if padding < 4 else 0
        head = struct.pack("!IB", len(payload) + padding + 1, padding)
        await self.channel.write(head + payload + os.urandom(padding))

    async def receive(self) -> bytes:
        """Return the payload of the next packet that says anything; raise Failed (`malformed`, `eof`, …)."""
        while self._count < PACKETS:
            self._count += 1
            payload = await self._one()
            if payload[0] == _DISCONNECT:
                raise Failed(EOF, {"detail": _description(payload)})
            if payload[0] not in _CHATTER:
                return payload
        raise Failed(MALFORMED, {"detail": "too many packets"})

    async def _one(self) -> bytes:
        length, padding = struct.unpack("!IB", await self._exactly(5))
        if not 2 <= length <= PACKET or padding > length - 2:
            raise Failed(MALFORMED, {"detail": f"a packet of {length} bytes with {padding} of padding"})
        body = await self._exactly(length - 1)
        return body[: length - 1 - padding]

    async def _exactly(self, size: int) -> bytes:
        while len(self._buffer) < size:
            data = await self.channel.read(CHUNK)
            if not data:
                raise Failed(EOF, {"received": len(self._buffer)})
            self._buffer += data
        found = bytes(self._buffer[:size])
        del self._buffer[:size]
        return found


async def offers(packets: Packets) -> Offer:
    """Exchange offers (KEXINIT) and return the server's."""
    lists = b"".join(_string(",".join(names).encode("ascii")) for names in _LISTS)
    await packets.send(bytes([_KEXINIT]) + os.urandom(16) + lists + b"\0" + bytes(4))
    payload = await packets.receive()
    if payload[0] != _KEXINIT or len(payload) < 17:
        raise Failed(MALFORMED, {"detail": f"message {payload[0]} where an offer should be"})
    exchanges, rest = _take(payload[17:])
    host_keys, _ = _take(rest)
    return Offer(exchanges=_names(exchanges), host_keys=_names(host_keys))


async def host_key(packets: Packets, exchange: str) -> HostKey:
    """Begin a key exchange and return the host key of the reply; the exchange is left there."""
    await packets.send(bytes([_KEX_START]) + _string(_public(exchange)))
    payload = await packets.receive()
    if payload[0] != _KEX_REPLY:
        raise Failed(MALFORMED, {"detail": f"message {payload[0]} where a key should be"})
    blob, _ = _take(payload[1:])
    kind, _ = _take(blob)
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode("ascii").rstrip("=")
    return HostKey(type=decode(kind, 64), fingerprint=f"SHA256:{digest}")


async def leave(packets: Packets) -> None:
    """Say goodbye (RFC 4253 §11.1), so that the server's log does not call it an error."""
    text = _string(b"host key seen")
    await packets.send(bytes([_DISCONNECT]) + struct.pack("!I", _BY_APPLICATION) + text + _string(b""))


def _public(exchange: str) -> bytes:
    """Return a public value of ours: nobody will ask for the secret of it.

    Any 32 bytes are one of Curve25519, any number in range one of the old groups.
    """
    if exchange.startswith("curve25519"):
        return os.urandom(32)
    if exchange.startswith("ecdh"):
        return _point(exchange)
    bits = 1000 if "group1-" in exchange else 2000
    return b"\x01" + os.urandom(bits // 8)


def _point(exchange: str) -> bytes:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    curves: dict[str, type[ec.EllipticCurve]] = {
        "256": ec.SECP256R1,
        "384": ec.SECP384R1,
        "521": ec.SECP521R1,
    }
    key = ec.generate_private_key(curves[exchange[-3:]]())
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _string(content: bytes) -> bytes:
    return struct.pack("!I", len(content)) + content


def _take(data: bytes) -> tuple[bytes, bytes]:
    """Return the string that data begin with, and what follows it; raise Failed `malformed`."""
    if len(data) < 4:
        raise Failed(MALFORMED, {"detail": "a string is missing"})
    (length,) = struct.unpack("!I", data[:4])
    if length > len(data) - 4:
        raise Failed(MALFORMED, {"detail": f"a string of {length} bytes in {len(data)}"})
    return data[4 : 4 + length], data[4 + length :]


def _names(content: bytes) -> tuple[str, ...]:
    return tuple(decode(name, 64) for name in content[:4096].split(b",")[:NAMES] if name)


def _description(payload: bytes) -> str:
    try:
        return decode(_take(payload[5:])[0], 128)
    except Failed:
        return "disconnected"
