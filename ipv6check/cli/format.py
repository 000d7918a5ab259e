"""`format INVENTORY`: an inventory's files in one style, comments and order kept."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import click

from ipv6check.cli import exits
from ipv6check.cli.ending import Stopped, Unfinished
from ipv6check.cli.settings import current
from ipv6check.inventory.formatting import CannotFormat, Formatted, format_inventory
from ipv6check.inventory.problems import visible
from ipv6check.model.text import Text
from ipv6check.store import StoreError, files

_WOULD = Text("{path}: sẽ thay đổi", "{path}: would change")
_DONE = Text("{path}: đã định dạng", "{path}: formatted")
_SAME = Text("Đã đúng định dạng: {count} tệp", "In style already: {count} files")


@click.command("format")
@click.argument(
    "inventories", metavar="INVENTORY...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if a file would change.")
@click.pass_context
def command(context: click.Context, inventories: tuple[Path, ...], check: bool) -> None:
    """Put an inventory's files, and all they include, into one style.

    Comments, order and quotes stay; IPv6 addresses are put in quotes. A file whose meaning or comments
    would change is left as it is, and no file is touched if any cannot be formatted.
    """
    found: dict[Path, Formatted] = {}
    for path in inventories:
        found |= {each.path.resolve(): each for each in _formatted(path)}
    changed = {path: each for path, each in found.items() if each.changed}
    for path, each in changed.items():
        if not check:
            _write(path, each)
        said = _WOULD if check else _DONE
        click.echo(said.get(current().language).format(path=visible(str(each.path))))
    if not changed:
        click.echo(_SAME.get(current().language).format(count=len(found)))
    context.exit(exits.GATE if check and changed else exits.OK)


def _formatted(path: Path) -> list[Formatted]:
    try:
        files_of, problems = format_inventory(path)
    except CannotFormat as error:
        raise Stopped(visible(str(error))) from None
    if problems:
        raise Stopped("\n".join(problem.show() for problem in problems))
    return files_of


def _write(path: Path, each: Formatted) -> None:
    """Replace the file atomically, if it still says what was read; its permissions stay."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if path.read_bytes() != each.old:
            raise Unfinished(f"{visible(str(each.path))}: was changed meanwhile; nothing of it was written")
        files.write(path, each.new)
        os.chmod(path, mode)
    except StoreError as error:
        raise Unfinished(visible(str(error))) from None
    except OSError as error:
        raise Unfinished(f"{visible(str(each.path))}: {error.strerror}") from None
