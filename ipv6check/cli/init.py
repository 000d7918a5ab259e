"""`init [DIR]`: an annotated inventory to start from, and files that scan it every night."""

from __future__ import annotations

import os
from pathlib import Path

import click

from ipv6check.cli.ending import Stopped
from ipv6check.cli.settings import current
from ipv6check.inventory.problems import visible
from ipv6check.inventory.starter import EXECUTABLE, starter
from ipv6check.model.text import Text

_NEXT = Text(
    "Tiếp theo: sửa {inventory} thành của mình, rồi chạy `ipv6check validate {inventory}`",
    "Next: make {inventory} your own, then run `ipv6check validate {inventory}`",
)


@click.command("init")
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(path_type=Path))
def command(folder: Path) -> None:
    """Write an annotated inventory and files for GitHub Actions, GitLab CI, cron and systemd into DIR.

    The language is that of --lang. No file is ever overwritten: if one is there already, nothing is
    written at all.
    """
    texts = {folder / path: (path, text) for path, text in starter(current().language).items()}
    there = [path for path in texts if os.path.lexists(path)]
    if there:
        names = ", ".join(visible(str(path)) for path in there)
        raise Stopped(f"already there, so nothing was written: {names}")
    written: list[Path] = []
    try:
        for path, (name, text) in texts.items():
            _create(path, text, 0o755 if name in EXECUTABLE else 0o644, written)
    except OSError as error:
        for path in written:
            path.unlink(missing_ok=True)
        raise Stopped(
            f"{visible(str(error.filename or folder))}: {error.strerror}; nothing was written"
        ) from None
    for path in texts:
        click.echo(visible(str(path)))
    inventory = visible(str(folder / "inventory.yaml"))
    click.echo(_NEXT.get(current().language).format(inventory=inventory), err=True)


def _create(path: Path, text: str, mode: int, written: list[Path]) -> None:
    """Write a file that must not be there yet; what is in `written` is ours to take away again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(path, flags, mode), "w", encoding="utf-8") as file:
        written.append(path)
        file.write(text)
