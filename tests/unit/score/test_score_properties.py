"""The invariants of catalogue.md, for any set of findings and any profile."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

from hypothesis import assume, given
from hypothesis import strategies as st

from ipv6check.model.finding import Verdict
from ipv6check.model.inventory import Criticality, Goal
from ipv6check.model.profile import GATES, CheckProfile, Profile
from ipv6check.model.score import Score
from ipv6check.score import Entry, Member, level, mean, points, reaches, score, written_score
from ipv6check.score.interval import check_intervals

CHECKS = (
    "naming.aaaa",
    "address.class",
    "reach.service",
    "parity.service",
    "tls.valid",
    "path.mtu",
    "free.check",
)
DEFINITE: tuple[Verdict, ...] = ("pass", "warn", "fail", "not_applicable")

weights = st.one_of(
    st.just(Fraction(0)), st.fractions(min_value=Fraction(1, 8), max_value=5, max_denominator=8)
)
verdicts: st.SearchStrategy[Verdict] = st.sampled_from(("pass", "warn", "fail", "unknown", "not_applicable"))
goals: st.SearchStrategy[Goal] = st.sampled_from(("dual-stack", "ipv6-only"))
criticalities: st.SearchStrategy[Criticality] = st.sampled_from(("critical", "high", "normal", "low"))
entries = st.lists(
    st.builds(Entry, check=st.sampled_from(CHECKS), verdict=verdicts, accepted=st.booleans()), max_size=12
)

several_of_a_check = st.lists(
    st.builds(Entry, check=st.sampled_from(CHECKS[:2]), verdict=verdicts, accepted=st.booleans()),
    min_size=4,
    max_size=12,
)


@st.composite
def profiles(draw: st.DrawFn) -> Profile:
    checks = {check: CheckProfile(weight=draw(weights), severity="high") for check in CHECKS[:-1]}
    areas = (("naming", "address"), ("reach",), ("parity", "tls"), ("path",), ("v6only",))
    return Profile(
        name="any",
        checks=checks,
        warn_share=draw(st.fractions(min_value=0, max_value=1, max_denominator=4)),
        gates=dict(zip(GATES, areas, strict=True)),
        gate_coverage=Fraction(9, 10),
        criticality={"critical": Fraction(4), "high": Fraction(3), "normal": Fraction(2), "low": Fraction(1)},
    )


def inside(inner: Score | None, outer: Score) -> bool:
    return inner is None or (outer.low <= inner.low and inner.high <= outer.high)


@given(entries, profiles())
def test_low_and_high_are_ordered_and_within_0_and_100(found: list[Entry], profile: Profile) -> None:
    result = score(found, profile)
    assume(result is not None)
    assert result is not None
    assert 0 <= result.low <= result.high <= 100
    assert 0 <= result.coverage <= 1
    assert (result.coverage == 1) == (result.low == result.high)


@given(entries, profiles())
def test_contributions_sum_to_the_score(found: list[Entry], profile: Profile) -> None:
    result = score(found, profile)
    assume(result is not None)
    assert result is not None
    shares = points(result.contributions)
    assert sum(low for _, low, _, _ in shares) == result.low
    assert sum(high for _, _, high, _ in shares) == result.high
    assert sum(most for *_, most in shares) == 100


@given(entries, profiles(), st.data())
def test_turning_a_pass_into_a_fail_never_raises_low_or_high(
    found: list[Entry], profile: Profile, data: st.DataObject
) -> None:
    passes = [number for number, entry in enumerate(found) if entry.verdict == "pass"]
    assume(passes)
    which = data.draw(st.sampled_from(passes))
    # The fail may even be an accepted one: an exception must not pay either.
    broken = replace(found[which], verdict="fail", accepted=data.draw(st.booleans()))
    found[which] = replace(found[which], accepted=False)
    before = score(found, profile)
    after = score([*found[:which], broken, *found[which + 1 :]], profile)
    if before is not None and after is not None:
        assert after.low <= before.low
        assert after.high <= before.high


@given(entries, profiles(), st.data())
def test_turning_an_unknown_into_anything_definite_only_narrows(
    found: list[Entry], profile: Profile, data: st.DataObject
) -> None:
    unknown = [n for n, entry in enumerate(found) if entry.verdict == "unknown" and not entry.accepted]
    assume(unknown)
    which = data.draw(st.sampled_from(unknown))
    settled = replace(found[which], verdict=data.draw(st.sampled_from(DEFINITE)))
    before = score(found, profile)
    after = score([*found[:which], settled, *found[which + 1 :]], profile)
    assert before is None or inside(after, before)


@given(entries, profiles(), st.randoms())
def test_order_does_not_matter(found: list[Entry], profile: Profile, random: Random) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)
    assert score(shuffled, profile) == score(found, profile)
    levels = [level(order, profile, goal="ipv6-only", category="other") for order in (shuffled, found)]
    assert levels[0] == levels[1]


@given(entries, profiles(), st.data())
def test_splitting_one_finding_into_a_finding_for_each_port_changes_no_figure(
    found: list[Entry], profile: Profile, data: st.DataObject
) -> None:
    assume(found)
    split = [*found, *[data.draw(st.sampled_from(found))] * 9]
    before, after = score(found, profile), score(split, profile)
    if before is None or after is None:
        assert before is after
    else:
        assert (before.low, before.high, before.coverage) == (after.low, after.high, after.coverage)
        assert before.contributions == after.contributions


@given(entries, profiles())
def test_accepted_findings_and_not_applicable_ones_count_as_absent(
    found: list[Entry], profile: Profile
) -> None:
    counted = [entry for entry in found if not entry.accepted and entry.verdict != "not_applicable"]
    assert score(found, profile) == score(counted, profile)


@given(entries, profiles(), goals)
def test_an_exception_never_costs_a_level_and_says_when_it_helped(
    found: list[Entry], profile: Profile, goal: Goal
) -> None:
    plain = [replace(entry, accepted=False) for entry in found]
    reached = level(found, profile, goal=goal, category="other")
    alone = level(plain, profile, goal=goal, category="other")
    assert reaches(reached.name, alone.name)
    assert reached.with_exceptions == (reached.name != alone.name)


@given(st.lists(st.tuples(criticalities, entries), max_size=6), profiles())
def test_a_mean_lies_between_its_members(
    found: list[tuple[Criticality, list[Entry]]], profile: Profile
) -> None:
    members = [
        Member(id=str(n), criticality=criticality, score=score(own, profile))
        for n, (criticality, own) in enumerate(found)
    ]
    scores = [member.score for member in members if member.score is not None]
    result = mean(members, profile.criticality)
    assert (result is None) == (not scores)
    if result is not None:
        assert min(s.low for s in scores) <= result.low <= max(s.low for s in scores)
        assert min(s.high for s in scores) <= result.high <= max(s.high for s in scores)
        assert result.low <= result.high


@given(st.fractions(min_value=0, max_value=100), st.fractions(min_value=0, max_value=100))
def test_writing_keeps_the_order_and_the_ends(one: Fraction, other: Fraction) -> None:
    low, high = sorted((one, other))
    assert written_score(low) <= written_score(high)
    assert (written_score(low) == 100.0) == (low == 100)
    assert (written_score(low) == 0.0) == (low == 0)


@given(several_of_a_check, profiles())
def test_a_checks_interval_is_the_least_of_its_lows_and_of_its_highs(
    found: list[Entry], profile: Profile
) -> None:
    share = profile.warn_share
    zero, one = Fraction(0), Fraction(1)
    ends = {"pass": (one, one), "warn": (share, share), "fail": (zero, zero), "unknown": (zero, one)}
    for check, (low, high) in check_intervals(found, share).items():
        own = [ends[e.verdict] for e in found if e.check == check and not e.accepted and e.verdict in ends]
        assert low == min(end[0] for end in own)
        assert high == min(end[1] for end in own)
