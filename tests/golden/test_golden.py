"""Golden cases: an inventory, what was observed, and the findings that must and must not come of it.

`findings.yaml` is written by hand from catalogue.md. `must` are findings, by check, verdict, reason and
perhaps target and arguments; `must_not` patterns in which anything may be left open (`but`: checks that
they are not about). With `no_other_fail` every fail that follows from no other has to be among `must`,
with `no_other_warn` every warning.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from ipv6check import codec
from ipv6check.checks import AUDITS, BUILTIN
from ipv6check.facts import Facts, derive
from ipv6check.inventory import load
from ipv6check.judge.auditing import audited, standing
from ipv6check.judge.judging import parameters
from ipv6check.judge.marking import mark
from ipv6check.judge.outcome import outcome
from ipv6check.judge.standings import Standings
from ipv6check.model.finding import Finding
from ipv6check.profiles import load_profile
from tests.golden.recipes import RECIPES, cook

FOLDER = Path(__file__).parent
CASES = sorted(path.name for path in FOLDER.iterdir() if (path / "findings.yaml").exists())


@cache
def facts(case: str) -> Facts:
    folder = FOLDER / case
    loaded = load(folder / "inventory.yaml")
    assert loaded.inventory is not None, [str(problem) for problem in loaded.errors]
    lines = (folder / "observations.jsonl").read_bytes().splitlines()
    observations = [codec.decode_observation(line) for line in lines]
    return derive(loaded.inventory, observations, codec.decode_run((folder / "run.json").read_bytes()), ())


@cache
def findings(case: str) -> tuple[Finding, ...]:
    found = facts(case)
    inventory = found.inventory
    of_systems = {
        system.id: [finding for check in BUILTIN for finding in check(found.view(system.id), {})]
        for system in inventory.systems
    }
    profile, today = load_profile("default"), found.run.started.date()
    chosen = [(each, parameters(profile, each.id)) for each in AUDITS]
    whole = audited(inventory, found, of_systems.keys(), today, chosen)
    dated = [
        each
        for system in inventory.systems
        for marked in [[mark(each, profile, (), today) for each in of_systems[system.id]]]
        for each in whole.standing(
            standing(outcome(system, marked, Standings(profile), as_of=today, all_checks=True), today)
        )
    ]
    return (*(each for own in of_systems.values() for each in own), *whole.every, *dated)


def expected(case: str) -> dict[str, Any]:
    return dict(yaml.safe_load((FOLDER / case / "findings.yaml").read_text()))


def fits(finding: Finding, pattern: dict[str, Any]) -> bool:
    for key, value in pattern.items():
        if key == "but":
            if finding.check in value:
                return False
        elif key in ("check", "verdict", "reason", "vantage", "system"):
            if getattr(finding, key) != value:
                return False
        elif key == "args":
            if any(finding.args.get(name) != wanted for name, wanted in value.items()):
                return False
        elif key == "root":
            if (finding.root is not None) is not value:
                return False
        elif getattr(finding.target, key) != value:
            return False
    return True


def brief(finding: Finding) -> str:
    return f"{finding.check} {finding.verdict} {finding.reason} {finding.target.host} {finding.root}"


@pytest.mark.parametrize("case", CASES)
def test_the_findings_are_those_written_by_hand(case: str) -> None:
    told, found = expected(case), findings(case)
    listing = "\n".join(brief(finding) for finding in found)
    missing = [pattern for pattern in told["must"] if not any(fits(f, pattern) for f in found)]
    assert not missing, f"missing {missing} in\n{listing}"
    for pattern in told.get("must_not", ()):
        wrong = [brief(finding) for finding in found if fits(finding, pattern)]
        assert not wrong, f"must not be ({pattern}): {wrong}"
    for verdict in ("fail", "warn"):
        if told.get(f"no_other_{verdict}"):
            others = [
                brief(finding)
                for finding in found
                if finding.verdict == verdict
                and finding.root is None
                and not any(fits(finding, pattern) for pattern in told["must"])
            ]
            assert not others, f"not expected: {others}"


@pytest.mark.parametrize("case", CASES)
def test_the_vantage_is_seen_as_written(case: str) -> None:
    told = expected(case).get("vantage")
    if told is not None:
        (state,) = facts(case).vantages
        assert {"ipv4": state.ipv4, "ipv6": state.ipv6, "reason": state.reason} == told
    warnings = sorted(warning.reason for warning in facts(case).warnings)
    assert warnings == sorted(expected(case).get("warnings", []))


def test_every_case_has_a_recipe_and_the_other_way_round() -> None:
    assert set(CASES) == set(RECIPES)
    assert len(CASES) >= 25


@pytest.mark.parametrize("case", [case for case in CASES if not (FOLDER / case / "root.pem").exists()])
def test_the_stored_observations_are_those_of_the_recipe(case: str) -> None:
    lines = b"".join(codec.encode_observation(each) + b"\n" for each in cook(case).observations)
    assert lines == (FOLDER / case / "observations.jsonl").read_bytes()
