"""Small inventories, findings and runs made by hand, and the schema they must fit once judged."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

import ipv6check
from ipv6check.facts import VantageState
from ipv6check.judge.document import encode
from ipv6check.judge.results import Case, results
from ipv6check.model.finding import Finding, Target, Verdict
from ipv6check.model.inventory import (
    Acceptance,
    Dependency,
    Goal,
    Inventory,
    InventoryFile,
    Organization,
    Source,
    System,
    Vantage,
)
from ipv6check.model.observation import Observation
from ipv6check.model.run import RunMeta, Selection
from ipv6check.model.task import make_task
from ipv6check.model.text import Language, Text
from ipv6check.profiles import load_profile

HERE = Source("inventory.yaml", 3)
STARTED = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)


def system(
    name: str = "portal", *, needs: Sequence[str] = (), goal: Goal = "dual-stack", **rest: Any
) -> System:
    rest.setdefault("depends_on", tuple(Dependency(kind="system", target=each) for each in needs))
    rest.setdefault("vantages", ("local",))
    return System(id=name, name=Text.same(name), goal=goal, source=HERE, **rest)


def inventory(*systems: System, accept: Sequence[Acceptance] = (), **rest: Any) -> Inventory:
    return Inventory(
        organization=Organization(id="tinh-mau", name=Text("Tỉnh Mẫu", "Sample Province")),
        vantages=(Vantage(name="local"),),
        systems=systems,
        accept=tuple(accept),
        files=(InventoryFile(name="inventory.yaml", content=b"", sha256="0" * 64),),
        **rest,
    )


def finding(
    check: str = "reach.service",
    verdict: Verdict = "pass",
    reason: str = "ok",
    *,
    of: str = "portal",
    host: str | None = None,
    port: int | None = None,
    **rest: Any,
) -> Finding:
    target = Target(host=host, port=port, transport="tcp" if port else None)
    rest.setdefault("target", target)
    return Finding(check=check, system=of, verdict=verdict, reason=reason, **rest)


def acceptance(check: str, expires: date = date(2027, 1, 31), **rest: Any) -> Acceptance:
    rest.setdefault("system", "portal")
    return Acceptance(check=check, why="tender open", owner="so-khcn", expires=expires, source=HERE, **rest)


def observation(
    kind: str = "tcp.connect", *, attempt: int = 1, data: Mapping[str, Any] | None = None
) -> Observation:
    task = make_task(kind, vantage="local", family=6, address="2001:db8::80", port=443, transport="tcp")
    return Observation(
        task=task,
        attempt=attempt,
        started=STARTED,
        seconds=0.25,
        outcome="failed",
        failure="silent",
        data=data or {},
    )


def meta(**rest: Any) -> RunMeta:
    known: dict[str, Any] = {
        "id": "20261124T030000Z-abcdef",
        "started": STARTED,
        "finished": STARTED,
        "complete": True,
        "tool": "ipv6check 0.1.0",
        "profile": "default",
        "profile_sha256": "1" * 64,
        "catalogue_sha256": "2" * 64,
        "inventory_sha256": "3" * 64,
        "inventory_main": "inventory.yaml",
        "vantage": "local",
    }
    return RunMeta(**{**known, **rest})


def said(finding: Finding, language: Language) -> tuple[str, str]:
    return f"{language}: {finding.reason}", "" if finding.verdict == "pass" else "do something"


def case(
    declared: Inventory,
    *found: Finding,
    observations: Sequence[Observation] = (),
    as_of: date = TODAY,
    selection: Selection | None = None,
) -> Case:
    """Make a case in which every selected system was asked, whether or not it has findings."""
    run = meta(selection=selection or Selection())
    asked = set(run.selection.systems) or {each.id for each in declared.systems}
    return Case(
        inventory=declared,
        run=run,
        profile=load_profile("default"),
        as_of=as_of,
        as_of_given=False,
        findings={name: [each for each in found if each.system == name] for name in asked},
        observations=observations,
        vantages=(VantageState(name="local", ipv4="ok", ipv6="ok"),),
        warnings=(),
        render=said,
        title=lambda reason, language: f"{language}: {reason}",
        catalogue="4" * 64,
    )


def judged(declared: Inventory, *found: Finding, **rest: Any) -> dict[str, Any]:
    """Judge, check against the schema, and return what a reader of results.json sees."""
    document: dict[str, Any] = json.loads(encode(results(case(declared, *found, **rest))))
    validate(document)
    return document


def portal(document: dict[str, Any], name: str = "portal") -> dict[str, Any]:
    own: dict[str, Any] = next(each for each in document["systems"] if each["id"] == name)
    return own


@cache
def _validator() -> jsonschema.Draft202012Validator:
    path = Path(ipv6check.__file__).parent / "report" / "results.schema.json"
    return jsonschema.Draft202012Validator(
        json.loads(path.read_text()), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )


def validate(document: Mapping[str, Any]) -> None:
    _validator().validate(document)
