"""`--baseline RUN`: the run to compare with, found before anybody is contacted, and what is worse than it.

A partial run never is a baseline. `reports/latest` stands for the newest whole run of the same vantage:
it is looked up before a scan makes `latest` its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ipv6check import codec
from ipv6check.cli.judging import RUNS, Stopped, find_run
from ipv6check.cli.past import past_of, trend_in, window
from ipv6check.cli.settings import note
from ipv6check.history import Regressions, compare, regressions
from ipv6check.model.inventory import Inventory
from ipv6check.model.past import PastMeta, PastRun
from ipv6check.model.profile import Profile
from ipv6check.model.run import Judged
from ipv6check.model.text import Text
from ipv6check.store import Run
from ipv6check.store.folder import LATEST, RUNS_FOLDER

_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """A run to compare with, as it was judged."""

    run: Run
    past: PastRun


def find_baseline(
    name: str | None, inventory: Inventory, vantage: str, output: Path = RUNS.parent
) -> Baseline | None:
    """Return the baseline of that folder or id; Stopped if it cannot be one for this inventory."""
    if name is None:
        return None
    path = _place(name, output)
    # By its own name from here on: a scan moves `latest` to itself.
    run = find_run(str(path.resolve()) if path.is_symlink() else str(path))
    past = past_of(run)
    if path.name == LATEST and not _fits(past.run, inventory, vantage):
        run, past = _newest_fitting(path, inventory, vantage)
    if past.run.organization.id != inventory.organization.id:
        raise Stopped(
            f"{path}: a run of {past.run.organization.id!r}, which is no baseline for "
            f"{inventory.organization.id!r}: name a run of the same organization"
        )
    if past.run.vantage != vantage:
        raise Stopped(
            f"{path}: seen from the vantage {past.run.vantage!r}, which is no baseline for {vantage!r}: "
            "name a run from the same vantage"
        )
    if past.run.partial:
        raise Stopped(f"{path}: a partial run, which cannot be a baseline: name a whole one")
    if not past.run.complete:
        note(f"The baseline {past.run.id} was not completed: what it left open is not compared.")
    return Baseline(run=run, past=past)


def _place(name: str, output: Path) -> Path:
    if "/" not in name and not Path(name).exists():
        for runs in (output / RUNS_FOLDER, RUNS):
            if (runs / name).is_dir():
                return runs / name
    return Path(name)


def _fits(run: PastMeta, inventory: Inventory, vantage: str) -> bool:
    return run.whole and (run.organization.id, run.vantage) == (inventory.organization.id, vantage)


def _newest_fitting(latest: Path, inventory: Inventory, vantage: str) -> tuple[Run, PastRun]:
    folder = latest.resolve().parent
    fitting = [night for night in trend_in(folder) if _fits(night.run, inventory, vantage)]
    if not fitting:
        raise Stopped(
            f"{latest}: no whole run from the vantage {vantage!r} under {folder} that could be a baseline"
        )
    run = find_run(str(folder / fitting[-1].run.id))
    note(f"The baseline is {run.path.name}, the newest whole run from the vantage {vantage}.")
    return run, past_of(run)


def worse(baseline: Baseline | None, run: Run, judged: Judged, profile: Profile) -> Regressions | None:
    """Return what is worse in a judgement than in the baseline; None without one.

    A baseline judged by another profile is judged again by this one.
    """
    if baseline is None:
        return None
    folder = run.path.resolve().parent
    current = codec.convert_past(judged.results)
    past = baseline.past
    if past.run.profile_sha256 != profile.sha256:
        past = past_of(baseline.run, profile)
    return regressions(past, window(current, folder, compare(past, current)))


def told_breaking(found: Regressions | None) -> Iterator[Text]:
    """Yield a line for each regression: system, check, and what it has become."""
    if found is None:
        return
    since = found.difference.old
    for change in found.breaking[:_SHOWN]:
        finding = change.either
        what = Text(
            f"{change.system} · {finding.check} · {finding.reason}",
            f"{change.system} · {finding.check} · {finding.reason}",
        )
        if change.kind == "lapsed":
            yield Text(
                f"ngoại lệ đã hết hạn kể từ lượt quét mốc {since}: {what.vi}",
                f"an exception has expired since the baseline {since}: {what.en}",
            )
        else:
            yield Text(
                f"xấu đi so với lượt quét mốc {since}: {what.vi}",
                f"worse than the baseline {since}: {what.en}",
            )
    rest = len(found.breaking) - _SHOWN
    if rest > 0:
        yield Text(
            f"và {rest} nội dung khác xấu đi so với mốc", f"and {rest} more are worse than the baseline"
        )


def told_flapping(found: Regressions | None) -> Iterable[Text]:
    """Yield a line for what is worse than the baseline and only goes to and fro."""
    for change, record in found.flapping if found is not None else ():
        finding = change.either
        yield Text(
            f"chập chờn, không tính là xấu đi: {change.system} · {finding.check} · {finding.reason} "
            f"(đổi {record.changes} lần trong {record.known} lượt quét gần nhất)",
            f"unsteady, not counted as worse: {change.system} · {finding.check} · {finding.reason} "
            f"({record.changes} changes in the last {record.known} runs)",
        )
