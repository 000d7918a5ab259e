"""`probe`: what its words mean, and one endpoint on this very machine."""

from __future__ import annotations

import contextlib
import http.server
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from rich.cells import cell_len

from ipv6check.cli import cli
from ipv6check.cli.judging import Stopped
from ipv6check.cli.probe import make_inventory, read_wanted
from ipv6check.cli.probe_lines import told
from ipv6check.model.text import LANGUAGES, Language


def run(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "80", "NO_COLOR": "1"}).invoke(cli, ["probe", *arguments, "-q"])


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("https", {"app": "https"}),
        ("HTTPS", {"app": "https"}),
        ("443", {"app": "https", "port": 443}),
        ("1521", {"app": "oracle", "port": 1521}),
        ("4711", {"app": "tcp", "port": 4711}),
        ("https:8443", {"app": "https", "port": 8443}),
        ("tcp:9", {"app": "tcp", "port": 9}),
        ("h323", {"app": "h323"}),
        ("pop3:1110", {"app": "pop3", "port": 1110}),
    ],
)
def test_an_app_a_port_or_both(text: str, service: dict[str, Any]) -> None:
    assert read_wanted(text) == service


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("htps", 'did you mean "https"'),
        ("0", "1 to 65535"),
        ("65536", "1 to 65535"),
        ("tcp", "no standard port"),
        ("https/8443", "write https, 8443 or https:8443"),
        ("", "neither an app nor a port"),
        ("\x1b[2J", "neither an app nor a port"),
    ],
)
def test_what_is_none_of_them_ends_in_one_line_with_2(text: str, words: str) -> None:
    with pytest.raises(Stopped, match=words):
        read_wanted(text)
    done = run("host.example", text)
    assert done.exit_code == 2
    assert len(done.output.splitlines()) == 1
    assert "\x1b" not in done.output


@pytest.mark.parametrize("host", ["http://host.example/", "host.example:443", "ff02::1", "a b", "-x.example"])
def test_a_host_that_is_none_ends_with_2(host: str) -> None:
    done = run("--", host)
    assert done.exit_code == 2, done.output
    assert "Traceback" not in done.output


def test_a_literal_is_the_one_address_that_may_be_asked(tmp_path: Path) -> None:
    made = make_inventory(tmp_path, "2001:db8::80", {"app": "https"}, (), ())
    assert made.scope == ("2001:db8::80/128",)
    assert make_inventory(tmp_path, "198.51.100.7", {"app": "https"}, (), ()).scope == ("198.51.100.7/32",)


def test_a_name_leads_to_the_global_unicast_space_unless_scope_says_otherwise(tmp_path: Path) -> None:
    assert make_inventory(tmp_path, "Host.Example.", {"app": "https"}, (), ()).scope is None
    made = make_inventory(
        tmp_path, "host.example", {"app": "https"}, ["2001:db8::/32"], ["[2001:db8::53]:53"]
    )
    assert made.scope == ("2001:db8::/32",)
    assert made.resolvers["given"][0].address == "2001:db8::53"


@contextlib.contextmanager
def web() -> Iterator[int]:
    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    class Server(http.server.ThreadingHTTPServer):
        address_family = socket.AF_INET6

    with Server(("::1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_endpoint_of_this_machine_is_probed_and_shown_by_hand(language: Language, tmp_path: Path) -> None:
    with web() as port:
        done = run("::1", f"http:{port}", "--lang", language, "-o", str(tmp_path))
    assert "reach.service" in done.output, done.output
    assert f"curl -6 --globoff -sS -m 30 -D - -o /dev/null 'http://[::1]:{port}/'" in done.output
    assert len(list((tmp_path / "runs").iterdir())) == 1


def test_what_follows_is_folded_and_a_strangers_text_is_harmless() -> None:
    def finding(check: str, verdict: str, **more: Any) -> dict[str, Any]:
        text = "says \x1b[2J " + "word " * 40
        known = {
            "reason": "x.y",
            "message": {"en": text, "vi": text},
            "remedy": {"en": "Mend.", "vi": "Sửa."},
        }
        return {"check": check, "verdict": verdict, "root": None, "reproduce": None, **known, **more}

    findings = [
        finding("b.pass", "pass"),
        finding("a.fail", "fail", reproduce="dig a; dig b"),
        finding("c.follows", "fail", root="1"),
        finding("d.off", "not_applicable"),
    ]
    lines = list(told({"systems": [{"findings": findings}]}, "en", 80, color=False))
    text = "\n".join(lines)
    assert text.index("a.fail") < text.index("b.pass")
    assert "1 more follow from these: c.follows" in text
    assert "Not applicable: d.off" in text
    assert lines[-2:] == ["  dig a", "  dig b"]
    assert "\x1b" not in text
    assert all(cell_len(line) <= 80 for line in lines)
