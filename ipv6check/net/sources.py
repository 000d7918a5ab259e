"""Which of our own addresses the kernel would send from, and what kind of address that is.

A default route is not IPv6: what counts is a source address of a fitting scope. Connecting a
UDP socket asks the kernel for it and sends nothing.
"""

from __future__ import annotations

import errno
import ipaddress
import socket
from typing import Final

from ipv6check.net.failure import LOCAL, OVERLOADED, Failed, classify_oserror
from ipv6check.net.routes import sockaddr

_ANY_PORT: Final = 53  # never sent to: the kernel only wants some port

# What an address is good for, most specific first. Documentation prefixes count as global: labs use them.
_SCOPES: Final = tuple(
    (ipaddress.ip_network(prefix), word)
    for prefix, word in (
        ("::1/128", "loopback"),
        ("fe80::/10", "link_local"),
        ("fec0::/10", "site_local"),
        ("fc00::/7", "unique_local"),
        ("ff00::/8", "multicast"),
        ("::/128", "unspecified"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link_local"),
        ("192.0.0.0/29", "clat"),  # RFC 7335: the IPv4 side of 464XLAT
        ("100.64.0.0/10", "shared"),
        ("10.0.0.0/8", "private"),
        ("172.16.0.0/12", "private"),
        ("192.168.0.0/16", "private"),
        ("224.0.0.0/4", "multicast"),
        ("0.0.0.0/8", "unspecified"),
    )
)


def scope_of(address: str) -> str:
    """Return the scope class of a literal address: `global`, `unique_local`, `link_local` and so on."""
    value = ipaddress.ip_address(address.partition("%")[0])
    for network, word in _SCOPES:
        if value.version == network.version and value in network:
            return word
    return "global"


def source_for(address: str) -> str:
    """Return the address the kernel would send from to reach `address`; sends nothing.

    Raises Failed: `local` where there is no route or no source (`detail` says which, `no_source`
    also where only a link-local source offers itself for a wider destination), `overloaded` where
    there was no descriptor.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        sock = socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
    except OSError as error:
        raise classify_oserror(error, sync=True) from error
    with sock:
        try:
            sock.connect(sockaddr(address, _ANY_PORT))
            source = str(sock.getsockname()[0])
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:  # asking sends nothing, so no port can have run out
                raise Failed(LOCAL, {"errno": "EADDRNOTAVAIL", "detail": "no_source"}) from error
            raise classify_oserror(error, sync=True) from error
    if not suits(source, address):
        raise Failed(LOCAL, {"detail": "no_source", "source": source})
    return source


def refusal(error: OSError, address: str) -> Failed:
    """Classify an error of our own socket calls on the way to `address`, before anybody could answer.

    EADDRNOTAVAIL means two things: no source address (`local`), or no port left (`overloaded`).
    """
    if error.errno != errno.EADDRNOTAVAIL:
        return classify_oserror(error, sync=True)
    try:
        source_for(address)
    except Failed as failed:
        return Failed(failed.word, {"errno": "EADDRNOTAVAIL", **failed.data})
    return Failed(OVERLOADED, {"errno": "EADDRNOTAVAIL", "detail": "no_port"})


def suits(source: str, destination: str) -> bool:
    """Say whether an answer to `source` can come back from `destination` at all.

    A link-local or loopback source reaches no further than its own scope (RFC 4007 §9).
    """
    scope = scope_of(source)
    if scope in ("link_local", "loopback", "unspecified"):
        return scope == scope_of(destination) or source.partition("%")[0] == destination.partition("%")[0]
    return True
