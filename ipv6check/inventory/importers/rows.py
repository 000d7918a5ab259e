"""One row of a table into a system or a piece of equipment of the draft."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from ipv6check.inventory import values
from ipv6check.inventory.addresses import block
from ipv6check.inventory.importers import columns
from ipv6check.inventory.importers.draft import Draft, DraftEquipment, DraftSystem
from ipv6check.inventory.importers.hosts import add_port, is_port, split_endpoint
from ipv6check.inventory.importers.service import DraftService
from ipv6check.inventory.importers.wording import clean, fold, is_secret
from ipv6check.inventory.names import is_address
from ipv6check.inventory.problems import Refusal
from ipv6check.inventory.system_schema import CATEGORIES

_PIECES = re.compile(r"[,;|\s]+")
_DEVICE_FIELDS = {"device", "vendor", "model", "management", "end_of_support", "os_version"}
_PLACES = {"host", "url", "management", "id", "planned"}
_SYSTEM_FIELDS = {"url", "port", "service", "exposure", "goal", "planned"}


def is_about_devices(fields: Iterable[str]) -> bool:
    """Whether a table with these columns lists equipment rather than systems."""
    known = set(fields)
    return "device" in known or len(known & _DEVICE_FIELDS) > len(known & _SYSTEM_FIELDS)


class Row:
    """The cells of one row by field, in the table's order."""

    def __init__(
        self, number: int, headers: Sequence[str], fields: Sequence[str | None], cells: Sequence[str]
    ) -> None:
        self.number = number
        self.filled = [cell for cell in cells if cell.strip()]
        self.cells: dict[str, list[str]] = {}
        self.others: list[tuple[str, str]] = []
        self._wide = len({field for field in fields if field and field != columns.IGNORE}) > 1
        for column, cell in enumerate(cells):
            header = headers[column] if column < len(headers) else ""
            field = fields[column] if column < len(fields) else None
            if not cell.strip() or field == columns.IGNORE:
                continue
            if field:
                self.cells.setdefault(field, []).append(cell)
            elif not is_secret(header):
                self.others.append((header or f"#{column + 1}", cell))

    @property
    def text(self) -> str:
        """The whole row, for a remark."""
        return " | ".join(clean(cell, 80) for cell in self.filled)

    @property
    def is_heading(self) -> bool:
        """Whether it is empty, or a heading between rows: a name alone in a table that says more of each."""
        if len(self.cells) + len(self.others) > 1:
            return False
        return not self.cells or (self._wide and not self.cells.keys() & _PLACES)

    def first(self, field: str) -> str:
        """Return the first cell of a field, or an empty string."""
        return clean(self.cells.get(field, [""])[0])

    def pieces(self, field: str) -> list[str]:
        """Return the parts of a field's cells, apart by commas, semicolons, bars or blanks."""
        return [piece for cell in self.cells.get(field, ()) for piece in _PIECES.split(cell) if piece]


def add_system(draft: Draft, row: Row) -> None:
    """Add the row's system, or add the row to the system that it belongs to."""
    identity, name = row.first("id"), row.first("name") or row.first("device")
    hosts = [*row.pieces("host"), *row.pieces("url")]
    key = fold(identity) or f"{fold(name)}@{fold(row.first('unit'))}".strip("@")
    if not key:
        key = clean(hosts[0]) if hosts else f"row-{row.number}"
    system = draft.system(key, identity or name or key)
    system.put("name", name)
    _place(draft, system, row)
    for field in ("owner", "contact"):
        system.put({"owner": "owner.name"}.get(field, "owner.contact"), row.first(field))
    for field in ("criticality", "exposure", "goal"):
        _choose(system, field, row.first(field))
    _categorise(system, row.first("category"), name)
    _take_day(system, "deadline", row.first("deadline"))
    phase = re.search(r"[0-9]{1,2}", row.first("phase"))
    if phase:
        system.put("phase", str(int(phase[0])))
    offered = _services(system, row)
    for text in hosts:
        _host(system, text, offered)
    for address in row.pieces("planned"):
        system.put_into(system.planned, "planned", address.split("/")[0], values.address)
    system.needs += [need for cell in row.cells.get("depends_on", ()) for need in re.split(r"[,;\n]", cell)]
    _keep_rest(system, row, {"vendor", "model", "os", "os_version", "end_of_support", "management", "kind"})


def add_device(draft: Draft, row: Row) -> None:
    """Add the row's piece of equipment."""
    identity, name = row.first("id"), row.first("device") or row.first("name")
    key = fold(identity) or fold(name) or f"device-{row.number}"
    device = draft.device(key)
    device.wanted_id = identity or name or key
    device.put("name", name)
    _choose(device, "kind", row.first("kind") or row.first("category"))
    for field in ("vendor", "model", "os", "os_version"):
        device.put(field, row.first(field))
    _place(draft, device, row)
    _choose(device, "criticality", row.first("criticality"))
    _take_day(device, "end_of_support", row.first("end_of_support"))
    for address in [*row.pieces("management"), *row.pieces("host")]:
        device.add_address(address)
    kept = {
        "owner",
        "contact",
        "port",
        "service",
        "url",
        "exposure",
        "goal",
        "deadline",
        "phase",
        "depends_on",
    }
    _keep_rest(device, row, kept)


def _place(draft: Draft, entry: DraftSystem | DraftEquipment, row: Row) -> None:
    entry.put("unit", draft.units.take(row.first("unit"), "unit"))
    entry.put("site", draft.sites.take(row.first("site"), "site"))


def _choose(entry: DraftSystem | DraftEquipment, field: str, cell: str) -> None:
    if cell:
        entry.put(field, columns.value_of(field, cell) or cell)


def _categorise(system: DraftSystem, cell: str, name: str) -> None:
    """Set the category by its cell; without one, guess it by the name and say that it is a guess."""
    if cell:
        system.put("category", cell if cell in CATEGORIES else columns.category_in(cell) or cell)
        return
    guess = columns.category_in(name)
    if guess and system.put("category", guess):
        system.remark("category: đoán theo tên", "category: guessed by the name")


def _take_day(entry: DraftSystem | DraftEquipment, field: str, cell: str) -> None:
    """Set a date, YYYY-MM-DD or as in Vietnam day/month/year."""
    found = re.fullmatch(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})", cell)
    text = f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}" if found else cell
    try:
        if cell:
            entry.put(field, date.fromisoformat(text).isoformat())
    except ValueError:
        entry.unmapped(field, cell)


def _services(system: DraftSystem, row: Row) -> list[DraftService]:
    """Add what the row's ports and protocols say; return what its hosts offer."""
    names = [name.lower() for name in row.pieces("service")]
    ports = [port.lower() for port in row.pieces("port")]
    transport = next((word for word in (*ports, *names) if word in ("tcp", "udp")), "")
    found = [add_port(system, port, transport=transport) for port in ports if port not in ("tcp", "udp")]
    for name in names:
        if name in ("tcp", "udp") or (found and name in {service.app for service in found if service}):
            continue
        if is_port(name) and not found:
            found.append(add_port(system, name))
        else:
            system.unmapped("services", name)
    return [service for service in found if service]


def _host(system: DraftSystem, text: str, offered: list[DraftService]) -> None:
    """Add one host, with the ports that it names itself."""
    host, ports, path = split_endpoint(text)
    address, slash, length = host.partition("/")
    if slash and is_address(address) and length.isdecimal():
        if _is_prefix(host):
            system.unmapped("hosts", host)
            return
        host = address
    own = [add_port(system, port, path) for port in ports]
    system.add_host(host, services=[*offered, *(service for service in own if service)])


def _is_prefix(text: str) -> bool:
    """Whether text is a whole network rather than one host with its network's length."""
    try:
        found = block(text)
    except Refusal:
        return False
    return found.length < (32 if found.family == 4 else 128)


def _keep_rest(entry: DraftSystem | DraftEquipment, row: Row, fields: set[str]) -> None:
    """Keep what no key takes as remarks."""
    for field in row.cells:
        if field in fields:
            entry.unmapped(field, ", ".join(row.cells[field]))
    for header, cell in row.others:
        entry.unmapped(header, cell)
