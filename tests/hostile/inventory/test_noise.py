"""Whatever a file holds, loading ends in values: never an exception, never a raw character."""

import tempfile
from pathlib import Path

import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ipv6check.inventory import Loaded, load
from ipv6check.inventory.schema import ENTRIES, InventoryEntry

WORDS = st.sampled_from(
    ["a", "www.a.example", "2001:db8::1", "::", "443", "0123", "https", "yes", "2026-01-01", "mon-fri",
     "22:00", "-", "", "../x", "*.yaml", "ff02::1", "\x1b[2J", "\u202e", "=cmd|x", "x" * 300, "é", "4",
     "6", "1-70000", "/", "[::1]:53"]
)  # fmt: skip
KEYS = st.one_of(
    st.sampled_from(list(InventoryEntry.model_fields)),
    st.sampled_from([key for model in ENTRIES.values() for key in model.model_fields]),
    st.sampled_from(["host", "port", "ports", "app", "from", "to", "for", "vi", "en", "days", "4", "6"]),
    WORDS,
)
TREES = st.recursive(
    WORDS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=6
)


def loaded_from(content: bytes) -> Loaded:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "inventory.yaml"
        path.write_bytes(content)
        return load(path)


def check(loaded: Loaded) -> None:
    assert (loaded.inventory is None) == bool(loaded.errors)
    for problem in (*loaded.errors, *loaded.warnings):
        assert "\n" not in str(problem)
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.show().replace("\n", "").isprintable()


@settings(max_examples=150, deadline=None)
@example("\u00a0".encode())
@given(st.binary(max_size=300))
def test_any_bytes(content: bytes) -> None:
    check(loaded_from(content))


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("ab:-[]{}\"'#&*!|>%@`,? \n\t0129.\\~"), max_size=80))
def test_any_text_of_yamls_own_characters(text: str) -> None:
    check(loaded_from(f"version: 1\n{text}".encode()))


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(KEYS, TREES, max_size=6))
def test_any_tree_of_the_schemas_own_keys(tree: dict[str, object]) -> None:
    tree = {**tree, "version": "1", "organization": {"id": "o"}}
    check(loaded_from(yaml.safe_dump(tree, allow_unicode=True).encode()))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.dictionaries(KEYS, TREES, max_size=5), min_size=1, max_size=2), st.sampled_from(list(ENTRIES))
)
def test_any_entries(entries: list[dict[str, object]], key: str) -> None:
    tree = {
        "version": "1",
        "organization": {"id": "o"},
        key: [{"id": f"e{n}", **e} for n, e in enumerate(entries)],
    }
    check(loaded_from(yaml.safe_dump(tree, allow_unicode=True).encode()))
