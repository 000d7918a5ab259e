"""NetBox's REST objects, as saved from the API or as fetched by `fetch/netbox.py`, into a draft.

Virtual machines and devices with services are systems, other devices equipment; prefixes become the
address plan, sites sites, tenants units. Read are one list response, a list of objects, or a mapping of
such lists; what an object is says its `url` (`/api/ipam/prefixes/12/`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ipv6check.inventory.addresses import block
from ipv6check.inventory.importers import columns
from ipv6check.inventory.importers.draft import Draft, DraftEquipment, DraftSystem
from ipv6check.inventory.importers.options import Options
from ipv6check.inventory.importers.wording import clean, fold
from ipv6check.inventory.names import host as read_host
from ipv6check.inventory.problems import Refusal
from ipv6check.inventory.reading import Unreadable

MAX_OBJECTS = 100_000
ENDPOINTS = (
    "dcim/sites", "ipam/prefixes", "dcim/devices", "virtualization/virtual-machines", "ipam/ip-addresses",
    "ipam/services",
)  # fmt: skip
_KIND = re.compile(r"/api/([a-z]+/[a-z-]+)/[0-9]+/?\Z")
_DEVICE, _VM = "dcim.device", "virtualization.virtualmachine"

Object = Mapping[str, Any]
Key = tuple[str, str]


def read(content: bytes, options: Options) -> Draft:
    """Read objects; raise Unreadable for what is not JSON of NetBox, or for half a page."""
    del options
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise _not_json(content, error) from error
    export = _Export()
    for path, item in _objects(document):
        export.add(path, item)
    draft = Draft()
    export.fill(draft)
    if draft.empty:
        raise Unreadable("holds no device, virtual machine, prefix or address of NetBox")
    return draft


def _not_json(content: bytes, error: Exception) -> Unreadable:
    if content.lstrip()[:1] == b"<":
        return Unreadable("is HTML or XML, not JSON: save the answer of NetBox's REST API (/api/…)")
    if isinstance(error, json.JSONDecodeError):
        return Unreadable(f"is not whole JSON: {error.msg}", error.lineno, error.colno)
    return Unreadable("is not JSON that can be read: nested too deeply, not UTF-8, or a number too long")


def _objects(document: object) -> Iterator[tuple[str, Object]]:
    """Yield each object with its endpoint."""
    lists: list[tuple[str, object]] = [("", document)]
    if isinstance(document, dict) and "results" not in document and "url" not in document:
        lists = [(str(key).removeprefix("/api/").strip("/"), value) for key, value in document.items()]
    count = 0
    for path, found in lists:
        items = found.get("results", [found]) if isinstance(found, dict) else found
        for item in items if isinstance(items, list) else ():
            count += 1
            if count > MAX_OBJECTS:
                raise Unreadable(f"holds more than {MAX_OBJECTS} objects: split it")
            if isinstance(item, dict):
                said = _KIND.search(_text(item.get("url")))
                yield said[1] if said else path, item


def _text(value: object) -> str:
    """Return a field as text; the label or name of a nested object."""
    if isinstance(value, dict):
        for key in ("name", "display", "label", "value"):
            if isinstance(value.get(key), str):
                return clean(value[key])
        return ""
    if isinstance(value, bool) or value is None:
        return ""
    return clean(str(value)) if isinstance(value, str | int | float) else ""


def _inner(value: object, *path: str) -> object:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _address(value: object) -> str:
    """Return the address of an IP address object or text, without its prefix length."""
    text = _text(_inner(value, "address")) if isinstance(value, dict) else _text(value)
    return text.split("/")[0]


class _Export:
    """Objects by endpoint, and what belongs to which machine."""

    def __init__(self) -> None:
        self._machines: dict[Key, Object] = {}
        self._addresses: dict[Key, list[Object]] = {}
        self._loose: list[Object] = []
        self._services: dict[Key, list[Object]] = {}
        self._rest: list[tuple[str, Object]] = []

    def add(self, path: str, item: Object) -> None:
        """Sort one object in."""
        identity = _text(item.get("id"))
        if path == "dcim/devices" or (not path and "device_type" in item):
            self._machines[_DEVICE, identity] = item
        elif path == "virtualization/virtual-machines" or (not path and "vcpus" in item):
            self._machines[_VM, identity] = item
        elif path == "ipam/ip-addresses" or (not path and "address" in item):
            owner = _machine_of(item.get("assigned_object"))
            if owner:
                self._addresses.setdefault(owner, []).append(item)
            else:
                self._loose.append(item)
        elif path == "ipam/services" or (not path and "ports" in item):
            owner = _parent_of(item)
            self._services.setdefault(owner or ("", ""), []).append(item)
        else:
            self._rest.append((path, item))

    def fill(self, draft: Draft) -> None:
        """Put everything into the draft."""
        for path, item in self._rest:
            if path == "dcim/sites":
                draft.sites.take(_text(item.get("name")), "site")
            elif path == "ipam/prefixes" or (not path and "prefix" in item):
                _add_prefix(draft, item)
            else:
                said = f"{path or 'object'} {_text(item)}"
                draft.remark(f"chưa ánh xạ: {said}", f"not mapped: {said}")
        for key, item in self._machines.items():
            self._add_machine(draft, key, item)
        for item in self._loose:
            self._add_loose(draft, item)
        for owner, services in self._services.items():
            if owner not in self._machines:
                for item in services:
                    draft.remark(
                        f"dịch vụ không rõ máy: {_text(item)}",
                        f"a service of no known machine: {_text(item)}",
                    )

    def _add_machine(self, draft: Draft, key: Key, item: Object) -> None:
        name = _text(item.get("name")) or _text(item.get("display")) or f"{key[0]} {key[1]}"
        services = self._services.get(key, [])
        entry: DraftSystem | DraftEquipment
        kind = _kind(item) if key[0] == _DEVICE else None
        if key[0] == _DEVICE and (kind not in (None, "host") or not services):
            entry = draft.device(f"{key[0]} {key[1]}")
            _describe(entry, item, kind)
            for address in _primaries(item):
                entry.add_address(address)
            for service in services:
                entry.unmapped("services", f"{_text(service)} {service.get('ports')}")
        else:
            entry = draft.system(f"{key[0]} {key[1]}")
            for host in self._hosts(key, item):
                entry.add_host(*host[:1], name=host[1])
            for service in services:
                _add_service(entry, service)
        entry.wanted_id = name
        entry.put("name", name)
        entry.put("unit", draft.units.take(_text(item.get("tenant")), "unit"))
        entry.put("site", draft.sites.take(_text(item.get("site")), "site"))
        _remark_rest(entry, item)

    def _hosts(self, key: Key, item: Object) -> Iterator[tuple[str, str]]:
        """Yield addresses with their DNS names: the primary ones first."""
        names = {_address(a): _text(a.get("dns_name")) for a in self._addresses.get(key, ())}
        for address in [*_primaries(item), *names]:
            if address:
                yield address, names.get(address, "")

    def _add_loose(self, draft: Draft, item: Object) -> None:
        """Add an address of no machine: a system if DNS names it, else a remark."""
        name, address = _text(item.get("dns_name")), _address(item)
        try:
            system = draft.system(f"dns {read_host(name)[1]}", name) if name else None
        except Refusal:
            system = None
        if system is None or not address:
            said = f"{address or _text(item)} {_text(item.get('description'))}"
            draft.remark(f"địa chỉ chưa gắn với máy: {said}", f"an address of no machine: {said}")
            return
        system.add_host(address, name=name)
        system.put("unit", draft.units.take(_text(item.get("tenant")), "unit"))


def _machine_of(assigned: object) -> Key | None:
    for field, kind in (("device", _DEVICE), ("virtual_machine", _VM)):
        identity = _text(_inner(assigned, field, "id"))
        if identity:
            return kind, identity
    return None


def _parent_of(service: Object) -> Key | None:
    """Return the machine of a service: `parent_object_*` from NetBox 4.3 on, a nested object before."""
    kind, identity = _text(service.get("parent_object_type")), _text(service.get("parent_object_id"))
    return (kind, identity) if kind and identity else _machine_of(service)


def _primaries(item: Object) -> list[str]:
    found = [_address(item.get(key)) for key in ("primary_ip6", "primary_ip4")]
    return [address for address in found if address]


def _kind(item: Object) -> str | None:
    """Return the kind of equipment that a device's role or model speaks of, or None."""
    words = f" {fold(_text(item.get('role')) or _text(item.get('device_role')))} "
    for kind, said in columns.VALUES["kind"].items():
        if any(f" {word} " in words for word in (fold(kind), *said)):
            return kind
    return None


def _describe(device: DraftEquipment, item: Object, kind: str | None) -> None:
    device.put("kind", kind or "other")
    device.put("vendor", _text(_inner(item, "device_type", "manufacturer")))
    device.put("model", _text(_inner(item, "device_type", "model")))
    device.put("os", _text(item.get("platform")))


def _add_service(system: DraftSystem, service: Object) -> None:
    transport = _text(_inner(service, "protocol", "value")) or _text(service.get("protocol")).lower()
    ports = service.get("ports")
    for port in ports if isinstance(ports, list) else ():
        if transport in ("tcp", "udp"):
            system.add_service(transport, _text(port), transport)
        else:
            system.unmapped("services", f"{_text(service)} {transport} {_text(port)}")


def _remark_rest(entry: DraftSystem | DraftEquipment, item: Object) -> None:
    status = _text(_inner(item, "status", "value")) or _text(item.get("status"))
    if status and status != "active":
        entry.unmapped("status", status)
    for key in ("role", "description", "comments"):
        if key != "role" or isinstance(entry, DraftSystem):
            entry.unmapped(key, _text(item.get(key)))


def _add_prefix(draft: Draft, item: Object) -> None:
    prefix = draft.prefix(_text(item.get("prefix")))
    if prefix is None:
        return
    found = block(prefix.wanted_id)
    behind = (32 if found.family == 4 else 128) - found.length
    container = (_text(_inner(item, "status", "value")) or _text(item.get("status"))) == "container"
    prefix.put(
        "use", "allocation" if container else {0: "loopback", 1: "point-to-point"}.get(behind, "subnet")
    )
    prefix.put("name", _text(item.get("description")))
    scope = item.get("site") or (item.get("scope") if item.get("scope_type") == "dcim.site" else None)
    prefix.put("site", draft.sites.take(_text(scope), "site"))
    prefix.put("unit", draft.units.take(_text(item.get("tenant")), "unit"))
    vlan = _text(_inner(item, "vlan", "vid"))
    if vlan.isdecimal() and 1 <= int(vlan) <= 4094:
        prefix.put("vlan", str(int(vlan)))
    for key in ("role", "vrf"):
        prefix.unmapped(key, _text(item.get(key)))
