"""The sample's roadmap, exceptions and history: as the judge and the history make them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from ipv6check import codec
from ipv6check.history import history, night
from ipv6check.judge.roadmap import blockers_document, paths_document, roadmap_document
from ipv6check.model.history import History
from ipv6check.roadmap import Node, build

Plain = dict[str, Any]
NEEDS = {"portal": ["sso", "ns1"], "sso": ["ldap", "ns1"], "mail": ["ns1"], "ldap": []}


def route(systems: Sequence[Plain]) -> Plain:
    """Return the roadmap of the sample's systems: chains, a device, and a cycle."""
    ids = [system["id"] for system in systems]
    nodes = [
        Node(
            kind="system",
            id=system["id"],
            met=system["on_target"],
            criticality=system["criticality"],
            effort=(1, 2, 4)[index % 3],
            deadline=date.fromisoformat(system["deadline"]),
            needs=(
                *(("system", ids[other]) for other in (index // 2, index // 5) if index % 3 and index),
                *((("equipment", "fw-core"),) if index % 4 == 1 else ()),
                *((("system", ids[index + 1]),) if index % 11 == 1 and index + 1 < len(ids) else ()),
            ),
        )
        for index, system in enumerate(systems)
    ]
    device = Node(kind="equipment", id="fw-core", met=False, criticality="critical", effort=4)
    found = build([*nodes, device] if nodes else [])
    return {
        "roadmap": roadmap_document(found),
        "blockers": blockers_document(found),
        "critical_paths": paths_document(found),
    }


def exceptions(systems: Sequence[Plain]) -> list[Plain]:
    """Return an exception of each state, as far as there are systems."""
    return [
        {
            "system": system["id"],
            "check": "tls.valid",
            "host": None,
            "port": None,
            "vantage": None,
            "code": None,
            "why": "Chờ cấp chứng thư số mới",
            "owner": "Phòng Hạ tầng số",
            "expires": (date(2026, 11, 24) + timedelta(days=days)).isoformat(),
            "days": days,
            "state": state,
            "findings": 1,
            "source": {"file": "inventory.yaml", "line": 9},
        }
        for system, (days, state) in zip(
            systems, ((-3, "expired"), (6, "expiring"), (90, "in_force")), strict=False
        )
    ]


def past(document: Plain, weeks: int = 8) -> History | None:
    """Return a history in which every week some systems more had met their goal, and one fell back."""
    current = codec.convert_past(document)
    if not current.systems:
        return history(current, [], [])
    met = [system.id for system in current.systems if system.on_target]
    runs = []
    for week in range(weeks, 0, -1):
        started = current.run.started - timedelta(weeks=week)
        there = set(met[: max(len(met) - week, 0)])
        systems = tuple(
            replace(each, on_target=each.id in there, level="parity" if each.id in there else "reachable")
            if each.on_target is not None
            else each
            for each in current.systems
        )
        if week <= 4:
            systems = tuple(_better(each) if number % 6 == 3 else each for number, each in enumerate(systems))
        run = replace(current.run, id=f"{started:%Y%m%dT%H%M%SZ}-abcdef", started=started)
        runs.append(replace(current, run=run, systems=systems))
    return history(current, [night(run) for run in runs], runs[-4:])


def _better(system: Any) -> Any:
    """Return a system as it was when nothing of it failed."""
    findings = tuple(
        replace(each, verdict="pass", reason="ok", root=None) if each.verdict == "fail" else each
        for each in system.findings
    )
    return replace(system, findings=findings)
