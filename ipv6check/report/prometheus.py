"""Metrics in Prometheus' text format 0.0.4, for the textfile collector of a node exporter.

Totals, and a few figures a system. A system without a score has no score sample: absent is not 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ipv6check.model.profile import LEVELS
from ipv6check.model.run import Judged
from ipv6check.model.text import JSON
from ipv6check.report import digest
from ipv6check.report.entries import Report, SystemEntry
from ipv6check.report.reading import read
from ipv6check.report.rows import findings
from ipv6check.report.system_reading import VERDICTS

__all__ = ["render"]

_Sample = tuple[Mapping[str, str], float]


def render(judged: Judged, options: Mapping[str, JSON]) -> bytes:
    """Return the metrics; labels are ids, which are the same in every language."""
    report = read(judged, "en")
    lines = [line for name, text, samples in _metrics(report) for line in _metric(name, text, samples)]
    return "".join(f"{line}\n" for line in lines).encode("utf-8")


def _metrics(report: Report) -> Iterator[tuple[str, str, Iterable[_Sample]]]:
    totals = report.totals
    run = {"run": report.run.id, "tool": report.run.tool, "profile": report.run.profile}
    yield "run_info", "The run that these figures are of.", [(run, 1)]
    if report.run.started:
        yield "run_started_seconds", "Start of the run, Unix time.", [({}, report.run.started.timestamp())]
    yield "run_complete", "Whether the run came to its end.", [({}, report.run.complete)]
    yield "systems", "Systems of the inventory.", [({}, totals.systems)]
    yield "systems_counted", "Systems scanned whose goal includes IPv6.", [({}, totals.counted)]
    yield "systems_on_target", "Systems that have reached their target level.", [({}, totals.on_target)]
    yield (
        "systems_level",
        "Systems by the level they have reached.",
        [({"level": level}, totals.levels.get(level, 0)) for level in LEVELS],
    )
    if totals.score:
        yield "score_low", "Readiness score, lower end, 0 to 100.", [({}, totals.score.low)]
        yield "score_high", "Readiness score, upper end, 0 to 100.", [({}, totals.score.high)]
        yield "score_coverage", "Share of the weight that is settled, 0 to 1.", [({}, totals.score.coverage)]
    yield (
        "findings",
        "Findings by verdict.",
        [({"verdict": verdict}, totals.verdicts.get(verdict, 0)) for verdict in VERDICTS],
    )
    yield "findings_accepted", "Problems under an exception.", [({}, totals.accepted)]
    yield (
        "findings_failed",
        "Unaccepted fails by severity.",
        [({"severity": severity}, count) for severity, count in totals.fails.items()],
    )
    yield from _system_metrics(report.systems)


def _system_metrics(systems: tuple[SystemEntry, ...]) -> Iterator[tuple[str, str, Iterable[_Sample]]]:
    scored = [(_labels(system), system.score) for system in systems if system.score]
    levelled = [system for system in systems if digest.on_ladder(system)]
    yield (
        "system_score_low",
        "A system's score, lower end.",
        [(labels, score.low) for labels, score in scored],
    )
    yield (
        "system_score_high",
        "A system's score, upper end.",
        [(labels, score.high) for labels, score in scored],
    )
    yield (
        "system_level",
        "A system's level, 0 (none) to 5 (IPv6-only).",
        [(_labels(system), digest.rank(system.level)) for system in levelled],
    )
    yield (
        "system_on_target",
        "Whether a system has reached its target level.",
        [(_labels(system), system.on_target) for system in levelled if system.on_target is not None],
    )
    yield (
        "system_fails",
        "A system's unaccepted fails.",
        [(_labels(system), _fails(system)) for system in systems],
    )


def _fails(system: SystemEntry) -> int:
    return sum(digest.open_fail(finding) for finding in findings(system))


def _labels(system: SystemEntry) -> dict[str, str]:
    return {"system": system.id, "unit": system.unit or "", "category": system.category}


def _metric(name: str, text: str, samples: Iterable[_Sample]) -> Iterator[str]:
    told: dict[str, float] = {}
    for labels, value in samples:
        # Two equal label sets make a file that no collector reads: the first one stands.
        told.setdefault(_labelled(labels), value)
    if told:
        yield f"# HELP ipv6check_{name} {text}"
        yield f"# TYPE ipv6check_{name} gauge"
        for shown, value in told.items():
            yield f"ipv6check_{name}{shown} {float(value)!r}"


def _labelled(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items()) + "}"


def _escaped(value: str) -> str:
    r"""Return a label's value with `\`, `"` and line ends escaped, the only three the format knows."""
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
