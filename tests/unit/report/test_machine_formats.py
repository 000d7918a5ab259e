"""The shapes that other programs expect of JUnit, SARIF, code quality and metrics files."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema
import pytest
from defusedxml import ElementTree as Xml

from ipv6check.report import render
from tests.unit.report import sample

# What SARIF 2.1.0 (OASIS) asks of the parts that are used here.
SARIF: dict[str, Any] = {
    "type": "object",
    "required": ["$schema", "version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "items": {
                "required": ["tool", "results"],
                "properties": {
                    "tool": {
                        "properties": {
                            "driver": {
                                "required": ["name"],
                                "properties": {"rules": {"uniqueItems": True, "items": {"required": ["id"]}}},
                            }
                        }
                    },
                    "language": {"pattern": "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$"},
                    "invocations": {"items": {"required": ["executionSuccessful"]}},
                    "results": {
                        "items": {
                            "required": ["message", "ruleId", "kind", "level", "locations"],
                            "properties": {
                                "kind": {"enum": ["fail", "pass", "open", "notApplicable"]},
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "message": {
                                    "required": ["text"],
                                    "properties": {"text": {"type": "string", "minLength": 1}},
                                },
                                "suppressions": {
                                    "items": {"properties": {"kind": {"enum": ["inSource", "external"]}}}
                                },
                            },
                            # §3.27.10: a level other than none belongs to a fail only.
                            "if": {"properties": {"kind": {"const": "fail"}}},
                            "else": {"properties": {"level": {"const": "none"}}},
                        }
                    },
                },
            }
        },
    },
}
# GitLab's documentation of artifacts:reports:codequality.
CODE_QUALITY: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "minLength": 1, "not": {"pattern": "^(/|\\./)"}},
                    "lines": {
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}


def made(format: str, count: int = 24) -> bytes:
    content = render(sample.judged(count), {"format": format, "language": "vi"})
    assert isinstance(content, bytes)
    return content


@pytest.mark.parametrize("count", [0, 1, 24])
def test_sarif_has_the_shape_that_its_standard_asks_for(count: int) -> None:
    log = json.loads(made("sarif", count))
    jsonschema.Draft202012Validator(SARIF).validate(log)
    run = log["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])


def test_sarif_shows_an_exception_as_suppressed_and_never_hides_it() -> None:
    results = json.loads(made("sarif", 48))["runs"][0]["results"]
    suppressed = [result for result in results if result.get("suppressions")]
    assert suppressed
    assert all(result["kind"] == "fail" for result in suppressed)


def test_unknown_is_open_in_sarif_and_skipped_in_junit_and_never_a_failure() -> None:
    results = json.loads(made("sarif"))["runs"][0]["results"]
    unknown = [result for result in results if result["properties"]["verdict"] == "unknown"]
    assert unknown and {result["kind"] for result in unknown} == {"open"}
    root = Xml.fromstring(made("junit"))
    told = [skipped.get("message", "") for skipped in root.iter("skipped")]
    assert any("vantage.no_ipv6" in message for message in told)
    assert not [f for f in root.iter("failure") if f.get("type") == "vantage.no_ipv6"]


def test_junit_counts_what_it_holds_suite_by_suite() -> None:
    for suite in Xml.fromstring(made("junit")):
        assert int(suite.get("tests", "")) == len(suite.findall("testcase"))
        assert int(suite.get("failures", "")) == len(suite.findall("testcase/failure"))
        assert int(suite.get("skipped", "")) == len(suite.findall("testcase/skipped"))
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.get("timestamp", ""))


@pytest.mark.parametrize("count", [0, 1, 24])
def test_code_quality_has_the_shape_that_gitlab_reads(count: int) -> None:
    jsonschema.Draft202012Validator(CODE_QUALITY).validate(json.loads(made("gitlab", count)))


def test_code_quality_leaves_exceptions_out() -> None:
    accepted = [
        finding["id"]
        for system in sample.document(48)["systems"]
        for finding in system["findings"]
        if finding["accepted"]
    ]
    assert accepted
    issues = json.loads(made("gitlab", 48))
    open_fails = sample.document(48)["totals"]["fails"]
    warns = sample.document(48)["totals"]["findings"]["warn"]
    assert len(issues) == sum(open_fails.values()) + warns


def test_a_system_without_a_score_has_no_score_sample() -> None:
    document = sample.document(12)
    apart = next(system["id"] for system in document["systems"] if system["score"] is None)
    lines = made("prometheus", 12).decode().splitlines()
    assert not [line for line in lines if f'system="{apart}"' in line and "score" in line]
    assert [line for line in lines if f'system="{apart}"' in line and "system_fails" in line]


def test_each_metric_is_described_once_before_its_samples() -> None:
    described: list[str] = []
    for line in made("prometheus").decode().splitlines():
        if line.startswith("# HELP"):
            described.append(line.split()[2])
        elif not line.startswith("#"):
            assert re.split(r"[{ ]", line)[0] == described[-1]
    assert len(described) == len(set(described)) > 10
