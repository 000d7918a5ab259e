"""Honest and dishonest servers in S, for what no real one is light enough or odd enough.

`python -m tests.lab.responder '[[address, port, behaviour, app], …]'`: behaviour is `tcp` or `udp`
(the app's honest answer, tests/lab/honest.py), `mute` (accepts and says nothing), `drip` (a byte now and
then), `ssh` (another protocol's greeting), `hangup` (closes at once), `deaf` (UDP, never answers).
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys

from tests.lab.honest import ANSWERS, NO_TLS, SPEAK_FIRST

_DRIP = 3.0  # seconds between two bytes


async def _stream(address: str, port: int, behaviour: str, app: str) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if behaviour == "tcp":
                request = b"" if app in SPEAK_FIRST else await reader.read(4096)
                if request or app in SPEAK_FIRST:
                    writer.write(ANSWERS[app, "tcp"](request))
                if await reader.read(4096) and app in NO_TLS:
                    writer.write(NO_TLS[app])
                    await reader.read(4096)
            elif behaviour == "mute":
                await asyncio.sleep(300)
            elif behaviour == "ssh":
                writer.write(b"SSH-2.0-OpenSSH_9.2p1\r\n")
                await reader.read(4096)
            elif behaviour == "drip":
                for byte in b"* OK " + b"x" * 200:
                    writer.write(bytes((byte,)))
                    await writer.drain()
                    await asyncio.sleep(_DRIP)
        except (OSError, AssertionError):
            pass  # who asked has gone, or asked something else
        finally:
            writer.close()

    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    await asyncio.start_server(serve, address, port, family=family)


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, app: str, *, answers: bool) -> None:
        self._app = app
        self._answers = answers
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        if self._answers and self._transport is not None:
            self._transport.sendto(ANSWERS[self._app, "udp"](data), address)


async def _main(places: list[list[str]]) -> None:
    loop = asyncio.get_running_loop()
    for address, port, behaviour, app in places:
        if behaviour in ("udp", "deaf"):
            await loop.create_datagram_endpoint(
                lambda app=app, answers=behaviour == "udp": _Datagrams(app, answers=answers),  # type: ignore[misc]
                local_addr=(address, int(port)),
            )
        else:
            await _stream(address, int(port), behaviour, app)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main(json.loads(sys.argv[1])))
