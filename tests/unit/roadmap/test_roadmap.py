"""The roadmap: waves, blockers and critical paths, case by case and against plain definitions."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipv6check.roadmap import Key, Node, Roadmap, build

Graph = dict[Key, Node]


def node(name: str, *needs: str, met: bool | None = False, **rest: object) -> Node:
    """Make a node; a name with `fw` is equipment, and what is needed is named the same way."""
    kind, _ = key(name)
    return Node(kind=kind, id=name, met=met, needs=tuple(key(need) for need in needs), **rest)  # type: ignore[arg-type]


def key(name: str) -> Key:
    return ("equipment" if name.startswith("fw") else "system", name)


def waves(found: Roadmap) -> list[list[str]]:
    return [[step.node.id for step in wave.steps] for wave in found.waves]


def blocker(found: Roadmap, name: str) -> tuple[int, int]:
    step = next(step for step in found.blockers if step.node.id == name)
    return step.unlocks, step.waiting


def test_nothing_unmet_is_no_roadmap() -> None:
    found = build([node("dns", met=True), node("portal", "dns", met=True), node("old", met=None)])
    assert (found.waves, found.blockers, found.paths) == ((), (), ())


def test_each_wave_needs_only_what_earlier_ones_did() -> None:
    found = build([node("portal", "sso", "dns"), node("sso", "dns"), node("dns"), node("mail", "dns")])
    assert waves(found) == [["dns"], ["sso", "mail"], ["portal"]]  # `sso` first: it unlocks the portal
    assert [wave.unlocks for wave in found.waves] == [3, 1, 0]


def test_a_dependency_is_followed_through_what_is_met() -> None:
    found = build([node("portal", "sso"), node("sso", "dns", met=True), node("dns")])
    assert waves(found) == [["dns"], ["portal"]]
    assert blocker(found, "dns") == (1, 1)
    assert found.blocked_by[key("portal")] == (key("dns"),)
    assert found.blocked_by[key("sso")] == (key("dns"),)


def test_a_cycle_is_one_wave_and_is_named() -> None:
    found = build([node("a", "b"), node("b", "c"), node("c", "a", "dns"), node("dns"), node("late", "b")])
    assert waves(found) == [["dns"], ["a", "b", "c"], ["late"]]
    assert found.waves[1].cycles == ((key("a"), key("b"), key("c")),)
    # Together they hold up `late`; each is also waited for by the others.
    assert blocker(found, "a") == (1, 3)
    assert blocker(found, "dns") == (4, 4)


def test_a_cycle_of_which_one_is_left_is_no_cycle_any_more() -> None:
    found = build([node("a", "b"), node("b", "a", met=True), node("late", "b")])
    assert waves(found) == [["a"], ["late"]]
    assert found.waves[0].cycles == ()


def test_a_system_that_waits_for_two_is_unlocked_by_neither_alone() -> None:
    found = build([node("dns"), node("sso"), node("portal", "dns", "sso"), node("mail", "dns")])
    assert blocker(found, "dns") == (1, 2)
    assert blocker(found, "sso") == (0, 1)


def test_what_is_unlocked_unlocks_in_turn() -> None:
    found = build([node("dns"), node("sso", "dns"), node("portal", "sso", "dns"), node("mail", "portal")])
    assert blocker(found, "dns") == (3, 3)
    assert blocker(found, "sso") == (2, 2)


def test_ties_go_by_criticality_then_id() -> None:
    two = [node(f"{name}-user", name) for name in ("b", "a", "c")]
    found = build([*two, node("a"), node("b"), node("c", criticality="critical")])
    assert [step.node.id for step in found.blockers] == ["c", "a", "b"]


def test_equipment_is_a_dependency_too_and_counts_no_system() -> None:
    found = build([node("fw-core"), node("fw-edge", "fw-core"), node("portal", "fw-edge")])
    assert waves(found) == [["fw-core"], ["fw-edge"], ["portal"]]
    assert blocker(found, "fw-core") == (1, 1)
    assert found.blocked_by[key("portal")] == (key("fw-core"), key("fw-edge"))


def test_of_what_nobody_knows_the_state_is_told_and_blocks_nobody() -> None:
    found = build([node("portal", "sso", "fw-core"), node("sso", met=None), node("fw-core", met=None)])
    assert waves(found) == [["portal"]]
    assert found.waves[0].steps[0].unknown == (key("fw-core"), key("sso"))
    assert found.blockers == ()


def test_needs_that_are_no_nodes_and_needs_of_oneself_are_passed_over() -> None:
    assert waves(build([node("portal", "portal", "nowhere")])) == [["portal"]]


def test_the_critical_path_is_the_heaviest_chain_to_each_deadline() -> None:
    end, later = date(2026, 12, 31), date(2027, 6, 30)
    found = build(
        [
            node("portal", "sso", "dns", deadline=end),
            node("quick", deadline=end),
            node("sso", effort=4),
            node("dns", effort=1),
            node("ioc", "portal", deadline=later, effort=2),
        ]
    )
    first, second = found.paths
    assert (first.deadline, first.systems, first.effort) == (end, 2, 5)
    assert first.steps == ((key("sso"),), (key("portal"),))
    assert (second.deadline, second.effort, second.steps[-1]) == (later, 7, (key("ioc"),))


def test_a_dependency_is_needed_by_the_earliest_deadline_of_what_waits_for_it() -> None:
    early, late = date(2026, 6, 30), date(2027, 1, 1)
    found = build(
        [
            node("dns", deadline=late),
            node("portal", "dns", deadline=early),
            node("done", "dns", met=True, deadline=date(2025, 1, 1)),
        ]
    )
    due = {step.node.id: step.needed_by for wave in found.waves for step in wave.steps}
    assert due == {"dns": early, "portal": early}


def test_a_chain_of_ten_thousand_needs_no_recursion() -> None:
    chain = [node("s0"), *(node(f"s{n}", f"s{n - 1}", met=n % 100 != 0) for n in range(1, 10_000))]
    found = build(chain)
    assert len(found.waves) == 100
    assert blocker(found, "s0") == (99, 99)


# Against plain definitions, on small graphs of every kind.


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    names = [*(f"s{n}" for n in range(draw(st.integers(1, 7)))), "fw0", "fw1"]
    made = {}
    for name in names:
        needs = draw(st.lists(st.sampled_from(names), max_size=3))
        met = draw(st.sampled_from([False, False, False, True, None]))
        made[key(name)] = node(name, *needs, met=met, effort=draw(st.sampled_from([1, 2, 4])))
    return made


def needed(graph: Graph, start: Key) -> set[Key]:
    """Return all that something needs, directly or not, itself only where it is in a cycle."""
    found: set[Key] = set()
    waiting = list(graph[start].needs)
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting.extend(graph[each].needs)
    return found


def unmet(graph: Graph, keys: Iterable[Key]) -> set[Key]:
    return {each for each in keys if graph[each].met is False}


def numbers(found: Roadmap) -> Mapping[Key, int]:
    return {step.node.key: wave.number for wave in found.waves for step in wave.steps}


@given(graphs())
def test_waves_hold_all_that_is_unmet_and_respect_every_dependency(graph: Graph) -> None:
    at = numbers(build(graph.values()))
    assert set(at) == unmet(graph, graph)
    for each, number in at.items():
        others = unmet(graph, needed(graph, each)) - {each}
        same_cycle = {other for other in others if each in needed(graph, other)}
        assert all(at[other] == number for other in same_cycle)
        assert all(at[other] < number for other in others - same_cycle)
        # And no later than it must: something of the wave before holds it up.
        before = {
            at[other] for fellow in {each, *same_cycle} for other in unmet(graph, needed(graph, fellow))
        }
        assert number == 1 or number - 1 in before


@given(graphs())
def test_a_blocker_unlocks_those_who_need_nothing_that_is_independent_of_it(graph: Graph) -> None:
    for step in build(graph.values()).blockers:
        own = set(step.cycle) or {step.node.key}
        before = {need for each in own for need in needed(graph, each)}
        unlocked = {
            each
            for each in unmet(graph, graph) - own
            if own & needed(graph, each)
            and all(
                other in own | before | {each} or own & needed(graph, other)
                for other in unmet(graph, needed(graph, each))
            )
        }
        assert step.unlocks == sum(kind == "system" for kind, _ in unlocked)


@given(graphs())
def test_what_blocks_is_all_that_is_unmet_and_needed(graph: Graph) -> None:
    found = build(graph.values())
    for each in graph:
        assert set(found.blocked_by[each]) == unmet(graph, needed(graph, each)) - {each}
    for step in found.blockers:
        waiting = {each for each in unmet(graph, graph) if step.node.key in needed(graph, each)}
        assert step.waiting == sum(kind == "system" for kind, _ in waiting - {step.node.key})


@given(graphs(), st.randoms(use_true_random=False))
def test_the_order_of_the_inventory_does_not_matter(graph: Graph, order: random.Random) -> None:
    shuffled = list(graph.values())
    order.shuffle(shuffled)
    assert build(shuffled) == build(graph.values())


@pytest.mark.parametrize("met", [True, None])
@given(graphs())
def test_meeting_one_more_never_adds_waves(met: bool | None, graph: Graph) -> None:
    before = len(build(graph.values()).waves)
    first = next(iter(graph))
    eased = {**graph, first: node(first[1], *(name for _, name in graph[first].needs), met=met)}
    assert len(build(eased.values()).waves) <= before
