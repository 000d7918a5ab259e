"""Stored runs for the tests of commands: what golden cases observed, on the nights one wants."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from click.testing import CliRunner, Result

from ipv6check import codec
from ipv6check.cli import cli
from ipv6check.inventory import load
from ipv6check.model.run import Selection
from ipv6check.profiles import load_profile
from ipv6check.store import create

GOLDEN = Path(__file__).parents[2] / "golden"
FIRST = datetime(2026, 11, 1, 18, 0, tzinfo=UTC)

# Golden cases of one inventory: one system, www.example with https.
GOOD, RESET, BLIND, MUTE_V6 = "08-truncated", "21-v6-reset", "31-no-ipv6", "22-v6-drop"


def ipv6check(*args: str | Path) -> Result:
    """Run a command in English."""
    return CliRunner().invoke(cli, ["--lang", "en", *map(str, args)], catch_exceptions=False)


def store(
    root: Path,
    case: str,
    night: float = 0,
    *,
    inventory: str | None = None,
    selection: Iterable[str] = (),
    complete: bool = True,
    judged: bool = True,
) -> Path:
    """Store a run of that night as a golden case observed it; return its folder."""
    folder = GOLDEN / case
    main = folder / "inventory.yaml"
    if inventory is not None:
        main = root / f"inventory-{night}.yaml"
        main.write_text(inventory, encoding="utf-8")
    loaded = load(main)
    assert loaded.inventory is not None, [str(problem) for problem in loaded.errors]
    started = FIRST + timedelta(days=night)
    meta = replace(
        codec.decode_run((folder / "run.json").read_bytes()),
        id=f"{started:%Y%m%dT%H%M%SZ}-abcdef",
        started=started,
        complete=complete,
        inventory_main=loaded.inventory.files[0].name,
        inventory_sha256=loaded.inventory.sha256,
        profile_sha256=load_profile("default").sha256,
        selection=Selection(systems=tuple(selection)),
    )
    with create(root, meta, loaded.inventory) as run:
        for line in (folder / "observations.jsonl").read_bytes().splitlines():
            run.append(codec.decode_observation(line))
        run.flush()
    if judged:
        result = ipv6check("judge", run.path, "--write")
        assert result.exit_code in (0, 3), result.output
    return run.path
