"""From files to an Inventory, or to every error there is, each with its position."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TypeVar

from pydantic import ValidationError

from ipv6check.inventory import network, sections
from ipv6check.inventory.entry import Entry
from ipv6check.inventory.includes import Files
from ipv6check.inventory.index import build_index
from ipv6check.inventory.nodes import Journal, Map, Scalar, Seq, plain
from ipv6check.inventory.problems import Loaded, Problem, make_problem
from ipv6check.inventory.remarks import remark
from ipv6check.inventory.schema import (
    ENTRIES,
    AcceptEntry,
    EquipmentEntry,
    InventoryEntry,
    MilestoneEntry,
    PlanEntryEntry,
    SiteEntry,
    UnitEntry,
)
from ipv6check.inventory.services import raw_labels
from ipv6check.inventory.system_schema import SystemEntry
from ipv6check.inventory.systems import Surroundings, build_system
from ipv6check.inventory.trust import as_file, read_trust
from ipv6check.inventory.wording import tell
from ipv6check.model.inventory import Acceptance, Inventory, Source, System

EntryT = TypeVar("EntryT", bound=Entry)
ItemT = TypeVar("ItemT")


def load(path: Path) -> Loaded:
    """Read, check and resolve the inventory file at `path`, and all it includes."""
    with _uncollected():
        return _load(path)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the garbage collector from walking millions of new nodes again and again: none is garbage yet."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _load(path: Path) -> Loaded:
    journal = Journal()
    files = Files(journal, path)
    root = files.merged()
    if root is None:
        return Loaded(inventory=None, errors=_sorted(journal.errors), warnings=_sorted(journal.warnings))
    inventory = _Reading(journal, files, root).inventory()
    if journal.errors:
        inventory = None
    return Loaded(inventory=inventory, errors=_sorted(journal.errors), warnings=_sorted(journal.warnings))


def load_folder(folder: Path, main: str) -> Loaded:
    """Load the copy of an inventory inside a run; `main` is its main file's name in that folder."""
    name = PurePosixPath(main)
    if len(name.parts) != 1 or main in ("..", "."):
        problem = make_problem(str(folder), 1, 1, f'"{main}" is not the name of a file in this folder', "")
        return Loaded(inventory=None, errors=(problem,))
    return load(folder / main)


def _sorted(problems: list[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(set(problems)))


class _Reading:
    """One inventory on its way from nodes to the model."""

    def __init__(self, journal: Journal, files: Files, root: Map) -> None:
        self._journal = journal
        self._files = files
        self._root = root
        self._index = build_index(journal, root, whole=files.whole)

    def inventory(self) -> Inventory | None:
        """Return the inventory; None if its head is wrong. Every error goes to the journal."""
        journal, root = self._journal, self._root
        head = self._head()
        around = Surroundings(vantages=(), timezone="Asia/Ho_Chi_Minh")
        if head is not None:
            around = Surroundings(
                vantages=network.vantages(head, journal, root), timezone=head.organization.timezone
            )
            network.check_exclude(head, journal, root)
            network.remark_prefixes(head, journal, root)
        systems = self._systems(around)
        accept = self._accept(systems)
        units = self._items("units", UnitEntry, sections.unit)
        sections.check_units(units, journal)
        plan = self._items("address_plan", PlanEntryEntry, sections.plan_entry)
        sites = self._items("sites", SiteEntry, sections.site)
        equipment = self._items("equipment", EquipmentEntry, sections.equipment)
        programme = self._items("programme", MilestoneEntry, sections.milestone)
        node = root.get("trust")
        trust = read_trust(journal, self._files, node) if isinstance(node, Seq) else ()
        if head is None:
            return None
        found = Inventory(
            organization=network.organization(head),
            scope=None if head.scope is None else tuple(dict.fromkeys(head.scope)),
            exclude=tuple(dict.fromkeys(head.exclude)),
            scope_dns=head.scope_dns,
            resolvers=network.resolvers(head, journal, root),
            dns_roots=tuple(head.dns_roots),
            vantages=around.vantages,
            address_plan=tuple(plan),
            sites=tuple(sites),
            units=tuple(units),
            systems=tuple(systems),
            accept=tuple(accept),
            equipment=tuple(equipment),
            programme=tuple(programme),
            trust=tuple(file.name for file in trust),
            files=(*(as_file(file.name, file.content) for file in journal.files), *trust),
        )
        remark(found, journal)
        return found

    def _head(self) -> InventoryEntry | None:
        """Validate everything but the long lists."""
        short = {
            key: (at, node)
            for key, (at, node) in self._root.entries.items()
            if not (key in ENTRIES and isinstance(node, Seq))
        }
        head = Map(short, self._root.at)
        try:
            return InventoryEntry.model_validate(plain(head), context=self._index)
        except ValidationError as error:
            tell(self._journal, error, InventoryEntry, head)
            return None

    def _nodes(self, key: str) -> Iterator[Map]:
        """Yield the mappings of a list; what is none goes to the journal."""
        node = self._root.get(key)
        for item in node.items if isinstance(node, Seq) else ():
            if isinstance(item, Map):
                yield item
            else:
                example = item.text if isinstance(item, Scalar) else "…"
                message = f"an entry of `{key}` is a mapping: write `- id: {example}` and so on"
                self._journal.error(item.at, message)

    def _valid(self, model: type[EntryT], node: Map) -> EntryT | None:
        try:
            return model.model_validate(plain(node), context=self._index)
        except ValidationError as error:
            tell(self._journal, error, model, node)
            return None

    def _items(
        self, key: str, model: type[EntryT], convert: Callable[[EntryT, Source], ItemT]
    ) -> list[ItemT]:
        """Validate and convert the entries of a list one by one."""
        valid = ((self._valid(model, node), node) for node in self._nodes(key))
        return [convert(entry, self._journal.source(node.at)) for entry, node in valid if entry is not None]

    def _systems(self, around: Surroundings) -> list[System]:
        found = []
        for node in self._nodes("systems"):
            self._index.services = raw_labels(node.get("services"))
            entry = self._valid(SystemEntry, node)
            if entry is not None:
                found.append(build_system(entry, around, self._journal, node))
        return found

    def _accept(self, systems: list[System]) -> list[Acceptance]:
        by_id = {system.id: system for system in systems}
        found = []
        for node in self._nodes("accept"):
            entry = self._valid(AcceptEntry, node)
            if entry is not None:
                source = self._journal.source(node.at)
                found.append(sections.acceptance(entry, by_id, self._journal, node, source))
        return found
