"""Where a Location header leads: the text of a stranger."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipv6check.facts.place import Place, asked_place, follow

BASE = Place(True, "www.example", 443, "/a/b")


@pytest.mark.parametrize(
    ("location", "place"),
    [
        ("/home", "https://www.example/home"),
        ("c", "https://www.example/a/c"),
        ("?x=1", "https://www.example/a/b?x=1"),
        ("//other.example", "https://other.example/"),
        ("http://OTHER.example:8080/X#f", "http://other.example:8080/X"),
        ("https://user:pass@other.example/", "https://other.example/"),
        ("http://[2001:DB8:0:0::1]/", "http://[2001:db8::1]/"),
        ("http://198.51.100.1", "http://198.51.100.1/"),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
        ("  /home  ", "https://www.example/home"),
    ],
)
def test_a_location_names_a_place(location: str, place: str) -> None:
    assert str(follow(BASE, location)) == place


@pytest.mark.parametrize(
    "location",
    [
        None,
        3,
        "javascript:alert(1)",
        "mailto:a@b",
        "file:///etc/passwd",
        "http://[::1",
        "http://",
        "x" * 3000,
    ],
)
def test_what_is_no_web_address_is_no_place(location: object) -> None:
    found = follow(BASE, location)  # type: ignore[arg-type]
    assert found is None or found.host == BASE.host


def test_a_literal_is_known_as_one() -> None:
    literal = follow(BASE, "http://[2001:db8::1]/")
    assert literal is not None
    assert literal.literal == "2001:db8::1"
    assert BASE.literal is None


def test_a_query_is_no_part_of_the_place() -> None:
    one, two = follow(BASE, "/x?a=1"), follow(BASE, "/x?a=2")
    assert one is not None
    assert two is not None
    assert one != two
    assert one.bare == two.bare


@given(st.text(max_size=60))
def test_any_text_ends_somewhere_or_nowhere(location: str) -> None:
    found = follow(BASE, location)
    if found is not None:
        again = asked_place(found.tls, found.host, found.port, f"{found.path}?{found.query}")
        assert again.bare == found.bare
