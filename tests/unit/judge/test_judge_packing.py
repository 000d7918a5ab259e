"""The long parts of results.json: packed and read back, and written in pieces as if they were whole."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipv6check import codec
from ipv6check.judge.packing import PackedSystems, pack
from ipv6check.model.text import JSON
from ipv6check.model.written import WrittenObject
from ipv6check.roadmap import Node, build

leaves = st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=20)
values: st.SearchStrategy[JSON] = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
objects = st.dictionaries(st.text(max_size=5), values, max_size=4)
ROUTE = build(
    (
        Node(kind="system", id="a", met=False, needs=(("system", "b"),)),
        Node(kind="system", id="b", met=False),
    )
)


def packed(*names: str) -> PackedSystems:
    entries = [pack({"id": name, "text": '},"blockers":[\n'}, {"findings": [name]}) for name in names]
    return PackedSystems(names, entries, ROUTE)


class Observed(WrittenObject):
    def __init__(self, content: Mapping[str, JSON]) -> None:
        self._content = content

    def __getitem__(self, key: str) -> JSON:
        return self._content[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._content)

    def __len__(self) -> int:
        return len(self._content)


def test_a_packed_system_reads_back_with_what_holds_it_up_in_its_place() -> None:
    first, second = packed("a", "b")
    assert list(first) == ["id", "text", "blockers", "blocked_by_equipment", "findings"]
    assert first["text"] == '},"blockers":[\n'
    assert (first["blockers"], second["blockers"]) == (["b"], [])
    assert first["findings"] == ["a"]


def test_packed_systems_are_a_list_to_who_reads_them() -> None:
    systems = packed("a", "b")
    assert len(systems) == 2
    assert systems[-1]["id"] == "b"
    assert [each["id"] for each in systems[::-1]] == ["b", "a"]
    assert systems == list(systems)
    with pytest.raises(IndexError):
        systems[2]


@given(objects, objects)
def test_a_document_in_pieces_is_byte_for_byte_the_one_that_is_written_at_once(
    head: dict[str, JSON], seen: dict[str, JSON]
) -> None:
    systems = packed("a", "b")
    lazy: dict[str, JSON] = {**head, "systems": systems, "observations": Observed(seen), "none": packed()}
    plain = {**head, "systems": list(systems), "observations": seen, "none": []}
    whole = msgspec.json.format(msgspec.json.encode(plain), indent=1) + b"\n"
    assert b"".join(codec.document_parts(lazy)) == whole
    assert json.loads(whole) == plain


def test_an_empty_document_is_an_empty_object() -> None:
    assert b"".join(codec.document_parts({})) == b"{}\n"
