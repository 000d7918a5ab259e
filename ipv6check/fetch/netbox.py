"""NetBox's REST API, page by page, as one JSON document that `importers.netbox` reads.

The token comes from the caller and goes to the server named, over TLS or to this machine only. A page is
followed only if it lies on the same server, below the same path.
"""

from __future__ import annotations

import ipaddress
import json
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from ipv6check.fetch import RemoteTrouble, http
from ipv6check.fetch.line import Server
from ipv6check.inventory.importers.netbox import ENDPOINTS, MAX_OBJECTS
from ipv6check.inventory.importers.wording import clean

PAGE = 250
_MOST_PAGES = 2_000


class WrongAddress(ValueError):
    """A URL or a file named on the command line that cannot be used (exit 2)."""


def fetch(
    url: str, token: str, ca: Path | None = None, note: Callable[[str], None] = lambda _: None
) -> bytes:
    """Return all objects of `ENDPOINTS` as JSON; raise WrongAddress or RemoteTrouble.

    `note` is called with each endpoint and the number of objects it gave.
    """
    server, base = read_url(url, ca)
    headers = [("Accept", "application/json")]
    if token:
        # NetBox 4.5's tokens of version 2 begin with nbt_ and are bearer tokens; older ones are not.
        scheme = "Bearer" if token.startswith("nbt_") else "Token"
        headers.append(("Authorization", f"{scheme} {token}"))
    found: dict[str, list[object]] = {}
    for endpoint in ENDPOINTS:
        found[endpoint] = _pages(server, base, endpoint, headers, token)
        note(f"{endpoint}: {len(found[endpoint])}")
    return json.dumps(found, ensure_ascii=False).encode("utf-8", "surrogatepass")


def read_url(url: str, ca: Path | None) -> tuple[Server, str]:
    """Return the server and the path of its API; raise WrongAddress."""
    shown = clean(url.rpartition("@")[2])  # never a password that somebody put before the @
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise WrongAddress(f"{shown}: not a URL with a possible host and port") from error
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username is not None:
        raise WrongAddress(f"{shown}: write https://NAME, without a user; the token stands in NETBOX_TOKEN")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise WrongAddress(f"{shown}: a token would cross the network readable by all: write https://")
    if any(c <= " " or c > "~" for c in parts.path):
        raise WrongAddress(f"{shown}: its path must be plain ASCII without blanks")
    context = _context(ca) if parts.scheme == "https" else None
    server = Server(host=parts.hostname, port=port or (443 if context else 80), context=context)
    return server, f"{parts.path.rstrip('/').removesuffix('/api')}/api"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _context(ca: Path | None) -> ssl.SSLContext:
    """Return a verifying context. `create_default_context` would write keys to SSLKEYLOGFILE."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_default_certs()
    if ca is not None:
        try:
            context.load_verify_locations(cafile=ca)
        except (OSError, ssl.SSLError) as error:
            raise WrongAddress(f"{ca}: holds no certificates in PEM that can be read") from error
    return context


def _pages(
    server: Server, base: str, endpoint: str, headers: list[tuple[str, str]], token: str
) -> list[object]:
    target = f"{base}/{endpoint}/?limit={PAGE}"
    found: list[object] = []
    asked = set()
    while target:
        asked.add(target)
        page = _page(server, target, headers, token)
        results = page.get("results")
        if not isinstance(results, list):
            raise RemoteTrouble(f"{server}{target}: its JSON has no `results`: is it NetBox's API?")
        found += results
        target = _next(server, base, page.get("next"))
        if target in asked or len(asked) > _MOST_PAGES or len(found) > MAX_OBJECTS:
            raise RemoteTrouble(f"{server}: {endpoint} has pages without an end")
    count = page.get("count")
    if isinstance(count, int) and len(found) < count:
        raise RemoteTrouble(
            f"{server}: {endpoint} says {count} objects but gave {len(found)}: import it again"
        )
    return found


def _page(server: Server, target: str, headers: list[tuple[str, str]], token: str) -> dict[str, Any]:
    status, kind, body = http.get(server, target, headers)
    place = f"{server}{clean(target, 120)}"
    if status in (401, 403):
        advice = "is the token in NETBOX_TOKEN right?" if token else "put a token into NETBOX_TOKEN"
        raise RemoteTrouble(f"{place}: NetBox refuses us (HTTP {status}): {advice}")
    if status in range(300, 400):
        raise RemoteTrouble(f"{place}: it points elsewhere (HTTP {status}): name NetBox's own URL")
    if status != 200:
        raise RemoteTrouble(f"{place}: HTTP {status}")
    try:
        page = json.loads(body)
    except (ValueError, RecursionError) as error:
        what = "an HTML page" if "html" in kind.lower() else "no whole JSON"
        raise RemoteTrouble(f"{place}: answers with {what}: is it NetBox's API?") from error
    if not isinstance(page, dict):
        raise RemoteTrouble(f"{place}: its JSON has no `results`: is it NetBox's API?")
    return page


def _next(server: Server, base: str, link: object) -> str:
    """Return the target of the next page; an empty string if there is none."""
    if link is None:
        return ""
    try:
        parts = urlsplit(str(link))
        same = _same_server(server, parts)
    except ValueError:
        same = False
    if not same or not parts.path.startswith(f"{base}/") or ".." in parts.path:
        raise RemoteTrouble(f"{server}: its next page lies elsewhere ({clean(str(link), 120)}): not followed")
    target = f"{parts.path}?{parts.query}"
    if any(c <= " " or c > "~" for c in target):
        raise RemoteTrouble(f"{server}: its next page has no possible address ({clean(str(link), 120)})")
    return target


def _same_server(server: Server, parts: SplitResult) -> bool:
    """Whether a link leads to the server asked; its scheme may be http behind a proxy that ends TLS."""
    if parts.hostname != server.host.lower():
        return False
    port = parts.port
    return port == server.port or (port is None and server.port in (80, 443))
