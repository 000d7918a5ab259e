"""Judging a stored run from the command line: its inventory, its profile, the system's certificate roots.

Everything that may go wrong with what a person named ends as a `Stopped`: one clear line and an exit code.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from ipv6check.cli.ending import Stopped as Stopped
from ipv6check.cli.ending import Unfinished as Unfinished
from ipv6check.cli.settings import note
from ipv6check.inventory import Problem, load, load_folder
from ipv6check.judge import Judged, judge
from ipv6check.model.inventory import Inventory
from ipv6check.model.profile import Profile
from ipv6check.profiles import ProfileError, load_profile
from ipv6check.store import Run, StoreError, open_run

RUNS = Path("reports/runs")
# How OpenSSL names the certificates of a folder that it trusts: hash of the subject, and a number.
_HASHED = re.compile(r"[0-9a-f]{8}\.[0-9]{1,4}")
_LARGEST_ROOTS = 16 * 1024 * 1024


def problems_stop(problems: Iterable[Problem]) -> Stopped:
    """Return the end that shows every problem of a file with its line and caret."""
    return Stopped("\n".join(problem.show() for problem in problems))


def find_run(name: str) -> Run:
    """Open the run of that folder, or of that id under `reports/runs`."""
    path = Path(name)
    if not path.exists() and (RUNS / name).is_dir() and "/" not in name:
        path = RUNS / name
    try:
        return open_run(path)
    except StoreError as failure:
        raise Stopped(str(failure)) from failure


def find_profile(name: str | None, run: Run | None = None) -> Profile:
    """Return the profile of that name or file; None: the one the run was made with, else `default`."""
    wanted = name or (run.meta.profile if run is not None else "default")
    try:
        profile = load_profile(wanted)
    except ProfileError as failure:
        if name is None:
            message = f"the run's profile {wanted!r} is not at hand: name its file with --profile"
            raise Stopped(message) from failure
        raise problems_stop(failure.problems) from failure
    if name is None and run is not None and profile.sha256 != run.meta.profile_sha256:
        note(f"The profile {wanted} has changed since the run: severities and scores may differ.")
    return profile


def find_inventory(run: Run, path: Path | None = None) -> Inventory:
    """Return the inventory at `path`, or the run's own copy; it must know the run's vantages."""
    loaded = load(path) if path is not None else load_folder(run.inventory_folder, run.meta.inventory_main)
    if loaded.inventory is None:
        raise problems_stop(loaded.errors)
    names = [vantage.name for vantage in loaded.inventory.vantages]
    for vantage in run.meta.vantages:
        if vantage not in names:
            raise Stopped(
                f"{path or run.inventory_folder}: no vantage {vantage!r}, from which the run was made "
                f"(it has: {', '.join(names)})"
            )
    return loaded.inventory


def judge_run(
    run: Run, *, profile: Profile, as_of: date | None = None, inventory: Inventory | None = None
) -> Judged:
    """Judge a stored run; `inventory` None: the run's own copy. Raise Stopped where it cannot be read."""
    try:
        return judge(
            inventory or find_inventory(run),
            run.observations(),
            run.meta,
            profile,
            as_of,
            system_roots(),
        )
    except StoreError as failure:
        raise Unfinished(str(failure)) from failure


def system_roots() -> tuple[bytes, ...]:
    """Return this system's certificate roots as PEM: its bundle, or the files of its folder."""
    paths = ssl.get_default_verify_paths()
    if paths.cafile:
        return tuple(_contents([Path(paths.cafile)]))
    if not paths.capath:
        return ()
    try:
        hashed = sorted(path for path in Path(paths.capath).iterdir() if _HASHED.fullmatch(path.name))
        return tuple(_contents(sorted({path.resolve() for path in hashed})))
    except OSError:
        note(f"The certificate roots in {paths.capath} cannot be read: certificates will look untrusted.")
        return ()


def _contents(paths: Iterable[Path]) -> Iterable[bytes]:
    for path in paths:
        try:
            if path.stat().st_size <= _LARGEST_ROOTS:
                yield path.read_bytes()
        except OSError:
            # A dangling link in a system folder: OpenSSL passes over it too.
            continue
