"""Stored judgements read for history: what a trend needs of each run, and what a difference needs.

results.json of a large run is hundreds of megabytes, nearly all of it evidence and texts. Beside it
lies a digest (`digest.jsonl`): a line that says of which results.json it is, a line for trends, a line
with the findings. It is derived: where it is missing or of another results.json, it is made again.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path

from ipv6check import codec
from ipv6check.history import night
from ipv6check.model.past import PastNight, PastRun
from ipv6check.model.text import JSON
from ipv6check.store import files
from ipv6check.store.files import StoreError
from ipv6check.store.run import RESULTS_FILE, is_run

DIGEST_FILE = "digest.jsonl"
LARGEST_RESULTS = 1 << 30
_LARGEST_LINE = 256 << 20
_SCHEMA = "ipv6check/digest@1"


def run_folders(folder: Path) -> tuple[Path, ...]:
    """Return the run folders in a folder, by name, that is by time; none where there is no such folder.

    One that is being made, or was when its maker was killed, begins with a dot.
    """
    try:
        shown = [path for path in folder.iterdir() if not path.name.startswith(".")]
        return tuple(sorted(path for path in shown if not path.is_symlink() and is_run(path)))
    except OSError:
        return ()


def judged(path: Path) -> bool:
    """Whether a run folder holds a judgement."""
    return (path / RESULTS_FILE).is_file()


def read_night(path: Path) -> PastNight:
    """Return what a trend needs of a run's stored judgement; StoreError if there is none to be read."""
    line = _digest_line(path, 1)
    if line is not None:
        with contextlib.suppress(codec.DecodeError):
            return codec.decode_night(line)
    return night(read_past(path))


def read_past(path: Path) -> PastRun:
    """Return a run's stored judgement; StoreError if there is none that can be read."""
    line = _digest_line(path, 2)
    if line is not None:
        with contextlib.suppress(codec.DecodeError):
            return codec.decode_past(line)
    place = path / RESULTS_FILE
    stamp = _stamp(path)
    content = files.read(place, LARGEST_RESULTS)
    try:
        past = codec.decode_past(content)
    except codec.DecodeError as failure:
        raise StoreError(
            f"{place}: not a results.json of this version ({str(failure)[:200]}); "
            f"make it again with: ipv6check judge {path} --write"
        ) from failure
    lines = (stamp, codec.encode_past(night(past)), codec.encode_past(past))
    _write_digest(path, (line + b"\n" for line in lines))
    return past


def keep_digest(path: Path, results: Mapping[str, JSON]) -> None:
    """Write the digest of the results.json that was just written to a run folder."""
    sums = codec.encode_past(night(codec.convert_past(results, findings=False)))
    _write_digest(path, chain((_stamp(path), b"\n", sums, b"\n"), codec.past_parts(results), (b"\n",)))


def _write_digest(path: Path, content: Iterable[bytes]) -> None:
    # An archive that cannot be written to is read all the same, only slower.
    with contextlib.suppress(StoreError):
        files.write(path / DIGEST_FILE, content)


def _stamp(path: Path) -> bytes:
    """Return what tells one results.json from the next without reading it."""
    place = path / RESULTS_FILE
    with files.explained(place):
        state = os.stat(place)
    return f"{_SCHEMA} {state.st_size} {state.st_mtime_ns}".encode()


def _digest_line(path: Path, number: int) -> bytes | None:
    """Return that line of the digest; None unless it is whole and of the results.json that is there."""
    stamp = _stamp(path)
    try:
        with (path / DIGEST_FILE).open("rb") as file:
            if file.readline(200) != stamp + b"\n":
                return None
            for _ in range(number - 1):
                file.readline(_LARGEST_LINE)
            line = file.readline(_LARGEST_LINE)
    except OSError:
        return None
    return line if line.endswith(b"\n") else None
