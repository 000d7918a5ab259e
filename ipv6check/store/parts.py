"""Whether runs fit together: what makes them parts of one merged run, before anything is written.

Each is a stranger's folder, copied from another host: what it says of itself is compared, never believed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from ipv6check.inventory.problems import visible
from ipv6check.model.inventory import Inventory
from ipv6check.model.run import RUN_ID
from ipv6check.store.files import StoreError
from ipv6check.store.folder import read_sums
from ipv6check.store.run import INVENTORY_FOLDER, Run


def check_parts(runs: Sequence[Run], inventory: Inventory) -> None:
    """Raise StoreError, one line that names the run, unless they are several vantages' runs of one kind.

    `inventory` is the first run's own copy as it was loaded.
    """
    for run in runs:
        _check_single(run)
    for one, other in combinations(runs, 2):
        _check_pair(one, other)
    for run in runs:
        _check_inventory(run, inventory)


def _unfit(message: str) -> StoreError:
    """Make an error that shows what is a stranger's as it is: a run.json may hold a terminal's commands."""
    return StoreError(visible(message))


def _check_single(run: Run) -> None:
    meta = run.meta
    if RUN_ID.fullmatch(meta.id) is None:
        raise _unfit(f"{run.path}: {meta.id[:64]!r} is no run's id")
    if meta.merged:
        parts = ", ".join(part.id for part in meta.merged)
        raise _unfit(f"{run.path}: a merged run; name those it was made of instead ({parts})")
    if meta.selection.declared_only:
        raise _unfit(f"{run.path}: nobody was asked in this run: there is nothing to merge")
    for path in run.journals():
        if path != run.journal_path:
            raise _unfit(
                f"{path}: its run.json says that the run looked from {meta.vantage!r} alone; "
                "copy the run's folder anew"
            )


def _check_pair(one: Run, other: Run) -> None:
    if one.meta.id == other.meta.id:
        raise _unfit(f"{one.path} and {other.path} are one run ({one.meta.id}): name it once")
    if one.meta.vantage == other.meta.vantage:
        lesser = min(one, other, key=lambda run: (run.meta.complete, run.meta.started, run.meta.id))
        why = "it is the older" if lesser.meta.complete else "it was not completed"
        raise _unfit(
            f"{one.path} and {other.path} are both from the vantage {one.meta.vantage!r}: "
            f"leave out {lesser.path} ({why})"
        )
    if differing := _differing(one, other):
        raise _unfit(
            f"{one.path} and {other.path} were made with different inventories ({differing}): "
            "scan both with the same files"
        )
    if one.meta.selection != other.meta.selection:
        raise _unfit(
            f"{one.path} and {other.path} were limited differently ({_selected(one)}; {_selected(other)}): "
            "scan both with the same --system, --unit and --check"
        )


def _differing(one: Run, other: Run) -> str:
    """Return in what two inventories differ; empty if they are the same files, byte for byte."""
    ours, theirs = read_sums(one.path / INVENTORY_FOLDER), read_sums(other.path / INVENTORY_FOLDER)
    names = sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))
    if names:
        how = "differs" if names[0] in ours and names[0] in theirs else "is only in one of them"
        more = f", and {len(names) - 1} more" if len(names) > 1 else ""
        return f"{names[0][:200]} {how}{more}"
    if one.meta.inventory_main != other.meta.inventory_main:
        return f"main file {one.meta.inventory_main[:200]!r} or {other.meta.inventory_main[:200]!r}"
    return (
        "" if one.meta.inventory_sha256 == other.meta.inventory_sha256 else "by the hashes in their run.json"
    )


def _selected(run: Run) -> str:
    chosen = run.meta.selection
    return ", ".join((*chosen.systems, *chosen.units, *chosen.checks))[:200] or "everything"


def _check_inventory(run: Run, inventory: Inventory) -> None:
    if run.meta.inventory_sha256 != inventory.sha256:
        raise _unfit(
            f"{run.path}: its inventory is not the one that its run.json names; copy the run's folder anew"
        )
    if run.meta.vantage not in {vantage.name for vantage in inventory.vantages}:
        raise _unfit(f"{run.path}: its inventory has no vantage {run.meta.vantage!r}")


def told_apart(runs: Iterable[Run]) -> list[str]:
    """Return a line for each thing that need not be the same and is not: program, profile, catalogue."""
    metas = [run.meta for run in runs]
    versions = {
        "program": [meta.tool for meta in metas],
        "profile": [f"{meta.profile} {meta.profile_sha256[:12]}".strip() for meta in metas],
        "catalogue": [meta.catalogue_sha256[:12] for meta in metas],
    }
    return [
        visible(
            f"The runs were made with different versions of the {what} ("
            + ", ".join(f"{meta.vantage}: {value[:100]}" for meta, value in zip(metas, values, strict=True))
            + ")."
        )
        for what, values in versions.items()
        if len(set(values)) > 1
    ]
