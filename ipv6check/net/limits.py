"""How much at once: connections in all, to one host and to one network, and new ones a second.

One `Limits` serves all sweeps and conversations of a scan, and all their threads. Nothing here
waits: who is refused parks its task, and asks again when `listen` says that something was given
back or when `next_token` has passed.
"""

from __future__ import annotations

import resource
import socket
import threading
import time
from collections.abc import Callable, Sequence
from enum import Enum
from typing import TypeVar

_Key = TypeVar("_Key", str, bytes)

_SPARE_DESCRIPTORS = 64  # the run's files, pipes, event loops, name servers' sockets: no target's connection
_LOWEST = 4
_GROW_AFTER = 64  # connections given back without trouble before one more is allowed again


class Refusal(Enum):
    """Which limit is full."""

    TOTAL = "total"
    RATE = "rate"
    HOST = "host"
    NETWORK = "network"


def network_of(address: str) -> bytes:
    """Return a key of the /64 or the /24 that a literal address lies in (its zone is part of it)."""
    if ":" not in address:
        return socket.inet_pton(socket.AF_INET, address)[:3]
    bare, _, zone = address.partition("%")
    return socket.inet_pton(socket.AF_INET6, bare)[:8] + zone.encode("utf-8", "backslashreplace")


def descriptor_bound() -> int:
    """Return how many sockets RLIMIT_NOFILE leaves for targets."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return 1 << 20
    return max(_LOWEST, soft - min(_SPARE_DESCRIPTORS, soft // 2))


class Limits:
    """The limits of one scan. None lifts one; the total is never above what descriptors allow.

    The defaults are modest: a provincial data centre's firewall should not notice a scan.
    """

    def __init__(
        self,
        *,
        total: int = 256,
        per_host: int | None = 8,
        per_network: int | None = 32,
        per_second: float | None = 200.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.total = max(1, min(total, descriptor_bound()))
        self.per_host = per_host
        self.per_network = per_network
        self.per_second = per_second
        self._clock = clock
        self._lock = threading.Lock()
        self._allowed = self.total
        self._in_use = 0
        self._untroubled = 0
        self._hosts: dict[str, int] = {}
        self._networks: dict[bytes, int] = {}
        self._gentle: set[str] = set()
        self._burst = max(1.0, (per_second or 0.0) / 10.0)
        self._tokens = self._burst
        self._filled = clock()
        self._listeners: tuple[Callable[[str], None], ...] = ()

    @classmethod
    def lifted(cls, total: int = 512) -> Limits:
        """Return limits for a lab: only the total and the descriptors bound it."""
        return cls(total=total, per_host=None, per_network=None, per_second=None)

    @property
    def in_use(self) -> int:
        """How many connections are held now."""
        return self._in_use

    @property
    def allowed(self) -> int:
        """How many may be held now: `total`, or fewer after `back_off`."""
        return self._allowed

    def try_acquire(self, address: str, *, gentle: bool = False) -> bool:
        """Take one connection to `address`, to be given back with `release`; False if a limit is full."""
        return self.ask(address, gentle=gentle) is None

    def ask(self, address: str, *, gentle: bool = False) -> Refusal | None:
        """Take one connection to `address` and return None, or return which limit is full.

        `gentle` makes it one connection at a time to that address, from now on and for everybody.
        """
        with self._lock:
            if self._in_use >= self._allowed:
                return Refusal.TOTAL
            if gentle:
                self._gentle.add(address)
            at_host = self._hosts.get(address, 0)
            most = 1 if address in self._gentle else self.per_host
            if most is not None and at_host >= most:
                return Refusal.HOST
            if self.per_network is not None:
                network = network_of(address)
                at_network = self._networks.get(network, 0)
                if at_network >= self.per_network:
                    return Refusal.NETWORK
            if self.per_second is not None:
                if self._missing_tokens(self.per_second) > 0.0:
                    return Refusal.RATE
                self._tokens -= 1.0
            self._hosts[address] = at_host + 1
            if self.per_network is not None:
                self._networks[network] = at_network + 1
            self._in_use += 1
            return None

    def release(self, address: str) -> None:
        """Give one connection to `address` back, and tell those who listen."""
        self.release_all((address,))

    def release_all(self, addresses: Sequence[str]) -> None:
        """Give one connection to each address back, and tell those who listen."""
        with self._lock:
            for address in addresses:
                _take_one(self._hosts, address)
                if self.per_network is not None:
                    _take_one(self._networks, network_of(address))
            self._in_use -= len(addresses)
            if self._allowed < self.total:
                grown, self._untroubled = divmod(self._untroubled + len(addresses), _GROW_AFTER)
                self._allowed = min(self.total, self._allowed + grown)
        for listener in self._listeners:
            for address in addresses:
                listener(address)

    def next_token(self) -> float:
        """Return the seconds until the rate allows one more connection (0.0: now)."""
        if self.per_second is None:
            return 0.0
        with self._lock:
            return self._missing_tokens(self.per_second) / self.per_second

    def back_off(self) -> None:
        """Halve what is allowed at once: our own descriptors, ports or buffers ran out."""
        with self._lock:
            self._allowed = max(min(_LOWEST, self.total), min(self._allowed, self._in_use + 1) // 2)
            self._untroubled = 0

    def listen(self, listener: Callable[[str], None]) -> None:
        """Call `listener` with the address whenever a connection is given back: on any thread, quickly."""
        with self._lock:
            self._listeners = (*self._listeners, listener)

    def unlisten(self, listener: Callable[[str], None]) -> None:
        """Stop calling `listener`; nothing happens if it was not listening."""
        with self._lock:
            self._listeners = tuple(known for known in self._listeners if known != listener)

    def _missing_tokens(self, per_second: float) -> float:
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._filled) * per_second)
        self._filled = now
        return max(0.0, 1.0 - self._tokens)


def _take_one(counts: dict[_Key, int], key: _Key) -> None:
    left = counts[key] - 1
    if left:
        counts[key] = left
    else:
        del counts[key]
