"""One sitting of a scan from the command line: the run made or opened, asked, judged, written, summed up.

Ends with an exit code. What was seen is stored first; whatever fails after that loses nothing of it.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import click

from ipv6check import __version__
from ipv6check.checks.texts import catalogue_sha256
from ipv6check.cli import asking
from ipv6check.cli.baseline import Baseline, find_baseline, worse
from ipv6check.cli.gates import Gates, evaluate, tell
from ipv6check.cli.judge import replace_results
from ipv6check.cli.judging import RUNS, Stopped, Unfinished, find_inventory, find_profile, judge_run
from ipv6check.cli.past import with_history
from ipv6check.cli.report import Wanted, write_report
from ipv6check.cli.settings import current, error, note, terminal_width
from ipv6check.judge.selection import selected_systems
from ipv6check.model.inventory import Endpoint, Inventory
from ipv6check.model.profile import Profile
from ipv6check.model.run import Judged, RunMeta, Selection
from ipv6check.model.text import Text
from ipv6check.net.limits import Limits
from ipv6check.net.raw_helper import RawHelper
from ipv6check.plan import Plan
from ipv6check.report import find_format
from ipv6check.report.terminal import summary
from ipv6check.scan import Plain, Progress, ScanEnd, Silent, make_net, run_scan
from ipv6check.store import Run, StoreError, create, new_id, open_run

_RESUME = Text(
    "Bị ngắt. Quét tiếp bằng: ipv6check scan --resume {run}",
    "Interrupted. Go on with: ipv6check scan --resume {run}",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How a sitting is to go: limits, time in seconds, gates.

    `unlimited` lifts the limits a host and a network; `active_pmtu` permits a forged Packet Too Big.
    `baseline` is what `gates.baseline` names, found before the run was made.
    """

    rate: float = 200.0
    at_once: int = 256
    unlimited: bool = False
    max_time: float | None = None
    active_pmtu: bool = False
    gates: Gates = field(default_factory=Gates)
    baseline: Baseline | None = None

    def limits(self) -> Limits:
        """Return the limits that the sitting keeps."""
        rate = self.rate or None
        if self.unlimited:
            return Limits(total=self.at_once, per_host=None, per_network=None, per_second=rate)
        return Limits(total=self.at_once, per_second=rate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """A run open for writing, and what it is judged by."""

    run: Run
    inventory: Inventory
    profile: Profile


def start(
    output: Path,
    inventory: Inventory,
    vantage: str,
    selection: Selection,
    profile: Profile,
    profile_name: str | None,
    max_time: float | None,
) -> Sitting:
    """Make a new run under `output`; Stopped if that cannot be done: nothing was contacted yet."""
    servers = () if selection.declared_only else asking.view_of(inventory, vantage)
    now = datetime.now(UTC)
    meta = RunMeta(
        id=new_id(now),
        started=now,
        finished=None,
        complete=False,
        tool=f"ipv6check {__version__}",
        profile=profile_name or profile.name,
        profile_sha256=profile.sha256,
        catalogue_sha256=catalogue_sha256(),
        inventory_sha256=inventory.sha256,
        inventory_main=inventory.files[0].name,
        vantage=vantage,
        resolvers=tuple((server.address, server.port) for server in servers),
        selection=selection,
        max_time=max_time,
        host=socket.gethostname(),
    )
    try:
        run = create(output, meta, inventory)
    except StoreError as failure:
        raise Unfinished(str(failure)) from failure
    return Sitting(run=run, inventory=inventory, profile=profile)


def declare(
    output: Path,
    inventory: Inventory,
    vantage: str | None,
    selection: Selection,
    profile: Profile,
    profile_name: str | None,
) -> Sitting:
    """Make a new run in which nobody will be asked; without a vantage's name it bears the first."""
    place = asking.pick_vantage(inventory, vantage or inventory.vantages[0].name)
    return start(output, inventory, place, selection, profile, profile_name, None)


def resume(order: Order, name: str, output: Path, inventory: Path | None, profile: str | None) -> int:
    """Go on with a stored run; return the exit code."""
    path = _place_of(name, output)
    try:
        run = open_run(path, writing=True)
    except StoreError as failure:
        raise Stopped(str(failure)) from failure
    with run:
        own = find_inventory(run)
        if inventory is not None and asking.find_valid(inventory).sha256 != own.sha256:
            raise Stopped(
                f"{inventory}: not the inventory that the run {run.meta.id} was begun with; leave it out to "
                "go on with the run's own copy, or start a new scan"
            )
        baseline = find_baseline(order.gates.baseline, own, run.meta.vantage, output)
        rules = find_profile(profile, run)
        return sit(replace(order, baseline=baseline), Sitting(run=run, inventory=own, profile=rules))


def _place_of(name: str, output: Path) -> Path:
    """Return the folder of a run named by path, or by its id under the reports' folder."""
    if "/" not in name and not Path(name).exists():
        for runs in (output / "runs", RUNS):
            if (runs / name).is_dir():
                return runs / name
    return Path(name)


def sit(order: Order, sitting: Sitting) -> int:
    """Ask what the run does not answer yet, judge it, write it; return the exit code."""
    run = sitting.run
    with run:
        try:
            end = ask(order, sitting)
            judged = settle(sitting)
        except StoreError as failure:
            raise Unfinished(
                f"{failure}\nthe run can be resumed: ipv6check scan --resume {run.path}"
            ) from failure
        show(run, judged)
        if end.interrupted:
            error(_RESUME.get(current().language).format(run=run.path))
        regressed = worse(order.baseline, run, judged, sitting.profile)
        outcome = evaluate(order.gates, judged, interrupted=end.interrupted, worse=regressed)
        tell(outcome)
        return outcome.code


def settle(sitting: Sitting) -> Judged:
    """Judge what was seen, and write results.json and the HTML report; StoreError or Unfinished if not."""
    run = sitting.run
    judged = judge_run(run, profile=sitting.profile, inventory=sitting.inventory)
    replace_results(run, judged.results)
    judged = with_history(run, judged, sitting.profile)
    write_report(run, judged, Wanted(format=find_format("html"), path=None), quietly=True)
    return judged


def make_plan(inventory: Inventory, meta: RunMeta, profile: Profile) -> Plan:
    """Return the plan of a run: its vantage, its resolvers, its selection, the profile's audit ports."""
    return Plan(
        inventory=inventory,
        vantage=meta.vantage,
        resolvers=tuple(Endpoint(address, port) for address, port in meta.resolvers),
        system_ids=selected_systems(inventory, meta.selection),
        needs=asking.needs_of(meta.selection),
        moment=meta.started,
        audit_ports=asking.audit_ports_of(meta.selection, profile),
    )


def ask(order: Order, sitting: Sitting) -> ScanEnd:
    """Ask what the run does not answer yet; nothing is judged."""
    run = sitting.run
    if run.meta.selection.declared_only:
        run.update(replace(run.meta, finished=run.meta.started, complete=True))
        return ScanEnd(complete=True, interrupted=False, asked=0)
    plan = make_plan(sitting.inventory, run.meta, sitting.profile)
    plan = replace(plan, active_pmtu=order.active_pmtu)
    net = make_net(
        sitting.inventory,
        vantage=run.meta.vantage,
        resolvers=plan.resolvers,
        limits=order.limits(),
        raw=RawHelper() if order.active_pmtu else None,
    )
    return run_scan(plan, run, net, _progress(), max_time=order.max_time)


def _progress() -> Progress:
    """Return who shows how far the scan is: bars on a terminal, lines elsewhere, nobody with --quiet."""
    settings = current()
    if settings.quiet:
        return Silent()
    if sys.stderr.isatty() and os.environ.get("TERM") not in ("dumb", None):
        from ipv6check.scan.live import Live

        return Live(sys.stderr, settings.language, color=settings.colored(sys.stderr))
    return Plain(note, settings.language)


def show(run: Run, judged: Judged) -> None:
    """Print the summary, and where the report and results.json lie."""
    settings = current()
    width = terminal_width()
    places: Sequence[str] = (
        str(run.path / "html" / settings.language / "index.html"),
        str(run.path / "results.json"),
    )
    click.echo(
        summary(judged, settings.language, settings.colored(sys.stdout), width, places=places), nl=False
    )
