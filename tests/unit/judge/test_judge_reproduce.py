"""The command lines that repeat a question by hand, and that nothing in them is ever run by a shell."""

from __future__ import annotations

import shlex
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipv6check.judge.reproduce import command
from ipv6check.model.finding import Finding, Target
from ipv6check.model.observation import Observation
from ipv6check.model.task import make_task
from tests.unit.judge.cases import STARTED

V6, V4 = "2001:db8:100:10::80", "198.51.100.80"
PROGRAMS = {"dig", "curl", "openssl", "ssh-keyscan", "ntpdig", "nc", "ping", "tracepath"}


def seen(kind: str, address: str = V6, port: int = 443, outcome: Any = "ok", **params: Any) -> Observation:
    task = make_task(
        kind, vantage="local", family=6 if ":" in address else 4, address=address, port=port, params=params
    )
    return Observation(task=task, attempt=1, started=STARTED, seconds=0.1, outcome=outcome)


def judged(check: str, *, verdict: Any = "fail", **target: Any) -> Finding:
    return Finding(
        check=check, system="portal", verdict=verdict, reason="any.reason", target=Target(**target)
    )


def test_a_silent_https_service_is_asked_with_curl_by_its_name_at_that_address() -> None:
    finding = judged("reach.service", host="www.example", address=V6, family=6, port=443, app="https")
    line = command(finding, [seen("tcp.connect", outcome="failed")])
    assert line == (
        "curl -6 --globoff -sS -m 30 -D - -o /dev/null -k --ciphers DEFAULT@SECLEVEL=0 "
        f"--resolve 'www.example:443:[{V6}]' https://www.example/"
    )


def test_a_web_page_is_asked_with_its_host_port_and_path() -> None:
    finding = judged("http.status", family=4)
    line = command(finding, [seen("http.get", V4, 8080, tls=False, host="www.example", path="/a?b=c d")])
    assert line is not None
    assert line.endswith(f"--resolve www.example:8080:{V4} 'http://www.example:8080/a?b=c d'")


def test_a_web_page_of_a_literal_is_asked_by_the_literal() -> None:
    line = command(
        judged("http.healthy", family=6), [seen("http.get", V6, 80, tls=False, host=f"[{V6}]", path="/")]
    )
    assert line is not None
    assert line.endswith(f"'http://[{V6}]/'")


def test_a_missing_aaaa_is_asked_with_dig_at_the_resolver_that_was_asked() -> None:
    queries = [seen("dns.query", "127.0.0.1", 5353, name="www.example", type=t) for t in ("AAAA", "A")]
    line = command(judged("naming.aaaa", host="www.example", family=6), queries)
    assert line == "dig @127.0.0.1 -p 5353 -q www.example. -t AAAA"


def test_a_name_of_both_families_is_asked_for_both_records() -> None:
    queries = [seen("dns.query", "127.0.0.1", 53, name="www.example", type=t) for t in ("A", "AAAA")]
    line = command(judged("naming.resolves", host="www.example"), queries)
    assert line == ("dig @127.0.0.1 -p 53 -q www.example. -t AAAA; dig @127.0.0.1 -p 53 -q www.example. -t A")


def test_the_details_of_a_dns_question_are_kept() -> None:
    asked = seen("dns.tcp", "2001:db8::53", 53, name="x.example", type="AAAA", rd=False, cd=True, edns=False)
    line = command(judged("naming.aaaa", family=6), [asked])
    assert line == "dig @2001:db8::53 -p 53 +tcp +norecurse +cdflag +noedns -q x.example. -t AAAA"


def test_parity_is_asked_over_both_families() -> None:
    finding = judged("parity.service", host="db.example", port=1521, app="tcp")
    line = command(finding, [seen("tcp.connect", V4, 1521), seen("tcp.connect", V6, 1521, outcome="failed")])
    assert line == f"nc -6 -z -v -w 8 {V6} 1521; nc -4 -z -v -w 8 {V4} 1521"


@pytest.mark.parametrize(
    ("check", "asked", "line"),
    [
        (
            "tls.valid",
            seen("tls.handshake", sni="www.example", app="https"),
            f"openssl s_client -connect '[{V6}]:443' -servername www.example -showcerts </dev/null",
        ),
        (
            "tls.valid",
            seen("tls.handshake", sni=None, app="https"),
            f"openssl s_client -connect '[{V6}]:443' -noservername -showcerts </dev/null",
        ),
        ("reach.service", seen("ssh.greeting", port=22), f"ssh-keyscan -6 -T 8 -p 22 {V6}"),
        (
            "reach.service",
            seen("smtp.greeting", port=25, app="smtp", tls=False),
            f"curl -6 -sv -k -m 45 'smtp://[{V6}]:25/'",
        ),
        ("reach.service", seen("udp.exchange", port=123, app="ntp"), f"ntpdig -6 -t 8 {V6}"),
        (
            "reach.service",
            seen("udp.exchange", port=53, app="dns", name="example"),
            f"dig @{V6} -p 53 +notcp -q example. -t SOA",
        ),
        (
            "reach.service",
            seen("app.greeting", port=389, app="ldap", tls=False),
            f"curl -6 --globoff -sv -m 20 'ldap://[{V6}]:389/??base'",
        ),
        (
            "reach.service",
            seen("app.greeting", port=143, app="imap", tls=False),
            f"curl -6 --globoff -sv -m 20 'imap://[{V6}]:143/'",
        ),
        (
            "reach.service",
            seen("app.greeting", port=993, app="imaps", tls=True, sni="mail.example"),
            f"openssl s_client -connect '[{V6}]:993' -servername mail.example -showcerts </dev/null",
        ),
        (
            "reach.service",
            seen("app.greeting", port=5432, app="postgresql", tls=False),
            f"openssl s_client -starttls postgres -connect '[{V6}]:5432' -noservername </dev/null",
        ),
        (
            "reach.service",
            seen("app.greeting", port=53, app="dns", tls=False, name="example"),
            f"dig @{V6} -p 53 +tcp -q example. -t SOA",
        ),
        (
            "reach.service",
            seen("app.greeting", port=3260, app="iscsi", tls=False),
            f"nc -6 -z -v -w 8 {V6} 3260",
        ),
        ("reach.service", seen("udp.exchange", port=514, app="syslog"), f"nc -6 -u -z -v -w 8 {V6} 514"),
        ("path.icmp", seen("path.echo", form="plain"), f"ping -6 -c 3 -W 1 {V6}"),
        ("path.extension", seen("path.echo", form="fragment"), f"ping -6 -c 3 -W 1 -s 3000 {V6}"),
        ("path.mtu", seen("path.mtu", app="ssh", direction="request"), f"tracepath -6 -n {V6}"),
        (
            "path.mtu",
            seen("path.mtu", app="http", port=80, host="www.example", path="/a", direction="response"),
            "curl -6 --globoff -sS -m 30 -D - -o /dev/null "
            f"--resolve 'www.example:80:[{V6}]' http://www.example/a",
        ),
    ],
)
def test_each_kind_of_question_has_its_program(check: str, asked: Observation, line: str) -> None:
    assert command(judged(check, family=6), [asked]) == line


def test_nothing_asked_gives_no_command() -> None:
    assert command(judged("reach.service", family=6), []) is None
    assert command(judged("reach.service", family=6), [seen("tcp.connect", outcome="skipped")]) is None
    assert command(judged("tls.valid", verdict="not_applicable"), [seen("tls.handshake")]) is None


def test_a_question_of_the_other_family_is_not_offered_for_this_one() -> None:
    assert command(judged("reach.service", family=6), [seen("tcp.connect", V4)]) is None


@pytest.mark.parametrize("host", ["-o/etc/passwd", "a b", "user@evil.example", "evil.example/x", "1.2.3.4"])
def test_a_redirect_to_no_real_name_gives_no_command(host: str) -> None:
    assert command(judged("http.status", family=6), [seen("http.get", tls=True, host=host, path="/")]) is None


@given(
    st.text(max_size=60), st.text(max_size=60), st.sampled_from(["http.get", "dns.query", "tls.handshake"])
)
def test_hostile_names_and_paths_stay_single_quoted_words(name: str, path: str, kind: str) -> None:
    asked = seen(kind, host=name, path="/" + path, tls=True, sni=name, name=name, type="AAAA")
    check = {"http.get": "http.status", "dns.query": "naming.aaaa", "tls.handshake": "tls.valid"}[kind]
    line = command(judged(check, family=6), [asked])
    if line is None:
        return
    assert line.isprintable()
    words = shlex.split(line.removesuffix(" </dev/null"))
    assert shlex.join(words) == line.removesuffix(" </dev/null")
    assert words[0] in PROGRAMS
    # A stranger's text never stands where the program would read an option or another server.
    if kind == "dns.query":
        assert words[-4:-3] == ["-q"]
        assert words[-3] == f"{name.rstrip('.')}."
    elif kind == "http.get":
        assert words[-1].startswith("https://")
