"""`history`: the trend over the stored runs and where it leads; contacts nobody."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from ipv6check.cli.judging import Stopped
from ipv6check.cli.past import read_judged, trend_in
from ipv6check.cli.settings import current, note, runs_option, terminal_width
from ipv6check.history.outlook import outlooks
from ipv6check.history.pace import pace
from ipv6check.history.trend import points
from ipv6check.model.past import PastNight
from ipv6check.report.trend import trend_document, trend_text
from ipv6check.store.folder import RUNS_FOLDER

_WIDEST = 120
_LAST = 20


@click.command("history")
@runs_option()
@click.option("--vantage", metavar="NAME", help="Runs from this vantage (default: that of the newest run).")
@click.option(
    "--last",
    type=click.IntRange(1),
    default=_LAST,
    show_default=True,
    metavar="N",
    help="How many runs are listed; the pace is of all.",
)
@click.option("--json", "as_json", is_flag=True, help="Plain data instead of text.")
def command(output: Path, vantage: str | None, last: int, as_json: bool) -> None:
    """Show the trend over stored runs: goals met, scores, the pace, and each deadline against it.

    A forecast needs four whole runs over 21 days; partial runs are listed and carry none.
    """
    folder = output / RUNS_FOLDER
    runs = _chosen(folder, vantage)
    whole = [run.run.id for run in runs if run.run.whole]
    speed = pace([run for run in runs if run.run.whole])
    ends = outlooks(read_judged(folder / whole[-1]), speed) if whole else ()
    nights = points(runs)
    if as_json:
        click.echo(json.dumps(trend_document(nights, speed, ends), ensure_ascii=False, indent=1))
        return
    settings = current()
    width = terminal_width(_WIDEST)
    color = settings.colored(sys.stdout)
    click.echo(trend_text(nights, speed, ends, settings.language, color, width, last=last), nl=False)


def _chosen(folder: Path, vantage: str | None) -> list[PastNight]:
    """Return the judged runs of one organization and vantage, oldest first; what is left out is told."""
    every = trend_in(folder)
    known = sorted({run.run.vantage for run in every})
    if vantage is not None and vantage not in known:
        there = f" (there are: {', '.join(known)})" if known else ""
        raise Stopped(f"{folder}: no judged run from the vantage {vantage!r}{there}")
    if not every:
        raise Stopped(f"{folder}: no judged run there; make one with: ipv6check scan INVENTORY")
    of_vantage = [run for run in every if vantage in (None, run.run.vantage)]
    # A run that asked nobody is no part of a trend of those that did.
    newest = max(of_vantage, key=lambda each: each.run.newness)
    runs = [run for run in every if run.run.alike(newest.run)]
    if len(runs) < len(every):
        note(
            f"{len(every) - len(runs)} runs of another organization or vantage, or that asked nobody, "
            f"are left out (shown: {newest.run.organization.id}, {newest.run.vantage})"
        )
    return runs
