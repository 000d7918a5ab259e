"""pydantic's errors in the inventory's own words, each at its line and column."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from ipv6check.inventory.entry import Entry
from ipv6check.inventory.nodes import Journal, Map, Node, Seq, key_position, locate
from ipv6check.inventory.problems import Refusal, did_you_mean
from ipv6check.inventory.schema import known_keys

_MAPPING_TYPES = {"model_type", "model_attributes_type", "dict_type"}


def tell(journal: Journal, error: ValidationError, model: type[Entry], node: Node) -> None:
    """Write every error of one validated entry into the journal; `node` is what was validated."""
    for detail in error.errors(include_url=False):
        path = tuple(detail["loc"])
        refusal = (detail.get("ctx") or {}).get("error")
        if isinstance(refusal, Refusal):
            path += refusal.path
            journal.error(locate(node, path), _with_key(str(refusal), path), refusal.instead)
        elif detail["type"] == "missing":
            _tell_missing(journal, model, node, path)
        elif detail["type"] == "extra_forbidden":
            _tell_unknown(journal, model, node, path)
        else:
            journal.error(locate(node, path), _with_key(_shape(detail["type"], detail["input"]), path))


def _with_key(message: str, path: tuple[str | int, ...]) -> str:
    """Put the key before a message that goes on from it (`takes …`, `must …`)."""
    begins = ("takes ", "must ", "needs ", "is ", "contains ", "names ")
    if not message.startswith(begins):
        return message
    keys = [step for step in path if isinstance(step, str) and step != "[key]"]
    return f'"{keys[-1]}" {message}' if keys else f"this entry {message}"


def _shape(kind: str, value: Any) -> str:
    if kind in ("list_type", "tuple_type"):
        example = value if isinstance(value, str) and len(value) < 60 else "…"
        return f"takes a list: write [{example}], or one `- …` a line"
    if kind in _MAPPING_TYPES:
        return "takes a mapping: write `key: value`"
    return "takes another kind of value"


def _tell_missing(journal: Journal, model: type[Entry], node: Node, path: tuple[str | int, ...]) -> None:
    key = str(path[-1])
    parent = _descend(node, path[:-1])
    if isinstance(parent, Map) and key in parent.entries:
        return  # it stands there empty, and that has been told
    where = [step for step in path[:-1] if isinstance(step, str)]
    what = f'"{where[-1]}" needs' if where else "this entry needs"
    example = "1" if key == "version" else "…"
    journal.error(locate(node, path[:-1]), f'{what} "{key}": add `{key}: {example}`')


def _tell_unknown(journal: Journal, model: type[Entry], node: Node, path: tuple[str | int, ...]) -> None:
    key = str(path[-1])
    known = known_keys(model, path[:-1])
    advice = did_you_mean(key, known) or (f"; known: {', '.join(known)}" if known else "")
    journal.error(key_position(node, path), f'unknown key "{key}"{advice}')


def _descend(node: Node, path: tuple[str | int, ...]) -> Node | None:
    found: Node | None = node
    for step in path:
        if isinstance(found, Map):
            found = found.get(str(step))
        elif isinstance(found, Seq) and isinstance(step, int):
            found = found.items[step] if step < len(found.items) else None
    return found
