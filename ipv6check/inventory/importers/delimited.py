"""CSV of whatever office program, encoding and delimiter, into a draft (RFC 4180 where it keeps to it)."""

from __future__ import annotations

import csv
import io
from collections import Counter

from ipv6check.inventory.importers.columns import field_of
from ipv6check.inventory.importers.draft import Draft
from ipv6check.inventory.importers.encoding import decode
from ipv6check.inventory.importers.options import Options
from ipv6check.inventory.importers.table import MAX_COLUMNS, MAX_ROWS, Sheet, read_sheets
from ipv6check.inventory.reading import Unreadable

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 50


def read(content: bytes, options: Options) -> Draft:
    """Read a CSV file; raise Unreadable with the line of what is wrong."""
    text, note = decode(content, options.encoding)
    offset = 0
    delimiter = options.delimiter
    first = text.split("\n", 1)[0].strip()
    if first.lower().startswith("sep=") and len(first) == 5:  # Excel's own hint
        delimiter = delimiter or first[4]
        text, offset = text.partition("\n")[2], 1
    if not text.strip():
        raise Unreadable("is empty")
    rows = _rows(text, delimiter or _sniff(text), offset)
    draft = read_sheets([Sheet(name="", rows=rows)], options)
    if note:
        draft.remark(note.vi, note.en)
    return draft


def _rows(text: str, delimiter: str, offset: int, most: int = MAX_ROWS) -> list[tuple[int, list[str]]]:
    """Return the rows that are not empty, each with the line that it begins on."""
    found: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    begin = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if len(found) >= most:
                    raise Unreadable(f"has more than {most} rows: split it", begin + offset)
                found.append((begin + offset, _trimmed(cells)))
            begin = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(f"is not CSV: {error}", reader.line_num + offset) from error
    return found


def _trimmed(cells: list[str]) -> list[str]:
    """Drop empty cells at the end: spreadsheets write them by the hundred."""
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _sniff(text: str) -> str:
    """Return the delimiter that makes the most even table, known headers counting most."""
    sample = "\n".join(text.split("\n", 4 * _SAMPLE_ROWS)[: 4 * _SAMPLE_ROWS])

    def evenness(delimiter: str) -> tuple[int, int]:
        try:
            rows = [cells for _, cells in _rows(sample, delimiter, 0)][:_SAMPLE_ROWS]
        except Unreadable:
            return 0, 0
        known = max(
            (sum(field_of(cell) is not None for cell in cells[:MAX_COLUMNS]) for cells in rows), default=0
        )
        widths = Counter(len(cells) for cells in rows if len(cells) > 1)
        return known, max(widths.values(), default=0)

    return max(_DELIMITERS, key=evenness)
