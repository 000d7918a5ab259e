"""The observations file: whole lines whatever happens, one writer, and errors with a line number."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipv6check.codec import encode_observation
from ipv6check.model.observation import Observation
from ipv6check.model.task import make_task
from ipv6check.store import StoreError
from ipv6check.store.journal import MAX_LINE, Journal, read


def observation(port: int) -> Observation:
    """Make some observation."""
    return Observation(
        task=make_task(
            "tcp.connect", vantage="v", family=4, address="198.51.100.1", port=port, transport="tcp"
        ),
        attempt=1,
        started=datetime(2026, 11, 24, tzinfo=UTC),
        seconds=0.5,
        outcome="ok",
    )


LINES = [encode_observation(observation(port)) + b"\n" for port in range(1, 5)]
WHOLE = b"".join(LINES)


@given(cut=st.integers(0, len(WHOLE)), tail=st.sampled_from([b"", b"\0\0\0", b"{", b"\xff"]))
def test_a_file_torn_at_any_byte_is_read_to_its_last_whole_line_and_mended(
    tmp_path_factory: pytest.TempPathFactory, cut: int, tail: bytes
) -> None:
    path = tmp_path_factory.mktemp("torn") / "observations-v.jsonl"
    path.write_bytes(WHOLE[:cut] + tail)
    whole = WHOLE[:cut].count(b"\n")
    assert list(read(path)) == [observation(port) for port in range(1, whole + 1)]
    journal = Journal(path)
    journal.append(observation(9))
    journal.flush()
    journal.close()
    assert list(read(path)) == [*(observation(port) for port in range(1, whole + 1)), observation(9)]


@pytest.mark.parametrize(
    "garbage",
    [b"garbage\n", b"\n", b"{}\n", b"\0\0\n", LINES[0][:40] + b"\n", b"[" * 5000 + b"\n", b"\xff\n"],
)
def test_garbage_in_the_middle_is_an_error_with_its_line(tmp_path: Path, garbage: bytes) -> None:
    path = tmp_path / "observations-v.jsonl"
    path.write_bytes(LINES[0] + LINES[1] + garbage + LINES[2])
    with pytest.raises(StoreError, match=r"observations-v\.jsonl:3: not an observation"):
        list(read(path))


def test_an_endless_line_is_refused_without_reading_it_all(tmp_path: Path) -> None:
    path = tmp_path / "observations-v.jsonl"
    with path.open("wb") as file:
        file.truncate(MAX_LINE * 4)
    with pytest.raises(StoreError, match=":1: longer than any line"):
        list(read(path))


def test_a_full_disk_leaves_whole_lines_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "observations-v.jsonl"
    journal = Journal(path)
    journal.append(observation(1))
    journal.flush()
    real = os.write
    written: list[int] = []

    def nearly_full(descriptor: int, content: bytes) -> int:
        if written:
            raise OSError(28, "No space left on device")
        written.append(real(descriptor, bytes(content)[:30]))
        return written[0]

    journal.append(observation(2))
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", nearly_full)
        with pytest.raises(StoreError, match="no space left: free some, then resume"):
            journal.flush()
    assert path.read_bytes() == LINES[0]
    journal.close()


def test_nothing_is_written_before_flush_and_nothing_twice(tmp_path: Path) -> None:
    path = tmp_path / "observations-v.jsonl"
    journal = Journal(path)
    journal.append(observation(1))
    assert path.read_bytes() == b""
    journal.flush()
    journal.flush()
    journal.sync()
    assert path.read_bytes() == LINES[0]
    journal.close()


WRITER = """
import sys
from pathlib import Path
from ipv6check.store.journal import Journal
from tests.unit.store.test_store_journal import observation
journal = Journal(Path(sys.argv[1]))
print("ready", flush=True)
port = 0
while True:
    port = port % 60000 + 1
    journal.append(observation(port))
    if port % 7 == 0:
        journal.flush()
"""


def test_kill_9_while_writing_leaves_a_file_that_reads_and_resumes(tmp_path: Path) -> None:
    path = tmp_path / "observations-v.jsonl"
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE)
    assert writer.stdout is not None
    with writer.stdout:
        writer.stdout.readline()
        with pytest.raises(StoreError, match="another scan"):
            Journal(path)
        while path.stat().st_size < 20_000:
            pass
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    found = [seen.task.port for seen in read(path)]
    assert found == [number % 60000 + 1 for number in range(len(found))]
    Journal(path).close()  # the lock went with its holder
