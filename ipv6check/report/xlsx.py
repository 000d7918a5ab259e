"""A workbook for spreadsheets: overview, units, systems, findings; texts are texts, never formulas.

The same bytes for the same input: openpyxl writes the time of writing into the file and into the
archive, so both are set to what the run says, or to a fixed day, when the archive is packed again.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from ipv6check.model.profile import LEVELS
from ipv6check.model.run import Judged
from ipv6check.model.text import JSON
from ipv6check.report import digest, phrases
from ipv6check.report.entries import GroupEntry, Report, Totals
from ipv6check.report.reading import read
from ipv6check.report.rows import COLUMNS, SYSTEM_COLUMNS, Value, rows, system_row

__all__ = ["render"]

_LONGEST = 32_767  # characters of a cell
_WIDTH = 18
_ROWS = 1_048_575  # rows of a sheet under its head
_EPOCH = datetime(1980, 1, 1, tzinfo=UTC)  # the first day that a ZIP archive can name
_WRITTEN = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")
_TOTALS = (
    "systems",
    "counted",
    "on_target",
    "score_low",
    "score_high",
    "coverage",
    "not_scanned",
    "accepted",
)


def render(judged: Judged, options: Mapping[str, JSON]) -> bytes:
    """Return the workbook; `language` ("vi" or "en") is that of titles, names and messages."""
    report = read(judged, "en" if options.get("language") == "en" else "vi")
    book = Workbook(write_only=True)
    _sheet(book, phrases.say(report, "title.overview"), None, _overview(report))
    head = ("id", "name", *_TOTALS, *(f"level_{level}" for level in LEVELS))
    for title, groups in (("group.unit", report.by_unit), ("group.category", report.by_category)):
        _sheet(book, phrases.say(report, title), head, (_group(report, group) for group in groups))
    _sheet(
        book,
        phrases.say(report, "title.systems"),
        SYSTEM_COLUMNS,
        (system_row(system) for system in report.systems),
    )
    _sheet(book, phrases.say(report, "scope.findings"), COLUMNS, rows(report))
    for title, groups in (
        ("group.unit_level", report.by_unit_level),
        ("group.site", report.by_site),
        ("group.exposure", report.by_exposure),
    ):
        _sheet(book, phrases.say(report, title), head, (_group(report, group) for group in groups))
    made = io.BytesIO()
    book.save(made)
    return _settled(made.getvalue(), report.run.started or _EPOCH)


def _overview(report: Report) -> Iterator[tuple[Value, ...]]:
    yield (phrases.say(report, "title.report"), report.organization)
    yield (phrases.headline(report), phrases.headline_tail(report))
    yield from ((phrases.say(report, "notice.heading"), notice) for notice in phrases.notices(report))
    yield (phrases.say(report, "scope.run"), report.run.id)
    yield ()
    yield from zip(_TOTALS, _totals(report.totals), strict=True)
    for level in LEVELS:
        yield (f"level_{level}", report.totals.levels.get(level, 0))
    for verdict, count in report.totals.verdicts.items():
        yield (f"findings_{verdict}", count)
    yield ()
    keys = ("reason", "severity", "systems", "units")
    yield tuple(phrases.say(report, f"reasons.{key}") for key in keys)
    for reason in digest.failing_reasons(report):
        units = "; ".join(unit for unit, _ in reason.units)
        severity = phrases.told(report, "severity", reason.severity or "info")
        yield (f"{reason.title} ({reason.code})", severity, len(reason.systems), units)


def _group(report: Report, group: GroupEntry) -> tuple[Value, ...]:
    levels = (group.totals.levels.get(level, 0) for level in LEVELS)
    return (group.id, group.name, *_totals(group.totals), *levels)


def _totals(totals: Totals) -> tuple[Value, ...]:
    score = totals.score
    return (
        *(totals.systems, totals.counted, totals.on_target),
        *((score.low, score.high, score.coverage) if score else (None, None, None)),
        *(totals.not_scanned, totals.accepted),
    )


def _sheet(
    book: Workbook, title: str, head: tuple[str, ...] | None, content: Iterable[tuple[Value, ...]]
) -> None:
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31])
    for index in range(1, len(head or ()) + 1 if head else 5):
        sheet.column_dimensions[_letters(index)].width = _WIDTH if head else 40
    if head:
        sheet.freeze_panes = "B2"
        sheet.append([_cell(sheet, name, bold=True) for name in head])
    for number, row in enumerate(content):
        if number >= _ROWS:
            break
        sheet.append([_cell(sheet, value) for value in row])


def _letters(index: int) -> str:
    return chr(64 + index) if index <= 26 else "A" + chr(64 + index - 26)


def _cell(sheet: WriteOnlyWorksheet, value: Value, *, bold: bool = False) -> Cell | None:
    """Return a cell: a text is stored as a text, whatever it begins with."""
    if value is None or value == "":
        return None
    made = WriteOnlyCell(sheet, value=value[:_LONGEST] if isinstance(value, str) else value)
    if isinstance(value, str):
        made.data_type = "s"
        # Tells the spreadsheet that it was typed as a text: it stays one when somebody edits it.
        made.quotePrefix = value.startswith(("=", "+", "-", "@"))
    if bold:
        made.font = Font(bold=True)
    return made


def _settled(archive: bytes, moment: datetime) -> bytes:
    """Pack an archive again with times that depend on the input alone."""
    stamp = f"{moment:%Y-%m-%dT%H:%M:%SZ}".encode()
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            data = old.read(name)
            if name == "docProps/core.xml":
                data = _WRITTEN.sub(rb"\g<1>" + stamp + rb"\g<3>", data)
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, data)
    return packed.getvalue()
