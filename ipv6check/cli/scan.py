"""`scan INVENTORY`: probe, judge, store a run, write its reports, and print a summary."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from ipv6check.cli import asking
from ipv6check.cli.baseline import find_baseline
from ipv6check.cli.gates import Gates, gate_options
from ipv6check.cli.judging import Stopped, find_profile
from ipv6check.cli.settings import runs_option
from ipv6check.cli.sitting import Order, declare, resume, sit, start
from ipv6check.model.inventory import Inventory
from ipv6check.model.run import Selection

_RATE = 200.0
_TOTAL = 256


@click.command("scan")
@click.argument("path", metavar="[INVENTORY]", required=False, type=click.Path(path_type=Path))
@click.option("--vantage", metavar="NAME", help="Where this scan looks from; needed if several are declared.")
@click.option("--system", "systems", multiple=True, metavar="ID", help="Only this system; repeatable.")
@click.option(
    "--unit", "units", multiple=True, metavar="ID", help="Only this unit and those below it; repeatable."
)
@click.option(
    "--check", "checks", multiple=True, metavar="CHECK", help="Only this check, or this area; repeatable."
)
@click.option(
    "--declared-only",
    is_flag=True,
    help="Contact nobody: judge the inventory alone (addresses, plan, equipment, programme, roadmap).",
)
@click.option("--profile", metavar="PROFILE", help="A built-in profile or a file (default: default).")
@click.option(
    "--max-time", type=asking.Duration(), metavar="TIME", help="Stop asking after 90s, 15m or 2h (exit 3)."
)
@click.option(
    "--rate",
    type=click.FloatRange(0, 100_000),
    default=_RATE,
    show_default=True,
    metavar="N",
    help="New connections a second, in all; 0: no limit.",
)
@click.option(
    "--at-once",
    type=click.IntRange(1, 20_000),
    default=_TOTAL,
    show_default=True,
    metavar="N",
    help="Connections held at the same time, in all.",
)
@click.option("--unlimited", is_flag=True, help="No limit a host or a network: for a lab of your own only.")
@click.option(
    "--active-pmtu",
    is_flag=True,
    help="Also send each server one forged Packet Too Big, in a helper process with raw sockets.",
)
@click.option("--resume", "resumed", metavar="RUN", help="Go on with a run that was cut off.")
@runs_option()
@gate_options
@click.pass_context
def command(
    context: click.Context,
    path: Path | None,
    vantage: str | None,
    systems: tuple[str, ...],
    units: tuple[str, ...],
    checks: tuple[str, ...],
    declared_only: bool,
    profile: str | None,
    max_time: float | None,
    rate: float,
    at_once: int,
    unlimited: bool,
    active_pmtu: bool,
    resumed: str | None,
    output: Path,
    gates: Gates,
) -> None:
    """Scan the systems of an inventory, judge what was seen, and write a report.

    Only what the inventory names is contacted; `plan` lists it. The run is stored under reports/runs, can
    be resumed after a break (--resume), and judged again later (judge, report).
    """
    order = Order(
        rate=rate,
        at_once=at_once,
        unlimited=unlimited,
        max_time=max_time,
        active_pmtu=active_pmtu,
        gates=gates,
    )
    if resumed is not None:
        if vantage or systems or units or checks or declared_only:
            raise Stopped(
                "--resume goes on with the run's own vantage and selection: leave those options out"
            )
        context.exit(resume(order, resumed, output, path, profile))
    if path is None:
        raise click.UsageError("name an inventory, or a run with --resume")
    inventory = asking.find_valid(path)
    selection = asking.make_selection(inventory, systems, units, checks)
    if declared_only:
        context.exit(_declare(order, output, inventory, vantage, selection, profile))
    place = asking.pick_vantage(inventory, vantage)
    rules = find_profile(profile)
    order = replace(order, baseline=find_baseline(gates.baseline, inventory, place, output))
    context.exit(sit(order, start(output, inventory, place, selection, rules, profile, max_time)))


def _declare(
    order: Order,
    output: Path,
    inventory: Inventory,
    vantage: str | None,
    selection: Selection,
    profile: str | None,
) -> int:
    """Judge the inventory alone, as a run in which nobody was asked; return the exit code."""
    if order.active_pmtu or order.gates.baseline is not None:
        raise Stopped("--declared-only asks nobody: leave out --active-pmtu and --baseline")
    chosen = replace(selection, declared_only=True)
    return sit(order, declare(output, inventory, vantage, chosen, find_profile(profile), profile))
