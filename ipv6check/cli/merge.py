"""`merge RUN…`: one run out of several vantages' runs; contacts nobody, and leaves them as they are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from ipv6check.checks.texts import catalogue_sha256
from ipv6check.cli.baseline import find_baseline, worse
from ipv6check.cli.gates import Gates, evaluate, gate_options, tell
from ipv6check.cli.judging import Stopped, Unfinished, find_inventory, find_profile, find_run
from ipv6check.cli.settings import note, runs_option
from ipv6check.cli.sitting import Sitting, settle, show
from ipv6check.model.inventory import Inventory
from ipv6check.model.run import joint
from ipv6check.store import Run, StoreError, merge
from ipv6check.store.merging import JudgedBy, Unfit
from ipv6check.store.parts import check_parts, told_apart


@click.command("merge")
@click.argument("names", metavar="RUN...", nargs=-1)
@click.option("--profile", metavar="PROFILE", help="A built-in profile or a file (default: the runs' own).")
@runs_option("Where the merged run is kept.")
@gate_options
@click.pass_context
def command(
    context: click.Context, names: tuple[str, ...], profile: str | None, output: Path, gates: Gates
) -> None:
    """Make one run out of several vantages' runs, judge it, and write its report.

    Each RUN is the folder or id of a scan of the same inventory from another vantage, perhaps copied from
    another host. They stay as they are. The merged run can be judged, reported and compared like any
    other; nothing can be added to it.
    """
    if len(names) < 2:
        raise click.UsageError("name two runs or more, each from another vantage")
    runs = [find_run(name) for name in names]
    inventory = find_inventory(runs[0])
    try:
        check_parts(runs, inventory)
    except StoreError as failure:
        raise Stopped(str(failure)) from failure
    first = min(runs, key=lambda run: (run.meta.started, run.meta.id))
    rules = find_profile(profile, first)
    vantage = joint(run.meta.vantage for run in runs)
    baseline = find_baseline(gates.baseline, inventory, vantage, output)
    for line in told_apart(runs):
        note(line)
    by = JudgedBy(
        profile=profile or first.meta.profile,
        profile_sha256=rules.sha256,
        catalogue_sha256=catalogue_sha256(),
    )
    run = _merged(output, runs, inventory, by)
    try:
        judged = settle(Sitting(run=run, inventory=inventory, profile=rules))
    except StoreError as failure:
        raise Unfinished(
            f"{failure}\nthe runs are merged; go on with: ipv6check judge {run.path} --write"
        ) from failure
    show(run, judged)
    outcome = evaluate(gates, judged, worse=worse(baseline, run, judged, rules))
    tell(outcome)
    context.exit(outcome.code)


def _merged(output: Path, runs: Sequence[Run], inventory: Inventory, by: JudgedBy) -> Run:
    """Make the merged run's folder; Stopped for a run that is not what it says, Unfinished for the rest."""
    try:
        return merge(output, runs, inventory, by)
    except Unfit as failure:
        raise Stopped(str(failure)) from failure
    except StoreError as failure:
        raise Unfinished(str(failure)) from failure
