"""`checks`: every check with its weight and severity, and the codes that any check may give."""

from __future__ import annotations

import click

from ipv6check.cli import explaining
from ipv6check.cli.judging import find_profile
from ipv6check.cli.settings import current


@click.command("checks", short_help="The catalogue of checks.")
@click.option("--profile", metavar="PROFILE", help="A built-in profile or a file (default: default).")
def command(profile: str | None) -> None:
    """List every check with its weight and severity, and the codes that any check may give.

    Weights and severities are the profile's. Contacts nobody.
    """
    for line in explaining.everything(find_profile(profile), current().language):
        click.echo(line)
