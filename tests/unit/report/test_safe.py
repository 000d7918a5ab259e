"""safe_text: whatever a stranger sent, one visible, bounded line comes out."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipv6check.report.safe import LIMIT, safe_block, safe_text

ANYTHING = st.text(alphabet=st.characters(codec=None, exclude_categories=()))


@pytest.mark.parametrize(
    ("remote", "shown"),
    [
        ("nginx/1.22.1", "nginx/1.22.1"),
        ("Cổng dịch vụ công", "Cổng dịch vụ công"),
        ("\x1b]0;owned\x07", "\\x1b]0;owned\\x07"),
        ("\x1b[2J", "\\x1b[2J"),
        ("\x9b31m", "\\x9b31m"),
        ("220 mail\r\n250 ok", "220 mail\\r\\n250 ok"),
        ("a\tb", "a\\tb"),
        ("a\0b", "a\\x00b"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("pay\u200bpal", "pay\\u200bpal"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("\u2028", "\\u2028"),
        ("", ""),
        ("C:\\temp", "C:\\temp"),
    ],
)
def test_active_and_invisible_characters_become_visible(remote: str, shown: str) -> None:
    assert safe_text(remote) == shown


def test_every_control_format_and_surrogate_character_of_unicode_is_escaped() -> None:
    for point in range(sys.maxunicode + 1):
        character = chr(point)
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
            assert safe_text(character).startswith("\\"), f"U+{point:04X} passes"


def test_no_vietnamese_letter_is_escaped() -> None:
    letters = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
    for letter in letters + letters.upper():
        for mark in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"):
            text = unicodedata.normalize("NFC", letter + mark)
            assert safe_text(text) == text
            assert safe_text(unicodedata.normalize("NFD", text)) == unicodedata.normalize("NFD", text)


def test_a_megabyte_without_a_line_end_is_cut_with_an_ellipsis() -> None:
    shown = safe_text("A" * 1_048_576)
    assert len(shown) == LIMIT
    assert shown.endswith("…")


def test_text_of_exactly_the_limit_is_not_cut() -> None:
    assert safe_text("A" * 10, 10) == "A" * 10
    assert safe_text("A" * 11, 10) == "A" * 9 + "…"


def test_a_block_keeps_its_lines_and_nothing_else() -> None:
    assert safe_block("listen [::]:443;\r\n\x1b[2Jlisten 443;") == "listen [::]:443;\n\\x1b[2Jlisten 443;"


@given(ANYTHING, st.integers(min_value=1, max_value=80))
def test_what_comes_out_is_printable_bounded_and_encodable(remote: str, limit: int) -> None:
    shown = safe_text(remote, limit)
    assert len(shown) <= limit
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for c in shown)
    shown.encode("utf-8")


@given(ANYTHING, st.integers(min_value=1, max_value=80))
def test_twice_is_the_same_as_once(remote: str, limit: int) -> None:
    once = safe_text(remote, limit)
    assert safe_text(once, limit) == once


@given(ANYTHING)
def test_a_block_made_safe_twice_is_the_same(remote: str) -> None:
    assert safe_block(safe_block(remote)) == safe_block(remote)
