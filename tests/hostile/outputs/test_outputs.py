"""Every hostile string through every output: inert text comes out, and nothing raises."""

from __future__ import annotations

import json
import unicodedata
from html.parser import HTMLParser

import pytest

from ipv6check.model.text import LANGUAGES, Language
from ipv6check.report import render
from ipv6check.report.html.environment import script
from ipv6check.report.terminal import summary
from tests.hostile.corpus import STRINGS
from tests.hostile.outputs.hostile_document import identified, poisoned

ALL = pytest.mark.parametrize("text", STRINGS.values(), ids=STRINGS)
HARMFUL = {"Cc", "Cf", "Cs", "Zl", "Zp"}
# Elements and attributes that our own templates use; anything else came from a stranger.
ELEMENTS = set(
    "html head meta title link body a header div p nav ul ol li main section h1 h2 h3 h4 small span b abbr br"
    " dl dt dd svg desc rect text table caption thead tbody tfoot tr th td code pre details summary article"
    " time footer form label input select option button output script"
    " line polygon polyline circle g defs marker path".split()
)
ATTRIBUTES = set(
    "lang charset http-equiv content name rel href class id role hidden scope title tabindex translate"
    " datetime type autocomplete spellcheck value viewbox preserveaspectratio x y width height hreflang"
    " data-text data-empty data-sort data-l data-s data-i data-v"
    " x1 y1 x2 y2 cx cy r rx d points marker-end refx refy markerwidth markerheight orient".split()
)


class Reader(HTMLParser):
    """Reads a page and notes every element, attribute, address and script in it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: set[str] = set()
        self.scripts: list[str] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses |= {value or "" for name, value in attrs if name in {"href", "src", "action"}}
        self._in_script = tag == "script"

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.scripts.append(data)


def pages(files: bytes | dict[str, bytes]) -> dict[str, str]:
    assert isinstance(files, dict)
    return {path: data.decode("utf-8") for path, data in files.items() if path.endswith(".html")}


def check_page(path: str, page: str) -> None:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.elements <= ELEMENTS
    assert {name for name in reader.attributes if not name.startswith("aria-")} <= ATTRIBUTES
    assert all(source == script() for source in reader.scripts)
    for address in reader.addresses:
        assert address.startswith(("#", "../")) or address.split("#")[0].endswith((".html", ".css")), address
        assert ":" not in address and not address.startswith("//"), address
    assert not any(unicodedata.category(c) in HARMFUL - {"Cc"} for c in page), path
    assert not any(unicodedata.category(c) == "Cc" for c in page if c != "\n"), path


@ALL
@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_show_it_as_inert_text(text: str, language: Language) -> None:
    for path, page in pages(
        render(poisoned(text), {"format": "html", "language": language, "both": True})
    ).items():
        check_page(path, page)


@ALL
def test_pages_survive_it_as_an_id(text: str) -> None:
    files = render(identified(text), {"format": "html", "language": "en"})
    for path, page in pages(files).items():
        assert ".." not in path and "\\" not in path and path.count("/") <= 1 and len(path) < 120
        check_page(path, page)


@ALL
def test_one_file_shows_it_as_inert_text_too(text: str) -> None:
    for judged in (poisoned(text, 2), identified(text)):
        (page,) = pages(render(judged, {"format": "html", "language": "vi", "single": True})).values()
        reader = Reader()
        reader.feed(page)
        reader.close()
        assert reader.elements <= ELEMENTS | {"style"}
        assert {name for name in reader.attributes if not name.startswith("aria-")} <= ATTRIBUTES
        assert reader.scripts == [script()]
        assert all(address.startswith("#") for address in reader.addresses)


@ALL
@pytest.mark.parametrize("color", [False, True])
def test_the_terminal_gets_no_control_character_of_a_strangers(text: str, color: bool) -> None:
    shown = summary(poisoned(text), "vi", color, 80)
    ours = shown.replace("\x1b[0m", "")
    for code in ("1", "2", "31", "32", "33", "35", "36"):
        ours = ours.replace(f"\x1b[{code}m", "")
    assert not any(unicodedata.category(c) in HARMFUL for c in ours if c != "\n")
    assert len(shown) < 100_000
    if not color:
        assert "\x1b" not in shown


@ALL
def test_the_terminal_survives_it_as_an_id(text: str) -> None:
    assert "\x1b" not in summary(identified(text), "en", False, 80)


@ALL
def test_json_stays_valid_utf_8_and_is_read_back(text: str) -> None:
    made = render(poisoned(text, 2), {"format": "json"})
    assert isinstance(made, bytes)
    read = json.loads(made.decode("utf-8"))
    shown = read["systems"][0]["findings"][0]["message"]["vi"]
    if text.isascii():
        assert shown == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_cut_is_cut_everywhere(language: Language) -> None:
    files = render(poisoned("A" * 1_048_576), {"format": "html", "language": language})
    assert isinstance(files, dict)
    assert max(len(data) for data in files.values()) < 2 * 1024 * 1024
