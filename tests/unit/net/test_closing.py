"""Connections closed in company: all of them, in order, nobody else's, and told once each."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipv6check.net.closing import ALONE, Closer, runs


@pytest.fixture
def pairs() -> Iterator[list[tuple[socket.socket, socket.socket]]]:
    """Twice as many connections as are worth a hand-over: ours, and the other end's."""
    made = [socket.socketpair() for _ in range(2 * ALONE)]
    for pair in made:
        for end in pair:
            end.settimeout(10)
    yield made
    for pair in made:
        for end in pair:
            end.close()


def close(ours: Sequence[socket.socket], addresses: Sequence[str]) -> tuple[list[str], set[int]]:
    """Close them; return the addresses that were told, and the threads that told."""
    told: list[str] = []
    threads: set[int] = set()

    def closed(batch: Sequence[str]) -> None:
        told.extend(batch)
        threads.add(threading.get_ident())

    closer = Closer(closed)
    closer.take(ours, addresses)
    closer.stop()
    return told, threads


def test_many_are_closed_elsewhere_and_each_address_is_told_once(
    pairs: list[tuple[socket.socket, socket.socket]],
) -> None:
    addresses = [f"2001:db8::{number}" for number in range(len(pairs))]
    told, threads = close([ours for ours, _ in pairs], addresses)
    assert told == addresses
    assert threading.get_ident() not in threads
    assert [theirs.recv(1) for _, theirs in pairs] == [b""] * len(pairs)


def test_few_are_closed_where_they_are(pairs: list[tuple[socket.socket, socket.socket]]) -> None:
    few = pairs[: ALONE - 1]
    told, threads = close([ours for ours, _ in few], ["198.51.100.1"] * len(few))
    assert told == ["198.51.100.1"] * len(few)
    assert threads == {threading.get_ident()}
    assert [theirs.recv(1) for _, theirs in few] == [b""] * len(few)


def test_a_neighbour_s_descriptor_between_ours_stays_open(
    pairs: list[tuple[socket.socket, socket.socket]],
) -> None:
    """A socketpair's other end lies between two of ours: it must survive the closing of both."""
    close([ours for ours, _ in pairs], [""] * len(pairs))
    for _, theirs in pairs:
        os.fstat(theirs.fileno())


def test_without_a_thread_to_have_they_are_closed_here(
    pairs: list[tuple[socket.socket, socket.socket]], monkeypatch: pytest.MonkeyPatch
) -> None:
    class NoThread:
        def __init__(self, **_: object) -> None: ...

        def start(self) -> None:
            raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading, "Thread", NoThread)
    told, threads = close([ours for ours, _ in pairs], ["::1"] * len(pairs))
    assert told == ["::1"] * len(pairs)
    assert threads == {threading.get_ident()}
    assert [theirs.recv(1) for _, theirs in pairs] == [b""] * len(pairs)


@given(st.sets(st.integers(min_value=0, max_value=200)))
def test_runs_hold_every_number_once_and_no_other(numbers: set[int]) -> None:
    found = [number for first, end in runs(list(numbers)) for number in range(first, end)]
    assert found == sorted(numbers)
    assert all(end not in numbers and first - 1 not in numbers for first, end in runs(list(numbers)))
