"""Sets the lab up on this machine's loopback, serves it from a thread, and takes it down again."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from ipv6check.lab import province
from ipv6check.lab.authority import Authority
from ipv6check.lab.nameserver import Datagrams, NameServer, TimeServer
from ipv6check.lab.ports import Place, has_loopback, reserve
from ipv6check.model.inventory import FAMILIES, Family

_TRUST_LINE = re.compile(r"^# (trust: \[lab-ca\.pem\]).*$", re.MULTILINE)
_PORT = re.compile(r"\b240\d\d\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A lab that runs: the inventory to scan, the families it has, and a port nobody listens on."""

    inventory: Path
    families: tuple[Family, ...]
    decoy_port: int


def demo_text() -> str:
    """Return demo.yaml as shipped, with its nominal ports."""
    return resources.files("ipv6check.lab").joinpath("demo.yaml").read_text(encoding="utf-8")


def filled_in(text: str, place: dict[int, int]) -> str:
    """Return the inventory with the real ports and the lab's certificate authority switched on."""
    text = _PORT.sub(lambda match: str(place.get(int(match[0]), int(match[0]))), text)
    return _TRUST_LINE.sub(r"\1", text)


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Stage]:
    """Run the lab while the block lasts; `folder` takes its inventory and certificates.

    Raises OSError where loopback has no free ports left.
    """
    families = tuple(family for family in FAMILIES if has_loopback(family))
    nominal = sorted({int(port) for port in _PORT.findall(demo_text())})
    places = {port: reserve(families, port) for port in nominal}
    decoy = reserve(families)
    thread = _Server(places, Authority(folder))
    try:
        (folder / "lab-ca.pem").write_bytes(thread.authority.pem)
        inventory = folder / "demo.yaml"
        inventory.write_text(
            filled_in(demo_text(), {port: place.port for port, place in places.items()}), encoding="utf-8"
        )
        thread.start_serving()
        yield Stage(inventory=inventory, families=families, decoy_port=decoy.port)
    finally:
        thread.end()
        for place in (*places.values(), decoy):
            for bound in (*place.tcp.values(), *place.udp.values()):
                bound.close()


class _Server(threading.Thread):
    """One event loop on a thread of its own that serves every port of the lab."""

    def __init__(self, places: dict[int, Place], authority: Authority) -> None:
        super().__init__(name="lab", daemon=True)
        self.places = places
        self.authority = authority
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended: asyncio.Event | None = None

    def start_serving(self) -> None:
        """Start the thread and wait until every port is served; raise what stopped it."""
        self.start()
        self._ready.wait()
        if self._failure is not None:
            raise self._failure

    def end(self) -> None:
        """Stop serving and wait for the thread."""
        if self._loop is not None and self._ended is not None and self.is_alive():
            self._loop.call_soon_threadsafe(self._ended.set)
        if self.is_alive():
            self.join(10)

    def run(self) -> None:
        """Serve until `end`."""
        try:
            asyncio.run(self._serve())
        except OSError as failure:
            self._failure = failure
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        async with contextlib.AsyncExitStack() as stack:
            await self._serve_datagrams(stack)
            pairs = province.ports({port: place.port for port, place in self.places.items()})
            for port, pair in pairs.items():
                for family, bound in self.places[port].tcp.items():
                    behaviour = pair.v6 if family == 6 else pair.v4
                    await behaviour.start(bound, self.authority, stack)
            self._ready.set()
            await self._ended.wait()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for other in others:
            other.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve_datagrams(self, stack: contextlib.AsyncExitStack) -> None:
        loop = asyncio.get_running_loop()
        names = NameServer(province.ZONE, province.owners())
        for port, server in ((province.DNS_PORT, names), (province.NTP_PORT, TimeServer())):
            for bound in self.places[port].udp.values():
                protocol = functools.partial(Datagrams, server)
                transport, _ = await loop.create_datagram_endpoint(protocol, sock=bound)
                stack.callback(transport.close)
        for bound in self.places[province.DNS_PORT].tcp.values():
            listener = await asyncio.start_server(names.serve_tcp, sock=bound)
            stack.callback(listener.close)
