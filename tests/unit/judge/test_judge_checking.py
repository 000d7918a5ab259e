"""A check that misbehaves costs its own findings of one system, and nothing else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import pytest

from ipv6check.judge.checking import run_check
from ipv6check.model.finding import Finding, Verdict
from ipv6check.model.text import JSON
from tests.unit.judge.cases import HERE, finding, system


@dataclass
class Written:
    """A check made of a function."""

    judge: Callable[[object], Any]
    id: str = "reach.service"

    def __call__(self, view: object, params: Mapping[str, JSON], /) -> Iterable[Finding]:
        found: Iterable[Finding] = self.judge(view)
        return found


def run(judge: Callable[[object], Any], view: Callable[[str], object] = str) -> list[Finding]:
    return run_check(Written(judge), view, {}, system=system())


def raising(error: BaseException) -> Callable[[object], Any]:
    def judge(view: object) -> Iterator[Finding]:
        yield finding()
        raise error

    return judge


def deep(view: object) -> list[Finding]:
    return deep(view)


def test_a_good_check_gives_its_findings() -> None:
    assert run(lambda view: [finding()]) == [finding()]


@pytest.mark.parametrize(
    "judge",
    [
        raising(ValueError("broken")),
        raising(SystemExit(0)),
        deep,
        lambda view: None,
        lambda view: ["not a finding"],
        lambda view: [finding("tls.valid")],
        lambda view: [finding(of="another")],
        lambda view: [finding(verdict=cast("Verdict", "perhaps"))],
        lambda view: sys.exit("bye"),
    ],
)
def test_a_crash_is_one_unknown_finding_of_that_check(judge: Callable[[object], Any]) -> None:
    (found,) = run(judge)
    assert (found.check, found.system, found.verdict, found.reason) == (
        "reach.service",
        "portal",
        "unknown",
        "internal.crashed",
    )
    assert found.source == HERE
    assert found.args["error"]


def test_a_crash_while_the_view_is_made_is_a_crash_too() -> None:
    def view(name: str) -> object:
        raise KeyError(name)

    (found,) = run(lambda view: [], view)
    assert found.reason == "internal.crashed"


def test_the_account_of_a_crash_is_bounded_and_the_same_everywhere() -> None:
    (found,) = run(raising(ValueError(f"{object()!r} " + "x" * 10_000)))
    error, frames = found.args["error"], found.args["traceback"]
    assert isinstance(error, str)
    assert isinstance(frames, list)
    assert len(error) < 400
    assert "0x…" in error
    assert any("test_judge_checking.py" in str(frame) for frame in frames)
    assert not any(str(frame).startswith("/") for frame in frames)
    (again,) = run(raising(ValueError(f"{object()!r} " + "x" * 10_000)))
    assert again.args == found.args


def test_an_interrupt_is_not_a_crash() -> None:
    with pytest.raises(KeyboardInterrupt):
        run(raising(KeyboardInterrupt()))
