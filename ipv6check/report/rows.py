"""The findings of a report as plain rows: what spreadsheets and machines read, one line a finding.

Input: a `Report`. Output: rows of texts, numbers and None under `COLUMNS`, in an order of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from ipv6check.report.entries import FindingEntry, Report, SystemEntry

Value = str | int | float | bool | None

# Names of columns are part of the interface: they may be added to, never renamed.
SYSTEM_COLUMNS = (
    *("system", "name", "unit", "unit_name", "site", "category", "criticality", "exposure", "goal"),
    *("deadline", "scanned", "level", "target_level", "on_target", "score_low", "score_high", "coverage"),
)
FINDING_COLUMNS = (
    *("check", "verdict", "severity", "reason", "accepted", "vantage", "host", "address", "family", "port"),
    *("transport", "app", "message", "remedy", "reproduce", "declared_at", "finding", "root", "evidence"),
)
COLUMNS = (*SYSTEM_COLUMNS, *FINDING_COLUMNS)


def findings(system: SystemEntry) -> Iterator[FindingEntry]:
    """Yield all findings of a system, also those that follow from another, by check and id."""
    found = [entry for top in system.findings for entry in (top, *top.followers)]
    yield from sorted(found, key=lambda entry: (entry.check, entry.id))


def problems(report: Report) -> Iterator[tuple[SystemEntry, FindingEntry]]:
    """Yield what somebody must do something about: fails and warnings that no exception covers."""
    for system in report.systems:
        for finding in findings(system):
            if finding.verdict in {"fail", "warn"} and not finding.accepted:
                yield system, finding


def rows(report: Report) -> Iterator[tuple[Value, ...]]:
    """Yield a row a finding; a system without any has one row whose other columns are empty."""
    for system in report.systems:
        head = system_row(system)
        empty = True
        for finding in findings(system):
            empty = False
            yield head + _finding_row(finding)
        if empty:
            yield head + (None,) * len(FINDING_COLUMNS)


def system_row(system: SystemEntry) -> tuple[Value, ...]:
    """Return a system's columns."""
    score = system.score
    return (
        *(system.id, system.name, system.unit, system.unit_name, system.site_name, system.category),
        *(system.criticality, system.exposure, system.goal),
        system.deadline.isoformat() if system.deadline else None,
        *(system.scanned, system.level, system.target, system.on_target),
        *((score.low, score.high, score.coverage) if score else (None, None, None)),
    )


def _finding_row(finding: FindingEntry) -> tuple[Value, ...]:
    target = finding.target
    return (
        *(finding.check, finding.verdict, finding.severity, finding.reason, finding.accepted),
        *(finding.vantage, target.host, target.address, target.family, target.port, target.transport),
        *(target.app, finding.message, finding.remedy or None, finding.reproduce or None, finding.source),
        *(finding.id, finding.root, " ".join(finding.evidence) or None),
    )
