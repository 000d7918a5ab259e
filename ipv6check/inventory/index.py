"""What an inventory declares, read from its nodes before anything is validated: ids and their positions.

References are checked against this, so that an entry with an error elsewhere is still there to refer to.
"""

from __future__ import annotations

from ipv6check.inventory.nodes import Journal, Map, Scalar, Seq, text_of
from ipv6check.inventory.takes import Index

_KINDS = {
    "systems": "system",
    "units": "unit",
    "sites": "site",
    "equipment": "equipment",
    "programme": "milestone",
}


def build_index(journal: Journal, root: Map, *, whole: bool) -> Index:
    """Return the index; ids used twice go to the journal. Not `whole`: some file could not be parsed."""
    index = Index(whole=whole)
    for key, kind in _KINDS.items():
        index.known[kind] = _ids(journal, root, key)
    for key in ("vantages", "resolvers"):
        node = root.get(key)
        entries = node.entries if isinstance(node, Map) else {}
        index.known[key.removesuffix("s")] = {name: at for name, (at, _) in entries.items()}
    if "vantages" not in root.entries:
        index.known["vantage"]["local"] = root.at
    index.known["resolver"]["system"] = root.at
    return index


def _ids(journal: Journal, root: Map, key: str) -> dict[str, int]:
    found: dict[str, int] = {}
    node = root.get(key)
    for item in node.items if isinstance(node, Seq) else ():
        given = item.get("id") if isinstance(item, Map) else None
        name = text_of(given)
        if name is None or not isinstance(given, Scalar):
            continue
        if name in found:
            place = journal.place(found[name], given.at)
            journal.error(given.at, f'id "{name}" is used already, on {place}: ids are unique in `{key}`')
        else:
            found[name] = given.at
    return found
