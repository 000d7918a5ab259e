"""`address-plan`: the tree of planned prefixes with how full each is, or the next free prefix.

Works on the inventory alone and never changes it. A proposal goes to stdout by itself, for scripts;
where it was found, and the line that would keep it, go to stderr.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

import click

from ipv6check.addressplan import Known, NoProposal, Place, PlanTree, Proposal, Wish, propose, usages
from ipv6check.cli.judging import Stopped, problems_stop
from ipv6check.cli.plan_tree import tree_lines
from ipv6check.cli.settings import current, note
from ipv6check.inventory import load
from ipv6check.inventory.problems import Refusal, did_you_mean, visible
from ipv6check.inventory.values import prefix as read_prefix
from ipv6check.model.inventory import Inventory
from ipv6check.model.text import Text

_NO_PLAN = Text(
    "{path}: danh mục không khai báo address_plan; thêm vùng địa chỉ được cấp, ví dụ "
    "- {{prefix: 2001:db8::/48, use: allocation}}",
    "{path}: the inventory declares no address_plan; add the block you were given, for instance "
    "- {{prefix: 2001:db8::/48, use: allocation}}",
)
_FOUND = Text("còn trống trong {inside}{name}", "free in {inside}{name}")
_LINE = Text("để giữ chỗ, thêm vào address_plan: {line}", "to keep it, add to address_plan: {line}")
_UNALIGNED = Text(
    "không còn chỗ trên ranh giới 4 bit: tiền tố này không mở rộng thêm được",
    "no room on a nibble boundary is left: this one cannot grow",
)


def _length(context: click.Context, option: click.Parameter, value: str | None) -> int | None:
    """Read a prefix length, `/64` or `64`."""
    if value is None:
        return None
    found = re.fullmatch(r"/?([1-9][0-9]{0,2})", value)
    if found is None or int(found[1]) > 128:
        raise click.BadParameter(f"{visible(value)} is not a prefix length: write /64", context, option)
    return int(found[1])


@click.command(name="address-plan", short_help="The address plan as a tree; the next free prefix.")
@click.argument("path", metavar="INVENTORY", type=click.Path(path_type=Path))
@click.option(
    "--next", "length", callback=_length, metavar="/LENGTH", help="Propose a free prefix, for instance /64."
)
@click.option("--in", "inside", metavar="PREFIX", help="Look in this prefix of the plan.")
@click.option("--site", metavar="ID", help="Look in what the plan gives this site.")
@click.option("--unit", metavar="ID", help="Look in what the plan gives this unit, or the ones above it.")
@click.option("--system", metavar="ID", help="Look in what the plan gives this system, its site or its unit.")
@click.option("--sparse", is_flag=True, help="Spread prefixes out (RFC 3531), so that each can grow.")
def command(
    path: Path,
    length: int | None,
    inside: str | None,
    site: str | None,
    unit: str | None,
    system: str | None,
    sparse: bool,
) -> None:
    """Show the address plan of an inventory with its utilisation, or propose the next free prefix.

    The file is never changed. Without a place, --next looks in the allocations of the plan.
    """
    place = _place(inside=inside, site=site, unit=unit, system=system)
    if length is None and (sparse or place.kind != "plan"):
        raise click.UsageError("--in, --site, --unit, --system and --sparse say where and how --next looks")
    loaded = load(path)
    if loaded.inventory is None:
        raise problems_stop(loaded.errors)
    inventory = loaded.inventory
    if not inventory.address_plan:
        raise Stopped(_NO_PLAN.get(current().language).format(path=visible(str(path))))
    tree, known = PlanTree(inventory.address_plan), Known.of(inventory)
    if length is None:
        for line in tree_lines(tree, usages(tree, known), known, current().language):
            click.echo(line)
        return
    _check(inventory, place)
    try:
        found = propose(inventory, tree, known, Wish(length=length, place=place, sparse=sparse))
    except NoProposal as nothing:
        raise Stopped(f"{visible(str(path))}: {nothing.said.get(current().language)}") from nothing
    click.echo(found.prefix)
    _explain(found, place)


def _place(**given: str | None) -> Place:
    """Return where to look: at most one of the options says so."""
    said = {kind: name for kind, name in given.items() if name is not None}
    if len(said) > 1:
        raise click.UsageError(f"name one place only: {', '.join(f'--{_option(kind)}' for kind in said)}")
    for kind, name in said.items():
        match kind:
            case "inside":
                return Place(kind="prefix", id=_prefix(name))
            case "site" | "unit" | "system":
                return Place(kind=kind, id=name)
    return Place()


def _option(kind: str) -> str:
    return "in" if kind == "inside" else kind


def _prefix(text: str) -> str:
    try:
        return read_prefix(text)
    except Refusal as refusal:
        raise click.BadParameter(visible(str(refusal)), param_hint="--in") from refusal


def _check(inventory: Inventory, place: Place) -> None:
    """Refuse an id that the inventory does not declare."""
    declared: dict[str, Collection[str]] = {
        "site": [each.id for each in inventory.sites],
        "unit": [each.id for each in inventory.units],
        "system": [each.id for each in inventory.systems],
    }
    ids = declared.get(place.kind)
    if ids is not None and place.id not in ids:
        name = visible(place.id)
        message = f'the inventory has no {place.kind} "{name}"{did_you_mean(place.id, ids)}'
        raise click.BadParameter(message, param_hint=f"--{place.kind}")


def _explain(found: Proposal, place: Place) -> None:
    """Say where the proposal was found, and what to write to keep it."""
    language = current().language
    entry = None if found.node is None else found.node.entry
    name = f" ({entry.name.get(language)})" if entry is not None and entry.name is not None else ""
    note(_FOUND.get(language).format(inside=found.inside, name=visible(name)))
    if not found.aligned:
        note(_UNALIGNED.get(language))
    length = int(found.prefix.partition("/")[2])
    use = "loopback" if length == 128 else "point-to-point" if length >= 126 else "subnet"
    if length < 64 and ":" in found.prefix:
        use = "site"
    bound = f", {place.kind}: {place.id}" if place.kind in ("site", "unit", "system") else ""
    note(_LINE.get(language).format(line=f'- {{prefix: "{found.prefix}", use: {use}{bound}}}'))
