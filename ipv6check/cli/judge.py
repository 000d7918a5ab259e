"""`judge RUN`: judge a stored run again, with another profile or inventory; contacts nobody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import click

from ipv6check.cli.baseline import find_baseline, worse
from ipv6check.cli.gates import Gates, evaluate, gate_options, tell
from ipv6check.cli.judging import Unfinished, find_inventory, find_profile, find_run, judge_run
from ipv6check.judge import parts
from ipv6check.model.text import JSON
from ipv6check.store import Run, StoreError, files, past
from ipv6check.store.run import RESULTS_FILE


@click.command("judge")
@click.argument("run_name", metavar="RUN")
@click.option("--profile", metavar="PROFILE", help="A built-in profile or a file (default: the run's own).")
@click.option(
    "--inventory",
    "inventory_path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Another inventory than the run's copy.",
)
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="What today is, for expiries."
)
@click.option("--write", is_flag=True, help="Replace the run's results.json; the old one is kept beside it.")
@click.option("-o", "output", metavar="FILE", help="Write there instead of stdout (-).")
@gate_options
@click.pass_context
def command(
    context: click.Context,
    run_name: str,
    profile: str | None,
    inventory_path: Path | None,
    as_of: datetime | None,
    write: bool,
    output: str | None,
    gates: Gates,
) -> None:
    """Judge a stored run again, offline, and write results.json to stdout.

    RUN is a run's folder or its id.
    """
    run = find_run(run_name)
    rules = find_profile(profile, run)
    inventory = find_inventory(run, inventory_path)
    baseline = find_baseline(gates.baseline, inventory, run.meta.vantage)
    judged = judge_run(run, profile=rules, as_of=as_of.date() if as_of else None, inventory=inventory)
    try:
        if write:
            replace_results(run, judged.results)
        if output not in (None, "-"):
            files.write(Path(str(output)), parts(judged.results))
        elif output == "-" or not write:
            for piece in parts(judged.results):
                click.echo(piece, nl=False)
    except StoreError as failure:
        raise Unfinished(str(failure)) from failure
    outcome = evaluate(gates, judged, worse=worse(baseline, run, judged, rules))
    tell(outcome)
    context.exit(outcome.code)


def replace_results(run: Run, results: Mapping[str, JSON]) -> Path:
    """Write results.json and its digest; an old one that differs is kept as results.1.json, and so on."""
    path = run.path / RESULTS_FILE
    if path.exists():
        if files.holds(path, parts(results)):
            return path
        number = 1
        while (run.path / f"results.{number}.json").exists():
            number += 1
        run.write(f"results.{number}.json", files.pieces(path))
    run.write(RESULTS_FILE, parts(results))
    past.keep_digest(run.path, results)
    return path
