"""What every command needs to know of how it was called: language, colour, quietness."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, TypeVar

import click

from ipv6check.model.text import Language

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The main command's options. `color` None means: decide by the stream and NO_COLOR."""

    language: Language = "vi"
    color: bool | None = None
    quiet: bool = False

    def colored(self, stream: IO[Any]) -> bool:
        """Whether to colour what goes to `stream` (https://no-color.org: any non-empty value)."""
        if self.color is not None:
            return self.color
        if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
            return False
        return stream.isatty()


def current() -> Settings:
    """Return the running command's settings (defaults outside the main command)."""
    context = click.get_current_context(silent=True)
    found = context.find_object(Settings) if context is not None else None
    return found or Settings()


def runs_option(told: str = "Where runs are kept.") -> Callable[[Command], Command]:
    """Return the option `-o DIR` of commands that keep or read runs; it arrives as `output`."""
    return click.option(
        "-o",
        "output",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path("reports"),
        show_default=True,
        metavar="DIR",
        help=told,
    )


def terminal_width(widest: int = 100) -> int:
    """Return how many columns to write: the terminal's, 80 where there is none, `widest` at most."""
    return min(shutil.get_terminal_size((80, 24)).columns, widest)


def note(message: str) -> None:
    """Print one line for a person to stderr, unless --quiet."""
    if not current().quiet:
        click.echo(message, file=sys.stderr)


def error(message: str) -> None:
    """Print one error line to stderr, always."""
    click.echo(message, file=sys.stderr)


def _keep(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    if value is not None and param.name is not None:
        ctx.obj = replace(ctx.find_object(Settings) or Settings(), **{param.name: value})


def common_options() -> list[click.Parameter]:
    """Return fresh copies of the options that every command takes, before or after its name."""
    return [
        click.Option(
            ["--lang", "language"],
            type=click.Choice(["vi", "en"]),
            envvar="IPV6CHECK_LANG",
            help="Language of summaries and reports (default: vi).",
            expose_value=False,
            callback=_keep,
        ),
        click.Option(
            ["--color/--no-color", "color"],
            default=None,
            help="Colour or none, whatever the terminal is (default: by terminal and NO_COLOR).",
            expose_value=False,
            callback=_keep,
        ),
        click.Option(
            ["-q", "--quiet", "quiet"],
            is_flag=True,
            flag_value=True,
            default=None,
            help="No progress and no remarks; errors still show.",
            expose_value=False,
            callback=_keep,
        ),
    ]
