"""Making and opening run folders, and the link to the newest.

A new run is made beside its place and renamed into it, so that a run folder is never half-made.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from ipv6check import codec
from ipv6check.inventory.problems import visible
from ipv6check.model.inventory import Inventory
from ipv6check.model.run import RUN_ID, RUN_SCHEMA, RunMeta, joint
from ipv6check.store import files
from ipv6check.store.files import StoreError
from ipv6check.store.run import INVENTORY_FOLDER, MAX_RUN_FILE, RUN_FILE, SUMS_FILE, Run

RUNS_FOLDER = "runs"
LATEST = "latest"

_SCHEMA = RUN_SCHEMA.rpartition(".")[0]
_VANTAGE = re.compile(r"[a-z0-9][a-z0-9.-]*")
_MAX_SUMS = 16 << 20


def new_id(moment: datetime) -> str:
    """Return a run id: the moment in UTC to the second, and six random hex digits."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def create(root: Path, meta: RunMeta, inventory: Inventory) -> Run:
    """Make `root/runs/<id>` with run.json and the inventory's files, and open it for writing.

    `root/latest` then names it. StoreError if that cannot be done; nothing half-made stays.
    """
    if RUN_ID.fullmatch(meta.id) is None or _VANTAGE.fullmatch(meta.vantage) is None:
        raise StoreError(f"{meta.id!r} of vantage {meta.vantage!r} cannot name files")
    runs = root / RUNS_FOLDER
    files.make_folder(runs)
    path, unfinished = runs / meta.id, runs / f".{meta.id}.new"
    with files.explained(path):
        unfinished.mkdir(mode=files.FOLDER_MODE)
    try:
        write_inventory(unfinished / INVENTORY_FOLDER, inventory)
        files.write(unfinished / RUN_FILE, codec.encode_run(meta))
        with files.explained(path):
            os.rename(unfinished, path)
            files.sync_folder(runs)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    run = Run(path, meta, writing=True)
    try:
        files.link(root / LATEST, f"{RUNS_FOLDER}/{meta.id}")
    except BaseException:
        run.close()
        raise
    return run


def open_run(path: Path, *, writing: bool = False) -> Run:
    """Open a run folder; StoreError if it is none, of another schema, changed, or being written to."""
    meta_path = path / RUN_FILE
    if path.is_file():
        raise StoreError(f"{path}: a file, and a run is a folder: an archive is unpacked first")
    if not path.is_dir():
        raise StoreError(f"{path}: no such run folder")
    try:
        meta = codec.decode_run(files.read(meta_path, MAX_RUN_FILE))
    except codec.DecodeError as error:
        raise StoreError(f"{meta_path}: not a run of this version ({visible(str(error)[:200])})") from error
    if not meta.schema.startswith(f"{_SCHEMA}."):
        raise StoreError(f"{meta_path}: schema {meta.schema[:64]!r}; this version reads {RUN_SCHEMA}")
    _check_vantages(meta_path, meta)
    if writing and meta.merged:
        raise StoreError(
            f"{path}: merged of {', '.join(part.id for part in meta.merged)}: nothing is added to it; "
            "resume the run that was cut off, and merge again"
        )
    _check_inventory(path / INVENTORY_FOLDER)
    return Run(path, meta, writing=writing)


def _check_vantages(path: Path, meta: RunMeta) -> None:
    """Refuse what cannot name a file, and a merged run that is not called by its parts, each once."""
    for part in meta.merged:
        if RUN_ID.fullmatch(part.id) is None:
            raise StoreError(f"{path}: {part.id[:64]!r} is no run's id")
    for name in meta.vantages:
        if _VANTAGE.fullmatch(name) is None:
            raise StoreError(f"{path}: {name[:64]!r} is no vantage's name")
    if meta.merged and (meta.vantage != joint(meta.vantages) or len(set(meta.vantages)) < len(meta.vantages)):
        raise StoreError(
            f"{path}: {meta.vantage[:64]!r} does not name the vantages of the runs it was made of"
        )


def write_inventory(folder: Path, inventory: Inventory) -> None:
    """Write an inventory's files, byte for byte, and their hashes beside them."""
    files.make_folder(folder)
    lines = []
    for entry in inventory.files:
        target = folder / _inside(entry.name)
        files.make_folder(target.parent)
        files.write(target, entry.content)
        lines.append(f"{entry.sha256}  {entry.name}\n")
    files.write(folder / SUMS_FILE, "".join(lines).encode())


def _check_inventory(folder: Path) -> None:
    """Compare the copy with its hashes: a run is judged by the inventory it was made with."""
    for name, expected in read_sums(folder).items():
        target = folder / _inside(name)
        if files.sha256(target) != expected:
            raise StoreError(
                f"{target}: was changed after the scan; restore it, or judge with another inventory"
            )


def read_sums(folder: Path) -> dict[str, str]:
    """Return the hash of each file of a run's inventory, by name, as they were written beside it."""
    path = folder / SUMS_FILE
    found: dict[str, str] = {}
    text = files.read(path, _MAX_SUMS).decode("utf-8", "backslashreplace")
    for number, line in enumerate(text.splitlines(), 1):
        expected, _, name = line.partition("  ")
        if not name:
            raise StoreError(f"{path}:{number}: not a line of hash and name")
        if found.setdefault(name, expected) != expected:
            raise StoreError(f"{path}:{number}: {name!r} has two hashes")
    return found


def _inside(name: str) -> PurePosixPath:
    """Return a relative name that stays inside its folder; StoreError for any other."""
    path = PurePosixPath(name)
    if (
        path.is_absolute()
        or not path.parts
        or ".." in path.parts
        or set(name) & set("\0\n\r")
        or name == SUMS_FILE
    ):
        raise StoreError(f"{name!r}: not a name inside the run's inventory folder")
    return path
