"""Where a redirect leads: the Location header of a stranger as scheme, host, port and path.

Pure text work (RFC 9110 §10.2.2, RFC 3986 §5); whether one may go there is decided in `redirects`.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from ipv6check.model.observation import Observation
from ipv6check.model.task import Task

STATUSES = (301, 302, 303, 307, 308)
MAX_LOCATION = 2048  # characters
MAX_NAME = 253

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Place:
    """What a URL names. `host` is a lower-case name or a canonical literal."""

    tls: bool
    host: str
    port: int
    path: str

    @property
    def is_name(self) -> bool:
        """Whether the host has to be resolved."""
        return literal(self.host) is None


def literal(host: str) -> str | None:
    """Return the canonical text of a host that is an address, None if it is not one."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return None


def is_name(text: str) -> bool:
    """Whether a text is a host name in lower-case A-labels that can be resolved."""
    return _name(text) == text and literal(text) is None


def redirect(observation: Observation) -> Place | None:
    """Return where a fetch was sent on to, None if nowhere one could follow to."""
    if observation.outcome != "ok" or observation.data.get("status") not in STATUSES:
        return None
    location = observation.data.get("location")
    if not isinstance(location, str) or len(location) > MAX_LOCATION:
        return None
    try:
        return parse(urljoin(_base(observation.task), location.strip()))
    except ValueError:  # urllib's word for brackets, ports and the like that make no URL
        return None


def parse(url: str) -> Place | None:
    """Return the place of an absolute http(s) URL, None for anything else; ValueError as urllib's.

    What a browser would escape in the path is escaped; user names and fragments are dropped.
    """
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        return None
    host = literal(parts.hostname) or _name(parts.hostname)
    port = _PORTS[parts.scheme] if parts.port is None else parts.port
    if host is None or port == 0:
        return None
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
    if parts.query:
        path += "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~?")
    return Place(tls=parts.scheme == "https", host=host, port=port, path=path)


def _name(text: str) -> str | None:
    """Return a host name in lower-case A-labels, None if it is none."""
    if not text.isascii():
        try:
            text = text.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    name = text.lower().removesuffix(".")
    if len(name) > MAX_NAME or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        return None
    # A last label of digits is no name (RFC 1123 §2.1): it is an address that some resolvers read.
    return None if name.rsplit(".", 1)[-1].isdigit() else name


def _base(task: Task) -> str:
    scheme = "https" if task.params.get("tls") else "http"
    host = str(task.params.get("host", ""))
    authority = f"[{host}]" if ":" in host and not host.startswith("[") else host
    return f"{scheme}://{authority}:{task.port}{task.params.get('path', '/')}"
