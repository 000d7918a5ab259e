"""Observations as results.json keeps them: bounded, plain, certificates as fingerprints."""

from __future__ import annotations

import base64
import hashlib
import json

from hypothesis import given
from hypothesis import strategies as st

from ipv6check.judge.evidence import (
    DATA_LIMIT,
    CitedObservations,
    bounded,
    by_id,
    observation_document,
    plain,
)
from ipv6check.model.text import JSON
from tests.unit.judge.cases import observation

# Long texts are short ones repeated: drawn one by one, three thousand characters take seconds.
texts = st.text(max_size=20) | st.builds(
    lambda text, times: text * times, st.text(max_size=6), st.integers(0, 500)
)
leaves = st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | texts
values: st.SearchStrategy[JSON] = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=12) | st.dictionaries(st.text(max_size=20), inner, max_size=8),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=20), values, max_size=8))
def test_data_are_bounded_and_say_when_they_were_cut(data: dict[str, JSON]) -> None:
    whole = json.dumps(data, ensure_ascii=False).encode("utf-8", "surrogatepass")
    short = bounded(data)
    assert len(json.dumps(short, ensure_ascii=False).encode("utf-8", "surrogatepass")) <= DATA_LIMIT
    if len(whole) <= DATA_LIMIT:
        assert short == data
    else:
        assert short["cut"] is True


def test_a_long_banner_keeps_its_beginning() -> None:
    short = bounded({"banner": "220 " + "x" * 10_000, "code": 220})
    banner = short["banner"]
    assert isinstance(banner, str)
    assert banner.startswith("220 x")
    assert short["code"] == 220


def test_a_certificate_chain_becomes_its_fingerprints() -> None:
    certificate = b"certificate" * 300
    chain = [base64.b64encode(certificate).decode(), "not base64!"]
    document = observation_document(observation("tls.handshake", data={"version": "TLSv1.3", "chain": chain}))
    assert document["data"] == {
        "version": "TLSv1.3",
        "chain_sha256": [hashlib.sha256(certificate).hexdigest(), "unreadable"],
    }


def test_only_the_wanted_observations_are_kept_in_the_order_of_their_ids() -> None:
    seen = [observation(attempt=attempt) for attempt in (3, 1, 2)]
    assert list(CitedObservations(by_id(seen), {seen[0].id, seen[1].id})) == [seen[1].id, seen[0].id]


def test_plain_copies_tuples_and_mappings() -> None:
    assert plain({"a": (1, {"b": ("c",)})}) == {"a": [1, {"b": ["c"]}]}
