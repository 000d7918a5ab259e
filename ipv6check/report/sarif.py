"""SARIF 2.1.0 (OASIS): every finding as a result at the line of the inventory that declares it.

A fail and a warning are results of kind `fail`, told apart by level; what is unknown is `open`. An
accepted problem carries a suppression, as SARIF §3.35 has it, and stays in sight.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from urllib.parse import quote

from ipv6check.model.run import Judged
from ipv6check.model.text import JSON
from ipv6check.report.entries import FindingEntry, Report, SystemEntry
from ipv6check.report.gitlab import place
from ipv6check.report.reading import read
from ipv6check.report.rows import findings
from ipv6check.report.titles import check_title

__all__ = ["render"]

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_KINDS = {
    "pass": "pass",
    "unknown": "open",
    "not_applicable": "notApplicable",
    "fail": "fail",
    "warn": "fail",
}
_LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"}


def render(judged: Judged, options: Mapping[str, JSON]) -> bytes:
    """Return the log as JSON; `language` ("vi" or "en") is that of messages."""
    report = read(judged, "en" if options.get("language") == "en" else "vi")
    found = [(system, finding) for system in report.systems for finding in findings(system)]
    rules = sorted({finding.check for _, finding in found})
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report, rules, found)]}
    return (json.dumps(log, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _run(
    report: Report, rules: list[str], found: Iterable[tuple[SystemEntry, FindingEntry]]
) -> dict[str, JSON]:
    name, _, version = report.run.tool.partition(" ")
    order = {rule: index for index, rule in enumerate(rules)}
    fallback = report.run.inventory_files[0] if report.run.inventory_files else "inventory.yaml"
    return {
        "tool": {
            "driver": {
                "name": name or "ipv6check",
                **({"version": version} if version else {}),
                "rules": [_rule(rule, report) for rule in rules],
            }
        },
        "automationDetails": {"id": f"ipv6check/{report.run.id}"},
        "language": report.language,
        "invocations": [_invocation(report)],
        "results": [_result(system, finding, order, fallback) for system, finding in found],
    }


def _rule(rule: str, report: Report) -> dict[str, JSON]:
    title = check_title(rule, report.language)
    return {"id": rule, **({"shortDescription": {"text": title}} if title else {})}


def _invocation(report: Report) -> dict[str, JSON]:
    times: dict[str, datetime | None] = {
        "startTimeUtc": report.run.started,
        "endTimeUtc": report.run.finished,
    }
    return {
        "executionSuccessful": report.run.complete,
        **{key: f"{moment:%Y-%m-%dT%H:%M:%SZ}" for key, moment in times.items() if moment},
    }


def _result(
    system: SystemEntry, finding: FindingEntry, order: Mapping[str, int], fallback: str
) -> dict[str, JSON]:
    file, line = place(finding, fallback)
    kind = _KINDS.get(finding.verdict, "open")
    level = "none"
    if kind == "fail":
        level = _LEVELS.get(finding.severity or "", "note") if finding.verdict == "fail" else "note"
    result: dict[str, JSON] = {
        "ruleId": finding.check,
        "ruleIndex": order[finding.check],
        "kind": kind,
        "level": level,
        "message": {"text": finding.message or finding.reason or "–"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(file)},
                    "region": {"startLine": line},
                },
                "logicalLocations": [{"name": system.name or "–", "fullyQualifiedName": system.id or "–"}],
            }
        ],
        "partialFingerprints": {"ipv6checkFinding/v1": finding.id},
        "properties": {
            "system": system.id,
            "verdict": finding.verdict,
            "reason": finding.reason,
            "severity": finding.severity,
            "vantage": finding.vantage,
            "endpoint": finding.target.endpoint,
        },
    }
    if finding.accepted:
        why = finding.acceptance.why if finding.acceptance else ""
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": why}]
    return result
