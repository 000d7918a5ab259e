"""Every hostile string through the formats for machines and spreadsheets: inert, valid, and read back."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata

import pytest
from defusedxml import ElementTree as Xml
from openpyxl import load_workbook

from ipv6check.model.run import Judged
from ipv6check.report import FORMATS, render
from tests.hostile.corpus import STRINGS
from tests.hostile.outputs.hostile_document import identified, poisoned

# Texts as they are, and texts as ids: every format takes both.
CASES = [
    pytest.param(make(text), id=f"{name} as {kind}")
    for name, text in STRINGS.items()
    for kind, make in (("text", lambda text: poisoned(text, 2)), ("id", identified))
]
ALL = pytest.mark.parametrize("judged", CASES)
SAMPLE = re.compile(r'(ipv6check_[a-z0-9_]+)(?:\{((?:[a-z_]+="(?:[^"\\\n]|\\\\|\\"|\\n)*",?)+)\})? (\S+)')


def made(judged: Judged, format: str) -> bytes:
    content = render(judged, {"format": format, "language": "vi"})
    assert isinstance(content, bytes)
    return content


def no_harmful(text: str, line_ends: str = "\n") -> None:
    harmful = {c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}
    assert harmful <= set(line_ends)


@ALL
def test_no_cell_of_the_csv_begins_a_formula(judged: Judged) -> None:
    text = made(judged, "csv").decode("utf-8")
    assert text.startswith("\ufeff")
    no_harmful(text[1:], "\r\n")
    head, *rows = csv.reader(io.StringIO(text[1:], newline=""), strict=True)
    assert rows and all(len(row) == len(head) for row in rows)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


@ALL
def test_no_cell_of_the_workbook_is_a_formula_or_a_link(judged: Judged) -> None:
    book = load_workbook(io.BytesIO(made(judged, "xlsx")))
    for sheet in book:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            assert cell.data_type in {"s", "n", "b"}, cell.value
            assert cell.hyperlink is None
            if isinstance(cell.value, str):
                no_harmful(cell.value, "\n")


@ALL
def test_junit_is_xml_without_a_doctype(judged: Judged) -> None:
    content = made(judged, "junit")
    root = Xml.fromstring(content, forbid_dtd=True)
    elements = {element.tag for element in root.iter()}
    assert elements <= {
        *("testsuites", "testsuite", "testcase", "properties", "property", "failure", "skipped"),
        "system-out",
    }
    no_harmful(content.decode("utf-8"))


@ALL
@pytest.mark.parametrize("format", ["sarif", "gitlab"])
def test_json_for_machines_is_json(judged: Judged, format: str) -> None:
    content = made(judged, format)
    json.loads(content.decode("utf-8"))
    no_harmful(content.decode("utf-8"))


@ALL
def test_every_line_of_the_metrics_is_one_sample(judged: Judged) -> None:
    names: set[str] = set()
    seen = set()
    for line in made(judged, "prometheus").decode("utf-8").splitlines():
        if line.startswith("# TYPE"):
            names.add(line.split()[2])
        if not line.startswith("#"):
            match = SAMPLE.fullmatch(line)
            assert match, line[:200]
            assert match[1] in names
            assert (match[1], match[2]) not in seen
            seen.add((match[1], match[2]))
            float(match[3])


@ALL
def test_markdown_has_no_live_markup_of_a_strangers(judged: Judged) -> None:
    text = made(judged, "markdown").decode("utf-8")
    no_harmful(text)
    for line in text.splitlines():
        plain = re.sub(r"\\[!-/:-@\[-`{-~]", "", line)
        assert "<" not in plain and "`" not in plain and "](" not in plain
        assert "://" not in plain and "@" not in plain
        if line.startswith("|"):
            assert plain.count("|") in {3, 5, 6}


@pytest.mark.parametrize("format", [f.name for f in FORMATS if not f.folder and f.name != "json"])
def test_what_is_cut_is_cut_in_every_format(format: str) -> None:
    assert len(made(poisoned(STRINGS["long"], 2), format)) < 4 * 1024 * 1024
