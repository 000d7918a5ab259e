"""Stored runs made by hand for the tests of history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ipv6check.model.past import (
    PastFinding,
    PastMeta,
    PastOrganization,
    PastRun,
    PastScore,
    PastSystem,
    PastTarget,
    PastTotals,
)

FIRST = datetime(2026, 10, 1, 18, 0, tzinfo=UTC)  # 2 October where it is seven hours later


def finding(
    verdict: str = "pass", reason: str = "", *, check: str = "reach.service", name: str = "", **rest: Any
) -> PastFinding:
    reason = reason or {"pass": "ok", "fail": "reach.silent"}.get(verdict, "reach.slow")
    rest.setdefault("target", PastTarget(host="www.example", family=6, port=443))
    return PastFinding(id=name or check, check=check, verdict=verdict, reason=reason, vantage="local", **rest)


def system(
    name: str = "portal",
    *findings: PastFinding,
    met: bool | None = False,
    score: float | None = 50,
    **rest: Any,
) -> PastSystem:
    rest.setdefault("declared", "1")
    return PastSystem(
        id=name,
        findings=findings,
        on_target=met,
        level=None if met is None else "parity" if met else "none",
        score=None if score is None else PastScore(low=score, high=score, coverage=1),
        **rest,
    )


def run(*systems: PastSystem, night: float = 0, **rest: Any) -> PastRun:
    started = FIRST + timedelta(days=night)
    known: dict[str, Any] = {
        "id": f"{started:%Y%m%dT%H%M%SZ}-abcdef",
        "started": started,
        "organization": PastOrganization(id="tinh-mau", timezone="Asia/Ho_Chi_Minh"),
        "vantage": "local",
        "as_of": (started + timedelta(hours=7)).date(),
    }
    return PastRun(
        run=PastMeta(**{**known, **rest}), totals=PastTotals(systems=len(systems)), systems=systems
    )


def progress(counts: Sequence[int], *, of: int = 20, every: float = 7, **rest: Any) -> list[PastRun]:
    """Return a run every so many days in which that many of the systems have met their goal."""
    return [
        run(*(system(f"s{n:03}", met=n < count, **rest) for n in range(of)), night=every * number)
        for number, count in enumerate(counts)
    ]


def day(text: str) -> date:
    return date.fromisoformat(text)
