"""`probe HOST [APP or PORT]`: one endpoint without an inventory, and the same by hand.

An inventory of one system is made up for it, so that everything else is as in a scan. Nothing is kept,
unless -o says where.
"""

from __future__ import annotations

import contextlib
import json
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import yaml

from ipv6check.cli import asking
from ipv6check.cli.gates import Gates, evaluate, tell
from ipv6check.cli.judging import Stopped, Unfinished, find_profile, judge_run
from ipv6check.cli.probe_lines import told
from ipv6check.cli.settings import current, note, terminal_width
from ipv6check.cli.sitting import Order, ask, start
from ipv6check.inventory.apps import APPS
from ipv6check.inventory.names import host as read_host
from ipv6check.inventory.problems import Refusal, did_you_mean, visible
from ipv6check.model.inventory import Inventory
from ipv6check.model.run import Selection
from ipv6check.model.text import Text
from ipv6check.store import StoreError

_DEFAULT_APP = "https"
_KEPT = Text("Lần thử được lưu tại {path}", "The run is kept in {path}")
_WANTED = re.compile(r"(?:(?P<app>[a-z0-9]*[a-z][a-z0-9]*):?)?(?P<port>[0-9]{1,5})?")


@click.command("probe", short_help="One endpoint without an inventory, and the same by hand.")
@click.argument("host", metavar="HOST")
@click.argument("wanted", metavar="[APP or PORT]", required=False, default=_DEFAULT_APP)
@click.option(
    "--scope", "scopes", multiple=True, metavar="PREFIX",
    help="What may be contacted, instead of the global unicast space: an internal network, say; repeatable.",
)  # fmt: skip
@click.option(
    "--resolver",
    "resolvers",
    multiple=True,
    metavar="ADDR[:PORT]",
    help="Whom to ask; default: the system's.",
)
@click.option(
    "-o",
    "output",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Keep the run there.",
)
@click.pass_context
def command(
    context: click.Context,
    host: str,
    wanted: str,
    scopes: tuple[str, ...],
    resolvers: tuple[str, ...],
    output: Path | None,
) -> None:
    """Probe one host over IPv6 and IPv4 and say what was found, and how to see the same by hand.

    The second word is an app (https, the default, smtp, ldap, …), a port, or both, as in https:8443. A name
    leads to the global unicast addresses it resolves to, and to nothing else unless --scope says so; a
    literal is the one address that is asked.
    """
    service = read_wanted(wanted)
    with contextlib.ExitStack() as stack:
        try:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ipv6check-probe-")))
        except OSError as failure:
            raise Unfinished(f"no temporary folder can be made: {failure}") from failure
        inventory = make_inventory(folder, host, service, scopes, resolvers)
        context.exit(_perform(inventory, output or folder, kept=output is not None))


def read_wanted(text: str) -> dict[str, Any]:
    """Read APP, PORT or APP:PORT as a service of an inventory; Stopped with what to write instead."""
    found = _WANTED.fullmatch(text.lower())
    app, number = (found["app"], found["port"]) if found and text else (None, None)
    if app is None and number is None:
        raise Stopped(f"{visible(text)!r} is neither an app nor a port: write https, 8443 or https:8443")
    port = int(number) if number is not None else None
    if port is not None and not 0 < port < 65536:
        raise Stopped(f"{port} is no port: ports are 1 to 65535")
    if app is None:
        app = next((name for name, known in APPS.items() if known.port == port), "tcp")
    elif app not in APPS:
        raise Stopped(f"there is no app {app!r}{did_you_mean(app, APPS)}")
    if port is None and APPS[app].port is None:
        raise Stopped(f"{app} has no standard port: write {app}:PORT")
    return {"app": app} if port is None else {"app": app, "port": port}


def make_inventory(
    folder: Path, host: str, service: dict[str, Any], scopes: Sequence[str], resolvers: Sequence[str]
) -> Inventory:
    """Write and load an inventory of one system; every mistake in the words ends as a Stopped."""
    try:
        kind, name = read_host(host)
    except Refusal as refusal:
        raise Stopped(str(refusal)) from refusal
    content: dict[str, Any] = {
        "version": 1,
        "organization": {"id": "probe", "name": name},
        "systems": [{"id": "probe", "name": name, "hosts": [name], "services": [service]}],
    }
    if kind == "address":
        # Named by its own user: whatever kind of address it is, it may be asked.
        bare = name.partition("%")[0]
        content["scope"] = [f"{bare}/{128 if ':' in bare else 32}", *scopes]
    elif scopes:
        content["scope"] = list(scopes)
    if resolvers:
        content["resolvers"] = {"given": list(resolvers)}
        content["vantages"] = {"local": {"resolver": "given", "sees": ["internet", "wan", "internal"]}}
    file = folder / "probe.yaml"
    plain = json.loads(json.dumps(content))
    file.write_text(yaml.safe_dump(plain, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return asking.find_valid(file)


def _perform(inventory: Inventory, output: Path, *, kept: bool) -> int:
    profile = find_profile(None)
    vantage = asking.pick_vantage(inventory, None)
    sitting = start(output, inventory, vantage, Selection(), profile, None, None)
    with sitting.run as run:
        try:
            end = ask(Order(), sitting)
        except StoreError as failure:
            raise Unfinished(str(failure)) from failure
        judged = judge_run(run, profile=profile, inventory=inventory)
        width = terminal_width()
        for line in told(judged.results, current().language, width, color=current().colored(sys.stdout)):
            click.echo(line)
        if kept:
            note(_KEPT.get(current().language).format(path=run.path))
        outcome = evaluate(Gates(), judged, interrupted=end.interrupted)
        tell(outcome)
        return outcome.code
