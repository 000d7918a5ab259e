"""An Ansible inventory whatever its format: groups with hosts, children and variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ipv6check.inventory.reading import Unreadable

MAX_HOSTS = 20_000
_BUILT_IN = {"all", "ungrouped"}


@dataclass(slots=True)
class Group:
    """One group; hosts and children in the source's order."""

    hosts: dict[str, None] = field(default_factory=dict)
    children: dict[str, None] = field(default_factory=dict)
    variables: dict[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class Tree:
    """All groups by name, and each host's own variables."""

    groups: dict[str, Group] = field(default_factory=dict)
    hosts: dict[str, dict[str, object]] = field(default_factory=dict)

    def group(self, name: str) -> Group:
        """Return the group of that name; a new one if there is none."""
        return self.groups.setdefault(name, Group())

    def add_child(self, parent: str, child: str) -> None:
        """Put a group under another."""
        if child:
            self.group(parent).children[child] = None
            self.group(child)

    def add_host(self, group: str, host: str, variables: Mapping[str, object]) -> None:
        """Put a host into a group, with further variables of its own."""
        self.group(group).hosts[host] = None
        self.hosts.setdefault(host, {}).update(variables)
        if len(self.hosts) > MAX_HOSTS:
            raise Unreadable(f"has more than {MAX_HOSTS} hosts: split it")

    def variables_by_host(self) -> dict[str, dict[str, object]]:
        """Return each host's variables, with those of its groups and of the groups above them behind."""
        above, groups = self._parents(), self.groups_of()
        inherited: dict[str, dict[str, object]] = {}
        found = {}
        for host, own in self.hosts.items():
            key = "\0".join(groups[host])
            if key not in inherited:
                inherited[key] = self._inherited(groups[host] or ["ungrouped"], above)
            found[host] = {**inherited[key], **own}
        return found

    def _inherited(self, groups: list[str], above: Mapping[str, list[str]]) -> dict[str, object]:
        found: dict[str, object] = {}
        for name in [*_upwards(groups, above), "all"]:
            for key, value in self.groups[name].variables.items() if name in self.groups else ():
                found.setdefault(key, value)
        return found

    def _parents(self) -> dict[str, list[str]]:
        """Return the parents of each group."""
        found: dict[str, list[str]] = {name: [] for name in self.groups}
        for name, group in self.groups.items():
            for child in group.children:
                found[child].append(name)
        return found

    def groups_of(self) -> dict[str, list[str]]:
        """Return the groups that name each host themselves, but for the built-in ones."""
        found: dict[str, list[str]] = {host: [] for host in self.hosts}
        for name, group in self.groups.items():
            for host in group.hosts:
                if name not in _BUILT_IN:
                    found.setdefault(host, []).append(name)
        return found


def _upwards(names: list[str], parents: Mapping[str, list[str]]) -> Iterator[str]:
    """Yield groups and all above them, nearest first, each once (a cycle ends)."""
    seen: dict[str, None] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop(0)
        if name not in seen:
            seen[name] = None
            yield name
            waiting += parents.get(name, [])
