"""`demo`: the whole job against the embedded lab, on this machine's loopback and nothing else."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

import click

from ipv6check.cli import asking
from ipv6check.cli.judging import Unfinished, find_profile
from ipv6check.cli.settings import current, note
from ipv6check.cli.sitting import Order, sit, start
from ipv6check.lab import stage
from ipv6check.model.run import Selection
from ipv6check.model.text import Text

_TIME = 50.0  # seconds: the demo ends in under a minute, silent ports included
_HELLO = Text(
    "Phòng thí nghiệm trên máy này: một tỉnh hư cấu với các lỗi cài sẵn. Không có gói tin nào rời khỏi máy.",
    "The lab on this machine: a fictional province with planted faults. No packet leaves this machine.",
)
_ONE_FAMILY = Text(
    "Máy này không có {address}: phần IPv{family} sẽ là không rõ.",
    "This machine has no {address}: what needs IPv{family} will be unknown.",
)


@click.command("demo")
@click.option(
    "-o",
    "output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("reports"),
    show_default=True,
    metavar="DIR",
    help="Where runs are kept.",
)
@click.pass_context
def command(context: click.Context, output: Path) -> None:
    """Scan a fictional province on this machine: an embedded lab with planted faults.

    Needs neither root nor a network. Leaves a run like any other under reports/runs, with its report in
    Vietnamese and English.
    """
    note(_HELLO.get(current().language))
    with contextlib.ExitStack() as stack:
        try:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="ipv6check-demo-"))
            lab = stack.enter_context(stage.running(Path(folder)))
        except OSError as failure:
            raise Unfinished(f"the lab cannot be set up on this machine: {failure}") from failure
        context.exit(_perform(lab, output))


def _perform(lab: stage.Stage, output: Path) -> int:
    """Scan the lab that runs; return the exit code: that of a scan without a gate."""
    for family, address in ((4, "127.0.0.1"), (6, "::1")):
        if family not in lab.families:
            note(_ONE_FAMILY.get(current().language).format(address=address, family=family))
    inventory = asking.find_valid(lab.inventory)
    vantage = asking.pick_vantage(inventory, None)
    sitting = start(output, inventory, vantage, Selection(), find_profile(None), None, None)
    return sit(Order(rate=0.0, unlimited=True, max_time=_TIME), sitting)
