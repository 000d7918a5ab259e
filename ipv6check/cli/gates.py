"""The gates that `scan`, `judge` and `report` share, and the exit code that a judgement ends with.

`@gate_options` adds `--fail-under`, `--fail-on`, `--min-coverage` and `--baseline` to a command, which
receives them as `gates: Gates`; `evaluate(gates, judged)` says which code is due and why. The command
finds the baseline itself (baseline.py), since a scan must have it before anybody is contacted.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import click

from ipv6check.cli import exits
from ipv6check.cli.baseline import told_breaking, told_flapping
from ipv6check.cli.settings import Command, current, error, note
from ipv6check.history import Regressions
from ipv6check.model.finding import SEVERITIES, Severity
from ipv6check.model.inventory import Family, Goal, System
from ipv6check.model.run import Judged
from ipv6check.model.text import JSON, Text

# The families a system needs by its goal; what is retired needs none.
NEEDED: Mapping[Goal, tuple[Family, ...]] = {
    "dual-stack": (4, 6),
    "ipv6-only": (6,),
    "ipv4-only": (4,),
    "retired": (),
}
BLIND = frozenset(("none", "broken"))
# What an unverified family masks findings with; each says that silence may be ours.
UNSEEN = frozenset(("vantage.unverified", "vantage.no_route"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Gates:
    """What was asked for; None: not asked. Shares and scores are of 100."""

    fail_under: float | None = None
    fail_on: Severity | None = None
    min_coverage: float | None = None
    baseline: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The exit code, and a line for each gate that is not met and each reason to call it incomplete.

    `remarks` are about a gate and change no code.
    """

    code: int
    broken: tuple[Text, ...] = ()
    incomplete: tuple[Text, ...] = ()
    remarks: tuple[Text, ...] = ()


def gate_options(command: Command) -> Command:
    """Add the gate options to a click command; they arrive as one argument `gates`."""

    @functools.wraps(command)
    def with_gates(
        *args: Any,
        fail_under: float | None,
        fail_on: Severity | None,
        min_coverage: float | None,
        baseline: str | None,
        **kwargs: Any,
    ) -> Any:
        gates = Gates(fail_under=fail_under, fail_on=fail_on, min_coverage=min_coverage, baseline=baseline)
        return command(*args, gates=gates, **kwargs)

    options = (
        click.option(
            "--fail-under",
            type=click.FloatRange(0, 100),
            callback=_finite,
            metavar="N",
            help="Exit 1 if the score is below N (of 100).",
        ),
        click.option(
            "--fail-on",
            type=click.Choice(SEVERITIES[:-1]),
            help="Exit 1 on an unaccepted fail of that severity or worse.",
        ),
        click.option(
            "--min-coverage",
            type=click.FloatRange(0, 100),
            callback=_finite,
            metavar="N",
            help="Exit 3 if less than N percent is established.",
        ),
        click.option(
            "--baseline",
            metavar="RUN",
            help="Exit 1 if anything is worse than in that whole run; what only flaps is not.",
        ),
    )
    decorated: Any = with_gates
    for option in reversed(options):
        decorated = option(decorated)
    return cast("Command", decorated)


def _finite(context: click.Context, option: click.Parameter, value: float | None) -> float | None:
    """Refuse `nan`, which is neither below a bound nor above it: no gate of it could ever break."""
    if value is not None and math.isnan(value):
        raise click.BadParameter("a number is needed", context, option)
    return value


def evaluate(
    gates: Gates, judged: Judged, *, interrupted: bool = False, worse: Regressions | None = None
) -> Outcome:
    """Return the exit code of a judgement (interface.md §2): 130, then 1, then 3, then 0, and why.

    `worse` is what is worse than the baseline asked for.
    """
    results = judged.results
    score = _mapping(_mapping(results["totals"])["score"])
    regressed = ((True, text) for text in told_breaking(worse))
    broken = (*_under(gates, score), *_fails(gates, results), *regressed)
    incomplete = (*_uncovered(gates, score), *_unfinished(results), *_unseen(judged))
    code = exits.strongest(
        exits.INTERRUPTED if interrupted else exits.OK,
        exits.GATE if any(definite for definite, _ in broken) else exits.OK,
        exits.INCOMPLETE if incomplete or any(not definite for definite, _ in broken) else exits.OK,
    )
    return Outcome(
        code=code,
        broken=tuple(text for definite, text in broken if definite),
        incomplete=(*(text for definite, text in broken if not definite), *incomplete),
        remarks=tuple(told_flapping(worse)),
    )


def _mapping(value: JSON) -> Mapping[str, JSON]:
    return value if isinstance(value, Mapping) else {}


def _objects(value: JSON) -> Iterator[Mapping[str, JSON]]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        yield from (entry for entry in value if isinstance(entry, Mapping))


def _number(value: JSON) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _under(gates: Gates, score: Mapping[str, JSON]) -> Iterator[tuple[bool, Text]]:
    """Yield whether the score is definitely below what was asked for, or only may be."""
    wanted = gates.fail_under
    if wanted is None:
        return
    low, high = _number(score.get("low")), _number(score.get("high"))
    if low is None or high is None:
        yield (
            False,
            Text(f"chưa có điểm để so với mức {wanted:g}", f"there is no score to compare with {wanted:g}"),
        )
    elif high < wanted:
        yield (
            True,
            Text(
                f"điểm cao nhất có thể là {high:g}, dưới mức {wanted:g}",
                f"the score is at most {high:g}, under {wanted:g}",
            ),
        )
    elif low < wanted:
        yield (
            False,
            Text(
                f"điểm nằm trong khoảng {low:g}–{high:g}: chưa rõ có đạt mức {wanted:g} hay không",
                f"the score lies between {low:g} and {high:g}: whether it reaches {wanted:g} is not known",
            ),
        )


def _fails(gates: Gates, results: Mapping[str, JSON]) -> Iterator[tuple[bool, Text]]:
    """Yield once if there is an unaccepted fail of the severity asked for, or worse."""
    if gates.fail_on is None:
        return
    counted = SEVERITIES[: SEVERITIES.index(gates.fail_on) + 1]
    found = sum(
        finding.get("verdict") == "fail"
        and finding.get("accepted") is False
        and finding.get("severity") in counted
        for part in _judged(results)
        for finding in _objects(part.get("findings"))
    )
    if found:
        yield (
            True,
            Text(
                f"{found} phát hiện không đạt ở mức {_SEVERITY_VI[gates.fail_on]} trở lên",
                f"{found} {'fail' if found == 1 else 'fails'} of severity {gates.fail_on} or worse",
            ),
        )


def _judged(results: Mapping[str, JSON]) -> Iterator[Mapping[str, JSON]]:
    """Yield everything that has findings: systems, the address plan, equipment, the programme."""
    yield from _objects(results.get("systems"))
    yield from _objects(results.get("equipment"))
    yield _mapping(results.get("address_plan"))
    yield _mapping(results.get("programme"))


_SEVERITY_VI: Mapping[Severity, str] = {
    "critical": "nghiêm trọng",
    "high": "cao",
    "medium": "trung bình",
    "low": "thấp",
    "info": "thông tin",
}


def _uncovered(gates: Gates, score: Mapping[str, JSON]) -> Iterator[Text]:
    wanted = gates.min_coverage
    if wanted is None:
        return
    coverage = 100 * (_number(score.get("coverage")) or 0.0)
    if round(coverage, 2) < wanted:
        yield Text(
            f"mới xác định được {coverage:.4g} % nội dung kiểm tra, yêu cầu {wanted:g} %",
            f"{coverage:.4g} % of what was asked is established, {wanted:g} % was wanted",
        )


def _unfinished(results: Mapping[str, JSON]) -> Iterator[Text]:
    if _mapping(results.get("run")).get("complete") is False:
        yield Text("lần quét chưa hoàn thành", "the run was not completed")


def _unseen(judged: Judged) -> Iterator[Text]:
    """Yield each family that a system asked from a vantage of the run needs and that cannot be seen there."""
    run = _mapping(judged.results.get("run"))
    merged = [str(part.get("vantage")) for part in _objects(run.get("merged"))]
    for vantage in merged or [str(run.get("vantage"))]:
        state = next((v for v in _objects(run.get("vantages")) if v.get("name") == vantage), {})
        yield from _unseen_from(vantage, state, judged, alone=not merged)


def _unseen_from(vantage: str, state: Mapping[str, JSON], judged: Judged, *, alone: bool) -> Iterator[Text]:
    """Yield what cannot be seen from one vantage. `alone`: a finding of no vantage is about this one too."""
    vantages = (vantage, None) if alone else (vantage,)
    declared = {system.id: system for system in judged.inventory.systems}
    blinded: dict[Family, int] = {}
    for entry in _objects(judged.results.get("systems")):
        system = declared.get(str(entry.get("id")))
        if system is None or entry.get("scanned") is not True or not _contacted(system, vantage):
            continue
        for family in NEEDED[system.goal]:
            if _blind(state, family, _of(entry, vantages)):
                blinded[family] = blinded.get(family, 0) + 1
    yield from _unresolved(vantage, vantages, judged)
    for family, count in sorted(blinded.items()):
        yield Text(
            f"không quan sát được IPv{family} từ vị trí quan sát {vantage}; {count} hệ thống cần IPv{family}",
            f"IPv{family} cannot be seen from the vantage {vantage}, and {count} "
            f"{'system needs' if count == 1 else 'systems need'} it",
        )


def _of(entry: Mapping[str, JSON], vantages: Collection[str | None]) -> Iterator[Mapping[str, JSON]]:
    return (each for each in _objects(entry.get("findings")) if each.get("vantage") in vantages)


def _unresolved(vantage: str, vantages: Collection[str | None], judged: Judged) -> Iterator[Text]:
    """Yield that no name could be resolved honestly, where a dead or lying resolver left systems unknown."""
    deaf = sum(
        any(finding.get("reason") == "vantage.resolver" for finding in _of(entry, vantages))
        for entry in _objects(judged.results.get("systems"))
        if entry.get("scanned") is True
    )
    if deaf:
        yield Text(
            f"máy chủ DNS của vị trí quan sát {vantage} không dùng được; {deaf} hệ thống chưa xác định được",
            f"the resolver of the vantage {vantage} cannot be used, and {deaf} "
            f"{'system is' if deaf == 1 else 'systems are'} unknown for it",
        )


def _contacted(system: System, vantage: str) -> bool:
    """Whether the system's addresses are asked from the vantage at all."""
    return vantage in system.vantages and system.probe in ("full", "gentle")


def _blind(state: Mapping[str, JSON], family: Family, findings: Iterable[Mapping[str, JSON]]) -> bool:
    """Whether the vantage cannot see a family.

    Where it is unverified nothing may have been asked over it; only findings it masked make it blind.
    """
    seen = state.get(f"ipv{family}")
    if seen in BLIND:
        return True
    return seen == "unverified" and any(
        finding.get("reason") in UNSEEN and _mapping(finding.get("target")).get("family") in (family, None)
        for finding in findings
    )


def tell(outcome: Outcome) -> None:
    """Print to stderr why a gate is not met or why the judgement is incomplete, in the user's language."""
    language = current().language
    for text in (*outcome.broken, *outcome.incomplete):
        error(text.get(language))
    for text in outcome.remarks:
        note(text.get(language))
