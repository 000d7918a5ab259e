"""An xlsx workbook into a draft, every sheet or the one that is named.

A workbook is a ZIP archive from elsewhere: its size unpacked is checked before anything is unpacked, and
openpyxl parses its XML with defusedxml. Cached values of formulas are read, never the formulas.
"""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import openpyxl
from openpyxl.xml import DEFUSEDXML

from ipv6check.inventory.importers.draft import Draft
from ipv6check.inventory.importers.options import Options
from ipv6check.inventory.importers.table import MAX_COLUMNS, MAX_ROWS, Sheet, read_sheets
from ipv6check.inventory.importers.wording import clean
from ipv6check.inventory.problems import did_you_mean
from ipv6check.inventory.reading import Unreadable

MAX_UNPACKED = 128 * 1024 * 1024
MAX_PARTS = 2_000
MAX_SHEETS = 50
_MOST_BLANK = 100_000  # rows without a cell between two rows: a sheet may claim a million

_BROKEN = (
    zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, OSError, EOFError,
    KeyError,
)  # fmt: skip

if not DEFUSEDXML:  # pragma: no cover - defusedxml is a dependency; openpyxl finds it
    raise ImportError("openpyxl would parse XML without defusedxml")


def read(content: bytes, options: Options) -> Draft:
    """Read a workbook; raise Unreadable for what is none, is too large, or holds no table."""
    _check_archive(content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of extensions that openpyxl leaves out, none of them data
        try:
            return read_sheets(list(_sheets(content, options.sheet)), options)
        except Unreadable:
            raise
        except Exception as error:  # a broken workbook breaks openpyxl in ways it does not list
            raise Unreadable(f"is not a workbook that can be read ({clean(_reason(error), 120)})") from error


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _check_archive(content: bytes) -> None:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("is an old .xls file or is encrypted: save it as .xlsx without a password")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            claimed = sum(part.file_size for part in parts)
            if len(parts) > MAX_PARTS or claimed > MAX_UNPACKED:
                size = claimed // 1024 // 1024
                raise Unreadable(f"unpacks to {size} MiB in {len(parts)} parts: that is no inventory")
            for part in parts:
                _check_part(archive, part)
    except _BROKEN as error:
        raise Unreadable(f"is not an .xlsx workbook ({clean(_reason(error), 80)})") from error


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Unpack a part once without keeping it: what it claims to be is not what it must be."""
    size = 0
    with archive.open(part) as stream:
        while piece := stream.read(1 << 20):
            size += len(piece)
            if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
                raise Unreadable("contains a document type definition (DTD), which no workbook needs")
            if size > MAX_UNPACKED:
                raise Unreadable("unpacks to more than it says: that is no inventory")


def _sheets(content: bytes, wanted: str | None) -> Iterator[Sheet]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        names = [sheet.title for sheet in book.worksheets]
        if wanted is not None and wanted not in names:
            near = did_you_mean(wanted, names) or f"; there are {', '.join(names[:20])}"
            raise Unreadable(f'has no sheet "{wanted}"{near}')
        if wanted is None and len(names) > MAX_SHEETS:
            raise Unreadable(f"has {len(names)} sheets: name one with --sheet")
        for sheet in book.worksheets:
            if wanted is None or sheet.title == wanted:
                yield Sheet(name=sheet.title, rows=list(_rows(sheet)))
    finally:
        book.close()


def _rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not empty as text."""
    sheet.reset_dimensions()  # what a sheet says of its size is often wrong, and may be a trap
    found = blank = 0
    for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        texts = [_text(cell) for cell in cells]
        while texts and not texts[-1].strip():
            texts.pop()
        if len(texts) > MAX_COLUMNS:
            message = f"has {len(texts)} columns; a table has at most {MAX_COLUMNS}: is it the right sheet?"
            raise Unreadable(f'sheet "{clean(sheet.title, 60)}" {message}', number)
        if not texts:
            blank += 1
            if blank > _MOST_BLANK:
                return
            continue
        found, blank = found + 1, 0
        if found > MAX_ROWS:
            raise Unreadable(f'sheet "{clean(sheet.title, 60)}" has more than {MAX_ROWS} rows', number)
        yield number, texts


def _text(cell: object) -> str:
    """Return a cell as a person sees it: 443, not 443.0; a date as YYYY-MM-DD."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)
