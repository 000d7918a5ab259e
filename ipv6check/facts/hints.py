"""Facts about HTTPS records (RFC 9460): which IPv6 addresses they hint at, and for which name.

In: the text of a record as the DNS probe keeps it, dnspython's presentation form. It is remote: what
has not that form hints at nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ipv6check.inventory.addresses import canonical

_HINT = re.compile(r'\bipv6hint="?([0-9A-Fa-f:.,]+)')


@dataclass(frozen=True, slots=True)
class Hint:
    """The addresses that a record gives of `target`, the name that has to publish them."""

    target: str
    addresses: tuple[str, ...]


def hints(owner: str, texts: tuple[str, ...]) -> tuple[Hint, ...]:
    """Return the hints of an owner's HTTPS records; those in alias mode (priority 0) have none."""
    found = []
    for text in texts:
        priority, target, *_ = [*text.split(), "", ""]
        match = _HINT.search(text)
        if match is None or priority == "0":
            continue
        name = owner if target == "." else target.lower().removesuffix(".")
        addresses = {address for word in match[1].split(",") if (address := _canonical(word))}
        if addresses:
            found.append(Hint(name, tuple(sorted(addresses))))
    return tuple(found)


def _canonical(text: str) -> str:
    try:
        return canonical(text)
    except ValueError:
        return ""
