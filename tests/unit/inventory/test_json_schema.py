"""The JSON Schema that editors use agrees with what the loader accepts."""

import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from ipv6check.inventory import load
from ipv6check.inventory.schema import json_schema

WHOLE = Path(__file__).parent / "whole.yaml"
FIXTURES = Path(__file__).parents[2] / "hostile" / "inventory" / "fixtures"


class _AsEditors(yaml.SafeLoader):
    """Reads as editors' YAML 1.2 does: whole numbers and nothing else are converted."""


_AsEditors.yaml_implicit_resolvers = {
    digit: [("tag:yaml.org,2002:int", re.compile(r"[0-9]+\Z"))] for digit in "0123456789"
}


def _text_keys(node: Any) -> Any:
    if isinstance(node, dict):
        return {str(key): _text_keys(value) for key, value in node.items()}
    return [_text_keys(item) for item in node] if isinstance(node, list) else node


def errors(path: Path) -> list[str]:
    text = path.read_text()
    document = _text_keys(yaml.load(text, Loader=_AsEditors))
    validator = jsonschema.Draft202012Validator(json_schema(), format_checker=jsonschema.FormatChecker())
    return [error.message for error in validator.iter_errors(document)]


def test_it_is_a_schema_of_draft_2020_12() -> None:
    assert json_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(json_schema())


def test_a_valid_inventory_satisfies_it() -> None:
    assert load(WHOLE).inventory is not None
    assert errors(WHOLE) == []


@pytest.mark.parametrize(
    "name",
    [
        "unknown-key", "unknown-key-in-a-host", "unknown-top-level-key", "missing-version", "wrong-version",
        "missing-organization", "missing-system-id", "bad-id", "path-traversal-id", "list-is-one-value",
        "value-is-a-list", "mapping-is-text", "port-too-large", "port-of-no-family", "unknown-app",
        "path-without-slash", "date", "date-of-no-calendar", "enum", "equipment-capability-value",
        "text-in-a-third-language", "vlan", "entry-is-text",
    ],
)  # fmt: skip
def test_what_the_form_alone_shows_wrong_is_wrong_by_it(name: str) -> None:
    assert errors(FIXTURES / f"invalid-{name}.yaml")


def test_every_part_of_an_entry_is_described_or_named_by_its_key() -> None:
    schema = json_schema()
    entries = {"inventory": schema, **schema["$defs"]}
    assert all(entry.get("description") or "properties" not in entry for entry in entries.values())
    assert not any("pydantic" in str(entry).lower() for entry in entries.values())
