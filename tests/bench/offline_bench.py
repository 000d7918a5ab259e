"""What needs no network, against its bounds: judging a run again, and the HTML of many systems."""

from __future__ import annotations

import time

from tests.bench.rows import BenchRow

OBSERVATIONS = 200_000
_JUDGE_BOUND = 3.0
HTML_SYSTEMS = 5_000
_HTML_BOUND = 5.0


def run() -> list[BenchRow]:
    """Measure both."""
    return [_judge_again(), _html()]


def _judge_again() -> BenchRow:
    from ipv6check.judge import judge
    from ipv6check.profiles import load_profile
    from tests.bench.observed import observed

    inventory, meta, observations = observed(OBSERVATIONS)
    profile = load_profile("default")
    began = time.perf_counter()
    judged = judge(inventory, iter(observations), meta, profile, meta.started.date(), ())
    seconds = time.perf_counter() - began
    count = len(judged.results["systems"])  # type: ignore[arg-type]
    return _row(f"judge {len(observations):,} observations of {count:,} systems again", seconds, _JUDGE_BOUND)


def _html() -> BenchRow:
    from ipv6check.report import render
    from tests.unit.report import sample

    judged = sample.judged(HTML_SYSTEMS)
    began = time.perf_counter()
    pages = render(judged, {"format": "html", "language": "vi", "both": True})
    seconds = time.perf_counter() - began
    largest = max(len(page) for page in pages.values()) if not isinstance(pages, bytes) else len(pages)
    return _row(
        f"HTML of {HTML_SYSTEMS:,} systems (largest page {largest / 1048576:.2f} MiB)", seconds, _HTML_BOUND
    )


def _row(name: str, seconds: float, bound: float) -> BenchRow:
    return BenchRow(
        name=name,
        ours=seconds,
        theirs=bound,
        unit="s",
        ratio=bound / seconds,
        goal=1.0,
        command=f"the bound of {bound:g} s",
    )
