"""From the validated head of an inventory to the model: organization, scope, resolvers, vantages."""

from __future__ import annotations

from ipv6check.inventory.addresses import block
from ipv6check.inventory.nodes import Journal, Map, locate
from ipv6check.inventory.schema import InventoryEntry, VantageEntry
from ipv6check.inventory.scope import Prefixes
from ipv6check.model.inventory import Canary, Endpoint, Organization, Vantage
from ipv6check.model.text import Text

DEFAULT_VANTAGE = Vantage(name="local")


def organization(entry: InventoryEntry) -> Organization:
    """Return whose inventory it is; a missing name is the id."""
    given = entry.organization
    return Organization(id=given.id, name=given.name or Text.same(given.id), timezone=given.timezone)


def resolvers(entry: InventoryEntry, journal: Journal, root: Map) -> dict[str, tuple[Endpoint, ...]]:
    """Return the named DNS views; the name `system` is taken."""
    for name, view in entry.resolvers.items():
        path = ("resolvers", name)
        if name == "system":
            message = '"system" stands for this host\'s own resolver settings: choose another name'
            journal.error(locate(root, (*path, "[key]")), message)
        if not view:
            journal.error(locate(root, path), f'resolver "{name}" names no server')
    return {name: tuple(view) for name, view in entry.resolvers.items()}


def vantages(entry: InventoryEntry, journal: Journal, root: Map) -> tuple[Vantage, ...]:
    """Return the vantages; left out, one: `local`, with the system's resolvers and no canary."""
    if entry.vantages is None:
        return (DEFAULT_VANTAGE,)
    if not entry.vantages:
        journal.error(locate(root, ("vantages",)), "names no vantage: leave `vantages` out for the default")
    return tuple(_vantage(name, given) for name, given in entry.vantages.items())


def _vantage(name: str, given: VantageEntry) -> Vantage:
    return Vantage(
        name=name,
        resolver=given.resolver,
        sees=tuple(dict.fromkeys(given.sees)),
        canaries=tuple(
            Canary(address=canary.host[0], port=canary.host[1], prefixes=tuple(canary.prefixes))
            for canary in given.canaries
        ),
        controls=tuple(given.controls),
    )


def check_exclude(entry: InventoryEntry, journal: Journal, root: Map) -> None:
    """Note what is named to be asked and excluded too, and prefixes that say nothing new."""
    excluded = Prefixes(entry.exclude)

    def refuse(address: str, path: tuple[str | int, ...], what: str) -> None:
        if excluded.hold(address):
            message = f"{what} {address} lies in `exclude`, which always wins: take it out of one of them"
            journal.error(locate(root, path), message)

    for name, view in entry.resolvers.items():
        for number, endpoint in enumerate(view):
            refuse(endpoint.address, ("resolvers", name, number), "resolver")
    for number, address in enumerate(entry.dns_roots):
        refuse(address, ("dns_roots", number), "DNS root")
    for name, vantage in (entry.vantages or {}).items():
        for number, canary in enumerate(vantage.canaries):
            refuse(canary.host[0], ("vantages", name, "canaries", number), "canary")
        for number, control in enumerate(vantage.controls):
            refuse(control.address, ("vantages", name, "controls", number), "control")


def remark_prefixes(entry: InventoryEntry, journal: Journal, root: Map) -> None:
    """Warn of scope that is excluded whole, of prefixes within others, and of a scope that is everything."""
    excluded = Prefixes(entry.exclude)
    for key, prefixes in (("scope", entry.scope or []), ("exclude", entry.exclude)):
        for number, prefix in enumerate(prefixes):
            at = locate(root, (key, number))
            others = Prefixes(prefixes[:number] + [p for p in prefixes[number + 1 :] if p != prefix])
            if others.covering(block(prefix)):
                journal.warn(at, f"{prefix} lies in another prefix of `{key}`: it changes nothing")
            elif key == "scope" and excluded.covering(block(prefix)):
                journal.warn(at, f"{prefix} lies in `exclude`: nothing of it is contacted")
            elif key == "scope" and prefix.endswith("/0"):
                journal.warn(at, f"{prefix} permits every address there is")
    if entry.scope == []:
        journal.warn(
            locate(root, ("scope",)), "an empty scope permits no address: leave it out for the default"
        )
