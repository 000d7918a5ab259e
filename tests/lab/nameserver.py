"""A programmable name server, for the answers no real server gives.

    python -m tests.lab.nameserver RULES.json   (in the repository; says `ready PORT`, then a line a question)
    with NameServer(rules).running() as server: ... server.port, server.asked

RULES.json is `{"listen": [["::1", 5353]], "tcp": true, "loss": 0.0, "rules": [{…}, …]}`, each rule the
fields of `dns_rules.Rule`. The first rule that fits a question answers it. Where none fits, a name with
other rules has no data (NOERROR and a SOA), and any other name does not exist (NXDOMAIN).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import socket
import struct
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import dns.exception
import dns.flags
import dns.message
import dns.rdatatype

from tests.lab.dns_rules import SOA, Asked, Rule, compose, rules_from_json, spoil

Reply = tuple[Rule, list[tuple[str, bytes]]]  # the rule, and (what is wrong with it, message)…


class NameServer:
    """Answers by its rules on every address of `listen`, over UDP and, unless `tcp` is false, TCP.

    Port 0 takes a free one, the same for all. `asked` holds every question that arrived.
    """

    def __init__(
        self,
        rules: Sequence[Rule] = (),
        *,
        listen: Sequence[tuple[str, int]] = (("127.0.0.1", 0), ("::1", 0)),
        tcp: bool = True,
        loss: float = 0.0,
        seed: int = 0,
    ) -> None:
        self.rules = list(rules)
        self.listen = list(listen)
        self.tcp = tcp
        self.loss = loss
        self.random = random.Random(seed)
        self.asked: list[Asked] = []
        self.tries: Counter[tuple[str, str]] = Counter()
        self.port = 0
        self.talkative = False

    @contextlib.contextmanager
    def running(self) -> Iterator[NameServer]:
        """Run in a thread of its own until the block ends."""
        loop = asyncio.new_event_loop()
        ready = threading.Event()
        stop = asyncio.Event()
        trouble: list[OSError] = []

        def run() -> None:
            try:
                loop.run_until_complete(self.serve(stop, ready.set))
            except OSError as error:
                trouble.append(error)
            finally:
                loop.close()
                ready.set()

        thread = threading.Thread(target=run, name="nameserver")
        thread.start()
        try:
            ready.wait()
            if trouble:
                raise trouble[0]
            yield self
        finally:
            with contextlib.suppress(RuntimeError):  # the loop is closed: it never ran
                loop.call_soon_threadsafe(stop.set)
            thread.join()

    async def serve(self, stop: asyncio.Event, ready: Callable[[], None]) -> None:
        """Open the sockets, call `ready`, answer until `stop`, and close whatever is still open."""
        loop = asyncio.get_running_loop()
        async with contextlib.AsyncExitStack() as stack:
            for udp, tcp in self._bind():
                transport, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(self), sock=udp)
                stack.callback(transport.close)
                if tcp is not None:
                    server = await asyncio.start_server(self._converse, sock=tcp)
                    stack.callback(server.close)
            ready()
            await stop.wait()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0)  # transports close their sockets in the next round

    def _bind(self) -> list[tuple[socket.socket, socket.socket | None]]:
        for _ in range(50):
            with contextlib.ExitStack() as stack:
                try:
                    pairs = []
                    port = 0
                    for address, wanted in self.listen:
                        udp = stack.enter_context(_bound(socket.SOCK_DGRAM, address, wanted or port))
                        port = udp.getsockname()[1]
                        tcp = None
                        if self.tcp:
                            tcp = stack.enter_context(_bound(socket.SOCK_STREAM, address, port))
                        pairs.append((udp, tcp))
                except OSError:
                    if any(wanted for _, wanted in self.listen):
                        raise
                    continue
                stack.pop_all()
                self.port = port
                return pairs
        raise OSError("no port is free on every address")

    def reply(self, wire: bytes, transport: str, peer: tuple[Any, ...]) -> Reply | None:
        """Return the rule and the messages to send for one question; None: nothing at all."""
        try:
            query = dns.message.from_wire(wire)
            question = query.question[0]
        except (dns.exception.DNSException, IndexError):
            return None
        name = question.name.to_text(omit_final_dot=True).lower()
        asked = Asked(
            name,
            dns.rdatatype.to_text(question.rdtype),
            query.edns >= 0,
            bool(query.flags & dns.flags.CD),
            transport,
            query.id,
            *peer[:2],
        )
        self.asked.append(asked)
        if self.talkative:
            print(json.dumps({"name": name, "type": asked.type, "transport": transport}), flush=True)
        rule = next((rule for rule in self.rules if rule.fits(asked)), None)
        if rule is None:
            known = any(rule.name.removesuffix(".").lower() == name for rule in self.rules)
            rule = Rule(rcode="NOERROR" if known else "NXDOMAIN", authority=(f"example. 300 {SOA}",))
        self.tries[name, asked.type] += 1
        if rule.silent or self.tries[name, asked.type] <= rule.lose_first or self.random.random() < self.loss:
            return None
        right = compose(rule, query, transport)
        if rule.wrong:
            spoilt = right
            for wrong in rule.wrong:
                spoilt = spoil(spoilt, wrong)
            return rule, [(" ".join(rule.wrong), spoilt)]
        return rule, [*((wrong, spoil(right, wrong)) for wrong in rule.decoys), ("", right)]

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                while True:
                    (length,) = struct.unpack("!H", await reader.readexactly(2))
                    wire = await reader.readexactly(length)
                    said = self.reply(wire, "tcp", writer.get_extra_info("peername"))
                    if said is None or said[0].hang_up == "silent":
                        await asyncio.Event().wait()
                    elif not await self._say(writer, said[0], said[1][-1][1]):
                        break
        finally:
            writer.close()

    async def _say(self, writer: asyncio.StreamWriter, rule: Rule, message: bytes) -> bool:
        """Send an answer the way the rule wants it; return whether the connection stays."""
        await asyncio.sleep(rule.delay)
        prefixed = struct.pack("!H", len(message)) + message
        match rule.hang_up:
            case "reset":
                sock: socket.socket = writer.get_extra_info("socket")
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            case "half":
                writer.write(prefixed[: len(prefixed) // 2])
            case "zero":
                writer.write(b"\0\0")
            case "flood":
                for _ in range(64):
                    writer.write(b"\xff\xff" + bytes(65535))
                    await writer.drain()
            case _:
                writer.write(prefixed if rule.hang_up == "" else b"")
        await writer.drain()
        return rule.hang_up == ""


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, server: NameServer) -> None:
        self.server = server
        self.transport: asyncio.DatagramTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Python 3.11's own datagram transport is none by type.
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        said = self.server.reply(data, "udp", addr)
        if said is None:
            return
        rule, messages = said
        for kind, message in messages:
            asyncio.get_running_loop().call_later(rule.delay, self.send, message, addr, kind)

    def send(self, message: bytes, addr: tuple[Any, ...], kind: str) -> None:
        """Send from where the question was sent to, or from another address or port."""
        if "source" not in kind and "port" not in kind:
            self.transport.sendto(message, addr)
            return
        own = self.transport.get_extra_info("sockname")[0]
        other = "127.0.0.2" if "source" in kind and own == "127.0.0.1" else own
        with _bound(socket.SOCK_DGRAM, other, 0) as sock:
            sock.sendto(message, addr)


def _bound(kind: socket.SocketKind, address: str, port: int) -> socket.socket:
    sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, kind)
    try:
        if kind == socket.SOCK_STREAM:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if sock.family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind((address, port))
        if kind == socket.SOCK_STREAM:
            sock.listen(64)
        sock.setblocking(False)
    except OSError:
        sock.close()
        raise
    return sock


def main(path: str) -> None:
    """Serve the rules of a JSON file until the process is ended; print `ready` and a line a question."""
    told = json.loads(Path(path).read_text("utf-8"))
    server = NameServer(
        rules_from_json(told.get("rules", [])),
        listen=[(address, port) for address, port in told["listen"]],
        tcp=told.get("tcp", True),
        loss=told.get("loss", 0.0),
    )
    server.talkative = True

    asyncio.run(server.serve(asyncio.Event(), lambda: print("ready", server.port, flush=True)))


if __name__ == "__main__":
    main(sys.argv[1])
