"""A builder of results.json documents, as the judge writes them, for the tests of every output.

`judged(24)` is a province with faults of every kind; `document(…)` its plain data, to be bent by a test.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

from ipv6check.model.inventory import Inventory, InventoryFile, Organization, Owner, Source, System, Unit
from ipv6check.model.run import Judged
from ipv6check.model.text import Text
from tests.unit.report.sample_route import exceptions, past, route
from tests.unit.report.sample_texts import CHECKS, FAULTS, REASONS, SYSTEMS, UNITS

Plain = dict[str, Any]
CYCLE = ("none", "no_aaaa", "none", "silent", "no_a", "none", "wrong_name", "blind", "none", "closed")
RARE = ("exposed", "servfail", "forbidden")
GATES = {
    "published": ("naming", "address"),
    "reachable": ("reach",),
    "parity": ("parity", "tls", "http"),
    "robust": (),
    "ipv6-only": (),
}
RANKS = ("none", *GATES)
SHARES = {"pass": (1, 1), "warn": (0.5, 0.5), "fail": (0, 0), "unknown": (0, 1)}


def digest(*words: object) -> str:
    return hashlib.sha256("|".join(map(str, words)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def fault_of(index: int) -> str:
    if index % 11 == 10:
        return "retired"
    return RARE[index // 7 % 3] if index % 7 == 6 else CYCLE[index % len(CYCLE)]


def text(value: Text, **args: str) -> Plain:
    return {"vi": value.vi.format(**args), "en": value.en.format(**args)}


class _System:
    """One system of the sample while it is being built."""

    def __init__(self, index: int) -> None:
        self.index = index
        category, vi, en, label = SYSTEMS[index % len(SYSTEMS)]
        turn = index // len(SYSTEMS) + 1
        self.id = f"{label}-{turn:02d}" if turn > 1 else label
        self.category = category
        self.name = Text(vi, en) if turn == 1 else Text(f"{vi} {turn}", f"{en} {turn}")
        self.unit = UNITS[index * 3 % len(UNITS)][0]
        self.host = f"{self.id}.tinhmau.example"
        self.address = f"2001:db8:100:{index % 65536:x}::80"
        self.fault = fault_of(index)
        self.goal = "retired" if self.fault == "retired" else "ipv6-only" if index % 9 == 2 else "dual-stack"
        self.observations: Plain = {}

    def evidence(self, check: str, verdict: str, reason: str) -> list[str]:
        kind = "dns.query" if check.startswith(("naming", "address")) else "tcp.connect"
        found = f"{digest(self.id, kind, reason)}.{3 if reason == 'reach.silent' else 1}"
        failed = kind == "tcp.connect" and verdict in {"fail", "unknown"}
        name = {"name": self.host, "type": "AAAA", "view": "internal", "rd": True, "cd": False, "edns": True}
        self.observations[found] = {
            "task": {
                "id": found.split(".")[0],
                "kind": kind,
                "vantage": "inside",
                "family": 6,
                "address": self.address if kind == "tcp.connect" else "2001:db8:100::53",
                "port": 443 if kind == "tcp.connect" else 53,
                "transport": "tcp" if kind == "tcp.connect" else "udp",
                "params": {} if kind == "tcp.connect" else name,
            },
            "started": f"2026-11-24T04:{self.index % 60:02d}:07Z",
            "seconds": 10.012 if failed else 0.012,
            "outcome": "failed" if failed else "ok",
            "failure": ("closed" if reason == "reach.closed" else "silent") if failed else None,
            "data": {"source": "2001:db8:100:1::7"} if kind == "tcp.connect" else {"rcode": "NOERROR"},
        }
        return [found]

    def finding(self, check: str) -> Plain:
        verdict, reason, root = FAULTS[self.fault].get(check, ("pass", "ok", None))
        severity, message, remedy = REASONS[reason]
        args = {"host": self.host, "address": self.address}
        tcp = not check.startswith(("naming", "address"))
        judged = verdict not in {"pass", "not_applicable"}
        accepted = self.fault == "wrong_name" and verdict == "fail" and self.index % 4 == 2
        return {
            "id": digest(check, self.id),
            "check": check,
            "verdict": verdict,
            "reason": reason,
            "severity": (severity if verdict == "fail" else "low") if judged else None,
            "vantage": "inside",
            "accepted": accepted,
            "acceptance": {
                "why": "Chờ cấp chứng thư số mới",
                "owner": "Nguyễn Văn A",
                "expires": "2027-01-31",
                "expired": False,
                "source": {"file": "inventory.yaml", "line": 9},
            }
            if accepted
            else None,
            "target": {
                "host": self.host,
                "address": self.address if tcp else None,
                "family": 6 if tcp else None,
                "port": 443 if tcp else None,
                "transport": "tcp" if tcp else None,
                "app": "https" if tcp else None,
            },
            "root": digest(root, self.id) if root else None,
            "args": {},
            "message": text(message, **args),
            "remedy": text(remedy, **args) if remedy and judged else None,
            "source": {"file": "systems/web.yaml", "line": 12 + self.index},
            "evidence": [] if verdict == "not_applicable" else self.evidence(check, verdict, reason),
            "reproduce": f"dig AAAA {self.host}" if not tcp else f"curl -6 https://{self.host}/",
        }

    def entry(self) -> Plain:
        apart = self.goal == "retired"
        findings = [] if apart else [self.finding(check) for check, _ in CHECKS]
        gates = [] if apart else [_gate(gate, areas, findings) for gate, areas in GATES.items()]
        level = "none"
        for gate in gates:
            if not gate["passed"]:
                break
            level = gate["gate"]
        target = "ipv6-only" if self.goal == "ipv6-only" else "parity"
        score, contributions = _score(findings)
        return {
            "id": self.id,
            "name": self.name.as_json(),
            "unit": self.unit,
            "site": "dc1",
            "category": self.category,
            "criticality": "critical" if self.index % 5 == 0 else "normal",
            "exposure": "internet",
            "goal": self.goal,
            "deadline": "2026-12-31",
            "source": {"file": "systems/web.yaml", "line": 10 + self.index},
            "scanned": True,
            "level": None if apart else level,
            "target": None if apart else target,
            "on_target": None if apart else RANKS.index(level) >= RANKS.index(target),
            "with_exceptions": any(f["accepted"] for f in findings),
            "gates": gates,
            "score": score,
            "contributions": contributions,
            "unknown": sum(f["verdict"] == "unknown" for f in findings),
            "blockers": ["ns1"] if self.fault in {"silent", "closed"} and self.id != "ns1" else [],
            "attested": [],
            "score_attested": None,
            "findings": sorted(findings, key=lambda f: str(f["id"])),
        }


def _gate(gate: str, areas: tuple[str, ...], findings: list[Plain]) -> Plain:
    mine = [f for f in findings if f["check"].split(".")[0] in areas and f["verdict"] != "not_applicable"]
    failing = sorted({f["check"] for f in mine if f["verdict"] == "fail" and not f["accepted"]})
    known = sum(f["verdict"] != "unknown" for f in mine)
    coverage = round(known / len(mine), 4) if mine else None
    passed = bool(mine) and not failing and known / len(mine) >= 0.9
    return {"gate": gate, "passed": passed, "coverage": coverage, "failing": failing, "excused": False}


def _score(findings: list[Plain]) -> tuple[Plain | None, list[Plain]]:
    weights = dict(CHECKS)
    counted = [f for f in findings if f["verdict"] in SHARES and not f["accepted"]]
    total = sum(weights[f["check"]] for f in counted)
    if not total:
        return None, []
    parts = []
    for finding in sorted(counted, key=lambda f: str(f["check"])):
        weight = weights[finding["check"]]
        low, high = SHARES[finding["verdict"]]
        most = 100 * weight / total
        points = {"low": round(most * low, 2), "high": round(most * high, 2), "most": round(most, 2)}
        parts.append(
            {"check": finding["check"], "weight": weight, "low": low, "high": high, "points": points}
        )
    low, high = (round(sum(p["points"][end] for p in parts), 1) for end in ("low", "high"))
    return {"low": low, "high": high, "coverage": round(1 - (high - low) / 100, 4)}, parts


def totals(systems: list[Plain]) -> Plain:
    counted = [s for s in systems if s["goal"] in {"dual-stack", "ipv6-only"} and s["scanned"]]
    scored = [s["score"] for s in counted if s["score"]]
    findings = [f for s in systems for f in s["findings"]]
    fails = Counter(f["severity"] for f in findings if f["verdict"] == "fail" and not f["accepted"])
    verdicts = Counter(f["verdict"] for f in findings)
    worst = min((s for s in counted if s["score"]), key=lambda s: (s["score"]["low"], s["id"]), default=None)
    mean = {
        key: round(sum(s[key] for s in scored) / len(scored), 4 if key == "coverage" else 1)
        for key in ("low", "high", "coverage")
        if scored
    }
    return {
        "systems": len(systems),
        "counted": len(counted),
        "on_target": sum(bool(s["on_target"]) for s in counted),
        "with_exceptions": sum(s["with_exceptions"] for s in counted),
        "levels": {level: sum(s["level"] == level for s in counted) for level in RANKS},
        "not_levelled": sum(s["level"] is None for s in counted),
        "score": mean or None,
        "not_scored": len(counted) - len(scored),
        "apart": {goal: sum(s["goal"] == goal for s in systems) for goal in ("ipv4-only", "retired")},
        "not_scanned": sum(not s["scanned"] for s in systems),
        "worst": {"id": worst["id"], "low": worst["score"]["low"], "high": worst["score"]["high"]}
        if worst
        else None,
        "findings": {v: verdicts[v] for v in ("pass", "warn", "fail", "unknown", "not_applicable")},
        "fails": {s: fails[s] for s in ("critical", "high", "medium", "low", "info")},
        "accepted": sum(f["accepted"] for f in findings),
    }


def groups(systems: list[Plain], key: str, names: dict[str, Plain]) -> list[Plain]:
    found = sorted({s[key] for s in systems})
    return [
        {
            "id": group,
            "name": names.get(group, {"vi": group, "en": group}),
            **totals([s for s in systems if s[key] == group]),
        }
        for group in found
    ]


def document(count: int = 24) -> Plain:
    built = [_System(index) for index in range(count)]
    systems = sorted((s.entry() for s in built), key=lambda s: str(s["id"]))
    units = {unit: {"vi": vi, "en": en} for unit, vi, en in UNITS}
    return {
        "schema": "ipv6check/results@1.0",
        "run": run(),
        "totals": {
            **totals(systems),
            "by_unit": groups(systems, "unit", units),
            "by_category": groups(systems, "category", {}),
            "by_site": groups(systems, "site", {}),
            "by_exposure": groups(systems, "exposure", {}),
        },
        "systems": systems,
        "observations": {key: value for s in built for key, value in sorted(s.observations.items())},
        "address_plan": {"findings": [], "utilisation": []},
        "equipment": [],
        "programme": {"phases": [], "findings": []},
        **route(systems),
        "exceptions": exceptions(systems),
        "reasons": {
            code: {"title": {"vi": f"{code} (vi)", "en": f"{code} (en)"}}
            for code in sorted({finding["reason"] for system in systems for finding in system["findings"]})
        },
    }


def run() -> Plain:
    name = {"vi": "Tỉnh Mẫu", "en": "Sample Province"}
    return {
        "id": "20261124T041500Z-1a2b3c",
        "started": "2026-11-24T04:15:00Z",
        "finished": "2026-11-24T04:31:12Z",
        "complete": True,
        "partial": False,
        "selection": {"systems": [], "units": [], "checks": []},
        "tool": "ipv6check 0.1.0",
        "judged_by": "ipv6check 0.1.0",
        "profile": "default",
        "profile_sha256": "a" * 64,
        "catalogue": "b" * 64,
        "inventory": {"sha256": "c" * 64, "files": [{"name": "inventory.yaml", "sha256": "d" * 64}]},
        "organization": {"id": "tinh-mau", "name": name, "timezone": "Asia/Ho_Chi_Minh"},
        "vantage": "inside",
        "vantages": [
            {"name": "inside", "ipv4": "ok", "ipv6": "ok", "reason": None},
            {"name": "internet", "ipv4": "ok", "ipv6": "none", "reason": "vantage.no_ipv6"},
        ],
        "warnings": [],
        "as_of": "2026-11-24",
        "as_of_given": False,
    }


def inventory(document: Plain) -> Inventory:
    source = Source("inventory.yaml", 1)
    return Inventory(
        organization=Organization(id="tinh-mau", name=Text("Tỉnh Mẫu", "Sample Province")),
        units=tuple(Unit(id=unit, name=Text(vi, en), source=source) for unit, vi, en in UNITS),
        systems=tuple(
            System(
                id=system["id"],
                name=Text(**system["name"]),
                owner=Owner(name=Text.same("Trần Thị B")),
                source=source,
            )
            for system in document["systems"]
        ),
        files=(InventoryFile(name="inventory.yaml", content=b"", sha256="d" * 64),),
    )


def judged(count: int = 24) -> Judged:
    return of(document(count))


def of(plain: Plain) -> Judged:
    return Judged(results=json.loads(json.dumps(plain)), inventory=inventory(plain), as_of=date(2026, 11, 24))


def with_history(count: int = 24) -> Judged:
    plain = document(count)
    return replace(of(plain), history=past(plain))
