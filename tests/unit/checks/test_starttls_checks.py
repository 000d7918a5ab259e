"""tls.valid and tls.parity of services that turn to TLS when asked: SMTP, IMAP, POP3, LDAP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.unit.checks.small_authority import authority
from tests.unit.judging_builder import START, V4, V6, Run, service, system

NAME = "www.example"
DAY = timedelta(days=1)
PORTS = {"smtp": 25, "submission": 587, "imap": 143, "pop3": 110, "ldap": 389}
NOT_OFFERED: dict[str, Any] = {"offered": False, "said": "502 no"}
TURNED_AWAY: dict[str, Any] = {"offered": None, "said": "450 later"}


def shown(chain: list[str]) -> dict[str, Any]:
    return {"offered": True, "version": "TLSv1.3", "chain": chain, "client_certificate": False}


def good() -> dict[str, Any]:
    return shown(authority().chain(NAME))


def served(app: str, six: dict[str, Any] | str, four: dict[str, Any] | str) -> Run:
    """Return a run of a service that answers, and shows this over each family (a text: how it failed)."""
    run = Run.of(system(services=[service(app, PORTS[app])]))
    run.roots = (authority().pem,)
    run.named()
    for address, said in ((V6, six), (V4, four)):
        run.open(address, PORTS[app])
        params = {"sni": NAME, "app": app}
        if isinstance(said, str):
            run.talk("tls.starttls", address, PORTS[app], params, said)
        else:
            run.talk("tls.starttls", address, PORTS[app], params, **said)
    return run


@pytest.mark.parametrize("app", PORTS)
def test_a_valid_certificate_over_both_families_passes(app: str) -> None:
    run = served(app, good(), good())
    assert run.said("tls.valid") == run.said("tls.parity") == {("pass", "ok")}


@pytest.mark.parametrize("app", PORTS)
def test_another_name_over_ipv6_alone_fails(app: str) -> None:
    run = served(app, shown(authority().chain("other.example")), good())
    assert run.said("tls.valid") == {("fail", "tls.wrong_name")}
    assert run.one("tls.parity").args["what"] == ["tls.wrong_name"]


def test_what_ipv4_shows_too_only_warns() -> None:
    expired = shown(authority().chain(NAME, end=START - DAY))
    assert served("smtp", expired, expired).said("tls.valid") == {("warn", "tls.expired")}


@pytest.mark.parametrize("app", PORTS)
def test_no_starttls_over_either_family_is_no_matter_of_certificates(app: str) -> None:
    run = served(app, NOT_OFFERED, NOT_OFFERED)
    assert run.said("tls.valid") == run.said("tls.parity") == {("not_applicable", "tls.no_starttls")}


@pytest.mark.parametrize("app", ["imap", "pop3", "ldap"])
def test_starttls_that_only_ipv4_offers_is_weaker(app: str) -> None:
    run = served(app, NOT_OFFERED, good())
    assert run.said("tls.valid") == {("not_applicable", "tls.no_starttls")}
    assert run.said("tls.parity") == {("fail", "tls.weaker")}
    assert run.one("tls.parity").args["what"] == ["STARTTLS"]


def test_of_mail_servers_the_check_of_starttls_says_so_alone() -> None:
    finding = served("smtp", NOT_OFFERED, good()).one("tls.parity")
    assert (finding.verdict, finding.reason) == ("not_applicable", "tls.no_starttls")
    assert finding.root is not None


def test_a_server_that_turns_us_away_has_not_refused_tls() -> None:
    run = served("imap", TURNED_AWAY, good())
    assert run.said("tls.valid") == run.said("tls.parity") == {("not_applicable", "not.answering")}
    assert run.one("tls.valid").root is not None


def test_where_only_ipv6_offers_it_there_is_nothing_to_compare() -> None:
    run = served("imap", good(), NOT_OFFERED)
    assert run.said("tls.valid") == {("pass", "ok")}
    assert {verdict for verdict, _ in run.said("tls.parity")} <= {"not_applicable", "unknown"}


def test_a_handshake_that_fails_after_the_consent_is_told() -> None:
    run = served("smtp", "tls_alert", good())
    assert run.said("tls.valid") == {("fail", "tls.handshake")}


def test_an_answer_that_came_too_late_is_unknown() -> None:
    assert served("pop3", "slow", good()).said("tls.valid") == {("unknown", "reach.slow")}


def test_a_run_that_never_asked_fails_nobody() -> None:
    run = Run.of(system(services=[service("imap", 143)]))
    run.named()
    run.open(V6, 143)
    run.open(V4, 143)
    assert {verdict for verdict, _ in run.said("tls.valid")} == {"unknown"}
