"""A peer that says anything at all, in pieces of any size: facts or Failed, text that can be stored."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile.fuzz_targets import TARGETS

TALKS = ("http", "smtp", "ssh")


def nearly(seed: bytes) -> st.SearchStrategy[bytes]:
    """What a server says, with some bytes in the middle replaced by others."""
    cut = st.integers(min_value=0, max_value=len(seed))
    return st.builds(lambda at, noise, on: seed[:at] + noise + seed[on:], cut, st.binary(max_size=64), cut)


@pytest.mark.parametrize("name", TALKS)
def test_any_bytes_end_a_conversation_with_facts_or_with_a_failure(name: str) -> None:
    talk, seeds = TARGETS[name]

    @given(st.one_of(st.binary(max_size=600), *(nearly(seed) for seed in seeds)))
    def try_all(data: bytes) -> None:
        talk(data)

    try_all()
