"""What systems of a draft need, as texts of the source, turned into `depends_on` where it is clear."""

from __future__ import annotations

from ipv6check.inventory import names
from ipv6check.inventory.importers.draft import Draft
from ipv6check.inventory.importers.wording import clean, fold, quote
from ipv6check.inventory.problems import Refusal


def resolve(draft: Draft, systems: dict[str, str], devices: dict[str, str]) -> dict[str, list[str]]:
    """Return the `depends_on` items (as YAML) of each system's key; what is unclear becomes a remark.

    `systems` and `devices` are ids by key. A need is a system or device by id or name, a host that a
    system declares, or else a host of somebody else.
    """
    known = _known(draft, systems, devices)
    found: dict[str, list[str]] = {}
    for key, system in draft.systems.items():
        items: dict[str, None] = {}
        for need in system.needs:
            item = known.get(fold(need)) or known.get(clean(need).lower()) or _foreign(need)
            if item is None:
                system.unmapped("depends_on", need)
            elif item != quote(systems[key]):
                items[item] = None
        found[key] = list(items)
    return found


def _known(draft: Draft, systems: dict[str, str], devices: dict[str, str]) -> dict[str, str]:
    """Return the item for each way to name a system or a device; ids win over names, names over hosts."""
    items = {key: quote(identity) for key, identity in systems.items()}
    tools = {key: f"{{equipment: {quote(identity)}}}" for key, identity in devices.items()}
    found: dict[str, str] = {}
    for ids, said in ((systems, items), (devices, tools)):
        for key, identity in ids.items():
            found.setdefault(identity, said[key])
            found.setdefault(fold(key), said[key])
    for entries, said in ((draft.systems, items), (draft.equipment, tools)):
        for key, entry in entries.items():
            found.setdefault(fold(entry.fields.get("name", "")), said[key])
    for key, system in draft.systems.items():
        for host in system.hosts:
            found.setdefault(host, items[key])
    found.pop("", None)
    return found


def _foreign(need: str) -> str | None:
    text = clean(need)
    if "." not in text and ":" not in text:
        return None
    try:
        _, host = names.host(text)
    except Refusal:
        return None
    return f"{{host: {quote(host)}}}"
