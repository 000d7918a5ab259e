"""`diff OLD NEW`: what was fixed, what broke, what is no longer known; contacts nobody."""

from __future__ import annotations

import json
import sys

import click

from ipv6check.cli.judging import Stopped, find_profile, find_run
from ipv6check.cli.past import past_of, window
from ipv6check.cli.settings import current, terminal_width
from ipv6check.history import compare, marked
from ipv6check.report.difference import difference_document, difference_text

_WIDEST = 120


@click.command("diff")
@click.argument("old_name", metavar="OLD")
@click.argument("new_name", metavar="NEW")
@click.option("--json", "as_json", is_flag=True, help="Plain data instead of text.")
def command(old_name: str, new_name: str, as_json: bool) -> None:
    """Compare two stored runs, like for like.

    OLD and NEW are runs' folders or ids. Better or worse are only systems with equal hosts and services
    in both; what changed twice or more in the last five runs is told apart as unsteady.
    """
    old_run, new_run = find_run(old_name), find_run(new_name)
    new = past_of(new_run)
    old = past_of(old_run)
    if old.run.profile_sha256 != new.run.profile_sha256:
        # Two yardsticks tell nothing of the systems: both are judged by that of the newer run.
        rules = find_profile(None, new_run)
        old, new = past_of(old_run, rules), past_of(new_run, rules)
    if old.run.declared_only != new.run.declared_only:
        silent = old_name if old.run.declared_only else new_name
        raise Stopped(f"{silent}: nobody was asked in this run: it cannot be compared with one that asked")
    if not old.run.alike(new.run):
        raise Stopped(
            f"{old_name} is of {old.run.organization.id!r} from {old.run.vantage!r}, {new_name} of "
            f"{new.run.organization.id!r} from {new.run.vantage!r}: name runs of one organization and vantage"
        )
    difference = compare(old, new)
    difference, _ = marked(difference, window(new, new_run.path.resolve().parent, difference))
    if as_json:
        click.echo(json.dumps(difference_document(difference), ensure_ascii=False, indent=1))
        return
    settings = current()
    width = terminal_width(_WIDEST)
    color = settings.colored(sys.stdout)
    click.echo(difference_text(difference, new, old, settings.language, color, width), nl=False)
