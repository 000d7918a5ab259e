"""One CSV table: a row a finding, for spreadsheets and for programs.

UTF-8 with a byte order mark (spreadsheets need it for Vietnamese), CRLF line ends and quoting as in
RFC 4180; numbers with a decimal point, dates as in ISO 8601, truth values as true and false.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from ipv6check.model.run import Judged
from ipv6check.model.text import JSON
from ipv6check.report.reading import read
from ipv6check.report.rows import COLUMNS, Value, rows

__all__ = ["cell", "render", "stream"]

# What makes a spreadsheet take a text for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_PIECE = 1 << 18  # characters that are held before they are passed on
_MARK = "\ufeff"


def render(judged: Judged, options: Mapping[str, JSON]) -> bytes:
    """Return the table; `language` ("vi" or "en") is that of names, messages and remedies."""
    return b"".join(stream(judged, options))


def stream(judged: Judged, options: Mapping[str, JSON]) -> Iterator[bytes]:
    """Yield what `render` returns, in pieces: of ten thousand systems it is hundreds of megabytes."""
    report = read(judged, "en" if options.get("language") == "en" else "vi")
    out = io.StringIO(newline="")
    out.write(_MARK)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows(report):
        writer.writerow([cell(value) for value in row])
        if out.tell() >= _PIECE:
            yield out.getvalue().encode("utf-8")
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode("utf-8")


def cell(value: Value) -> str:
    """Return a value as a cell; a text that a spreadsheet would run begins with an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return f"'{value}" if value.startswith(_FORMULA) else value
