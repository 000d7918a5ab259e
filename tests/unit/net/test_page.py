"""What a page names: loaded hosts, literals; whatever bytes a server sends, quickly and bounded."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipv6check.net.page import MOST_HOSTS, MOST_LITERALS, references


def hosts(page: str, kind: str = "text/html") -> list[str]:
    found = references(page.encode(), kind, "www.example")
    assert found is not None
    return list(found["hosts"])  # type: ignore[arg-type]


def literals(page: str) -> list[str]:
    found = references(page.encode(), "text/html", "www.example")
    assert found is not None
    return list(found["literals"])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "page",
    [
        "<script src=//cdn.example/x.js></script>",
        '<SCRIPT SRC="https://CDN.example./x.js">',
        "<link rel='preload stylesheet' href='https://cdn.example/a.css'>",
        "<img srcset='/a 1x, https://cdn.example/b 2x'>",
        "<style>@import 'https://cdn.example/f.css';</style>",
        "<div style=\"background: url('https://cdn.example/b.png')\">",
        "<base href=https://cdn.example/>",
        "<iframe\nsrc = 'https://cdn.example/?a=1&amp;b=2'></iframe>",
        "<svg><image xlink:href='https://cdn.example/i.svg'/></svg>",
        "<a title='>' href='/'><img data-x=\">\" src='https://cdn.example/y'>",
    ],
)
def test_what_a_browser_loads_by_itself_is_found(page: str) -> None:
    assert hosts(page) == ["cdn.example"]


@pytest.mark.parametrize(
    "page",
    [
        "<a href='https://elsewhere.example/'>link</a>",
        "<link rel=canonical href='https://elsewhere.example/'>",
        "<form action='https://elsewhere.example/'>",
        "<!-- <img src='https://elsewhere.example/'> -->",
        "<img src='/own.png'><img src='https://www.example/own.png'>",
        "<img src='data:image/png;base64,AAAA'><a href='mailto:a@elsewhere.example'>",
        "<textarea><img src='https://elsewhere.example/'></textarea>",
        "<img src='https://[bad/'><img src='https://a b/'><img src='https://300.1.2.3/'>",
    ],
)
def test_links_comments_and_the_pages_own_host_load_nothing_foreign(page: str) -> None:
    assert hosts(page) == []


@pytest.mark.parametrize(
    "page",
    [
        "<a href='http://198.51.100.7/'>",
        "<script>fetch('http://198.51.100.7:8080/api')</script>",
        "<meta http-equiv=refresh content='0; url=http://198.51.100.7/'>",
        "<form action=http://198.51.100.7/login>",
        "<style>b{background:url(http://198.51.100.7/x)}</style>",
    ],
)
def test_an_ipv4_address_in_a_url_is_found_wherever_it_stands(page: str) -> None:
    assert literals(page) == ["198.51.100.7"]


@pytest.mark.parametrize(
    "page", ["<p>198.51.100.7", "<script>v='1.2.3.4'</script>", "<a href='http://[::1]/'>"]
)
def test_a_number_with_dots_that_is_no_url_is_no_literal(page: str) -> None:
    assert literals(page) == []


def test_lists_are_bounded_and_say_so() -> None:
    page = "".join(f"<img src=//h{n}.example/><a href=http://198.51.100.{n}/>" for n in range(60))
    found = references(page.encode(), "text/html", "www.example")
    assert found is not None
    assert len(list(found["hosts"])) == MOST_HOSTS  # type: ignore[arg-type]
    assert len(list(found["literals"])) == MOST_LITERALS  # type: ignore[arg-type]
    assert found["more"] is True


def test_what_is_not_html_names_nothing() -> None:
    assert references(b"{}", "application/json", "x") is None
    assert references(b"hello", "", "x") is None
    assert references(b" <!DOCTYPE html>", "", "x") is not None


@given(st.binary(max_size=3000))
def test_any_bytes_are_read_without_error(body: bytes) -> None:
    references(body, "text/html", "www.example")


@pytest.mark.parametrize(
    "piece", ["<a ", "<!--", "<a a=", "<a href='", "</", "<script>", "<style>url(", "<a b='c' ", "<!", "&"]
)
def test_unclosed_markup_costs_time_in_proportion_only(piece: str) -> None:
    body = (piece * 65536)[:65536].encode()
    began = time.process_time()
    references(body, "text/html", "www.example")
    assert time.process_time() - began < 5  # html.parser takes 40 s for the first
