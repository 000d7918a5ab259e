"""Records of the raw helper: one size, known operations, nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipv6check.raw.messages import (
    ECHO,
    FORGE,
    FROM_HELPER,
    FROM_SCAN,
    READY,
    SIZE,
    BadRecord,
    Record,
    packed,
    text,
    unpack,
)

WHOLE = st.builds(
    Record,
    operation=st.sampled_from(sorted(FROM_SCAN)),
    form=st.sampled_from([0, 1, 2]),
    our_port=st.integers(0, 65535),
    their_port=st.integers(0, 65535),
    number=st.integers(0, 2**32 - 1),
    ours=st.binary(min_size=16, max_size=16),
    theirs=st.binary(min_size=16, max_size=16),
    mark=st.binary(min_size=16, max_size=16),
)


@given(WHOLE)
def test_a_record_comes_back_as_it_went(record: Record) -> None:
    raw = record.pack()
    assert len(raw) == SIZE
    assert unpack(raw, FROM_SCAN) == record


@given(st.binary(max_size=2 * SIZE))
def test_any_bytes_are_a_record_or_refused(raw: bytes) -> None:
    try:
        record = unpack(raw, FROM_SCAN)
    except BadRecord:
        return
    assert record.operation in FROM_SCAN
    assert len(raw) == SIZE


def test_neither_side_takes_the_others_operations() -> None:
    with pytest.raises(BadRecord):
        unpack(Record(operation=READY).pack(), FROM_SCAN)
    with pytest.raises(BadRecord):
        unpack(Record(operation=FORGE).pack(), FROM_HELPER)
    with pytest.raises(BadRecord):
        unpack(Record(operation=ECHO, form=9).pack(), FROM_SCAN)


def test_addresses_are_sixteen_bytes_without_a_zone() -> None:
    assert text(packed("fe80::1%eth0")) == "fe80::1"
