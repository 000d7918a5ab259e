"""A draft as YAML text: what an inventory declares, and everything else as comments beside it.

Texts are quoted wherever YAML, or another YAML tool, could read them as anything but text. Comments are
in one language; nothing of the source can end a comment's line, since `clean` left no line break.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from ipv6check.inventory.apps import APPS
from ipv6check.inventory.importers.draft import Draft, DraftHost, DraftSystem, Entry, Named, free_id
from ipv6check.inventory.importers.needs import resolve
from ipv6check.inventory.importers.service import DraftService
from ipv6check.inventory.importers.wording import clean, quote, slug
from ipv6check.model.text import Language, Text

MOST_REMARKS = 40
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")

_HEAD = Text(
    "Bản nháp do `ipv6check import {format}` lập từ {source}. Hãy rà soát từng mục, sửa các dòng "
    "ghi chú (#), rồi chạy `ipv6check validate`.",
    "A draft that `ipv6check import {format}` made of {source}. Review each entry, settle the comment "
    "lines (#), then run `ipv6check validate`.",
)
_FILL_IN = Text("cần điền: mã và tên của tổ chức", "to fill in: the organization's id and name")
_NO_SERVICE = Text(
    "cần điền: services, ví dụ [https]; chưa có dịch vụ thì chưa kiểm tra kết nối được",
    "to fill in: services, for instance [https]; without them no connection is checked",
)
_NO_HOST = Text("cần điền: hosts (tên hoặc địa chỉ)", "to fill in: hosts (names or addresses)")
_NEEDS_SYSTEM = Text(
    "không có hệ thống nào trong nguồn này", "this source names no system: add some under `systems`"
)
_MORE = Text("… và {count} ghi chú khác", "… and {count} more remarks")


def write(draft: Draft, language: Language, *, format_name: str, source: str) -> str:
    """Return the draft as one inventory file, comments in `language`; it always validates."""
    head = _HEAD.get(language).format(format=format_name, source=clean(source))
    lines = [f"# {head}", *_remarks(draft.remarks, language, "")]
    lines += ["", "version: 1", "organization:", f"  id: organization    # {_FILL_IN.get(language)}"]
    lines += ["  timezone: Asia/Ho_Chi_Minh"]
    lines += _section("sites", _named(draft.sites)) + _section("units", _named(draft.units))
    lines += _section("address_plan", _prefixes(draft, language))
    ids = _ids(draft.systems), _ids(draft.equipment)
    needs = resolve(draft, *ids)
    lines += _section("equipment", _equipment(draft, ids[1], language))
    lines += _section("systems", _systems(draft, ids[0], needs, language))
    if not draft.systems:
        lines += ["", f"# {_NEEDS_SYSTEM.get(language)}", "systems: []"]
    return "\n".join(lines) + "\n"


def _section(key: str, lines: Iterable[str]) -> list[str]:
    found = list(lines)
    return ["", f"{key}:", *found] if found else []


def _remarks(remarks: Iterable[Text], language: Language, indent: str) -> Iterator[str]:
    said = [f"{indent}# {remark.get(language)}" for remark in remarks]
    yield from said[:MOST_REMARKS]
    if len(said) > MOST_REMARKS:
        yield f"{indent}# {_MORE.get(language).format(count=len(said) - MOST_REMARKS)}"


def _ids(entries: Mapping[str, Entry]) -> dict[str, str]:
    """Return an id for each entry, unique in its list, by the entry's key."""
    taken: dict[str, int] = {}
    return {key: free_id(slug(entry.wanted_id) or "item", taken) for key, entry in entries.items()}


def _named(named: Named) -> Iterator[str]:
    for identity, name in named.known.values():
        yield f"  - {{id: {quote(identity)}, name: {quote(name)}}}"


def _fields(fields: dict[str, str], indent: str = "    ") -> Iterator[str]:
    for key, value in fields.items():
        plain = key in ("phase", "vlan") or _DAY.match(value)
        yield f"{indent}{key}: {value if plain else quote(value)}"


def _prefixes(draft: Draft, language: Language) -> Iterator[str]:
    for prefix in draft.prefixes.values():
        yield f"  - prefix: {quote(prefix.wanted_id)}"
        yield from _fields({"use": "subnet", **prefix.fields})
        yield from _remarks(prefix.remarks, language, "    ")


def _equipment(draft: Draft, ids: dict[str, str], language: Language) -> Iterator[str]:
    for key, device in draft.equipment.items():
        yield f"  - id: {quote(ids[key])}"
        yield from _fields({"kind": "other", **device.fields})
        if device.management:
            yield f"    management: [{', '.join(quote(a) for a in device.management)}]"
        yield from _remarks(device.remarks, language, "    ")


def _systems(
    draft: Draft, ids: dict[str, str], needs: dict[str, list[str]], language: Language
) -> Iterator[str]:
    for key, system in draft.systems.items():
        yield f"  - id: {quote(ids[key])}"
        yield from _fields({k: v for k, v in system.fields.items() if not k.startswith("owner.")})
        owner = {k.removeprefix("owner."): v for k, v in system.fields.items() if k.startswith("owner.")}
        if owner:
            yield f"    owner: {{{', '.join(f'{k}: {quote(v)}' for k, v in owner.items())}}}"
        yield from _hosts(system, language)
        yield from _services(system, language)
        for name in ("mail_domains", "mail_senders", "planned"):
            values = getattr(system, name)
            if values:
                yield f"    {name}: [{', '.join(quote(value) for value in values)}]"
        if needs.get(key):
            yield f"    depends_on: [{', '.join(needs[key])}]"
        yield from _remarks(system.remarks, language, "    ")


def _hosts(system: DraftSystem, language: Language) -> Iterator[str]:
    if not system.hosts:
        yield f"    # {_NO_HOST.get(language)}"
        return
    yield "    hosts:"
    labels = _labels(system)
    for host in system.hosts.values():
        remark = f"    # {host.remark}" if host.remark else ""
        yield f"      - {_host(host, system, labels)}{remark}"


def _host(host: DraftHost, system: DraftSystem, labels: dict[DraftService, str]) -> str:
    parts = []
    if host.name:
        parts.append(f"name: {quote(host.name)}")
    own = [service for service in system.services if service in host.services]
    if own and len(own) < len(system.services):
        parts.append(f"services: [{', '.join(quote(labels[s]) for s in own)}]")
    text = quote(host.host)
    return f"{{host: {text}, {', '.join(parts)}}}" if parts else text


def _labels(system: DraftSystem) -> dict[DraftService, str]:
    """Return what hosts call each service: as short as is clear."""
    apps = Counter(service.app for service in system.services)
    labels = Counter(service.label for service in system.services)
    return {
        s: s.app if apps[s.app] == 1 else s.label if labels[s.label] == 1 else f"{s.label}/{s.transport}"
        for s in system.services
    }


def _services(system: DraftSystem, language: Language) -> Iterator[str]:
    if not system.services:
        yield f"    # {_NO_SERVICE.get(language)}"
        return
    yield "    services:"
    for service in system.services:
        yield f"      - {_service(service)}"


def _service(service: DraftService) -> str:
    parts = [f"app: {service.app}"]
    if service.port:
        parts.append(f"{'ports' if '-' in service.port else 'port'}: {service.port}")
    if service.transport != APPS[service.app].transports[0]:
        parts.append(f"transport: {service.transport}")
    if service.path:
        parts.append(f"path: {quote(service.path)}")
    if service.role:
        parts.append(f"role: {service.role}")
    if service.zones:
        parts.append(f"zones: [{', '.join(quote(zone) for zone in service.zones)}]")
    return service.app if len(parts) == 1 else "{" + ", ".join(parts) + "}"
