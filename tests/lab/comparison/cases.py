"""Which situations the peers are asked about, and what their words are worth: one case a situation.

The words themselves come from the run (peers.py). A mark says whether who goes by them ends up right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from tests.lab.comparison.peers import Asked
from tests.lab.narrow import at
from tests.lab.situations import path, services
from tests.lab.situations.reach import v4, v6

Mark = Literal["right", "partly", "wrong", "silent"]
Judged = tuple[Mark, str]
Scene = Literal["sound", "odd names", "no IPv6", "NAT64", "narrow"]


@dataclass(frozen=True, kw_only=True)
class Case:
    """A situation (`module/id` of tests/lab/situations), what is asked, and why each peer is right or not."""

    situation: str
    scene: Scene = "sound"
    asked: Asked
    nmap: Judged
    dig_curl: Judged
    blackbox: Judged

    def judged(self) -> dict[str, Judged]:
        """Return the judgements by the peers' names."""
        return {"nmap": self.nmap, "dig + curl": self.dig_curl, "blackbox_exporter": self.blackbox}


def _named(name: str, **more: Any) -> Asked:
    return Asked(six=name, four=name, **more)


def _http(name: str) -> Asked:
    return _named(name, port="80", scheme="http")


def _literals(number: int, **more: Any) -> Asked:
    return Asked(six=v6(number), four=v4(number), **{"scheme": "http", **more})


_PORT_ONLY: Judged = ("silent", "the port is open, and a port is all it looks at")
_HIDDEN = "`http_2xx` as packaged falls back to IPv4 and reports success; only `probe_ip_protocol` tells"

CASES: tuple[Case, ...] = (
    Case(
        situation="naming/a-only",
        asked=_http("a-only.lab.example"),
        nmap=(
            "partly",
            "no address, but in the words that a typing mistake or a dead resolver would give too",
        ),
        dig_curl=("right", "`NOERROR` without an address is NODATA; curl without `-6` hides it"),
        blackbox=("partly", f"{_HIDDEN}. The IPv6 module says 0, and not that a record is missing"),
    ),
    Case(
        situation="odd_names/servfail",
        scene="odd names",
        asked=_http("servfail.odd.example"),
        nmap=("wrong", "the words of a name without AAAA: nobody knows whether it has one"),
        dig_curl=("right", "dig shows `SERVFAIL`; curl alone gives the words of a missing record"),
        blackbox=("wrong", f"{_HIDDEN}. The IPv6 module gives the value of a missing record"),
    ),
    Case(
        situation="odd_names/dropped",
        scene="odd names",
        asked=_http("dropped.odd.example"),
        nmap=("wrong", "the words of a name without AAAA"),
        dig_curl=("partly", "reads like a dead resolver; that A is answered takes a second question to see"),
        blackbox=("wrong", f"{_HIDDEN}. The IPv6 module gives the value of a missing record"),
    ),
    Case(
        situation="vantages/no-v6",
        scene="no IPv6",
        asked=_http("alive.lab.example"),
        nmap=("partly", "scans nobody and blames nobody; that this host lacks IPv6 is left to the reader"),
        dig_curl=("partly", "dig is right about the record; `curl -6` gives the words of a dead server"),
        blackbox=(
            "wrong",
            "0 over IPv6 for a server that is well: the alert names the target, not this host",
        ),
    ),
    Case(
        situation="outside/hidden-outage",
        asked=_named("hidden-outage.lab.example"),
        nmap=("right", "`filtered` beside `open`: whoever runs both and compares sees it"),
        dig_curl=("right", "with `-6`; without it curl is on IPv4 after its 200 ms and says 200"),
        blackbox=("right", "prefers IPv6 and tries no other address: 0 where IPv4 gives 1"),
    ),
    Case(
        situation="reach/many-rejected",
        asked=_literals(34, port="4000-4063"),
        nmap=(
            "partly",
            "`filtered` stands for a router's refusal and for silence (`--reason` tells some apart)",
        ),
        dig_curl=("partly", "no connection, one port a call; not that a router refuses, nor which"),
        blackbox=("partly", "0, without a reason and without the router's name"),
    ),
    Case(
        situation="path/ptb-dropped",
        scene="narrow",
        asked=Asked(six=at(path.DROPPED), port="80", path=path.LARGE, scheme="http"),
        nmap=("wrong", "open: a handshake is small enough for every path"),
        dig_curl=(
            "partly",
            "times out in mid-page, where the next row's small page passes; the cause is not said",
        ),
        blackbox=("partly", "0, and no reason: a slow server would give the same"),
    ),
    Case(
        situation="path/small-only",
        scene="narrow",
        asked=Asked(six=at(path.SMALL_ONLY), port="80", path=path.SMALL, scheme="http"),
        nmap=("wrong", "open, as above"),
        dig_curl=("wrong", "200: a small page says nothing about large ones, and does not say so"),
        blackbox=("wrong", "1, as most health pages are small"),
    ),
    Case(
        situation="web/tls-name",
        asked=_named("tls-name.lab.example"),
        nmap=_PORT_ONLY,
        dig_curl=("right", "the name that does not fit, over IPv6 alone, if both families are asked"),
        blackbox=("right", "0 over IPv6, 1 over IPv4; the reason is in its debug log only"),
    ),
    Case(
        situation="parity/database-on-v6",
        asked=_literals(110, port="80", nmap=("-Pn", "-F")),
        nmap=("right", "3306 is open over IPv6 alone: its own field, if both scans are run and compared"),
        dig_curl=("silent", "asks the declared service, which is well"),
        blackbox=("silent", "asks the configured service, which is well"),
    ),
    Case(
        situation="web_pages/v6-literal",
        asked=_named("v6-literal.lab.example"),
        nmap=_PORT_ONLY,
        dig_curl=("right", "with `-6 -L` the redirect's IPv4 literal cannot be followed"),
        blackbox=("right", "follows redirects: 0 over IPv6, 1 over IPv4; not why"),
    ),
    Case(
        situation="parity/other-article",
        asked=_named("other-article.lab.example"),
        nmap=_PORT_ONLY,
        dig_curl=("wrong", "200 twice; a diff of both bodies differs for one page too (nonce, token, time)"),
        blackbox=(
            "wrong",
            "1 and 1; a rule for the body (`fail_if_body_not_matches_regexp`) would be needed",
        ),
    ),
    Case(
        situation="reach/open-everything",
        asked=_literals(30, port="7777"),
        nmap=("wrong", "open; a scan of all ports would show thousands, for a person to wonder at"),
        dig_curl=("wrong", "the device answers in the service's place"),
        blackbox=("wrong", "the device answers in the service's place"),
    ),
    Case(
        situation="reach/random-loss",
        asked=_literals(37, port="80", times=20),
        nmap=("partly", "two SYNs within two seconds: about one run in eleven calls an open port `filtered`"),
        dig_curl=("right", "the kernel repeats its SYNs for ten seconds; loss itself is not mentioned"),
        blackbox=("right", "as curl; loss shows in the durations, for whoever graphs them"),
    ),
    Case(
        situation="services/tarpit-imap",
        asked=Asked(six=v6(services.DRIP), port="143", scheme="imap"),
        nmap=("wrong", "open: true of the port, not of the service"),
        dig_curl=("right", "times out in the greeting"),
        blackbox=(
            "wrong",
            "`tcp_connect` is content with a port; a module with `query_response` would time out",
        ),
    ),
    Case(
        situation="nat64/v4-behind-nat64",
        scene="NAT64",
        asked=_http("translated.lab.example"),
        nmap=("partly", "works from here, which is true; that the network translates is not said"),
        dig_curl=(
            "partly",
            "dig shows an AAAA record like any other: the system seems to have IPv6 of its own",
        ),
        blackbox=("partly", "works from here, which is true; the system seems to have IPv6 of its own"),
    ),
    Case(
        situation="naming/ula-internal",
        asked=_http("ula-internal.lab.example"),
        nmap=("silent", "no way to that address from here; what clients do is not its subject"),
        dig_curl=("partly", "who knows `fd00::/8` and RFC 6724 sees it; curl is on IPv4 and says 200"),
        blackbox=("wrong", "0: it prefers the ULA, where clients choose IPv4 (RFC 6724) and are well"),
    ),
    Case(
        situation="outside/v4-only-script",
        asked=_named("v4-only-script.lab.example"),
        nmap=_PORT_ONLY,
        dig_curl=("silent", "200: what the page loads is not looked at"),
        blackbox=("silent", "1: what the page loads is not looked at"),
    ),
)
