"""JUnit XML: a test suite a system, a test case a finding, for the test reports of a CI server.

A fail is a failure. An accepted one, what is unknown and what does not apply are skipped with the
reason: only what is definite turns a job red. Warnings pass, with their message as output.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree as Xml

from ipv6check.model.run import Judged
from ipv6check.model.text import JSON
from ipv6check.report.entries import FindingEntry, Report, SystemEntry
from ipv6check.report.reading import read
from ipv6check.report.rows import findings

__all__ = ["render"]


def render(judged: Judged, options: Mapping[str, JSON]) -> bytes:
    """Return the XML document; `language` ("vi" or "en") is that of names and messages."""
    report = read(judged, "en" if options.get("language") == "en" else "vi")
    suites = [_suite(report, system) for system in report.systems]
    root = Xml.Element("testsuites", {"name": f"ipv6check {report.run.id}", **_sum(suites)})
    root.extend(suites)
    Xml.indent(root, " ")
    made: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return made + b"\n"


def _sum(suites: list[Xml.Element]) -> dict[str, str]:
    kinds = ("tests", "failures", "errors", "skipped")
    return {kind: str(sum(int(suite.get(kind, "0")) for suite in suites)) for kind in kinds}


def _suite(report: Report, system: SystemEntry) -> Xml.Element:
    cases = [_case(system, finding) for finding in findings(system)]
    counts = {
        "tests": str(len(cases)),
        "failures": str(sum(case.find("failure") is not None for case in cases)),
        "errors": "0",
        "skipped": str(sum(case.find("skipped") is not None for case in cases)),
    }
    suite = Xml.Element("testsuite", {"name": system.id or "–", **counts, "time": "0"})
    if report.run.started:
        suite.set("timestamp", report.run.started.strftime("%Y-%m-%dT%H:%M:%S"))
    if system.name and system.name != system.id:
        properties = Xml.SubElement(suite, "properties")
        Xml.SubElement(properties, "property", {"name": "name", "value": system.name})
    suite.extend(cases)
    return suite


def _case(system: SystemEntry, finding: FindingEntry) -> Xml.Element:
    place = " ".join(part for part in (finding.target.endpoint, finding.target.app) if part)
    name = f"{finding.check} {place}".strip() + (f" ({finding.vantage})" if finding.vantage else "")
    attributes = {"classname": f"ipv6check.{system.id}", "name": name, "time": "0"}
    if finding.source:
        attributes["file"] = finding.source.rpartition(":")[0] or finding.source
    case = Xml.Element("testcase", attributes)
    told = f"{finding.reason}: {finding.message}"
    if finding.verdict == "fail" and not finding.accepted:
        failure = Xml.SubElement(case, "failure", {"type": finding.reason, "message": finding.message})
        failure.text = _detail(finding)
    elif finding.accepted or finding.verdict in {"unknown", "not_applicable"}:
        Xml.SubElement(case, "skipped", {"message": told})
    elif finding.verdict == "warn":
        Xml.SubElement(case, "system-out").text = told
    return case


def _detail(finding: FindingEntry) -> str:
    parts = (f"{finding.severity or ''} {finding.reason}".strip(), finding.remedy, finding.reproduce)
    return "\n".join(part for part in (*parts, finding.source) if part)
