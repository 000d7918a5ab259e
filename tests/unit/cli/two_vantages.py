"""Runs of two vantages of one inventory, as two hosts without a connection would have stored them.

From `inside` all is well over both families. From `internet` a filter drops IPv6 to the service and
lets it through to the port that must be closed; IPv4 is as it should be.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ipv6check.inventory import load
from ipv6check.model.run import RunMeta
from ipv6check.model.task import STAGE_CLOSED
from ipv6check.profiles import load_profile
from ipv6check.store import create
from tests.unit.judging_builder import RESOLVER, V4, V6, Run

INVENTORY = """version: 1
organization: {id: test, name: Test}
scope: ["2001:db8::/32", 198.51.100.0/24, 203.0.113.0/24]
resolvers: {view: [203.0.113.53]}
vantages:
  inside: {resolver: view, sees: [internet, internal], canaries: ["2001:db8:1::1", 203.0.113.1]}
  internet: {resolver: view, sees: [internet], canaries: ["2001:db8:1::1", 203.0.113.1]}
systems:
  - id: portal
    name: Portal
    hosts: [www.example]
    services: [{app: tcp, port: 1521}]
    closed_ports: [{port: 3389, from: [internet]}]
    vantages: [inside, internet]
"""
INSIDE_AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
INTERNET_AT = INSIDE_AT + timedelta(hours=2)


def scanned(inventory_text: str, vantage: str, at: datetime, folder: Path) -> Run:
    """Return a run of a vantage that works, before anything of the systems was asked."""
    main = folder / "inventory.yaml"
    main.write_text(inventory_text, encoding="utf-8")
    loaded = load(main)
    assert loaded.inventory is not None, [str(problem) for problem in loaded.errors]
    run = Run(loaded.inventory, vantage=vantage, now=at)
    run.source(6, "2001:db8:1::2", routers=("2001:db8:1::1",))
    run.source(4, "203.0.113.2", routers=("203.0.113.1",))
    run.canaries()
    return run


def all_well(run: Run) -> None:
    """Everything answers."""
    run.named()
    run.open(V6, 1521)
    run.open(V4, 1521)


def filtered(run: Run) -> None:
    """IPv6 to the service is dropped, and opens what must be closed."""
    run.named()
    run.open(V4, 1521)
    run.silent(V6, 1521)
    run.canaries(round_=1)
    run.closed(V4, 3389, stage=STAGE_CLOSED)
    run.open(V6, 3389, stage=STAGE_CLOSED)


def store(
    root: Path,
    vantage: str = "inside",
    tell: Callable[[Run], None] = all_well,
    *,
    at: datetime = INSIDE_AT,
    text: str = INVENTORY,
    tail: str = "aaaaaa",
    **changed: Any,
) -> Path:
    """Store a vantage's run; `changed` are fields of its run.json."""
    root.mkdir(parents=True, exist_ok=True)
    run = scanned(text, vantage, at, root)
    tell(run)
    meta = RunMeta(
        id=f"{at:%Y%m%dT%H%M%SZ}-{tail}",
        started=at,
        finished=run.now,
        complete=True,
        tool="ipv6check 0.1.0",
        profile="default",
        profile_sha256=load_profile("default").sha256,
        catalogue_sha256="c" * 64,
        inventory_sha256=run.inventory.sha256,
        inventory_main="inventory.yaml",
        vantage=vantage,
        resolvers=((RESOLVER.address, RESOLVER.port),),
    )
    with create(root, replace(meta, **changed), run.inventory) as stored:
        for observation in run.observations:
            stored.append(observation)
        stored.flush()
    return stored.path


def pair(root: Path, night: int = 0, tell: Callable[[Run], None] = filtered) -> tuple[Path, Path]:
    """Store the runs of both vantages of one night, each on its own host."""
    later = timedelta(days=night)
    return (
        store(root / "a", at=INSIDE_AT + later),
        store(root / "b", "internet", tell, at=INTERNET_AT + later, tail="bbbbbb"),
    )
