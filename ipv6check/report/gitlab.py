"""GitLab's code quality report: what somebody must mend, at the line of the inventory that declares it.

The shape is that of `artifacts:reports:codequality`: an array of issues with a stable fingerprint. It
holds unaccepted fails and warnings only; the format knows no other verdict.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from ipv6check.model.run import Judged
from ipv6check.model.text import JSON
from ipv6check.report.entries import FindingEntry, SystemEntry
from ipv6check.report.reading import read
from ipv6check.report.rows import problems

__all__ = ["render"]

_SEVERITIES = {"critical": "blocker", "high": "critical", "medium": "major", "low": "minor", "info": "info"}


def render(judged: Judged, options: Mapping[str, JSON]) -> bytes:
    """Return the report as JSON; `language` ("vi" or "en") is that of descriptions."""
    report = read(judged, "en" if options.get("language") == "en" else "vi")
    fallback = report.run.inventory_files[0] if report.run.inventory_files else "inventory.yaml"
    issues = [_issue(system, finding, fallback) for system, finding in problems(report)]
    return (json.dumps(issues, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _issue(system: SystemEntry, finding: FindingEntry, fallback: str) -> dict[str, JSON]:
    file, line = place(finding, fallback)
    return {
        "description": f"{system.name}: {finding.message} ({finding.reason})",
        "check_name": finding.check,
        "fingerprint": hashlib.sha256(f"{system.id}\n{finding.id}".encode()).hexdigest(),
        "severity": _SEVERITIES.get(finding.severity or "", "info"),
        "location": {"path": file, "lines": {"begin": line}},
    }


def place(finding: FindingEntry, fallback: str) -> tuple[str, int]:
    """Return the file of the inventory and the line, 1 at least, that a finding comes from."""
    file, _, line = (finding.source or "").rpartition(":")
    if file and line.isascii() and line.isdigit() and len(line) < 10:
        return file, max(int(line), 1)
    return finding.source or fallback, 1
