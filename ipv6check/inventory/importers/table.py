"""Sheets of cells into a draft: finds the row of headers, then makes a system or a device of each row.

Rows of the same id (or the same name and unit) are one system with several hosts. What no column of the
inventory takes is kept as a comment; a column whose header speaks of a password is not copied at all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from ipv6check.inventory.importers import columns, rows
from ipv6check.inventory.importers.draft import Draft
from ipv6check.inventory.importers.options import Options
from ipv6check.inventory.importers.wording import clean, fold, is_secret
from ipv6check.inventory.problems import did_you_mean
from ipv6check.inventory.reading import Unreadable

MAX_COLUMNS = 200
MAX_ROWS = 50_000
_HEAD_ROWS = 30
_IDENTIFYING = {"id", "name", "device", "host", "url", "management"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table: rows as (number from 1, cells as text). `name` is empty for a file of one table."""

    name: str
    rows: Sequence[tuple[int, Sequence[str]]]


def read_sheets(sheets: Sequence[Sheet], options: Options) -> Draft:
    """Make a draft of tables; raise Unreadable if none has a row of headers that are known."""
    mapping = _mapping(options.columns)
    draft = Draft()
    heads = [(sheet, _find_head(sheet, mapping)) for sheet in sheets]
    found = [(sheet, at) for sheet, at in heads if at is not None]
    if not found:
        raise Unreadable(_no_head(sheets))
    _check_mapped(found, mapping)
    for sheet, head in heads:
        if head is None:
            if sheet.rows:
                draft.remark(
                    f"trang tính {sheet.name}: bỏ qua, không có dòng tiêu đề nhận ra được",
                    f"sheet {sheet.name}: left out, none of its rows names known columns",
                )
            continue
        _read_sheet(sheet, head, mapping, draft)
    if draft.empty:
        raise Unreadable("has headers but no row of data below them", found[0][0].rows[found[0][1]][0])
    return draft


def _mapping(given: Mapping[str, str]) -> dict[str, str]:
    """Return the person's own mapping by folded header; raise Unreadable for a field that is none."""
    for header, field in given.items():
        if field not in columns.FIELDS:
            advice = did_you_mean(field, columns.FIELDS) or f"; fields: {', '.join(columns.FIELDS)}"
            raise Unreadable(f'--map {header}={field}: there is no field "{field}"{advice}')
    return {fold(header) or clean(header): field for header, field in given.items()}


def _field(header: str, mapping: Mapping[str, str]) -> str | None:
    own = mapping.get(fold(header) or clean(header))
    return own or columns.field_of(header)


def _find_head(sheet: Sheet, mapping: Mapping[str, str]) -> int | None:
    """Return the index of the row that names most known columns: titles often stand above it."""
    best, most = None, 0
    for index, (number, cells) in enumerate(sheet.rows[:_HEAD_ROWS]):
        if len(cells) > MAX_COLUMNS:
            message = f"has {len(cells)} columns; a table has at most {MAX_COLUMNS}: is it the right sheet?"
            raise Unreadable(f"{_named(sheet)}{message}", number)
        fields = {field for cell in cells if (field := _field(cell, mapping))}
        if fields & _IDENTIFYING and len(fields) > most:
            best, most = index, len(fields)
    return best


def _named(sheet: Sheet) -> str:
    return f'sheet "{clean(sheet.name, 60)}" ' if sheet.name else ""


def _no_head(sheets: Sequence[Sheet]) -> str:
    seen = next((cells for sheet in sheets for _, cells in sheet.rows if any(cells)), ())
    shown = ", ".join(f'"{clean(cell, 30)}"' for cell in list(seen)[:4] if clean(cell))
    if not shown:
        return "has no rows"
    return (
        f"none of its first {_HEAD_ROWS} rows names known columns (they begin {shown}): say what they "
        "mean with --map HEADER=FIELD, for instance --map 'Máy chủ=host'; docs/importing.md lists the fields"
    )


def _check_mapped(found: Sequence[tuple[Sheet, int]], mapping: Mapping[str, str]) -> None:
    """Raise Unreadable for a header of --map that no table has."""
    there = {fold(cell) or clean(cell): clean(cell, 40) for sheet, at in found for cell in sheet.rows[at][1]}
    for header in mapping:
        if header not in there:
            known = ", ".join(f'"{name}"' for name in list(there.values())[:20] if name)
            raise Unreadable(f'--map: no column is called "{header}"; there are {known}')


def _headers(sheet: Sheet, head: int, mapping: Mapping[str, str]) -> tuple[list[str], int]:
    """Return the headers, and the index of the first row of data.

    A second row of headers (IPv4 and IPv6 under a merged "Địa chỉ") names its columns better; a row of
    column numbers, (1) (2) (3), is none of data.
    """
    headers = [clean(cell, 80) for cell in sheet.rows[head][1]]
    at = head + 1
    below = [clean(cell, 80) for cell in sheet.rows[at][1]] if at < len(sheet.rows) else []
    said = [cell for cell in below if cell]
    if said and all(_field(cell, mapping) for cell in said):
        headers = [lower or upper for upper, lower in zip_longest(headers, below, fillvalue="")]
        at += 1
    return headers, at + (at < len(sheet.rows) and _is_numbering(sheet.rows[at][1]))


def _is_numbering(cells: Sequence[str]) -> bool:
    """Whether cells are (1) (2) (3) and so on, three at least."""
    said = [cell.strip("() ") for cell in cells if cell.strip()]
    if len(said) < 3 or not all(re.fullmatch("[0-9]{1,3}", cell) for cell in said):
        return False
    numbers = [int(cell) for cell in said]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] < 2


def _read_sheet(sheet: Sheet, head: int, mapping: Mapping[str, str], draft: Draft) -> None:
    headers, begin = _headers(sheet, head, mapping)
    fields = [_field(header, mapping) for header in headers]
    for header, field in zip(headers, fields, strict=True):
        if field is None and is_secret(header):
            draft.remark(
                f"cột {header}: không sao chép (có thể là bí mật)",
                f"column {header}: not copied (it may be secret)",
            )
    devices = rows.is_about_devices(field for field in fields if field)
    for number, cells in sheet.rows[begin:]:
        if len(cells) > MAX_COLUMNS:
            raise Unreadable(f"{_named(sheet)}row has {len(cells)} columns; at most {MAX_COLUMNS}", number)
        row = rows.Row(number, headers, fields, cells)
        if row.is_heading:
            draft.remark(f"dòng {number}: {row.text}", f"row {number}: {row.text}")
        elif devices:
            rows.add_device(draft, row)
        else:
            rows.add_system(draft, row)
