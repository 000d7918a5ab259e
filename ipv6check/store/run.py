"""`Run`: one run folder (interface.md §3), open for reading, or for one scan to write to."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType

from ipv6check import codec
from ipv6check.model.observation import Observation
from ipv6check.model.run import RunMeta
from ipv6check.store import files, journal
from ipv6check.store.files import StoreError

RUN_FILE = "run.json"
RESULTS_FILE = "results.json"
INVENTORY_FOLDER = "inventory"
SUMS_FILE = "SHA256SUMS"
MAX_RUN_FILE = 1 << 20


class Run:
    """A run folder. A writing one holds the lock on its observations until `close`."""

    def __init__(self, path: Path, meta: RunMeta, *, writing: bool) -> None:
        self.path = path
        self.meta = meta
        self._journal = journal.Journal(self.journal_path) if writing else None

    @property
    def journal_path(self) -> Path:
        """Where this run's vantage keeps its observations."""
        return journal_of(self.path, self.meta.vantage)

    @property
    def inventory_folder(self) -> Path:
        """The copy of the inventory's files."""
        return self.path / INVENTORY_FOLDER

    def journals(self) -> list[Path]:
        """Return the files of observations that lie in the folder, by name."""
        with files.explained(self.path):
            return sorted(self.path.glob("observations-*.jsonl"))

    def observations(self) -> Iterator[Observation]:
        """Yield every stored observation, vantage after vantage; StoreError if a line is unreadable.

        Of a merged run, to which nothing is ever added, those of its parts, and only as they were merged.
        """
        for part in self.meta.merged:
            path = journal_of(self.path, part.vantage)
            if files.sha256(path) != part.observations_sha256:
                raise StoreError(f"{path}: was changed after the runs were merged; merge them again")
            yield from journal.read(path)
        for path in () if self.meta.merged else self.journals():
            yield from journal.read(path)

    def append(self, observation: Observation) -> None:
        """Add an observation to a run open for writing; `flush` puts it into the file."""
        self._writer().append(observation)

    def flush(self) -> None:
        """Write what was added, as whole lines."""
        self._writer().flush()

    def sync(self) -> None:
        """Write what was added and make it last through a power cut."""
        self._writer().sync()

    def update(self, meta: RunMeta) -> None:
        """Replace run.json."""
        files.write(self.path / RUN_FILE, codec.encode_run(meta))
        self.meta = meta

    def write(self, name: str, content: bytes | Iterable[bytes]) -> Path:
        """Write a derived file (`results.json`, `html/vi/index.html`) atomically; return where."""
        path = self.path / name
        if not path.resolve().is_relative_to(self.path.resolve()):
            raise StoreError(f"{path}: leads out of the run folder")
        files.make_folder(path.parent)
        files.write(path, content)
        return path

    def close(self) -> None:
        """Release the lock."""
        if self._journal is not None:
            self._journal.close()
            self._journal = None

    def __enter__(self) -> Run:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _writer(self) -> journal.Journal:
        if self._journal is None:
            raise StoreError(f"{self.path}: the run is not open for writing")
        return self._journal


def journal_of(folder: Path, vantage: str) -> Path:
    """Return where a run's folder keeps a vantage's observations."""
    return folder / f"observations-{vantage}.jsonl"


def is_run(path: Path) -> bool:
    """Whether a folder looks like a run."""
    return os.path.isfile(path / RUN_FILE)
