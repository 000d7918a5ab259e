"""`merge`: several vantages' runs → one new run folder. The runs themselves are only read.

The folder is made beside its place and renamed into it, as a scan's: there is a whole merged run or none.
Its id follows from what it was made of, so that the same runs merged again are the same run.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path

from ipv6check import codec
from ipv6check.model.inventory import Inventory
from ipv6check.model.observation import Observation
from ipv6check.model.run import Part, RunMeta, joint
from ipv6check.model.task import task_id
from ipv6check.store import files, journal
from ipv6check.store.files import StoreError
from ipv6check.store.folder import LATEST, RUNS_FOLDER, open_run, write_inventory
from ipv6check.store.run import INVENTORY_FOLDER, MAX_RUN_FILE, RUN_FILE, Run, journal_of

LARGEST_JOURNAL = 2 << 30  # bytes; a scan of ten thousand systems writes a tenth of it
_MOST_SECONDS = 10 * 86_400  # of one try; the longest that a probe waits is minutes
_YEARS = range(1970, 9000)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedBy:
    """What a merged run is judged by: the profile's name and hash, and that of the catalogue."""

    profile: str
    profile_sha256: str
    catalogue_sha256: str


class Unfit(StoreError):
    """A run that is not what it says of itself, or that cannot be read."""


def merge(root: Path, runs: Sequence[Run], inventory: Inventory, by: JudgedBy) -> Run:
    """Make `root/runs/<id>` of runs that fit together (`parts.check_parts`); return it, opened.

    Where these runs lie merged already, that run is returned. Unfit for a run that is not what it says,
    StoreError if the folder cannot be made; nothing stays then.
    """
    folder = root / RUNS_FOLDER
    files.make_folder(folder)
    unfinished = folder / f".merging-{secrets.token_hex(6)}.new"
    with files.explained(unfinished):
        unfinished.mkdir(mode=files.FOLDER_MODE)
    try:
        parts = sorted((_copied(run, unfinished) for run in runs), key=lambda part: part.vantage)
        meta = _meta(parts, runs[0].meta, by)
        path = folder / meta.id
        write_inventory(unfinished / INVENTORY_FOLDER, inventory)
        files.write(unfinished / RUN_FILE, codec.encode_run(meta))
        _rename(unfinished, path)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    run = open_run(path)
    if run.meta.merged != meta.merged:
        raise StoreError(
            f"{path}: another run stands in the merged one's place; choose another folder with -o"
        )
    files.link(root / LATEST, f"{RUNS_FOLDER}/{meta.id}")
    return run


def _rename(unfinished: Path, path: Path) -> None:
    """Put the folder into its place, unless there is one: the same runs were merged before, or just now."""
    with files.explained(path):
        try:
            os.rename(unfinished, path)
            files.sync_folder(path.parent)
        except OSError:
            if not path.is_dir():
                raise


def _meta(parts: Sequence[Part], like: RunMeta, by: JudgedBy) -> RunMeta:
    """Return what the merged run says of itself; what all parts have alike it has of `like`."""
    first = min(parts, key=lambda part: part.started)
    ends = [part.finished for part in parts if part.finished is not None]
    made_of = "".join(f"{part.run_sha256} {part.observations_sha256}\n" for part in parts)
    tail = hashlib.sha256(made_of.encode()).hexdigest()[:6]
    return RunMeta(
        id=f"{first.started.astimezone(UTC):%Y%m%dT%H%M%SZ}-{tail}",
        started=first.started,
        finished=max(ends) if len(ends) == len(parts) else None,
        complete=all(part.complete for part in parts),
        tool=", ".join(sorted({part.tool for part in parts})),
        profile=by.profile,
        profile_sha256=by.profile_sha256,
        catalogue_sha256=by.catalogue_sha256,
        inventory_sha256=like.inventory_sha256,
        inventory_main=like.inventory_main,
        vantage=joint(part.vantage for part in parts),
        selection=like.selection,
        merged=tuple(parts),
    )


def _copied(run: Run, folder: Path) -> Part:
    """Copy a run's observations, line by line as each is found to be its own; return what it is."""
    content = _described(run)
    lines = _Lines(run)
    files.write(journal_of(folder, run.meta.vantage), iter(lines))
    meta = run.meta
    return Part(
        id=meta.id,
        vantage=meta.vantage,
        started=meta.started,
        finished=meta.finished,
        complete=meta.complete and meta.finished is not None,
        tool=meta.tool,
        profile=meta.profile,
        profile_sha256=meta.profile_sha256,
        catalogue_sha256=meta.catalogue_sha256,
        run_sha256=hashlib.sha256(content).hexdigest(),
        observations_sha256=lines.sha256,
        count=lines.count,
        resolvers=meta.resolvers,
        max_time=meta.max_time,
        host=meta.host,
    )


def _described(run: Run) -> bytes:
    """Return run.json as it was read when the run was opened."""
    path = run.path / RUN_FILE
    try:
        content = files.read(path, MAX_RUN_FILE)
        if codec.decode_run(content) == run.meta:
            return content
    except (StoreError, codec.DecodeError) as failure:
        raise Unfit(f"{path}: cannot be read any more ({str(failure)[:200]})") from failure
    raise Unfit(f"{path}: is being changed: let the scan end, then merge")


@dataclass(slots=True)
class _Lines:
    """The whole lines of a run's observations, checked one by one and hashed as they pass."""

    run: Run
    count: int = 0
    sha256: str = ""
    _seen: set[str] = field(default_factory=set)

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._checked()
        except Unfit:
            raise
        except StoreError as failure:
            raise Unfit(str(failure)) from failure

    def _checked(self) -> Iterator[bytes]:
        path, size, digest = self.run.journal_path, 0, hashlib.sha256()
        for number, line in journal.lines(path):
            size += len(line)
            if size > LARGEST_JOURNAL:
                raise Unfit(f"{path}: larger than {LARGEST_JOURNAL} bytes, which no scan writes")
            why = self._wrong(journal.decode(path, number, line))
            if why:
                raise Unfit(f"{path}:{number}: {why}; copy the run's folder anew")
            digest.update(line)
            self.count = number
            yield line
        self.sha256 = digest.hexdigest()

    def _wrong(self, seen: Observation) -> str:
        """Return what an observation of this run cannot be; empty if it may be one."""
        task = seen.task
        if task.vantage != self.run.meta.vantage:
            return f"seen from {task.vantage[:64]!r}, and the run looked from {self.run.meta.vantage!r}"
        asked = (task.kind, task.vantage, task.family, task.address, task.port, task.transport, task.params)
        if task.id != task_id(*asked):
            return f"{task.id[:64]!r} is not the id of its question"
        if seen.id in self._seen:
            return f"{seen.id} stands here twice"
        self._seen.add(seen.id)
        if seen.attempt < 1 or not 0 <= seen.seconds <= _MOST_SECONDS or seen.started.year not in _YEARS:
            return "an attempt or a time that no scan writes"
        return ""
