"""`demo`: the whole job against the embedded lab, on this machine's loopback and nothing else."""

from __future__ import annotations

import contextlib
import tempfile
from dataclasses import replace
from pathlib import Path

import click

from ipv6check.cli import asking
from ipv6check.cli.judging import Unfinished, find_profile
from ipv6check.cli.settings import current, note, runs_option
from ipv6check.cli.sitting import Order, Sitting, ask, declare, settle, sit, start
from ipv6check.inventory import load
from ipv6check.lab import stage
from ipv6check.lab.sample import sample_province
from ipv6check.model.run import Beside, Selection
from ipv6check.model.text import LANGUAGES, Text
from ipv6check.store import StoreError

_TIME = 50.0  # seconds: the demo ends in under a minute, silent ports included
_HELLO = Text(
    "Phòng thí nghiệm trên máy này: một tỉnh hư cấu với các lỗi cài sẵn. Không có gói tin nào rời khỏi máy.",
    "The lab on this machine: a fictional province with planted faults. No packet leaves this machine.",
)
_ONE_FAMILY = Text(
    "Máy này không có {address}: phần IPv{family} sẽ là không rõ.",
    "This machine has no {address}: what needs IPv{family} will be unknown.",
)


_SAMPLE = Text(
    "Tỉnh mẫu quy mô như thật: {count} hệ thống, xét theo khai báo trước lần quét đầu tiên",
    "A sample province of a real one's size: {count} systems, judged before their first scan",
)
_ROADMAP = Text(
    "Lộ trình của tỉnh mẫu {count} hệ thống", "The roadmap of a sample province of {count} systems"
)


@click.command("demo")
@runs_option()
@click.pass_context
def command(context: click.Context, output: Path) -> None:
    """Scan a fictional province on this machine: an embedded lab with planted faults.

    Needs neither root nor a network. Leaves a run like any other under reports/runs, with its report in
    Vietnamese and English, and beside it the roadmap of a province of a real one's size, which is judged
    by what it declares.
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
    sample = _judge_sample(output)
    inventory = asking.find_valid(lab.inventory)
    vantage = asking.pick_vantage(inventory, None)
    sitting = start(output, inventory, vantage, Selection(), find_profile(None), None, None)
    title = Text(*(_SAMPLE.get(language).format(count=_size(sample)) for language in LANGUAGES))
    beside = Beside(id=sample.run.meta.id, title=title)
    sitting.run.update(replace(sitting.run.meta, beside=(beside,)))
    code = sit(Order(rate=0.0, unlimited=True, max_time=_TIME), sitting)
    language = current().language
    click.echo(f"\n{_ROADMAP.get(language).format(count=_size(sample))}")
    click.echo(f"  {sample.run.path / 'html' / language / 'roadmap.html'}")
    return code


def _judge_sample(output: Path) -> Sitting:
    """Judge the sample province by what it declares, as a run of its own."""
    inventory = load(sample_province()).inventory
    if inventory is None:
        raise Unfinished(f"{sample_province()}: the sample province cannot be read; install ipv6check again")
    alone = Selection(declared_only=True)
    sitting = declare(output, inventory, None, alone, find_profile(None), None)
    try:
        with sitting.run:
            ask(Order(), sitting)
            settle(sitting)
    except StoreError as failure:
        raise Unfinished(str(failure)) from failure
    return sitting


def _size(sample: Sitting) -> int:
    return len(sample.inventory.systems)
