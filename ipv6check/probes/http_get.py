"""http.get: one GET over HTTP/1.1, with TLS of our own where asked; redirects are somebody else's task."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from ipv6check import __version__
from ipv6check.model.task import Task
from ipv6check.model.text import JSON
from ipv6check.net import page
from ipv6check.net.http import Response
from ipv6check.net.net import Net
from ipv6check.net.stream import Channel, Stream, seen
from ipv6check.net.tls import TlsStream

USER_AGENT: Final = f"ipv6check/{__version__} (IPv6 readiness check)"

# What stays as it is in a request target (RFC 3986 §3.3 and §3.4); the rest is percent-encoded.
_TARGET: Final = "/?:@!$&'()*+,;=%-._~[]|"


async def probe(task: Task, net: Net) -> Mapping[str, JSON]:
    """Return status, headers, location, and length, hash and title of the body; of HTML its `references`.

    Where the body is longer than 64 KiB, `more` is true and length and hash are of what was kept.
    A failure after the head has what the head said in its data.
    """
    stream = await Stream.connect(task, net)
    try:
        channel = await secured(stream, task)
        found = {**await fetch(channel, task), **stream.timing()}
        channel.close()
        return found
    finally:
        stream.close()


async def fetch(channel: Channel, task: Task) -> dict[str, JSON]:
    """Ask for the task's page over a channel and return what came; a failure has what the head said."""
    response = Response(channel)
    with seen(response.data):
        await response.request(
            request_target(str(task.params.get("path") or "/")),
            request_headers(task, tls=bool(task.params.get("tls"))),
        )
        await response.receive()
    return {**response.data, **_page(response, task)}


def _page(response: Response, task: Task) -> dict[str, JSON]:
    """Return what an HTML page names (`references`), nothing for other content."""
    headers = response.data.get("headers")
    fields = headers if isinstance(headers, list) else []
    kind = next((str(value) for name, value in fields if name == "content-type"), "")
    found = page.references(response.body, kind, str(task.params.get("host") or task.address))
    return {} if found is None else {"references": found}


async def secured(stream: Stream, task: Task) -> Channel:
    """Return what to speak HTTP through: the stream, or TLS over it where the task says so."""
    if not task.params.get("tls"):
        return stream
    sni = task.params.get("sni")
    tls = TlsStream(stream, str(sni) if sni else None, ("http/1.1",))
    await tls.handshake()
    return tls


def request_headers(task: Task, *, tls: bool) -> list[tuple[str, str]]:
    """Return the header fields of a GET for a task's `host`."""
    host = str(task.params.get("host") or task.address)
    return [
        ("Host", host_header(host, task.port or 0, tls=tls)),
        ("User-Agent", USER_AGENT),
        ("Accept", "*/*"),
        ("Accept-Encoding", "identity"),
        ("Connection", "close"),
    ]


def host_header(host: str, port: int, *, tls: bool) -> str:
    """Return the Host field for a name or a literal: brackets, and the port where it is not the default.

    RFC 9110 §7.2. A zone is left out: it means nothing to the other side.
    """
    bare = host.partition("%")[0]
    try:
        name = f"[{bare}]" if ipaddress.ip_address(bare).version == 6 else bare
    except ValueError:
        name = host
    return name if port == (443 if tls else 80) else f"{name}:{port}"


def request_target(path: str) -> str:
    """Return a path (and query) as a request target: absolute, in ASCII, without a fragment."""
    bare = path.partition("#")[0]
    return quote(bare if bare.startswith("/") else "/" + bare, safe=_TARGET, errors="replace")
