"""The parts of a profile that are about equipment and the programme: questions, phases, indicators."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Literal

from ipv6check.inventory.nodes import Map, Node, Scalar
from ipv6check.model.profile import GATES, Indicator, PhaseRules, Questions, TargetShare
from ipv6check.model.text import Text
from ipv6check.profiles.values import Values

KINDS = ("host", "switch", "router", "firewall", "cpe", "load-balancer", "storage", "other")
CATEGORIES = (
    *("web-portal", "public-service", "document-management", "mail", "dns", "sso", "ldap", "ntp"),
    *("integration-platform", "database", "digital-signature", "video-conference", "vpn"),
    *("smart-city", "open-data", "monitoring", "storage", "other"),
)
_WORD = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
_INDICATOR_KEYS = ("id", "name", "systems", "milestones", "equipment", "count", "targets")
Counts = Literal["systems", "milestones", "equipment"]


def read_questions(node: Node, values: Values) -> dict[str, Questions]:
    """Read what each kind of equipment is asked."""
    found: dict[str, Questions] = {}
    for kind, (at, said) in values.entries(node, "equipment", KINDS, "kind of equipment"):
        lists: dict[str, tuple[str, ...]] = {"mandatory": (), "optional": ()}
        for need, (_, listed) in values.entries(said, kind, lists):
            lists[need] = _words(values.items(listed, need), "capability", values)
        twice = set(lists["mandatory"]) & set(lists["optional"])
        if twice:
            values.journal.error(at, f'"{min(twice)}" is mandatory and optional for {kind}: name it once')
        found[kind] = Questions(**lists)
    return found


def read_phases(node: Node, values: Values) -> tuple[PhaseRules, ...]:
    """Read the phases of the programme, in the order of their numbers."""
    found: dict[int, PhaseRules] = {}
    for item in values.items(node, "phases"):
        number: int | None = None
        name: Text | None = None
        days: dict[str, date | None] = {"from": None, "until": None}
        for key, (_, said) in values.entries(item, "a phase", ("phase", "name", *days)):
            match key:
                case "phase":
                    number = values.whole(said, "phase", least=0, most=99)
                case "name":
                    name = values.text_pair(said, key)
                case _:
                    days[key] = _day(said, key, values)
        if number is None or name is None:
            values.journal.error(item.at, "a phase needs its number and a name: {phase: 1, name: …}")
            continue
        if number in found:
            values.journal.error(item.at, f"phase {number} stands here twice")
        begins, ends = days["from"], days["until"]
        if begins and ends and ends < begins:
            values.journal.error(item.at, f"phase {number} ends before it begins")
        found[number] = PhaseRules(phase=number, name=name, begins=begins, ends=ends)
    return tuple(found[number] for number in sorted(found))


def read_indicators(node: Node, values: Values) -> tuple[Indicator, ...]:
    """Read what the programme counts, in the order of the file."""
    found: dict[str, Indicator] = {}
    for item in values.items(node, "indicators"):
        indicator = _indicator(item, values)
        if indicator is not None:
            if indicator.id in found:
                values.journal.error(item.at, f'indicator "{indicator.id}" stands here twice')
            found[indicator.id] = indicator
    return tuple(found.values())


def _indicator(item: Node, values: Values) -> Indicator | None:
    said = dict(values.entries(item, "an indicator", _INDICATOR_KEYS))
    kinds: list[Counts] = [kind for kind in ("systems", "milestones", "equipment") if kind in said]
    name = values.text_pair(said["name"][1], "name") if "name" in said else None
    identifier = values.text(said["id"][1], "id") if "id" in said else None
    if name is None or identifier is None or len(kinds) != 1:
        message = "an indicator needs id, name and one of systems, milestones, equipment"
        values.journal.error(item.at, message)
        return None
    counted, level = _counted(kinds[0], said[kinds[0]][1], values)
    per = values.choice(said["count"][1], "count", ("each", "units")) if "count" in said else "each"
    return Indicator(
        id=identifier,
        name=name,
        counts=kinds[0],
        values=counted,
        level=level,
        by_unit=per == "units",
        targets=_targets(said["targets"][1], values) if "targets" in said else (),
    )


def _counted(kind: Counts, node: Node, values: Values) -> tuple[tuple[str, ...], str]:
    """Return what an indicator counts, and the level that systems have to reach."""
    if kind == "milestones":
        return _words(values.items(node, kind), "id", values), "parity"
    known: Iterable[str] = KINDS if kind == "equipment" else CATEGORIES
    word = "kind" if kind == "equipment" else "category"
    chosen: tuple[str, ...] = ()
    level = "parity"
    keys = (word,) if kind == "equipment" else (word, "level")
    for key, (_, said) in values.entries(node, kind, keys):
        if key == "level":
            level = values.choice(said, "level", GATES) or level
        else:
            found = [values.choice(item, word, known) for item in values.items(said, word)]
            chosen = tuple(each for each in found if each is not None)
    return chosen, level


def _targets(node: Node, values: Values) -> tuple[TargetShare, ...]:
    """Read targets, the earliest first; one without a day holds after all others."""
    found: list[TargetShare] = []
    for item in values.items(node, "targets"):
        share: Fraction | None = None
        by: date | None = None
        for key, (_, said) in values.entries(item, "a target", ("share", "by")):
            if key == "share":
                share = values.number(said, "share", most=Fraction(1))
            else:
                by = _day(said, "by", values)
        if share is None:
            values.journal.error(item.at, "a target needs its share: {share: 0.5, by: 2026-12-31}")
        else:
            found.append(TargetShare(share=share, by=by))
    return tuple(sorted(found, key=lambda target: target.by or date.max))


def _day(node: Node, what: str, values: Values) -> date | None:
    said = node.text if isinstance(node, Scalar) else ""
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", said):
            return date.fromisoformat(said)
    except ValueError:
        pass
    values.journal.error(node.at, f'"{what}" is a day: write YYYY-MM-DD')
    return None


def _words(items: Iterable[Node], what: str, values: Values) -> tuple[str, ...]:
    found: list[str] = []
    for item in items:
        said = item.text if isinstance(item, Scalar) else ""
        if _WORD.fullmatch(said):
            found.append(said)
        else:
            values.journal.error(item.at, f"a {what} is a word of a-z, 0-9, '.', '_' and '-'")
    return tuple(dict.fromkeys(found))


def read_programme(
    node: Node, values: Values
) -> tuple[tuple[PhaseRules, ...] | None, tuple[Indicator, ...] | None]:
    """Read the programme's phases and indicators; None for what the file does not give."""
    phases: tuple[PhaseRules, ...] | None = None
    indicators: tuple[Indicator, ...] | None = None
    if not isinstance(node, Map):
        values.journal.error(node.at, '"programme" is a mapping of phases and indicators')
        return None, None
    for key, (_, said) in values.entries(node, "programme", ("phases", "indicators")):
        if key == "phases":
            phases = read_phases(said, values)
        else:
            indicators = read_indicators(said, values)
    return phases, indicators
