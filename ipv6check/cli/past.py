"""Earlier runs from the command line: found, read or judged again, and what they add to a report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import replace
from pathlib import Path

from ipv6check import codec
from ipv6check.cli.judging import Stopped, find_inventory, find_profile, find_run, judge_run
from ipv6check.cli.settings import note
from ipv6check.history import WINDOW, compare, history
from ipv6check.history.trend import ordered, usable
from ipv6check.model.history import Difference
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


def nights_before(current: PastRun, trend: Iterable[PastNight]) -> list[PastNight]:
    """Return the last whole runs before `current` that are like it, as many as a window has, oldest first."""
    earlier = [
        night
        for night in ordered(trend)
        if usable(night.run, current.run)
        and night.run.id != current.run.id
        and night.run.started <= current.run.started
    ]
    return earlier[-(WINDOW - 1) :]


def window(current: PastRun, folder: Path, difference: Difference) -> list[PastRun]:
    """Return the runs that say what of a difference only flaps: those before `current`, and itself.

    Of each only the systems that got better or worse are kept, and without any no run is read: a large
    run's findings are a hundred megabytes.
    """
    moved = {change.system for change in difference.of("broken", "fixed")}
    found = []
    for night in nights_before(current, trend_in(folder)) if moved else ():
        try:
            found.append(_only(stored.read_past(folder / night.run.id), moved))
        except StoreError as failure:
            note(f"left out: {failure}")
    return [*found, current]


def _only(run: PastRun, systems: Set[str]) -> PastRun:
    return replace(run, systems=tuple(system for system in run.systems if system.id in systems))


def with_history(run: Run, judged: Judged, profile: Profile) -> Judged:
    """Return a judgement with what the earlier runs beside its run add to its reports.

    The last run is judged again where it was judged by another profile: what changed in between is to
    be the systems, not the yardstick. A run in which nobody was asked has nothing to compare.
    """
    if run.meta.selection.declared_only:
        return judged
    folder = run.path.resolve().parent
    current = codec.convert_past(judged.results, findings=False)
    trend = [each for each in trend_in(folder) if each.run.id != current.run.id]
    before = nights_before(current, trend)
    last = _last(folder / before[-1].run.id, profile) if before else None
    recent: list[PastRun] = []
    if last is not None:
        current = codec.convert_past(judged.results)
        # The last run stands in full, those before it only with what has moved since.
        recent = [*window(current, folder, compare(last, current))[:-2], last]
    return replace(judged, history=history(current, trend, recent))


def _last(path: Path, profile: Profile) -> PastRun | None:
    try:
        return past_of(find_run(str(path)), profile)
    except Stopped as failure:
        note(f"no comparison with the last run: {failure}")
        return None
