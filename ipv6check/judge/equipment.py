"""Equipment as results.json has it: what it can do, what is to be done with it, and who waits for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ipv6check.judge.areas import Areas, Judgement
from ipv6check.judge.evidence import Plain, plain
from ipv6check.judge.systems import Render, finding_document
from ipv6check.judge.totals import score_document
from ipv6check.model.finding import Verdict
from ipv6check.model.inventory import Dependency, Equipment, Inventory
from ipv6check.model.observation import Observation
from ipv6check.model.profile import Profile, Questions

# The level of a piece of equipment, by what equipment.capable says; None where it is asked nothing.
_LEVELS: Mapping[Verdict, str] = {
    "pass": "capable",
    "warn": "partial",
    "unknown": "not-assessed",
    "fail": "not-capable",
}
# What is to be done: equipment that is not able and near its end is not worth an upgrade.
_ACTIONS: Mapping[tuple[str | None, bool], str] = {
    ("not-capable", True): "replace",
    ("partial", True): "replace",
    ("not-capable", False): "upgrade",
    ("partial", False): "upgrade",
    ("not-assessed", False): "assess",
    ("not-assessed", True): "replace",
    ("capable", True): "replace",
}


def equipment_document(
    inventory: Inventory,
    profile: Profile,
    found: Areas,
    observations: Mapping[str, Observation],
    render: Render,
) -> list[Plain]:
    """Return `equipment` of results.json, sorted by id."""
    items = {item.id: item for item in inventory.equipment}
    waiting = needed_by(inventory)
    return [
        {
            **_about(items[judged.id]),
            "level": level(judged),
            "action": action(judged),
            "capabilities": _capabilities(items[judged.id], profile.questions.get(items[judged.id].kind)),
            "needed_by": list(waiting[judged.id]),
            "score": score_document(judged.score),
            "findings": [finding_document(each, observations, render) for each in judged.marked],
        }
        for judged in found.equipment
    ]


def level(judged: Judgement) -> str | None:
    """Return what a piece of equipment is able to: capable, partial, not-assessed or not-capable."""
    marked = judged.of("equipment.capable")
    return None if marked is None else _LEVELS.get(marked.finding.verdict)


def action(judged: Judgement) -> str | None:
    """Return what is to be done: replace, upgrade or assess; None if nothing is."""
    supported = judged.of("equipment.supported")
    ending = supported is not None and supported.finding.verdict in ("fail", "warn")
    return _ACTIONS.get((level(judged), ending))


def _about(item: Equipment) -> dict[str, Plain]:
    return {
        "id": item.id,
        "kind": item.kind,
        "name": None if item.name is None else plain(item.name.as_json()),
        "vendor": item.vendor,
        "model": item.model,
        "os": item.os,
        "os_version": item.os_version,
        "site": item.site,
        "unit": item.unit,
        "criticality": item.criticality,
        "management": list(item.management),
        "end_of_support": None if item.end_of_support is None else item.end_of_support.isoformat(),
        "replaces": item.replaces,
        "evidence": item.evidence,
        "source": {"file": item.source.file, "line": item.source.line},
    }


def _capabilities(item: Equipment, asked: Questions | None) -> list[Plain]:
    """Return every capability that is asked for or stated, in the questionnaire's order."""
    needs = dict.fromkeys(asked.mandatory if asked else (), "mandatory")
    needs |= dict.fromkeys(asked.optional if asked else (), "optional")
    needs |= {name: "extra" for name in sorted(item.ipv6) if name not in needs}
    return [
        {"capability": name, "need": need, "value": item.ipv6.get(name, "unknown")}
        for name, need in needs.items()
    ]


def needed_by(inventory: Inventory) -> dict[str, tuple[str, ...]]:
    """Return for each piece of equipment the systems that need it, directly or through others; sorted."""
    users: dict[tuple[str, str], list[tuple[str, str]]] = {}

    def note(user: tuple[str, str], needs: Sequence[Dependency]) -> None:
        for need in needs:
            users.setdefault((need.kind, need.target), []).append(user)

    for system in inventory.systems:
        note(("system", system.id), system.depends_on)
    for item in inventory.equipment:
        note(("equipment", item.id), item.depends_on)
    return {item.id: _systems(("equipment", item.id), users) for item in inventory.equipment}


def _systems(
    start: tuple[str, str], users: Mapping[tuple[str, str], Sequence[tuple[str, str]]]
) -> tuple[str, ...]:
    seen = {start}
    waiting = [start]
    while waiting:
        for user in users.get(waiting.pop(), ()):
            if user not in seen:
                seen.add(user)
                waiting.append(user)
    return tuple(sorted(name for kind, name in seen if kind == "system"))
