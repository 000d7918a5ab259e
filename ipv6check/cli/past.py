"""Earlier runs from the command line: found, read or judged again, and what they add to a report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from ipv6check import codec
from ipv6check.cli.judging import Stopped, find_inventory, find_profile, find_run, judge_run
from ipv6check.cli.settings import note
from ipv6check.history import WINDOW, history
from ipv6check.history.trend import ordered, usable
from ipv6check.model.past import PastNight, PastRun
from ipv6check.model.profile import Profile
from ipv6check.model.run import Judged
from ipv6check.store import Run, StoreError
from ipv6check.store import past as stored


def past_of(run: Run, profile: Profile | None = None) -> PastRun:
    """Return a run's judgement: the stored one, or made again where there is none or of another profile.

    `profile` None: whatever it was judged by. Raise Stopped where neither can be had.
    """
    try:
        if stored.judged(run.path):
            found = stored.read_past(run.path)
            if profile is None or found.run.profile_sha256 == profile.sha256:
                return found
    except StoreError as failure:
        raise Stopped(str(failure)) from failure
    rules = profile or find_profile(None, run)
    return codec.convert_past(judge_run(run, profile=rules, inventory=find_inventory(run)).results)


def trend_in(folder: Path) -> tuple[PastNight, ...]:
    """Return every judged run of a folder, oldest first; what cannot be read is told."""
    return ordered(_read(stored.run_folders(folder)))


def read_judged(path: Path) -> PastRun:
    """Return a run's stored judgement; Stopped if it cannot be read."""
    try:
        return stored.read_past(path)
    except StoreError as failure:
        raise Stopped(str(failure)) from failure


def _read(paths: Iterable[Path]) -> Iterator[PastNight]:
    for path in paths:
        try:
            if stored.judged(path):
                yield stored.read_night(path)
            else:
                note(f"{path}: not judged yet, left out; judge it with: ipv6check judge {path} --write")
        except StoreError as failure:
            note(f"left out: {failure}")


def recent_like(current: PastRun, folder: Path, trend: Iterable[PastNight]) -> tuple[PastRun, ...]:
    """Return the last whole runs before `current` that are like it, with findings, oldest first."""
    earlier = [
        run
        for run in ordered(trend)
        if usable(run.run, current.run)
        and run.run.id != current.run.id
        and run.run.started <= current.run.started
    ]
    found = []
    for run in earlier[-(WINDOW - 1) :]:
        try:
            found.append(stored.read_past(folder / run.run.id))
        except StoreError as failure:
            note(f"left out: {failure}")
    return tuple(found)


def with_history(run: Run, judged: Judged, profile: Profile) -> Judged:
    """Return a judgement with what the earlier runs beside its run add to its reports.

    The last run is judged again where it was judged by another profile: what changed in between is to
    be the systems, not the yardstick.
    """
    folder = run.path.resolve().parent
    current = codec.convert_past(judged.results)
    trend = [each for each in trend_in(folder) if each.run.id != current.run.id]
    recent = list(recent_like(current, folder, trend))
    if recent and recent[-1].run.profile_sha256 != profile.sha256:
        try:
            recent[-1] = past_of(find_run(str(folder / recent[-1].run.id)), profile)
        except Stopped as failure:
            note(f"no comparison with the last run: {failure}")
            recent.clear()
    return replace(judged, history=history(current, trend, recent))
