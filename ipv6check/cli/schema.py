"""`schema`: the JSON Schema of the inventory (for editors) or of results.json (for consumers), on stdout."""

from __future__ import annotations

import json
from importlib import resources

import click


@click.command(name="schema", short_help="JSON Schema of the inventory or of results.json.")
@click.argument("subject", metavar="inventory|results", type=click.Choice(["inventory", "results"]))
def command(subject: str) -> None:
    """Print the JSON Schema (draft 2020-12) of the inventory or of results.json.

    In editors with the YAML language server, put this on an inventory's first line:
    # yaml-language-server: $schema=inventory.schema.json
    """
    if subject == "inventory":
        from ipv6check.inventory.schema import json_schema

        click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
    else:
        click.echo(resources.files("ipv6check.report").joinpath("results.schema.json").read_text("utf-8"))
