"""Equipment as results.json has it: what it can do, what is to be done with it, and who waits for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ipv6check.judge.areas import Areas, Judgement
from ipv6check.judge.evidence import Plain, plain
from ipv6check.judge.systems import Render, finding_document
from ipv6check.judge.totals import score_document
from ipv6check.model.fact import Answer
from ipv6check.model.finding import Verdict
from ipv6check.model.inventory import Dependency, Equipment, Inventory
from ipv6check.model.observation import Observation
from ipv6check.model.profile import Profile, Questions

Key = tuple[str, str]
"""What a node of the dependencies is called: its kind, system or equipment, and its id."""

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
    management: Mapping[str, Mapping[str, Answer]],
    observations: Mapping[str, Observation],
    render: Render,
) -> list[Plain]:
    """Return `equipment` of results.json, sorted by id.

    `management` says, by device, of addresses that were asked whether they answer.
    """
    items = {item.id: item for item in inventory.equipment}
    waiting = needed_by(inventory)
    return [
        {
            **_about(items[judged.id]),
            "management_answers": dict(management.get(judged.id, {})),
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
    """Return for each piece of equipment the systems that need it, directly or through others; sorted.

    Works with sets of equipment as bits of one number: for each node those that it reaches.
    """
    devices = [item.id for item in inventory.equipment]
    bits: dict[Key, int] = {("equipment", name): 1 << place for place, name in enumerate(devices)}
    needs: dict[Key, tuple[Key, ...]] = {
        **{("system", each.id): _keys(each.depends_on) for each in inventory.systems},
        **{("equipment", each.id): _keys(each.depends_on) for each in inventory.equipment},
    }
    reached = _reached(needs, bits)
    found: dict[str, list[str]] = {name: [] for name in devices}
    for system in sorted(each.id for each in inventory.systems):
        rest = reached[("system", system)]
        while rest:
            lowest = rest & -rest
            found[devices[lowest.bit_length() - 1]].append(system)
            rest ^= lowest
    return {name: tuple(systems) for name, systems in found.items()}


def _keys(dependencies: Sequence[Dependency]) -> tuple[Key, ...]:
    return tuple((each.kind, each.target) for each in dependencies if each.kind != "host")


def _reached(needs: Mapping[Key, Sequence[Key]], bits: Mapping[Key, int]) -> dict[Key, int]:
    """Return the equipment that each node needs, directly or not, as bits.

    What a node needs is settled before it, so that one round is enough; a cycle takes one more for
    each of its nodes at most.
    """
    order = _needs_first(needs)
    reached = dict.fromkeys(needs, 0)
    changed = True
    while changed:
        changed = False
        for node in order:
            own = reached[node]
            for need in needs[node]:
                own |= bits.get(need, 0) | reached.get(need, 0)
            if own != reached[node]:
                reached[node] = own
                changed = True
    return reached


def _needs_first(needs: Mapping[Key, Sequence[Key]]) -> list[Key]:
    """Return all nodes, each behind those that it needs, but for cycles."""
    order: list[Key] = []
    seen: set[Key] = set()
    for start in needs:
        waiting = [(start, False)]
        while waiting:
            node, settled = waiting.pop()
            if settled:
                order.append(node)
            elif node not in seen and node in needs:
                seen.add(node)
                waiting.append((node, True))
                waiting.extend((need, False) for need in needs[node])
    return order
