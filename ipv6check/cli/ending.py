"""How a command ends early: one clear line on stderr, and the exit code that goes with it."""

from __future__ import annotations

from typing import IO, Any

import click

from ipv6check.cli import exits
from ipv6check.cli.settings import error


class Stopped(click.ClickException):
    """The end of a command because of what it was given; the message stands for itself."""

    exit_code = exits.USAGE

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the message to stderr."""
        error(self.message)


class Unfinished(Stopped):
    """The end of a command that was under way: something could not be read or written."""

    exit_code = exits.INCOMPLETE
