"""Remote bytes as text: never an error, never more than was asked for, nothing hidden."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipv6check.net.remote_text import TITLE, decode, excerpt, title


@given(raw=st.binary(max_size=300), limit=st.integers(0, 200))
def test_any_bytes_become_bounded_text_that_json_can_hold(raw: bytes, limit: int) -> None:
    text = decode(raw, limit)
    assert len(text) <= 4 * limit
    assert json.loads(json.dumps(text)) == text
    text.encode("utf-8")  # no lone surrogates


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=80), limit=st.integers(0, 200))
def test_a_bound_never_leaves_half_a_character(text: str, limit: int) -> None:
    assert text.startswith(decode(text.encode(), limit))


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"caf\xe9", "caf\\xe9"),
        (b"\xff\xfe", "\\xff\\xfe"),
        (b"\xed\xa0\x80", "\\xed\\xa0\\x80"),  # a surrogate in UTF-8
        ("Cổng thông tin".encode(), "Cổng thông tin"),
        (b"\x1b]0;x\x07\r\n\0", "\x1b]0;x\x07\r\n\0"),  # escaping is the output's job
        (b"", ""),
    ],
)
def test_what_is_not_utf8_stays_visible(raw: bytes, text: str) -> None:
    assert decode(raw, 100) == text


def test_an_excerpt_is_the_first_128_bytes() -> None:
    assert excerpt(b"x" * 1000) == "x" * 128


@pytest.mark.parametrize(
    ("page", "text"),
    [
        (b"<html><head><title>Hello</title>", "Hello"),
        (b"<TITLE lang='vi'>\n  C\xe1\xbb\x95ng \t th\xc3\xb4ng tin </Title>", "Cổng thông tin"),
        (b"<title>a</title><title>b</title>", "a"),
        (b"<title>a &amp; b &lt;script&gt; &#27;[2J</title>", "a & b <script> [2J"),
        (b"<title><b>bold</b></title>", "<b>bold</b>"),  # a title holds text: tags in it are text too
        (b"<title></title>", ""),
        (b"<titles>no</titles>", None),
        (b"<titles><title>yes</title>", "yes"),
        (b"<title>never closed", None),
        (b"<title", None),
        (b"<title ", None),
        (b"no title at all", None),
        (b"", None),
    ],
)
def test_the_first_title_of_a_page(page: bytes, text: str | None) -> None:
    assert title(page) == text


def test_a_title_is_bounded() -> None:
    assert title(b"<title>" + b"x" * 60_000 + b"</title>") == "x" * TITLE


@pytest.mark.parametrize("piece", [b"<title", b"<title>", b"<title ", b"<titl", b"&amp", b"&#x"])
def test_a_page_made_to_cost_time_is_read_in_linear_time(piece: bytes) -> None:
    title(piece * ((8 << 20) // len(piece)))  # quadratic would be hours: the test's time limit


@given(page=st.binary(max_size=400))
def test_no_page_breaks_the_reading_of_its_title(page: bytes) -> None:
    found = title(b"<title>" + page + b"</title>")
    assert found is not None
    found.encode("utf-8")
