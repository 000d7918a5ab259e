"""Known exceptions as they stand today: in force, about to expire, or expired and counting again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Literal

from ipv6check.judge.evidence import Plain
from ipv6check.model.inventory import Acceptance, Source

WARNING = timedelta(days=30)

Standing = Literal["in_force", "expiring", "expired"]


def standing(expires: date, as_of: date) -> Standing:
    """Say how something stands that holds through its last day; `expiring` in its last 30 days."""
    if as_of > expires:
        return "expired"
    return "expiring" if expires - as_of <= WARNING else "in_force"


def exceptions_document(
    accept: Iterable[Acceptance], fitting: Mapping[Source, int], as_of: date
) -> list[Plain]:
    """Return `exceptions` of results.json, what expires first first; `fitting` is how many each fits."""
    ordered = sorted(accept, key=lambda each: (each.expires, each.system, each.check, each.source))
    return [
        {
            "system": each.system,
            "prefix": each.prefix,
            "equipment": each.equipment,
            "milestone": each.milestone,
            "check": each.check,
            "host": each.host,
            "port": each.port,
            "vantage": each.vantage,
            "code": each.code,
            "why": each.why,
            "owner": each.owner,
            "expires": each.expires.isoformat(),
            "days": (each.expires - as_of).days,
            "state": standing(each.expires, as_of),
            "findings": fitting.get(each.source, 0),
            "source": {"file": each.source.file, "line": each.source.line},
        }
        for each in ordered
    ]
