"""A task's id: the hash of its question in canonical JSON, whoever writes that."""

from __future__ import annotations

import hashlib
import json

from hypothesis import given
from hypothesis import strategies as st

from ipv6check.model.task import make_task, task_id
from ipv6check.model.text import JSON

words = st.text(st.characters(), max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=5,
)


@given(
    kind=words,
    vantage=words,
    family=st.sampled_from((4, 6, None)),
    address=st.none() | words,
    port=st.none() | st.integers(0, 65535),
    transport=words,
    params=st.dictionaries(words, values, max_size=4),
)
def test_the_id_is_the_hash_of_the_canonical_question(
    kind: str,
    vantage: str,
    family: None,
    address: str | None,
    port: int | None,
    transport: str,
    params: dict[str, JSON],
) -> None:
    question = {
        "kind": kind,
        "vantage": vantage,
        "family": family,
        "address": address,
        "port": port,
        "transport": transport,
        "params": params,
    }
    canonical = json.dumps(question, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    digest = hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
    assert task_id(kind, vantage, family, address, port, transport, params) == digest[:16]


def test_the_id_of_a_question_never_changes() -> None:
    task = make_task("tcp.connect", vantage="v", family=6, address="2001:db8::1", port=443, transport="tcp")
    assert task.id == "32689ec8b47e1c93"
