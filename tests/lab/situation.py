"""A situation on the real network: its system, its servers and filters, and what a scan must say of it.

Situations share networks: a `Group` is one network, one inventory and one scan, and each situation
is one system of it. `reality` looks with another tool than ours and fails when the situation is absent.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.lab.network import Network
from tests.lab.servers import Site

ROOT = Path(__file__).parents[2]
Reality = Callable[["Scene"], None]


@dataclass(frozen=True)
class Expect:
    """A finding that must, or must not, be there; None matches anything, `but` are checks it is not about."""

    check: str | None = None
    verdict: str | None = None
    reason: str | None = None
    family: int | None = None
    args: Mapping[str, Any] = field(default_factory=dict)
    but: tuple[str, ...] = ()

    def matches(self, finding: Mapping[str, Any]) -> bool:
        """Whether the finding is one of these."""
        return (
            self.check in (None, finding["check"])
            and finding["check"] not in self.but
            and self.verdict in (None, finding["verdict"])
            and self.reason in (None, finding["reason"])
            and self.family in (None, finding["target"]["family"])
            and all(str(value) in str(finding["args"].get(key)) for key, value in self.args.items())
        )


NO_FAIL = Expect(verdict="fail")
NO_WARN = Expect(verdict="warn", but=("address.reverse",))  # the lab's literals have no PTR records
NO_DOUBT = Expect(verdict="unknown", but=("ns.aaaa",))  # most groups declare no zone: nobody is asked there
NO_REACH_FAIL = Expect(check="reach.service", verdict="fail")


@dataclass(frozen=True, kw_only=True)
class Situation:
    """One row of situations.md (`row`), or one of our own (`row` empty), as system `id`."""

    id: str
    row: str = ""
    about: str
    system: Mapping[str, Any]
    zone: str = ""
    rules: Sequence[Mapping[str, Any]] = ()
    sites: Sequence[Site] = ()
    filters: Sequence[str] = ()
    must: Sequence[Expect] = ()
    must_not: Sequence[Expect] = ()
    reality: Reality | None = None


@dataclass
class Scene:
    """A group's network as it stands, for reality checks, and the results once it was scanned."""

    network: Network
    folder: Path
    resolver: str
    situations: Mapping[str, Situation] = field(default_factory=dict)
    results: dict[str, Any] = field(default_factory=dict)
    exit_code: int | None = None
    output: str = ""

    def findings(self, system: str) -> list[dict[str, Any]]:
        """Return the findings of a system, or of a piece of equipment."""
        for entry in (*self.results["systems"], *self.results["equipment"]):
            if entry["id"] == system:
                found: list[dict[str, Any]] = entry["findings"]
                return found
        raise KeyError(system)

    def dig(self, name: str, rdtype: str, *options: str) -> str:
        """Return what dig prints, asked at the group's resolver."""
        return self.network.vantage.run(
            *("dig", f"@{self.resolver}", name, rdtype, "+tries=1", "+time=2", *options), check=False
        ).stdout

    def curl(self, url: str, *options: str) -> tuple[int, str]:
        """Return curl's exit code and the HTTP status it saw."""
        done = self.network.vantage.run(
            *("curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "-k", "-g", "-m", "4", *options, url),
            check=False,
        )
        return done.returncode, done.stdout

    def page(self, url: str) -> str:
        """Return what curl gets of a page."""
        words = ("curl", "-sS", "-k", "-g", "-m", "4", url)
        return self.network.vantage.run(*words, check=False).stdout

    def connects(self, address: str, port: int) -> bool:
        """Whether curl gets a TCP connection (whatever comes after it)."""
        brackets = f"[{address}]" if ":" in address else address
        done = self.network.vantage.run(
            *(
                "curl",
                "-sS",
                "-g",
                "-m",
                "3",
                "-o",
                "/dev/null",
                "-w",
                "%{time_connect}",
                f"telnet://{brackets}:{port}",
            ),
            check=False,
            text="",
        )
        return bool(done.stdout) and float(done.stdout) > 0


def inventory_of(
    situations: Sequence[Situation], vantage: Mapping[str, Any], resolver: str, **more: Any
) -> dict[str, Any]:
    """Return the group's inventory; the lab's address space is its explicit scope."""
    return {
        "version": 1,
        "organization": {"id": "lab", "name": "Lab"},
        "scope": ["2001:db8::/32", "198.51.100.0/24", "198.19.0.0/16", "203.0.113.0/24"],
        "resolvers": {"lab": [resolver]},
        "vantages": {"lab": {"resolver": "lab", "sees": ["internet", "wan", "internal"], **vantage}},
        "systems": [{"id": s.id, "name": s.about, **s.system} for s in situations],
        **more,
    }


def scan(
    scene: Scene,
    inventory: Mapping[str, Any],
    *options: str,
    timeout: float = 600 if os.environ.get("IPV6CHECK_SOAK") else 170,
    audit_ports: Sequence[int] = (22,),
) -> None:
    """Run the real command in V and keep its results.

    The default profile's audit ports are many; each takes a silent host eight seconds.
    """
    file = scene.folder / "inventory.yaml"
    plain = json.loads(json.dumps(inventory))  # what is shared would be written as anchor and alias
    file.write_text(yaml.safe_dump(plain, sort_keys=False, allow_unicode=True), encoding="utf-8")
    profile = scene.folder / "profile.yaml"
    profile.write_text(f"extends: default\nname: lab\naudit_ports: {list(audit_ports)}\n")
    reports = scene.folder / "reports"
    done = scene.network.vantage.run(
        *(
            sys.executable,
            "-m",
            "ipv6check",
            "scan",
            str(file),
            "-o",
            str(reports),
            "--lang",
            "en",
            "--profile",
            str(profile),
            *options,
        ),
        check=False,
        timeout=timeout,
    )
    scene.exit_code, scene.output = done.returncode, done.stdout + done.stderr
    results = reports / "latest" / "results.json"
    assert results.exists(), f"exit {done.returncode}\n{scene.output}"
    scene.results = json.loads(results.read_text(encoding="utf-8"))
    _keep_verdicts(scene)


def _keep_verdicts(scene: Scene) -> None:
    """Write the verdicts where `make soak` wants them, to compare several runs."""
    folder = os.environ.get("IPV6CHECK_VERDICTS")
    if folder:
        lines = sorted(
            f"{system['id']} {f['check']} {f['verdict']} {f['id']}\n"
            for system in scene.results["systems"]
            for f in system["findings"]
        )
        (Path(folder) / scene.folder.name).write_text("".join(lines), encoding="utf-8")


def judge(scene: Scene, situation: Situation) -> None:
    """Hold the findings against what must and must not be there; say everything that is off."""
    findings = scene.findings(situation.id)
    shown = "\n".join(
        f"  {f['check']} {f['verdict']} {f['reason']} {f['target']['family']} {f['args']}" for f in findings
    )
    missing = [e for e in situation.must if not any(e.matches(f) for f in findings)]
    forbidden = [(e, f["check"], f["reason"]) for e in situation.must_not for f in findings if e.matches(f)]
    assert not missing, f"{situation.id}: not found {missing}\nfound:\n{shown}"
    assert not forbidden, f"{situation.id}: must not be {forbidden}\nfound:\n{shown}"
