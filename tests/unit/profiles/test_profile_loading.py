"""Profiles: what the default says, what extending means, and every mistake with its position."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from ipv6check.model.profile import GATES
from ipv6check.profiles import ProfileError, built_in, load_profile
from ipv6check.profiles.vocabulary import CHECKS


def written(folder: Path, text: str, name: str = "own.yaml") -> str:
    path = folder / name
    path.write_text(text)
    return str(path)


def complaints(profile: str) -> list[str]:
    with pytest.raises(ProfileError) as caught:
        load_profile(profile)
    return [f"{problem.line}:{problem.column}: {problem.message}" for problem in caught.value.problems]


def test_the_default_profile_names_every_check_of_the_catalogue() -> None:
    assert set(load_profile("default").checks) == set(CHECKS)


def test_the_default_profile_has_the_catalogues_thresholds() -> None:
    default = load_profile("default")
    assert default.warn_share == Fraction(1, 2)
    assert default.gate_coverage == Fraction(9, 10)
    assert default.checks["naming.speed"].params["delay_ms"] == 500
    assert default.checks["tls.valid"].params["expires_soon_days"] == 21
    assert dict(default.criticality) == {"critical": 4, "high": 3, "normal": 2, "low": 1}


def test_every_check_of_the_default_profile_belongs_to_a_gate_or_has_a_score_of_its_own() -> None:
    default = load_profile("default")
    areas = {area for gate in GATES for area in default.gates[gate]}
    assert {check.partition(".")[0] for check in CHECKS} - areas == {
        "plan",
        "equipment",
        "programme",
        "deadline",
    }


def test_the_default_profile_is_built_in() -> None:
    assert "default" in built_in()


def test_extending_changes_what_is_said_and_keeps_the_rest(tmp_path: Path) -> None:
    text = """\
extends: default
warn_share: 0.25
checks:
  tls.valid: {severity: low, params: {expires_soon_days: 30}}
"""
    own, default = load_profile(written(tmp_path, text, "strict.yaml")), load_profile("default")
    assert own.name == "strict"
    assert own.warn_share == Fraction(1, 4)
    assert own.checks["tls.valid"].severity == "low"
    assert own.checks["tls.valid"].weight == default.checks["tls.valid"].weight
    assert own.checks["tls.valid"].reasons == default.checks["tls.valid"].reasons
    assert own.checks["tls.valid"].params == {"expires_soon_days": 30}
    assert own.checks["reach.service"] == default.checks["reach.service"]


def test_a_profile_may_extend_another_file_beside_it(tmp_path: Path) -> None:
    written(tmp_path, "extends: default\nchecks: {naming.a: {weight: 7}}\n", "base.yaml")
    own = load_profile(written(tmp_path, "extends: ./base.yaml\nchecks: {naming.a: {severity: info}}\n"))
    assert own.checks["naming.a"].weight == 7
    assert own.checks["naming.a"].severity == "info"


def test_weights_are_exact(tmp_path: Path) -> None:
    own = load_profile(written(tmp_path, "extends: default\nchecks: {naming.a: {weight: 0.1}}\n"))
    assert own.checks["naming.a"].weight == Fraction(1, 10)


def test_the_hash_is_over_what_the_profile_says_and_not_over_how_it_is_written(tmp_path: Path) -> None:
    plain = written(tmp_path, "extends: default\nname: x\nchecks: {naming.a: {weight: 3}}\n", "a.yaml")
    text = "# why\nname: 'x'\nchecks:\n  naming.a:\n    weight: 3.0\nextends: default\n"
    same = written(tmp_path, text, "b.yaml")
    other = written(tmp_path, "extends: default\nname: x\nchecks: {naming.a: {weight: 4}}\n", "c.yaml")
    assert load_profile(plain).sha256 == load_profile(same).sha256
    assert load_profile(plain).sha256 != load_profile(other).sha256


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("warn_shere: 0.5", '2:1: unknown key "warn_shere"; did you mean "warn_share"?'),
        ("checks: {tls.vallid: {}}", '2:10: unknown check "tls.vallid"; did you mean "tls.valid"?'),
        ("checks: {tls.valid: {wheight: 1}}", '2:22: unknown key "wheight"; did you mean "weight"?'),
        (
            "checks: {tls.valid: {severity: hihg}}",
            '2:32: unknown severity "hihg"; did you mean "high"?',
        ),
        (
            "checks: {tls.valid: {reasons: {tls.expird: low}}}",
            '2:32: unknown reason of tls.valid "tls.expird"; did you mean "tls.expired"?',
        ),
        (
            "checks: {tls.valid: {params: {expires_son_days: 3}}}",
            '2:31: tls.valid has no parameter "expires_son_days"; did you mean "expires_soon_days"?',
        ),
        ("checks: {tls.valid: {params: {expires_soon_days: many}}}", '2:31: "expires_soon_days" is a number'),
        ("checks: {tls.valid: {weight: -1}}", '2:30: "weight" is a decimal number from 0 to 1000'),
        ("checks: {tls.valid: {weight: 1e9}}", '2:30: "weight" is a decimal number from 0 to 1000'),
        ("warn_share: 1.5", '2:13: "warn_share" is a decimal number from 0 to 1'),
        ("gates: {parity: [parrity]}", '2:18: unknown check or area "parrity"; did you mean "parity"?'),
        ("gates: {partiy: [parity]}", '2:9: unknown key "partiy"; did you mean "parity"?'),
        ("audit_ports: [0]", "2:15: a port is a whole number from 1 to 65535"),
        ("audit_ports: 22", '2:14: "audit_ports" is a list'),
        ("checks: [tls.valid]", '2:9: "checks" is a mapping'),
        ("basis: [{vi: a}]", '2:9: "basis" needs both vi and en'),
        ("name: a\nname: b", '3:1: duplicate key "name"'),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, complaint: str) -> None:
    found = complaints(written(tmp_path, f"extends: default\n{text}\n"))
    assert len(found) == 1
    assert found[0].startswith(complaint)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = "extends: default\nwarn_share: two\naudit_ports: [x]\nchecks: {nope.nope: {}}\n"
    assert len(complaints(written(tmp_path, text))) == 3


def test_a_mistake_in_an_extended_file_names_that_file(tmp_path: Path) -> None:
    written(tmp_path, "extends: default\nwarn_share: x\n", "base.yaml")
    with pytest.raises(ProfileError) as caught:
        load_profile(written(tmp_path, "extends: ./base.yaml\n"))
    assert caught.value.problems[0].file.endswith("base.yaml")
    assert caught.value.problems[0].line == 2


def test_an_unknown_name_is_told_with_the_nearest_one() -> None:
    found = complaints("defualt")
    assert 'did you mean "default"' in found[0]


def test_extending_an_unknown_profile_points_at_the_line(tmp_path: Path) -> None:
    found = complaints(written(tmp_path, "name: x\nextends: defualt\n"))
    assert found[0].startswith('2:10: there is no profile "defualt"; did you mean "default"?')


def test_profiles_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    written(tmp_path, "extends: ./b.yaml\n", "a.yaml")
    written(tmp_path, "extends: ./a.yaml\n", "b.yaml")
    assert "extends itself" in complaints(str(tmp_path / "a.yaml"))[0]


def test_a_profile_that_extends_nothing_must_say_everything(tmp_path: Path) -> None:
    found = complaints(written(tmp_path, "name: x\nchecks: {tls.valid: {weight: 1}}\n"))
    assert any('"warn_share" is missing' in complaint for complaint in found)
    assert any("tls.valid has no severity" in complaint for complaint in found)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"# nothing\n",
        b"just text\n",
        b"[" * 100_000,
        b"\xff\xfe\x00",
        b"a: &x [*x]\n",
        b"!!python/object/apply:os.system [id]\n",
        b"extends: default\n---\nextends: default\n",
        b"checks: {tls.valid: !!float 3}\n",
        b"\x00",
    ],
)
def test_hostile_content_ends_in_a_problem_and_nothing_else(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "hostile.yaml"
    path.write_bytes(content)
    with pytest.raises(ProfileError) as caught:
        load_profile(str(path))
    assert caught.value.problems
    assert all("\n" not in str(problem) for problem in caught.value.problems)


def test_a_missing_file_and_a_folder_are_told_plainly(tmp_path: Path) -> None:
    assert "no such file" in complaints(str(tmp_path / "none.yaml"))[0]
    assert "is a folder" in complaints(str(tmp_path))[0]
