"""The draft that every reader fills: systems, equipment, units, sites and prefixes, and what did not fit.

A value goes in through a method that parses it as the loader will; what the loader would refuse becomes
a remark, never a value. So a draft is valid whatever its source said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from ipv6check.inventory import values
from ipv6check.inventory.addresses import canonical_prefix
from ipv6check.inventory.importers.service import DraftService, make_service
from ipv6check.inventory.importers.wording import clean, fold, slug
from ipv6check.inventory.names import canonical_name
from ipv6check.inventory.problems import Refusal
from ipv6check.inventory.system_schema import CATEGORIES
from ipv6check.model.text import Text

MOST_SERVICES = 200
_CHOICES: dict[str, tuple[str, ...]] = {
    "category": CATEGORIES,
    "criticality": ("critical", "high", "normal", "low"),
    "exposure": ("internet", "wan", "internal"),
    "goal": ("dual-stack", "ipv6-only", "ipv4-only", "retired"),
    "kind": ("host", "switch", "router", "firewall", "cpe", "load-balancer", "storage", "other"),
    "use": ("allocation", "site", "subnet", "point-to-point", "loopback", "reserved"),
}


@dataclass(slots=True, kw_only=True)
class DraftHost:
    """One host: a canonical name or address. `services` empty: it offers all of its system's."""

    host: str
    name: str | None = None
    services: set[DraftService] = field(default_factory=set)
    remark: str = ""


@dataclass(slots=True, kw_only=True)
class Entry:
    """What a system and a piece of equipment have in common; `fields` are keys and valid values."""

    wanted_id: str
    fields: dict[str, str] = field(default_factory=dict)
    remarks: dict[Text, None] = field(default_factory=dict)
    needs: list[str] = field(default_factory=list)

    def remark(self, vi: str, en: str | None = None) -> None:
        """Keep something as a comment; without `en`, it reads the same in both languages."""
        self.remarks[Text(clean(vi), clean(vi if en is None else en))] = None

    def unmapped(self, key: str, value: str) -> None:
        """Keep a value that no key of the inventory takes."""
        if clean(value):
            self.remark(f"chưa ánh xạ: {key} = {value}", f"not mapped: {key} = {value}")

    def refused(self, key: str, value: str, refusal: Refusal) -> None:
        """Keep a value that the loader would refuse, with its reason."""
        self.remark(
            f"chưa dùng được: {key} = {value} ({refusal})", f"not usable: {key} = {value} ({refusal})"
        )

    def put(self, key: str, value: str, parse: Callable[[str], object] | None = None) -> bool:
        """Set a key if it has no other value yet and the loader takes this one."""
        text = clean(value)
        if not text or self.fields.get(key) == text:
            return False
        options = _CHOICES.get(key)
        if key in self.fields or (options and text not in options):
            self.unmapped(key, text)
            return False
        try:
            self.fields[key] = str(parse(text)) if parse else text
        except Refusal as refusal:
            self.refused(key, text, refusal)
            return False
        return True


@dataclass(slots=True, kw_only=True)
class DraftSystem(Entry):
    """One system on its way."""

    hosts: dict[str, DraftHost] = field(default_factory=dict)
    services: dict[DraftService, None] = field(default_factory=dict)
    planned: dict[str, None] = field(default_factory=dict)
    mail_domains: dict[str, None] = field(default_factory=dict)
    mail_senders: dict[str, None] = field(default_factory=dict)

    def add_host(
        self, text: str, *, name: str = "", services: Iterable[DraftService] = (), remark: str = ""
    ) -> DraftHost | None:
        """Add a host by name or address, or add to it; None (and a remark) if it is neither."""
        try:
            parsed = values.any_host(clean(text))
        except Refusal as refusal:
            self.refused("host", text, refusal)
            return None
        key = parsed.address or parsed.name or ""
        host = self.hosts.setdefault(key, DraftHost(host=key))
        host.services.update(services)
        host.remark = host.remark or clean(remark)
        if name and parsed.address and host.name is None:
            try:
                host.name = canonical_name(clean(name))
            except Refusal as refusal:
                self.refused("name", name, refusal)
        return host

    def add_service(
        self, app: str, port: int | str | None = None, transport: str = "", *, path: str = ""
    ) -> DraftService | None:
        """Add a service; one that the loader would refuse becomes a remark.

        A `tcp` or `udp` port that is an application's standard port becomes that application.
        """
        service = make_service(app, port, transport, path)
        if isinstance(service, Refusal):
            self.refused("services", f"{app} {port or ''} {transport}", service)
            return None
        return self.keep_service(service)

    def keep_service(self, service: DraftService) -> DraftService | None:
        """Add a service as it is; return the one that stands there if its port is known already.

        Beyond `MOST_SERVICES` (a host that answers on every port) it becomes a remark, and None.
        """
        if service in self.services:
            return service
        for known in self.services:
            if (known.app, known.transport, known.label) == (service.app, service.transport, service.label):
                return known
        if len(self.services) >= MOST_SERVICES:
            self.unmapped("services", f"{service.label}/{service.transport}")
            return None
        self.services[service] = None
        return service

    def put_into(self, place: dict[str, None], key: str, value: str, parse: Callable[[str], str]) -> None:
        """Add to one of the lists of addresses or domains."""
        try:
            place[parse(clean(value))] = None
        except Refusal as refusal:
            self.refused(key, value, refusal)


@dataclass(slots=True, kw_only=True)
class DraftEquipment(Entry):
    """One piece of equipment on its way."""

    management: dict[str, None] = field(default_factory=dict)

    def add_address(self, text: str) -> None:
        """Add a management address; what is none becomes a remark."""
        try:
            self.management[values.address(clean(text).split("/")[0])] = None
        except Refusal as refusal:
            self.refused("management", text, refusal)


@dataclass(slots=True, kw_only=True)
class DraftPrefix(Entry):
    """One prefix of the address plan; its `wanted_id` is the canonical prefix."""


@dataclass(slots=True)
class Named:
    """Units or sites by the text that named them, each with an id of its own."""

    known: dict[str, tuple[str, str]] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)

    def take(self, text: str, fallback: str) -> str:
        """Return the id of what `text` names; an empty string for no text."""
        name = clean(text)
        if not name:
            return ""
        key = fold(name) or name
        if key not in self.known:
            self.known[key] = (free_id(slug(name) or fallback, self.ids), name)
        return self.known[key][0]


@dataclass(slots=True)
class Draft:
    """What was read. `systems` and `equipment` by the reader's own key, in the source's order."""

    systems: dict[str, DraftSystem] = field(default_factory=dict)
    equipment: dict[str, DraftEquipment] = field(default_factory=dict)
    prefixes: dict[str, DraftPrefix] = field(default_factory=dict)
    units: Named = field(default_factory=Named)
    sites: Named = field(default_factory=Named)
    remarks: dict[Text, None] = field(default_factory=dict)

    def system(self, key: str, wanted_id: str = "") -> DraftSystem:
        """Return the system of that key; a new one if there is none."""
        return self.systems.setdefault(key, DraftSystem(wanted_id=wanted_id or key))

    def device(self, key: str) -> DraftEquipment:
        """Return the piece of equipment of that key; a new one if there is none."""
        return self.equipment.setdefault(key, DraftEquipment(wanted_id=key))

    def prefix(self, text: str) -> DraftPrefix | None:
        """Return the prefix of the plan; None (and a remark) if it is none."""
        try:
            found = canonical_prefix(clean(text))
            values.prefix(found)
        except Refusal as refusal:
            self.remark(
                f"chưa dùng được: {text} ({refusal})",
                f"not usable: {text} ({refusal})",
            )
            return None
        return self.prefixes.setdefault(found, DraftPrefix(wanted_id=found))

    def remark(self, vi: str, en: str) -> None:
        """Keep something about the whole source as a comment."""
        self.remarks[Text(clean(vi), clean(en))] = None

    @property
    def empty(self) -> bool:
        """Whether nothing was found that an inventory declares."""
        return not (self.systems or self.equipment or self.prefixes)


def free_id(wanted: str, taken: dict[str, int]) -> str:
    """Return `wanted`, or `wanted-2` and so on, and take it; `taken` counts how often each was wanted."""
    number = taken.get(wanted, 0) + 1
    found = wanted if number == 1 else f"{wanted}-{number}"
    while found in taken:
        number += 1
        found = f"{wanted}-{number}"
    taken[wanted] = number
    taken.setdefault(found, 1)
    return found
