"""Runs that between them give every reason code of the mail checks, for tests of the texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.unit.judging_builder import V4, V6, Run, service, system

DOMAIN = "mail.example"
OURS = "2001:db8:1::2"
HELLO: dict[str, Any] = {
    "code": 220,
    "banner": "mx",
    "ehlo_code": 250,
    "ehlo": ["STARTTLS"],
    "starttls": True,
}
SMTP: dict[str, Any] = {"app": "smtp", "tls": False}


def every_run() -> Iterator[Run]:
    """Yield the runs."""
    for aaaa in ((V6, V6), (V6, ""), ("", "")):
        run = mail_domain("10_mx1.example", "20_mx2.example")
        for name, address in zip(("mx1.example", "mx2.example"), aaaa, strict=True):
            run.answers(name, "A", V4)
            run.answers(name, "AAAA", *([address] if address else []))
        yield run
    yield mail_domain("0_.")
    for record in (f"v=spf1_ip6:{V6}_-all", "v=spf1_ip4:{V4}_-all", "v=spf1_exists:a.example_-all", "x"):
        run = mail_domain("0_.")
        run.answers(DOMAIN, "TXT", f'{DOMAIN} TXT "{record}"')
        yield run
    yield Run.of(system(services=[service("tcp")], mail_domains=(DOMAIN,), mail_senders=(V4,)))
    refused = {"ehlo_code": 550, "ehlo_text": "listed at an RBL", "source": OURS}
    for six, four in (
        *((HELLO, HELLO), ({"code": 554, "ehlo_code": None}, HELLO), (refused, HELLO)),
        *(({"starttls": False}, HELLO), ({"starttls": False}, {"starttls": False})),
    ):
        run = mail_server(six, four)
        run.talk("tls.starttls", V6, 25, {"sni": "www.example", "app": "smtp"}, offered=False, said="")
        yield run


def mail_domain(*mx: str) -> Run:
    """Return a run of one mail domain: each MX is `preference_name`."""
    run = Run.of(system(services=[service("tcp")], mail_domains=(DOMAIN,), mail_senders=(V6,)))
    run.answers(DOMAIN, "MX", *(f"{DOMAIN} MX {each}" for each in mx))
    return run


def mail_server(six: Mapping[str, Any], four: Mapping[str, Any] | None = None) -> Run:
    """Return a run of a mail server that greets as told, and otherwise as everybody does."""
    run = Run.of(system(services=[service("smtp")]))
    run.named()
    run.open(V6, 25)
    run.open(V4, 25)
    run.talk("smtp.greeting", V6, 25, SMTP, **{**HELLO, **six})
    if four is not None:
        run.talk("smtp.greeting", V4, 25, SMTP, **{**HELLO, **four})
    return run
