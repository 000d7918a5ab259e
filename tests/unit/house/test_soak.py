"""The rounds of `make soak`: what issue and catalogue demand of them, and how runs are compared."""

from __future__ import annotations

from pathlib import Path

from tests import soak
from tests.hostile.fuzz_targets import TARGETS


def test_every_fuzzing_target_is_a_round() -> None:
    assert set(soak.FUZZED) == set(TARGETS)


def test_each_target_takes_its_own_seeds() -> None:
    for one, seeds in TARGETS.values():
        for seed in seeds:
            one(seed)


def test_each_round_names_tests_that_are_there() -> None:
    for round_ in soak.ROUNDS:
        places = [each for each in round_.arguments if each.startswith("tests/")]
        assert places or round_.fuzz
        assert all((soak.ROOT / place).exists() for place in places)


def test_verdicts_that_moved_are_told_but_for_what_chance_decides(tmp_path: Path) -> None:
    one, other = tmp_path / "1", tmp_path / "2"
    for folder, verdict, loss in ((one, "pass", "warn"), (other, "fail", "pass")):
        folder.mkdir()
        lines = [f"portal reach.service {verdict} 3f", f"random-loss reach.stable {loss} 4a"]
        (folder / "reach0").write_text("\n".join([*lines, "portal tls.valid pass 5b"]))
    assert [*soak.differences(one, one)] == []
    assert [*soak.differences(one, other)] == [
        "reach0: only now: portal reach.service fail 3f",
        "reach0: run 1 alone: portal reach.service pass 3f",
    ]


def test_a_network_that_only_one_run_had_is_told(tmp_path: Path) -> None:
    for name in ("1", "2"):
        (tmp_path / name).mkdir()
    (tmp_path / "2" / "path0").write_text("portal path.mtu pass 3f\n")
    assert [*soak.differences(tmp_path / "1", tmp_path / "2")] == ["path0: only now: portal path.mtu pass 3f"]
