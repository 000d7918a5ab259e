"""`accept add` and `accept list`: known exceptions, with why, whose they are and until when.

`add` edits the inventory's main file in place: everything else in it stays byte for byte, and it is
replaced only by a file that loads and says the same but for the one exception.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import click
import yaml

from ipv6check.checks.texts import about
from ipv6check.cli.asking import find_valid
from ipv6check.cli.judging import Stopped, Unfinished, problems_stop
from ipv6check.cli.settings import current, note, terminal_width
from ipv6check.history.trend import local_day
from ipv6check.inventory import load
from ipv6check.inventory.additions import Entry, NotAddable, adds_one, with_entry
from ipv6check.inventory.problems import visible
from ipv6check.judge.exceptions import standing
from ipv6check.locale import formats
from ipv6check.model.inventory import Inventory
from ipv6check.model.text import Text
from ipv6check.report.lines import wrap

_DATE = click.DateTime(["%Y-%m-%d"])
_STATES = {
    "in_force": Text("còn hiệu lực", "in force"),
    "expiring": Text("SẮP HẾT HẠN", "EXPIRES SOON"),
    "expired": Text("ĐÃ HẾT HẠN, tính lại như bình thường", "EXPIRED, counts again"),
}
_LINE = Text("{expires}  {state} ({days} ngày)", "{expires}  {state} ({days} days)")
_NONE = Text("Không có ngoại lệ nào.", "There are no exceptions.")
_ADDED = Text(
    "{path}: đã thêm ngoại lệ cho {subject} · {check}, có hiệu lực đến hết {expires}",
    "{path}: added an exception for {subject} · {check}, through {expires}",
)


@click.group("accept")
def command() -> None:
    """Known exceptions: shown, not counted, until they expire."""


@command.command("add")
@click.argument("path", metavar="INVENTORY", type=click.Path(path_type=Path))
@click.option("--system", metavar="ID", help="What it is about: one of these four.")
@click.option("--equipment", metavar="ID", help="A piece of equipment.")
@click.option("--prefix", metavar="PREFIX", help="A prefix of the address plan.")
@click.option("--milestone", metavar="ID", help="A milestone of the programme.")
@click.option("--check", required=True, metavar="CHECK", help="The check that it is about.")
@click.option("--why", required=True, metavar="TEXT", help="Why it is accepted.")
@click.option("--owner", required=True, metavar="TEXT", help="Who answers for it.")
@click.option("--expires", required=True, type=_DATE, metavar="DATE", help="The last day that it holds.")
@click.option("--host", metavar="HOST", help="Only this declared host.")
@click.option("--port", type=click.IntRange(1, 65535), metavar="PORT", help="Only this port.")
@click.option("--vantage", metavar="NAME", help="Only as seen from this vantage.")
@click.option("--code", metavar="REASON", help="Only for this reason.")
def add(path: Path, expires: datetime, **given: str | int | None) -> None:
    """Add an exception to an inventory's main file; its comments and layout stay as they are."""
    old = find_valid(path)
    last = expires.date()
    today = local_day(datetime.now(UTC), old.organization.timezone)
    if last < today:
        raise Stopped(f"--expires {last.isoformat()} is past already (today is {today.isoformat()})")
    entry = _entry(given, last)
    if about(str(entry["check"]), current().language) is None:
        raise Stopped(f"there is no check {entry['check']!r}: ipv6check checks lists them")
    content = _edited(path, entry)
    _replace(path, content, old)
    said = {"path": visible(str(path)), "subject": entry[next(iter(entry))], "check": entry["check"]}
    note(_ADDED.get(current().language).format(**said, expires=formats.day(last, current().language)))


def _entry(given: dict[str, str | int | None], expires: date) -> Entry:
    subjects = [key for key in ("system", "equipment", "prefix", "milestone") if given[key] is not None]
    if len(subjects) != 1:
        raise click.UsageError("name one of --system, --equipment, --prefix, --milestone")
    order = (subjects[0], "check", "host", "port", "vantage", "code", "why", "owner")
    found: dict[str, str | int | date] = {}
    for key in order:
        value = given[key]
        if value is not None:
            found[key] = value
    return {**found, "expires": expires}


def _edited(path: Path, entry: Entry) -> bytes:
    try:
        text = path.read_bytes().decode("utf-8")
        edited = with_entry(text, "accept", entry)
        if not adds_one(text, edited, "accept"):
            raise NotAddable("the exception cannot be added there by program: add it by hand")
        return edited.encode("utf-8")
    except OSError as failure:
        raise Stopped(f"{path}: {failure.strerror}") from failure
    except (NotAddable, UnicodeError, yaml.YAMLError) as failure:
        raise Stopped(f"{path}: {failure}") from failure


def _replace(path: Path, content: bytes, old: Inventory) -> None:
    """Put `content` in the file's place, once it has proved to load and to differ by one exception only."""
    target = path.resolve()
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}.new")
    try:
        mode = target.stat().st_mode & 0o777
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
        try:
            with os.fdopen(descriptor, "wb") as file:
                os.fchmod(descriptor, mode)  # whatever the umask says: the file's own rights stay
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            _prove(path, beside, old)
            os.replace(beside, target)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as failure:
        raise Unfinished(f"{path}: {failure.strerror}; nothing was changed") from failure


def _prove(path: Path, beside: Path, old: Inventory) -> None:
    loaded = load(beside)
    if loaded.inventory is None:
        problems = [
            replace(each, file=str(path) if each.file.endswith(beside.name) else each.file)
            for each in loaded.errors
        ]
        raise problems_stop(problems)
    if len(loaded.inventory.accept) != len(old.accept) + 1:
        raise Stopped(f"{path}: the exception cannot be added there by program: add it by hand")


@command.command("list")
@click.argument("path", metavar="INVENTORY", type=click.Path(path_type=Path))
@click.option("--as-of", type=_DATE, metavar="DATE", help="What today is.")
def listing(path: Path, as_of: datetime | None) -> None:
    """List the exceptions of an inventory, what expires first first; the last 30 days stand out."""
    inventory = find_valid(path)
    today = as_of.date() if as_of else local_day(datetime.now(UTC), inventory.organization.timezone)
    width = terminal_width()
    for line in _listed(inventory, today, width):
        click.echo(line)


def _listed(inventory: Inventory, today: date, width: int) -> Iterator[str]:
    language = current().language
    if not inventory.accept:
        yield _NONE.get(language)
    for each in sorted(inventory.accept, key=lambda each: (each.expires, each.source)):
        yield _LINE.get(language).format(
            expires=formats.day(each.expires, language),
            state=_STATES[standing(each.expires, today)].get(language),
            days=formats.number((each.expires - today).days, language),
        )
        narrowed = [str(part) for part in (each.host, each.port, each.vantage, each.code) if part is not None]
        subject = each.system or each.equipment or each.prefix or each.milestone or ""
        yield from wrap(visible(" · ".join([subject, each.check, *narrowed])), width, "    ")
        where = f"{each.source.file}:{each.source.line}"
        yield from wrap(visible(f"{each.why} ({each.owner}; {where})"), width, "    ")
