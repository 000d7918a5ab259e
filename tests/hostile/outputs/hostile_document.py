"""A results.json in which strangers wrote every text that a stranger can write, and a few more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ipv6check.model.run import Judged
from tests.hostile.corpus import STRINGS
from tests.unit.report import sample
from tests.unit.report.sample_route import past


def poisoned(text: str, count: int = 4) -> Judged:
    """Return a judgement whose texts all hold `text`."""
    document = sample.document(count)
    run = document["run"]
    run["tool"] = run["profile"] = run["judged_by"] = text
    run["warnings"] = [{"reason": "run.stale", "message": {"vi": text, "en": text}, "args": {}}]
    run["selection"]["systems"] = [text]
    run["partial"] = True
    run["beside"] = [{"id": text, "title": {"vi": text, "en": text}}]
    run["merged"] = [
        {"id": text, "vantage": text, "started": run["started"], "finished": None, "complete": False}
    ] * 2
    run["inventory"]["files"] = [{"name": text, "sha256": text}]
    run["vantages"] = [{"name": text, "ipv4": text, "ipv6": "none", "reason": text}]
    for group in document["totals"]["by_unit"]:
        group["name"] = {"vi": text, "en": text}
    for system in document["systems"]:
        system["name"] = {"vi": text, "en": text}
        system["category"] = system["site"] = system["unit"] = text
        system["blockers"] = [text, system["id"]]
        system["attested"] = [{"check": text, "verdict": "pass", "by": text, "evidence": text, "valid": True}]
        for finding in system["findings"]:
            _poison(finding, text)
    for observation in document["observations"].values():
        observation["data"] = {"banner": text, text: [text, {"title": text}]}
        observation["failure"] = text
        observation["task"]["params"] = {"name": text, "type": "AAAA"}
        observation["task"]["address"] = text
    for exception in document["exceptions"]:
        exception["system"] = exception["check"] = exception["why"] = exception["owner"] = text
        exception["source"] = {"file": text, "line": 1}
    for wave in document["roadmap"]:
        for step in wave["steps"]:
            step["unknown"] = [{"kind": "system", "id": text}, {"kind": text, "id": text}]
            step["after"] = [{"kind": "equipment", "id": text}]
    for blocker in document["blockers"][1:]:
        blocker["id"] = text
    return Judged(
        results=document,
        inventory=sample.inventory(sample.document(count)),
        as_of=sample.judged(0).as_of,
        history=past(document),
    )


def _poison(finding: dict[str, Any], text: str) -> None:
    finding["message"] = {"vi": text, "en": text}
    finding["remedy"] = {"vi": text, "en": text}
    finding["reproduce"] = finding["reason"] = text
    finding["target"]["host"] = finding["target"]["address"] = finding["target"]["app"] = text
    finding["source"] = {"file": text, "line": 1}
    finding["acceptance"] = {"why": text, "owner": text, "expires": "2027-01-31", "expired": False}


def identified(text: str) -> Judged:
    """Return a judgement whose ids are hostile too: systems, findings, observations, checks."""
    document = sample.document(3)
    for number, system in enumerate(document["systems"]):
        system["id"] = f"{text}{number}" if number else text
        for finding in system["findings"]:
            finding["id"] = finding["check"] = finding["root"] = text
            finding["verdict"] = finding["severity"] = text
            finding["evidence"] = [text]
        for gate in system["gates"]:
            gate["gate"] = text
        system["level"] = system["goal"] = text
    document["observations"] = {text: next(iter(document["observations"].values()))}
    document["totals"]["levels"][text] = 3
    return Judged(
        results=document, inventory=sample.inventory(sample.document(0)), as_of=sample.judged(0).as_of
    )


def all_poisoned() -> Iterator[tuple[str, Judged]]:
    """Yield a judgement for each hostile string, with its name."""
    for name, text in STRINGS.items():
        yield name, poisoned(text)
