"""NetBox's live API, replayed on loopback as its documentation shows it, and all that may break."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner, Result

from ipv6check.cli import cli
from tests.unit.inventory.importers.test_readers import OBJECTS

TOKEN = "nbt_4f9dAouzURLb.zjebxBPzICiPbWz0Wtx0fTL7bCKXKGTYhNzkgC2S"
Answer = Callable[["Handler", str, dict[str, list[str]]], None]


class Handler(BaseHTTPRequestHandler):
    """Answers as NetBox does; `server.answer` may answer something else first."""

    def do_GET(self) -> None:
        server = self.server
        assert isinstance(server, NetBox)
        server.asked.append((self.path, dict(self.headers)))
        parts = urlsplit(self.path)
        server.answer(self, parts.path, parse_qs(parts.query))

    def say(self, status: int, body: bytes, kind: str = "application/json", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def say_json(self, value: object) -> None:
        self.say(200, json.dumps(value, ensure_ascii=False).encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class NetBox(ThreadingHTTPServer):
    """One server with the objects of `OBJECTS`, two a page."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.answer: Answer = pages

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that hung up, or refused our certificate."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


def pages(handler: Handler, path: str, query: dict[str, list[str]]) -> None:
    """Answer one page: `count`, `next`, `previous`, `results`."""
    assert path.startswith("/goc/api/") and path.endswith("/"), path
    if handler.headers["Authorization"] != f"Bearer {TOKEN}":
        handler.say(403, b'{"detail": "Authentication credentials were not provided."}')
        return
    found: list[dict[str, Any]] = OBJECTS[path.removeprefix("/goc/api/").strip("/")]
    begin = int(query.get("offset", ["0"])[0])
    more = begin + 2 < len(found)
    # NetBox makes links of the name it was asked by; with http:// behind a proxy that ends TLS.
    link = f"http://{handler.headers['Host']}{path}?limit=2&offset={begin + 2}" if more else None
    handler.say_json(
        {"count": len(found), "next": link, "previous": None, "results": found[begin : begin + 2]}
    )


@pytest.fixture
def netbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[NetBox]:
    monkeypatch.setenv("NETBOX_TOKEN", TOKEN)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")  # nobody may ask it
    server = NetBox()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def fetch(server: NetBox, path: str = "/goc/") -> Result:
    return CliRunner().invoke(cli, ["import", "netbox", server.url + path, "--lang", "en"])


def test_every_page_of_every_endpoint_is_read_with_the_token(netbox: NetBox) -> None:
    done = fetch(netbox)
    assert done.exit_code == 0, done.stderr
    assert "Cổng thông tin <b>tỉnh</b>" in done.stdout
    assert "ns1.tinhmau.example" in done.stdout  # on the second page
    assert "2001:db8:100:10::/64" in done.stdout
    assert TOKEN not in done.output
    assert len(netbox.asked) == 8  # six endpoints, two of them with a second page
    assert {headers["Accept-Encoding"] for _, headers in netbox.asked} == {"identity"}


def test_an_old_token_is_sent_as_one(netbox: NetBox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETBOX_TOKEN", "0123456789abcdef0123456789abcdef01234567")
    assert fetch(netbox).exit_code == 3
    assert netbox.asked[0][1]["Authorization"].startswith("Token 0123")


def test_without_a_token_none_is_sent_and_the_advice_says_where_it_belongs(
    netbox: NetBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NETBOX_TOKEN")
    done = fetch(netbox)
    assert done.exit_code == 3
    assert "put a token into NETBOX_TOKEN" in done.stderr
    assert "Authorization" not in netbox.asked[0][1]


def html(handler: Handler, path: str, query: dict[str, list[str]]) -> None:
    handler.say(200, b"<!DOCTYPE html><title>login</title>", "text/html; charset=utf-8")


def status(code: int, **headers: str) -> Answer:
    return lambda handler, path, query: handler.say(code, b"{}", **headers)


def body(content: bytes) -> Answer:
    return lambda handler, path, query: handler.say(200, content)


def half(handler: Handler, path: str, query: dict[str, list[str]]) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"count": 1, "results": [')


def circle(handler: Handler, path: str, query: dict[str, list[str]]) -> None:
    assert isinstance(handler.server, NetBox)
    handler.say_json({"count": 2, "next": f"{handler.server.url}{handler.path}", "results": []})


def elsewhere(link: str) -> Answer:
    return lambda handler, path, query: handler.say_json({"count": 9, "next": link, "results": [{}]})


def nonsense(handler: Handler, path: str, query: dict[str, list[str]]) -> None:
    handler.wfile.write(b"220 mail.tinhmau.example ESMTP\r\n")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (status(401), "refuses us (HTTP 401): is the token in NETBOX_TOKEN right?"),
        (status(403), "refuses us (HTTP 403)"),
        (status(500), "HTTP 500"),
        (status(302, Location="http://198.51.100.1/"), "it points elsewhere (HTTP 302)"),
        (html, "answers with an HTML page"),
        (half, "does not speak HTTP as it should, or broke off"),
        (body(b'{"count": 1, "results": ['), "no whole JSON"),
        (body(b"[]"), "has no `results`"),
        (body(b"{}"), "has no `results`"),
        (body(b"[" * 100_000), "no whole JSON"),
        (body(b'{"count": 9, "next": null, "results": []}'), "says 9 objects but gave 0"),
        (circle, "pages without an end"),
        (elsewhere("http://198.51.100.1/goc/api/dcim/sites/?limit=2"), "lies elsewhere"),
        (elsewhere("http://127.0.0.1:1/goc/api/dcim/sites/?limit=2"), "lies elsewhere"),
        (elsewhere("/goc/api/../../etc"), "lies elsewhere"),
        (elsewhere("http://[bad"), "lies elsewhere"),
        (nonsense, "does not speak HTTP as it should"),
        (
            lambda h, p, q: h.say(200, b"\x1f\x8b", **{"Content-Encoding": "gzip"}),
            "sends its answer compressed (gzip)",
        ),
    ],
)
def test_whatever_goes_wrong_is_one_line_exit_3_and_no_draft(
    netbox: NetBox, answer: Answer, said: str
) -> None:
    netbox.answer = answer
    done = fetch(netbox)
    assert done.exit_code == 3, done.output
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
    assert TOKEN not in done.output


def test_nobody_at_the_address_is_exit_3() -> None:
    done = CliRunner().invoke(cli, ["import", "netbox", "http://127.0.0.1:1/"])
    assert done.exit_code == 3
    assert done.stderr == "127.0.0.1:1: Connection refused\n"


def test_a_token_with_a_line_break_is_refused_before_anything_is_sent(
    netbox: NetBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NETBOX_TOKEN", "abc\r\nX-Evil: 1")
    assert fetch(netbox).exit_code == 2
    assert netbox.asked == []
