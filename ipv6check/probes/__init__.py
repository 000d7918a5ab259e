"""One file a probe: what it asks of the network and what it saw, never what that is worth.

`BUILTIN` names every conversation, `SWEEPS` what the two sweeps serve; a kind is served by one of them.
`SHARED` are conversations that answer two questions at once, by the kinds of both.
A probe's module is imported when its kind is first asked for: most commands never need one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Final, TypeAlias, cast

from ipv6check.model.text import JSON

if TYPE_CHECKING:
    from ipv6check.model.task import Task
    from ipv6check.net.net import Net

    Data: TypeAlias = Mapping[str, JSON]
    Probe: TypeAlias = Callable[[Task, Net], Awaitable[Data]]
    Shared: TypeAlias = Callable[[Task, Net], Awaitable[tuple[Data, Data]]]


@cache
def _probe_of(module: str) -> object:
    return import_module(f"{__name__}.{module}").probe


def _lazily(module: str) -> Probe:
    """Return the probe of a module of this package, imported when it is first called."""

    async def probe(task: Task, net: Net) -> Mapping[str, JSON]:
        return await cast("Probe", _probe_of(module))(task, net)

    probe.__name__ = probe.__qualname__ = module
    return probe


def _shared(module: str) -> Shared:
    """Return the conversation of a module of this package that answers two questions, as `_lazily` does."""

    async def probe(task: Task, net: Net) -> tuple[Data, Data]:
        return await cast("Shared", _probe_of(module))(task, net)

    probe.__name__ = probe.__qualname__ = module
    return probe


BUILTIN: Final[tuple[tuple[str, Probe], ...]] = (
    ("vantage.source", _lazily("vantage_source")),
    ("vantage.canary", _lazily("vantage_canary")),
    ("dns.tcp", _lazily("dns_tcp")),
    ("tcp.time", _lazily("tcp_time")),
    ("tls.handshake", _lazily("tls_handshake")),
    ("tls.starttls", _lazily("tls_starttls")),
    ("http.get", _lazily("http_get")),
    ("smtp.greeting", _lazily("smtp_greeting")),
    ("ssh.greeting", _lazily("ssh_greeting")),
    ("ssh.hostkey", _lazily("ssh_hostkey")),
    ("app.greeting", _lazily("app_greeting")),
    ("udp.exchange", _lazily("udp_exchange")),
    ("path.mtu", _lazily("path_mtu")),
    ("path.echo", _lazily("path_echo")),
)
SHARED: Final[tuple[tuple[tuple[str, str], Shared], ...]] = (
    (("http.get", "tls.handshake"), _shared("https_visit")),
)
SWEEPS: Final = ("dns.query", "tcp.connect")
