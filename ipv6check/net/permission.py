"""Who may be contacted: the last guard before a socket, whatever the plan says (interface.md §1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

from ipv6check.inventory.delegation import DNS_PORT
from ipv6check.model.text import JSON
from ipv6check.net.failure import NOT_PERMITTED, Failed

Guard: TypeAlias = Callable[[str, int | None], None]

NEVER_PROBED: Final = range(9100, 9108)  # printers: what is sent to these ports comes out on paper


class NotPermitted(Failed):
    """Our own guard refused: this address or port may not be contacted."""

    def __init__(self, address: str, port: int | None, detail: str) -> None:
        data: dict[str, JSON] = {"detail": detail, "address": address, "port": port}
        super().__init__(NOT_PERMITTED, data)


def guard(
    targets: Callable[[str], str | None],
    named: Iterable[tuple[str, int | None]] = (),
    servers: Callable[[str], str | None] | None = None,
) -> Guard:
    """Make a guard: it raises NotPermitted, and returns None when the contact is permitted.

    `targets` returns None for a permitted target address, else why not (`scope.outside`, …).
    `named` are resolvers, canaries and controls as the inventory names them; a port of None there
    permits every port of the address. `servers` says the same as `targets` of port 53 of name servers.
    """
    pairs = frozenset(named)

    def permitted(address: str, port: int | None) -> None:
        if port is not None and port in NEVER_PROBED:
            raise NotPermitted(address, port, "port.never")
        if (address, port) in pairs or (address, None) in pairs:
            return
        why = targets(address)
        if why is not None and not (port == DNS_PORT and servers is not None and servers(address) is None):
            raise NotPermitted(address, port, why)

    return permitted


def anyone(address: str, port: int | None) -> None:
    """Permit every address, but never the printers' ports: for labs and benchmarks of one's own."""
    if port is not None and port in NEVER_PROBED:
        raise NotPermitted(address, port, "port.never")
