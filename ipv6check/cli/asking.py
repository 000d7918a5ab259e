"""What `scan`, `plan` and `demo` settle before anything is asked: inventory, vantage, selection, resolvers.

Every mistake of the caller ends here as a `Stopped`, before anybody is contacted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from pathlib import Path

import click

from ipv6check.checks import AUDITS, BUILTIN
from ipv6check.cli.judging import Stopped, problems_stop
from ipv6check.cli.settings import current, note
from ipv6check.inventory import load
from ipv6check.inventory.problems import did_you_mean
from ipv6check.judge.selection import selected_systems, selects
from ipv6check.model.inventory import SYSTEM_VIEW, Endpoint, Inventory
from ipv6check.model.profile import Profile
from ipv6check.model.run import Selection
from ipv6check.model.text import Text
from ipv6check.net.resolver import ResolverError, system_resolvers

_NEEDS = (*((each.id, each.needs) for each in BUILTIN), *((each.id, each.needs) for each in AUDITS))
_WARNING = Text("cảnh báo", "warning")
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600}
_SHOWN = 12


def find_valid(path: Path) -> Inventory:
    """Load an inventory; warnings go to stderr, errors end the command."""
    loaded = load(path)
    if loaded.inventory is None:
        raise problems_stop(loaded.errors)
    for problem in loaded.warnings:
        note(problem.show(label=_WARNING.get(current().language)))
    return loaded.inventory


def pick_vantage(inventory: Inventory, name: str | None) -> str:
    """Return the vantage to look from: the one named, or the only one."""
    names = [vantage.name for vantage in inventory.vantages]
    if name is None:
        if len(names) > 1:
            raise Stopped(f"the inventory declares {len(names)} vantages: name yours with --vantage "
                          f"({', '.join(names)})")  # fmt: skip
        return names[0]
    _known("vantage", [name], names)
    return name


def make_selection(
    inventory: Inventory, systems: Iterable[str], units: Iterable[str], checks: Iterable[str]
) -> Selection:
    """Return what the run is limited to, sorted; what does not exist ends the command."""
    selection = Selection(
        systems=tuple(sorted(set(systems))),
        units=tuple(sorted(set(units))),
        checks=tuple(sorted(set(checks))),
    )
    _known("system", selection.systems, [system.id for system in inventory.systems])
    _known("unit", selection.units, [unit.id for unit in inventory.units])
    ids = {check_id for check_id, _ in _NEEDS}
    _known("check", selection.checks, ids | {check_id.partition(".")[0] for check_id in ids})
    if not selected_systems(inventory, selection):
        raise Stopped("nothing to do: no system is selected")
    return selection


def _known(kind: str, wanted: Iterable[str], known: Collection[str]) -> None:
    for name in wanted:
        if name not in known:
            near = did_you_mean(name, known)
            shown = f" (there are: {', '.join(sorted(known))})" if not near and len(known) <= _SHOWN else ""
            raise Stopped(f"there is no {kind} {name!r}{near}{shown}")


def needs_of(selection: Selection) -> frozenset[str]:
    """Return the kinds of question that some selected check reads."""
    return frozenset(need for check_id, needs in _NEEDS if selects(selection, check_id) for need in needs)


def audit_ports_of(selection: Selection, profile: Profile) -> tuple[int, ...]:
    """Return the ports that the profile has tried on every host; none if nobody will judge them."""
    return profile.audit_ports if selects(selection, "parity.exposure") else ()


def view_of(inventory: Inventory, vantage: str) -> tuple[Endpoint, ...]:
    """Return the servers of the vantage's DNS view; `system` is this host's own settings."""
    view = inventory.vantage(vantage).resolver
    if view != SYSTEM_VIEW:
        return inventory.resolvers[view]
    try:
        settings = system_resolvers()
    except ResolverError as failure:
        raise Stopped(f"{failure}; name a resolver under `resolvers` of the inventory instead") from failure
    for word in settings.refused:
        note(f"resolv.conf: {word!r} is not the address of a name server; it is passed over")
    return settings.servers


class Duration(click.ParamType[float]):
    """A time as `90`, `90s`, `15m` or `2h`; the value is in seconds."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return seconds; fail with what to write instead."""
        if isinstance(value, int | float):
            return float(value)
        found = re.fullmatch(r"(\d{1,7}(?:\.\d{1,3})?)\s*([smh]?)", str(value))
        if found is None or not float(found[1]):
            self.fail(
                f"{value!r} is no duration: write seconds (90), minutes (15m) or hours (2h)", param, ctx
            )
        return float(found[1]) * _UNITS[found[2]]
