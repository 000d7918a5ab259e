"""The command line: a group whose commands are imported when they are called, not before.

`--help` and `--version` load click and nothing else of weight (architecture.md, decision 12).
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import cast

import click

from ipv6check import __version__
from ipv6check.cli import exits
from ipv6check.cli.settings import Settings, common_options

# name → (module, one line of help); the module's `command` is the click command.
COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("init", "An annotated inventory to start from, and files for nightly scans."),
    "import": ("importing", "A draft inventory out of a table, an export or a scan."),
    "validate": ("validate", "Check an inventory: every error at once, with its position."),
    "format": ("format", "Put an inventory's files into one style; comments stay."),
    "plan": ("plan", "Show whom a scan would contact and why; contacts nobody."),
    "scan": ("scan", "Probe, judge, store a run, and print a summary."),
    "probe": ("probe", "One endpoint without an inventory, and how to see the same by hand."),
    "judge": ("judge", "Judge a stored run again, offline."),
    "report": ("report", "Write reports of a stored run, offline."),
    "explain": ("explain", "Why a check exists, how it is judged, what to do; or what a code means."),
    "checks": ("checks", "The catalogue of checks, with weights and severities."),
    "doctor": ("doctor", "What this host can and cannot see, why not, and what would mend it."),
    "diff": ("diff", "What was fixed, what broke, and what is no longer known between two runs."),
    "history": ("history", "The trend over stored runs, and each deadline against it."),
    "merge": ("merge", "One run out of several vantages' runs of the same inventory, offline."),
    "address-plan": ("address_plan", "The address plan as a tree; the next free prefix."),
    "accept": ("accept", "Known exceptions: add one to an inventory, or list them with their expiry."),
    "schema": ("schema", "JSON Schema of the inventory or of results.json."),
    "demo": ("demo", "The whole job against an embedded lab on this machine."),
}


class LazyGroup(click.Group):
    """A click group that imports a command's module on first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of `COMMANDS`."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the command, or None if there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"ipv6check.cli.{COMMANDS[cmd_name][0]}")
        command = cast("click.Command", module.command)
        subcommands = command.commands.values() if isinstance(command, click.Group) else ()
        for each in (command, *subcommands):
            if not any(param.name == "language" for param in each.params):
                each.params.extend(common_options())
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_text) for name, (_, help_text) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or fail with the nearest name."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            import difflib

            near = difflib.get_close_matches(name, COMMANDS, 1)
            hint = f" Did you mean '{near[0]}'?" if near else ""
            ctx.fail(f"No such command '{name}'.{hint}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=LazyGroup,
    params=common_options(),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="ipv6check", message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Tell how ready a data centre's systems are for IPv6, and why.

    Reads a YAML inventory, probes what it declares over IPv4 and IPv6, and turns what it saw into
    verdicts, scores and reports in Vietnamese and English.
    """
    ctx.obj = ctx.obj or Settings()


def main() -> None:
    """Run the command line; a closed pipe ends quietly, an interrupt with 130."""
    try:
        code = cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        code = exits.INTERRUPTED
    except click.ClickException as failure:
        failure.show()
        code = failure.exit_code
    except KeyboardInterrupt:
        code = exits.INTERRUPTED
    except BrokenPipeError:
        # The reader has gone (`| head`): nothing more to say, and nothing to say it to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = exits.OK
    sys.exit(code if isinstance(code, int) else exits.OK)
