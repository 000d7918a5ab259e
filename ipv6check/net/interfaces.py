"""Our own addresses, as /proc/net shows them; nothing is asked of anybody."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ipv6check.net.sources import scope_of

_TENTATIVE: Final = 0x40  # IFA_F_TENTATIVE: duplicate address detection is not over
_DADFAILED: Final = 0x08
_DEPRECATED: Final = 0x20


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAddress:
    """One address; `state` is `preferred`, `deprecated`, `tentative` or `duplicate`."""

    address: str
    scope: str
    interface: str = ""
    state: str = "preferred"

    @property
    def family(self) -> int:
        """4 or 6."""
        return 6 if ":" in self.address else 4


def own_addresses(proc: Path = Path("/proc/net")) -> tuple[OwnAddress, ...]:
    """Return the addresses of both families, IPv6 first; a file that is missing has none."""
    return (*parse_ipv6(_text(proc / "if_inet6")), *parse_ipv4(_text(proc / "fib_trie")))


def _text(path: Path) -> str:
    try:
        return path.read_text("ascii", "replace")
    except OSError:
        return ""


def parse_ipv6(text: str) -> tuple[OwnAddress, ...]:
    """Read /proc/net/if_inet6: address, index, prefix length, scope, flags, interface."""
    found = []
    for line in text.splitlines():
        fields = line.split()
        try:
            address = str(ipaddress.IPv6Address(bytes.fromhex(fields[0])))
            flags, interface = int(fields[4], 16), fields[5]
        except (ValueError, IndexError):
            continue  # a line of another kernel's form
        found.append(
            OwnAddress(address=address, scope=scope_of(address), interface=interface, state=_state(flags))
        )
    return tuple(found)


def _state(flags: int) -> str:
    if flags & _DADFAILED:
        return "duplicate"
    if flags & _TENTATIVE:
        return "tentative"
    return "deprecated" if flags & _DEPRECATED else "preferred"


def parse_ipv4(text: str) -> tuple[OwnAddress, ...]:
    """Read /proc/net/fib_trie: a leaf's address, and below it `/32 host LOCAL` where it is ours."""
    found: dict[str, OwnAddress] = {}
    leaf = ""
    for line in text.splitlines():
        words = line.split()
        if words[:1] == ["|--"] and len(words) == 2:
            leaf = words[1]
        elif words[:3] == ["/32", "host", "LOCAL"] and leaf:
            try:
                address = str(ipaddress.IPv4Address(leaf))
            except ValueError:
                continue
            found.setdefault(address, OwnAddress(address=address, scope=scope_of(address)))
    return tuple(found.values())
