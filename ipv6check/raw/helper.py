"""The helper process: `python -m ipv6check.raw.helper FD`, a socket to the scan as its only way in.

Opens its raw sockets, drops every privilege, says so, and then serves records until the scan closes.
It sends to nobody but whom a record names; the scan's own guard has looked at the address before.
"""

from __future__ import annotations

import errno
import select
import socket
import struct
import sys
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from ipv6check.raw import packets, privileges
from ipv6check.raw.messages import (
    DONE,
    ECHO,
    FAILED,
    FROM_SCAN,
    READY,
    REPLY,
    SIZE,
    UNKNOWN_CONNECTION,
    WATCH,
    BadRecord,
    Record,
    packed,
    unpack,
)

_MOST_WATCHED: Final = 4096
_ECHO_REPLY: Final = 129
_ICMP6_FILTER: Final = 1
_SYN_ACK: Final = 0x12
_TCP: Final = struct.Struct("!HHIIBB")


class Helper:
    """Serves one scan; `_next` holds the sequence number each watched server will send next."""

    def __init__(self, scan: socket.socket) -> None:
        self._scan = scan
        self._out = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW)
        self._tcp = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_TCP)
        self._icmp = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
        blocked = bytearray(b"\xff" * 32)
        blocked[_ECHO_REPLY // 8] &= ~(1 << (_ECHO_REPLY % 8))
        # The kernel's filter is made of 32-bit words in its own byte order.
        self._icmp.setsockopt(socket.IPPROTO_ICMPV6, _ICMP6_FILTER, _in_host_order(bytes(blocked)))
        self._watched: OrderedDict[tuple[bytes, int], None] = OrderedDict()
        self._next: OrderedDict[tuple[bytes, int, int], int] = OrderedDict()

    def serve(self) -> None:
        """Work until the scan closes its side, or says what is no record."""
        self._say(Record(operation=READY))
        sources: dict[socket.socket, Callable[[], bool]] = {
            self._tcp: self._see_segment,
            self._icmp: self._see_reply,
            self._scan: self._obey,
        }
        while True:
            for ready in select.select(list(sources), [], [])[0]:
                if not sources[ready]():
                    return

    def _obey(self) -> bool:
        raw = self._scan.recv(SIZE + 1)
        if not raw:
            return False
        try:
            record = unpack(raw, FROM_SCAN)
        except BadRecord:
            return False
        if record.operation == WATCH:
            _remember(self._watched, (record.theirs, record.their_port), None)
            self._answer(record, DONE)
        elif record.operation == ECHO:
            self._send(record, packets.echo(record))
        else:
            sequence = self._next.get((record.theirs, record.their_port, record.our_port))
            if sequence is None:
                self._answer(record, UNKNOWN_CONNECTION)
            else:
                self._send(record, (packets.packet_too_big(record, sequence),))
        return True

    def _send(self, record: Record, made: tuple[bytes, ...]) -> None:
        target = socket.inet_ntop(socket.AF_INET6, record.theirs)
        try:
            for packet in made:
                self._out.sendto(packet, (target, 0))
        except OSError as error:
            self._answer(record, FAILED, error.errno or errno.EIO)
        else:
            self._answer(record, DONE)

    def _see_segment(self) -> bool:
        """Note the sequence number of a SYN-ACK of a server that is watched."""
        segment, sender = self._tcp.recvfrom(64)
        if len(segment) >= _TCP.size:
            their_port, our_port, sequence, _, _, flags = _TCP.unpack_from(segment)
            theirs = packed(str(sender[0]))
            if flags & 0x17 == _SYN_ACK and (theirs, their_port) in self._watched:
                _remember(self._next, (theirs, their_port, our_port), (sequence + 1) & 0xFFFFFFFF)
        return True

    def _see_reply(self) -> bool:
        reply, sender = self._icmp.recvfrom(128)
        if len(reply) >= 24 and reply[0] == _ECHO_REPLY:
            self._say(Record(operation=REPLY, theirs=packed(str(sender[0])), mark=reply[8:24]))
        return True

    def _answer(self, record: Record, operation: int, number: int = 0) -> None:
        self._say(Record(operation=operation, number=number, theirs=record.theirs, mark=record.mark))

    def _say(self, record: Record) -> None:
        self._scan.send(record.pack())


def _remember(known: OrderedDict, key: object, value: object) -> None:  # type: ignore[type-arg]
    known[key] = value
    known.move_to_end(key)
    if len(known) > _MOST_WATCHED:
        known.popitem(last=False)


def _in_host_order(blocked: bytes) -> bytes:
    return b"".join(
        struct.pack("=I", int.from_bytes(blocked[at : at + 4], "little")) for at in range(0, 32, 4)
    )


def main(arguments: list[str]) -> int:
    """Run the helper on an inherited socket; return 77 where the raw sockets are not permitted."""
    scan = socket.socket(fileno=int(arguments[0]))
    try:
        helper = Helper(scan)
    except PermissionError:
        return 77
    privileges.drop()
    try:
        helper.serve()
    except (BrokenPipeError, ConnectionResetError):
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
