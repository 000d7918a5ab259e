"""`report RUN -f FORMAT[=PATH]`: judge a stored run again and write reports of it; contacts nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath

import click

from ipv6check.cli.baseline import find_baseline, worse
from ipv6check.cli.gates import Gates, evaluate, gate_options, tell
from ipv6check.cli.judging import Unfinished, find_inventory, find_profile, find_run, judge_run
from ipv6check.cli.past import with_history
from ipv6check.cli.settings import current, note
from ipv6check.model.run import Judged
from ipv6check.model.text import JSON, LANGUAGES
from ipv6check.report import FORMATS, Format, find_format, pages, pieces
from ipv6check.store import Run, StoreError, files

STDOUT = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One report asked for. `path` None: its usual place in the run's folder. `single`: as one file."""

    format: Format
    path: str | None
    single: bool = False

    @property
    def folder(self) -> bool:
        """Whether it makes several files."""
        return self.format.folder and not self.single


def wanted_report(value: str) -> Wanted:
    """Read one `-f`, `FORMAT` or `FORMAT=PATH`; a format that is not there is told with those that are."""
    name, given, path = value.partition("=")
    try:
        known = find_format(name)
    except KeyError:
        names = ", ".join(each.name for each in FORMATS)
        raise click.BadParameter(f"there is no format {name!r}; available: {names}") from None
    if given and not path:
        raise click.BadParameter(f"{name}= needs a path, or - for stdout")
    return Wanted(format=known, path=path or None)


@click.command("report")
@click.argument("run_name", metavar="RUN")
@click.option(
    "-f",
    "--format",
    "wanted",
    type=wanted_report,
    multiple=True,
    required=True,
    metavar="FORMAT[=PATH]",
    help=f"{', '.join(each.name for each in FORMATS)}; repeatable; =- is stdout.",
)
@click.option(
    "--single-file", is_flag=True, help="HTML as one file, in the language of --lang, instead of a folder."
)
@click.option("--profile", metavar="PROFILE", help="A built-in profile or a file (default: the run's own).")
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="What today is, for expiries."
)
@gate_options
@click.pass_context
def command(
    context: click.Context,
    run_name: str,
    wanted: tuple[Wanted, ...],
    single_file: bool,
    profile: str | None,
    as_of: datetime | None,
    gates: Gates,
) -> None:
    """Write reports of a stored run, offline.

    RUN is a run's folder or its id. Without a path a report goes to its place in the run's folder.
    """
    wanted = tuple(replace(each, single=single_file and each.format.folder) for each in wanted)
    for each in wanted:
        if each.folder and each.path == STDOUT:
            raise click.UsageError(
                f"{each.format.name} is a folder of files: name a folder instead of -, or add --single-file"
            )
    if single_file and not any(each.single for each in wanted):
        raise click.UsageError("--single-file is of html: ask for it with -f html")
    if sum(each.path == STDOUT for each in wanted) > 1:
        raise click.UsageError("only one report can go to stdout")
    run = find_run(run_name)
    rules = find_profile(profile, run)
    inventory = find_inventory(run)
    baseline = find_baseline(gates.baseline, inventory, run.meta.vantage)
    judged = judge_run(run, profile=rules, as_of=as_of.date() if as_of else None, inventory=inventory)
    judged = with_history(run, judged, rules)
    for each in wanted:
        write_report(run, judged, each)
    outcome = evaluate(gates, judged, worse=worse(baseline, run, judged, rules))
    tell(outcome)
    context.exit(outcome.code)


def write_report(run: Run, judged: Judged, wanted: Wanted, *, quietly: bool = False) -> None:
    """Render one report and write it where it was wanted; raise Unfinished where that cannot be done.

    A report that is a folder of pages is written in every language, one folder each. `quietly`: the
    caller says where it lies.
    """
    try:
        if wanted.folder:
            place = Path(wanted.path or run.path / wanted.format.name)
            for language in LANGUAGES:
                options: dict[str, JSON] = {"format": wanted.format.name, "language": language, "both": True}
                options["in_run"] = wanted.path is None
                write_folder(place / language, pages(judged, options))
        else:
            content = one_file(judged, wanted)
            if wanted.path == STDOUT:
                for piece in content:
                    click.echo(piece, nl=False)
                return
            place = Path(
                wanted.path or run.path / f"report{'.html' if wanted.single else wanted.format.suffix}"
            )
            files.write(place, content)
    except StoreError as failure:
        raise Unfinished(str(failure)) from failure
    if not quietly:
        note(str(place))


def one_file(judged: Judged, wanted: Wanted) -> Iterable[bytes]:
    """Return a report that is one file, in the language of the terminal, in pieces."""
    options: dict[str, JSON] = {"format": wanted.format.name, "language": current().language}
    if wanted.single:
        return (content for _, content in pages(judged, options | {"single": True}))
    return pieces(judged, options)


def write_folder(folder: Path, content: Iterable[tuple[str, bytes]]) -> None:
    """Write files by their relative names under a folder, which is made if it is not there.

    They are pages by the hundred that the run can give again: none is synced.
    """
    for name, data in content:
        inside = PurePosixPath(name)
        if inside.is_absolute() or ".." in inside.parts:
            raise StoreError(f"{name}: leads out of {folder}")
        path = folder / inside
        files.make_folder(path.parent)
        files.write(path, data, lasting=False)
