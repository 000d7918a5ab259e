"""Places of the web: what a URL names, and where a Location header leads (RFC 3986 §5, RFC 9110 §10.2.2)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import quote, urljoin, urlsplit

from ipv6check.inventory.addresses import canonical
from ipv6check.model.text import JSON

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PORTS = {"http": 80, "https": 443}
_LONGEST = 2048  # characters
_PATH = "/%:@!$&'()*+,;=~"  # what a browser leaves as it is (RFC 3986 §3.3)
_QUERY = _PATH + "?"


@dataclass(frozen=True, slots=True)
class Place:
    """Scheme, host, port and path; `query` belongs to the question, not to the place that is compared."""

    tls: bool
    host: str
    port: int
    path: str
    query: str = ""

    @property
    def literal(self) -> str | None:
        """The host as canonical address, None if it is a name."""
        return _literal(self.host)

    @property
    def bare(self) -> Place:
        """The place without its query."""
        return replace(self, query="")

    def __str__(self) -> str:
        scheme = "https" if self.tls else "http"
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[scheme] else f":{self.port}"
        query = f"?{self.query}" if self.query else ""
        return f"{scheme}://{host}{port}{self.path}{query}"


def _literal(host: str) -> str | None:
    try:
        return canonical(host)
    except ValueError:
        return None


def asked_place(tls: JSON, host: JSON, port: int | None, path: JSON) -> Place:
    """Return the place that a fetch's parameters name."""
    route, _, query = (path if isinstance(path, str) else "/").partition("?")
    named = host if isinstance(host, str) else ""
    return Place(
        tls is True,
        _literal(named) or named.lower().removesuffix("."),
        port or 0,
        quote(route or "/", safe=_PATH),
        quote(query, safe=_QUERY),
    )


def follow(base: Place, location: JSON) -> Place | None:
    """Return where a Location header leads from `base`; None if nowhere that http(s) can go.

    The header is a stranger's text: whatever is no URL is no place.
    """
    if not isinstance(location, str) or len(location) > _LONGEST:
        return None
    try:
        parts = urlsplit(urljoin(str(base), location.strip()))
        port = parts.port
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not host or port == 0:
        return None
    name = _literal(host) or _a_label(host)
    if name is None:
        return None
    return Place(
        parts.scheme == "https",
        name,
        port or _PORTS[parts.scheme],
        quote(parts.path or "/", safe=_PATH),
        quote(parts.query, safe=_QUERY),
    )


def _a_label(host: str) -> str | None:
    """Return a name in lower-case A-labels, None if it cannot be one."""
    try:
        name = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    name = name.lower().removesuffix(".")
    return name or None
