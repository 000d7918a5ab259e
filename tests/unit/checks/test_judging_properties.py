"""What holds for every run: order is nothing, masks touch negatives alone, an address never costs points."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipv6check.checks import BUILTIN, texts
from ipv6check.model.finding import Finding
from ipv6check.model.identity import finding_id
from ipv6check.model.observation import Observation
from ipv6check.model.text import LANGUAGES
from ipv6check.profiles import load_profile
from ipv6check.score import Entry, score
from tests.unit.checks.every_reason import runs
from tests.unit.checks.small_authority import authority
from tests.unit.judging_builder import CANARY4, START, V4, V6, Run, host, service, system

SECOND6, SECOND4, RDP = "2001:db8:10::81", "198.51.100.81", 3389
PORTS = (443, 22, RDP)
HOWS = ("open", "closed", "silent", "rejected", "unreachable", "overloaded", "unasked")
NAME = "www.example"
hows = st.sampled_from(HOWS)


def let(run: Run, address: str, port: int, how: str) -> None:
    """Let a port behave in one way."""
    if how in ("open", "closed", "silent", "rejected"):
        offender = {"offender": "2001:db8:ff::1"} if how == "rejected" else {}
        getattr(run, how)(address, port, **offender)
    elif how == "unreachable":
        run.rejected(address, port, word="unreachable", offender="2001:db8:ff::1")
    elif how == "overloaded":
        run.fails(address, port, "overloaded")


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, object]:
    """Draw what a system is and how it behaves."""
    addresses = (V6, SECOND6, V4, SECOND4)
    return {
        "goal": draw(st.sampled_from(["dual-stack", "ipv6-only"])),
        "exposure": draw(st.sampled_from(["internet", "internal"])),
        "aaaa": draw(st.sampled_from([(V6,), (V6, SECOND6), ("fd00:9::1",), ("fe80::1",), ("2a00::1", V6)])),
        "a": draw(st.sampled_from([(), (V4,), (V4, SECOND4), None])),
        "literal": draw(st.booleans()),
        "ports": {(address, port): draw(hows) for address in addresses for port in PORTS},
        "status": {address: draw(st.sampled_from([200, 403, 503, 302, None])) for address in addresses},
        "certificate": {address: draw(st.booleans()) for address in addresses},
    }


def build(world: dict[str, object], *, publish: bool = True, trouble: bool = False) -> Run:
    """Make the run of a world; without `publish` its name has no AAAA, and nothing was asked over IPv6."""
    literal = host(SECOND4, sni=NAME)
    hosts = [host(NAME), literal] if world["literal"] else [host(NAME)]
    made = system(
        hosts,
        [service("https"), service("tcp", 22, id="tcp")],
        closed_ports=[RDP],
        goal=world["goal"],
        exposure=world["exposure"],
    )
    run = Run.of(made, working=not trouble)
    run.roots = (authority().pem,)
    if trouble:
        run.canaries(alive=[CANARY4])
    a, aaaa = world["a"], world["aaaa"] if publish else ()
    if a is None:
        run.answers(NAME, "A", rcode="SERVFAIL")
    else:
        run.answers(NAME, "A", *a)  # type: ignore[misc]
    run.answers(NAME, "AAAA", *aaaa)  # type: ignore[misc]
    for (address, port), how in world["ports"].items():  # type: ignore[attr-defined]
        if publish or ":" not in address:
            let(run, address, port, how)
    for address, status in world["status"].items():  # type: ignore[attr-defined]
        if (publish or ":" not in address) and world["ports"][address, 443] == "open":  # type: ignore[index]
            _conversations(run, address, status, world["certificate"][address])  # type: ignore[index]
    run.canaries(alive=[CANARY4] if trouble else None, round_=1)
    return run


def _conversations(run: Run, address: str, status: int | None, sound: bool) -> None:
    run.tls(address, authority_chain(sound))
    for fetch in (1,) if ":" in address else (1, 2):
        if status is None:
            run.page(address, word="eof", fetch=fetch)
        else:
            run.page(address, status, "/" if status == 302 else None, fetch=fetch)


pytestmark = pytest.mark.slow  # seconds, but many on a busy machine
RUNS = runs()
CHAINS: dict[bool, list[str]] = {}


def authority_chain(sound: bool) -> list[str]:
    """Return a chain for the name, or for another."""
    if sound not in CHAINS:
        CHAINS[sound] = authority().chain(NAME if sound else "other.example")
    return CHAINS[sound]


def scored(findings: list[Finding]) -> tuple[object, object]:
    profile = load_profile("default")
    found = score(tuple(Entry(check=f.check, verdict=f.verdict) for f in findings), profile)
    assert found is not None
    return found.low, found.high


@settings(max_examples=150, deadline=None)
@given(worlds())
def test_publishing_an_address_never_costs_points(world: dict[str, object]) -> None:
    with_address, without = build(world).findings(), build(world, publish=False).findings()
    before, after = scored(with_address), scored(without)
    assert after[0] <= before[0]  # type: ignore[operator]
    assert after[1] <= before[1]  # type: ignore[operator]


@settings(max_examples=150, deadline=None)
@given(worlds())
def test_a_vantages_trouble_only_takes_negatives_away(world: dict[str, object]) -> None:
    sound = {finding_id(f): f for f in build(world).findings()}
    masked = {finding_id(f): f for f in build(world, trouble=True).findings()}
    assert sound.keys() == masked.keys()
    for key, finding in sound.items():
        if finding.check in ("reach.service", "reach.ipv4", "parity.service"):
            if finding.verdict == "pass":
                assert masked[key].verdict == "pass"
            if masked[key].verdict == "fail":
                assert finding.verdict == "fail"


@settings(max_examples=100, deadline=None)
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_observations_is_nothing(world: dict[str, object], rng: random.Random) -> None:
    run = build(world)
    before = run.findings()
    rng.shuffle(run.observations)
    assert run.findings() == before


@pytest.mark.parametrize("run", RUNS, ids=map(str, range(len(RUNS))))
def test_order_and_repetition_are_nothing_for_any_reason(run: Run) -> None:
    again = replace(run, observations=[*reversed(run.observations), *run.observations])
    assert again.findings() == run.findings()
    assert again.facts().warnings == run.facts().warnings
    assert again.facts().vantages == run.facts().vantages


def hold_together(findings: list[Finding]) -> None:
    """Each finding has an id of its own, each root is one of them, and none is its own root."""
    ids = [finding_id(finding) for finding in findings]
    assert len(ids) == len(set(ids))
    for finding in findings:
        if finding.root is not None:
            assert finding.root in ids, (finding.check, finding.reason)
            assert finding.root != finding_id(finding)
    roots = {finding_id(finding): finding.root for finding in findings}
    for start in ids:
        seen, at = set(), start
        while (above := roots[at]) is not None:
            assert above not in seen, "roots go round in a circle"
            seen.add(above)
            at = above


@pytest.mark.parametrize("run", RUNS, ids=map(str, range(len(RUNS))))
def test_findings_hold_together_for_any_reason(run: Run) -> None:
    for each in run.inventory.systems:
        hold_together(run.findings(each.id))


@settings(max_examples=100, deadline=None)
@given(worlds(), st.booleans())
def test_findings_hold_together(world: dict[str, object], publish: bool) -> None:
    findings = build(world, publish=publish).findings()
    hold_together(findings)
    cited = {o.id for o in build(world, publish=publish).observations}
    assert all(set(finding.evidence) <= cited for finding in findings)


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_findings_do_not_depend_on_addresses_or_reasons_for_their_ids(world: dict[str, object]) -> None:
    for finding in build(world).findings():
        other = replace(
            finding, verdict="unknown", reason="x", args={}, target=replace(finding.target, address="::1")
        )
        assert finding_id(other) == finding_id(finding)


JSONS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.floats(allow_nan=False)
    | st.text(max_size=20),
    lambda children: (
        st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=8), children, max_size=4)
    ),
    max_leaves=12,
)
KEYS = (
    *("rcode", "flags", "answers", "authority", "bad_rdata", "chain", "status", "location", "icmp", "source"),
    *("gateways", "links", "scope", "valid", "alert", "client_certificate", "more"),
)


def garbled(run: Run, change: Callable[[Observation], Observation]) -> Run:
    return replace(run, observations=[change(each) for each in run.observations])


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(range(len(runs()))), st.dictionaries(st.sampled_from(KEYS), JSONS, max_size=6))
def test_whatever_an_observation_holds_judging_ends_and_every_text_is_written(
    which: int, data: object
) -> None:
    run = garbled(runs()[which], lambda each: replace(each, data={**each.data, **data}))  # type: ignore[dict-item]
    findings = run.findings()
    hold_together(findings)
    for finding in findings:
        for language in LANGUAGES:
            texts.render(finding, language)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(range(len(runs()))), st.text(max_size=12))
def test_whatever_word_a_probe_reports_judging_ends(which: int, word: str) -> None:
    run = garbled(runs()[which], lambda each: replace(each, failure=word if each.failure else None))
    hold_together(run.findings())


def test_every_check_module_is_registered() -> None:
    from pathlib import Path

    import ipv6check.checks as package

    folder = Path(package.__file__).parent
    marked = sum(path.read_text().count("\n@check(") for path in folder.glob("*.py"))
    assert marked == len(BUILTIN)
    assert len({check.id for check in BUILTIN}) == len(BUILTIN)


def test_every_check_is_known_to_the_profile() -> None:
    assert {check.id for check in BUILTIN} <= set(load_profile("default").checks)


def test_checks_can_be_frozen_values() -> None:
    check = BUILTIN[0]
    assert hash(check) == hash(BUILTIN[0])
    assert callable(check)
    assert check.needs
    assert START.tzinfo is not None
