"""Profiles with questions and a programme: the built-in ones, extending them, and mistakes with positions."""

from __future__ import annotations

import unicodedata
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from ipv6check.checks import texts
from ipv6check.inventory.schema import EquipmentEntry
from ipv6check.model.text import LANGUAGES
from ipv6check.profiles import ProfileError, built_in, load_profile
from ipv6check.profiles.programme import KINDS
from tests.unit.profiles.test_profile_loading import complaints, written

PROGRAMMES = ("default", "ipv6-for-gov", "ipv6-only-2030")


@pytest.mark.parametrize("name", PROGRAMMES)
def test_each_built_in_profile_asks_every_kind_and_counts_something(name: str) -> None:
    profile = load_profile(name)
    assert profile.name == name
    assert name in built_in()
    assert set(profile.questions) == set(KINDS)
    assert all(asked.mandatory for asked in profile.questions.values())
    assert [phase.phase for phase in profile.phases] == [1, 2, 3]
    assert {"plans", "portals", "public-services", "systems", "equipment"} <= {
        i.id for i in profile.indicators
    }
    assert len({each.id for each in profile.indicators}) == len(profile.indicators)


@pytest.mark.parametrize("name", PROGRAMMES)
def test_every_text_is_there_twice_and_vietnamese_is_nfc(name: str) -> None:
    profile = load_profile(name)
    told = [*profile.basis, *(p.name for p in profile.phases), *(i.name for i in profile.indicators)]
    for text in told:
        assert text.vi
        assert text.en
        assert unicodedata.is_normalized("NFC", text.vi)


@pytest.mark.parametrize("name", PROGRAMMES)
def test_every_capability_that_is_asked_has_a_name_in_both_languages(name: str) -> None:
    for asked in load_profile(name).questions.values():
        for capability in (*asked.mandatory, *asked.optional):
            for language in LANGUAGES:
                assert f"capability.{capability}" in texts.catalogue(language).phrases


def test_the_kinds_are_those_of_the_inventory() -> None:
    schema = EquipmentEntry.model_json_schema()["properties"]["kind"]
    assert set(schema["enum"]) == set(KINDS)


def test_ipv6_for_gov_wants_half_by_2022_and_all_by_2025() -> None:
    portals = next(each for each in load_profile("ipv6-for-gov").indicators if each.id == "portals")
    assert [(target.share, target.by) for target in portals.targets] == [
        (Fraction(1, 2), date(2022, 12, 31)),
        (Fraction(1), date(2025, 12, 31)),
    ]


def test_ipv6_only_2030_asks_for_management_over_ipv6_where_default_does_not() -> None:
    for kind in KINDS:
        assert "management" in load_profile("ipv6-only-2030").questions[kind].mandatory
        assert "management" not in load_profile("default").questions[kind].mandatory


def test_the_three_judge_differently_and_say_so_by_their_hash() -> None:
    assert len({load_profile(name).sha256 for name in PROGRAMMES}) == len(PROGRAMMES)


def test_a_profile_of_ones_own_changes_one_kind_and_the_dates_and_keeps_the_rest(tmp_path: Path) -> None:
    text = """\
extends: ipv6-only-2030
equipment: {switch: {mandatory: [forwarding]}}
programme:
  phases: [{phase: 1, name: Chuẩn bị, from: 2026-03-01, until: 2026-12-31}]
"""
    own, parent = load_profile(written(tmp_path, text)), load_profile("ipv6-only-2030")
    assert own.questions["switch"].mandatory == ("forwarding",)
    assert own.questions["router"] == parent.questions["router"]
    assert [(phase.begins, phase.ends) for phase in own.phases] == [(date(2026, 3, 1), date(2026, 12, 31))]
    assert own.indicators == parent.indicators
    assert own.sha256 != parent.sha256


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("equipment: {fridge: {}}", 'unknown kind of equipment "fridge"'),
        ("equipment: {host: {must: [stack]}}", 'unknown key "must"'),
        ("equipment: {host: {mandatory: [Stack!]}}", "a capability is a word"),
        ("equipment: {host: {mandatory: [dns], optional: [dns]}}", "mandatory and optional for host"),
        ("programme: []", "a mapping of phases and indicators"),
        ("programme: {phases: [{phase: 1}]}", "needs its number and a name"),
        ("programme: {phases: [{phase: 1, name: a}, {phase: 1, name: b}]}", "phase 1 stands here twice"),
        ("programme: {phases: [{phase: 1, name: a, from: 2027-01-01, until: 2026-01-01}]}", "ends before"),
        ("programme: {phases: [{phase: 1, name: a, from: 31/12/2026}]}", "write YYYY-MM-DD"),
        ("programme: {indicators: [{id: a, name: b}]}", "one of systems, milestones, equipment"),
        ("programme: {indicators: [{id: a, name: b, systems: {}, equipment: {}}]}", "one of systems"),
        ("programme: {indicators: [{id: a, name: b, systems: {category: [www]}}]}", "unknown category"),
        ("programme: {indicators: [{id: a, name: b, systems: {level: good}}]}", 'unknown level "good"'),
        ("programme: {indicators: [{id: a, name: b, systems: {}, count: people}]}", 'unknown count "people"'),
        ("programme: {indicators: [{id: a, name: b, systems: {}, targets: [{}]}]}", "needs its share"),
        ("programme: {indicators: [{id: a, name: b, systems: {}, targets: [{share: 50}]}]}", "from 0 to 1"),
    ],
)  # fmt: skip
def test_a_mistake_has_its_line_and_what_to_write(tmp_path: Path, text: str, complaint: str) -> None:
    found = complaints(written(tmp_path, f"extends: default\n{text}\n"))
    assert any(line.startswith("2:") and complaint in line for line in found), found


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = "extends: default\nequipment: {fridge: {}, oven: {}}\nprogramme: {phases: [{phase: x, name: a}]}\n"
    with pytest.raises(ProfileError) as caught:
        load_profile(written(tmp_path, text))
    assert len(caught.value.problems) >= 3
