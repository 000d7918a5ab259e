"""Mail: what the DNS says of domains, and postfix over both families; one address each."""

from __future__ import annotations

import ipaddress
from typing import Any

from tests.lab.certificates import LabAuthority, Pair
from tests.lab.network import VANTAGE_V6
from tests.lab.postfix import MailServer
from tests.lab.situation import NO_FAIL, Expect, Reality, Scene, Situation
from tests.lab.situations.reach import v4, v6

_TLS = {"smtpd_tls_security_level": "may"}
_PLAIN = {"smtpd_tls_security_level": "none"}
_REJECT = {**_TLS, "smtpd_client_restrictions": "reject"}
_DEFER = {**_TLS, "smtpd_client_restrictions": "defer"}
_LISTED = {
    **_TLS,
    "smtpd_client_restrictions": "check_client_access static:{554 blocked using bl.lab.example, a blocklist}",
}
_SLOW = {**_TLS, "smtpd_client_restrictions": "sleep 20, permit"}

REVERSE_ZONE = "8.b.d.0.1.0.0.2.ip6.arpa"
SENDER = "2001:db8:10::25"

# Servers with a certificate of their own over IPv6: what it is for, and how many days ahead it ends.
NAMED = {128: ("other.lab.example", 200), 129: ("mail-expired.lab.example", -5)}
NAMES = {128: "mail-name", 129: "mail-expired"}
IMAP = 130

_SERVERS = {
    120: (_TLS, _TLS),
    121: (_PLAIN, _TLS),
    122: (_DEFER, _TLS),
    123: (_REJECT, _TLS),
    124: (_LISTED, _TLS),
    125: (_SLOW, _TLS),
    126: (_PLAIN, _PLAIN),
    127: (_REJECT, _REJECT),
}


# Confirmed reverse names: our own, so that a refusal can be the server's, and those of everybody's mail.
_NAMED = {
    "scanner": VANTAGE_V6,
    "sender": SENDER,
    **{f"mail-{number}": v6(number) for number in (*_SERVERS, *NAMED, IMAP)},
}
FORWARD = "\n".join(f"{name} AAAA {address}" for name, address in _NAMED.items())
REVERSE = "ns AAAA 2001:db8:2::2\n" + "\n".join(
    f"{ipaddress.ip_address(address).reverse_pointer}. PTR {name}.lab.example."
    for name, address in _NAMED.items()
)


def servers(authority: LabAuthority) -> list[MailServer]:
    """Return an smtpd for each family of each situation."""
    named = [
        MailServer(address=address, settings={**_TLS, **_shows(authority.leaf(name, end=end))})
        for number, (odd, days) in NAMED.items()
        for address, name, end in (
            (v6(number), odd, days),
            (v4(number), f"{NAMES[number]}.lab.example", 200),
        )
    ]
    return named + [
        MailServer(address=address(number), settings=settings)
        for number, both in _SERVERS.items()
        for address, settings in zip((v6, v4), both, strict=True)
    ]


def _shows(pair: Pair) -> dict[str, str]:
    return {"smtpd_tls_cert_file": str(pair.chain), "smtpd_tls_key_file": str(pair.key)}


def _says(number: int, six: str, four: str) -> Reality:
    """What curl's own SMTP client is told on each family."""

    def look(scene: Scene) -> None:
        for address, expected in ((f"[{v6(number)}]", six), (v4(number), four)):
            done = scene.network.vantage.run(
                *("curl", "-sv", "-g", "-m", "30", f"smtp://{address}/"), check=False, text=""
            )
            assert expected in done.stderr, done.stderr

    return look


def _server(number: int, identifier: str, about: str, **more: Any) -> Situation:
    system = {"hosts": [v6(number), v4(number)], "services": ["smtp"], "category": "mail"}
    return Situation(id=identifier, about=about, system=system, **more)


SERVERS: tuple[Situation, ...] = (
    _server(
        *(120, "mail-both", "a mail server with STARTTLS over both families"),
        zone=FORWARD,
        must=(
            *(Expect(check, "pass") for check in ("mail.smtp", "mail.starttls", "reach.service")),
            *(Expect(check, "pass") for check in ("address.reverse", "tls.parity")),
        ),
        must_not=(NO_FAIL, Expect(reason="tls.no_starttls")),
        reality=_says(120, "STARTTLS", "STARTTLS"),
    ),
    _server(
        *(121, "mail-no-starttls", "no STARTTLS over IPv6"),
        must=(
            Expect("mail.starttls", "fail", "smtp.starttls_missing"),
            Expect("mail.smtp", "pass"),
            Expect("tls.valid", "not_applicable", "tls.no_starttls"),
            Expect("tls.parity", "not_applicable", "tls.no_starttls"),
        ),
        must_not=(Expect("mail.smtp", "fail"), Expect("tls.parity", "fail")),
        reality=_says(121, "250", "STARTTLS"),
    ),
    _server(
        *(122, "mail-greylist", "greylisting over IPv6"),
        must=(Expect("mail.smtp", "pass"), Expect("reach.service", "pass")),
        must_not=(NO_FAIL, Expect(reason="vantage.reputation")),
        reality=_says(122, "< 450", "< 220"),
    ),
    _server(
        *(123, "mail-refused", "refused over IPv6, and we have a confirmed reverse name"),
        must=(Expect("mail.smtp", "fail", "smtp.rejected"),),
        must_not=(Expect(reason="vantage.reputation"), Expect("mail.starttls", "fail")),
        reality=_says(123, "< 554", "< 220"),
    ),
    _server(
        *(124, "mail-listed", "refused over IPv6 by a block list"),
        must=(Expect("mail.smtp", "unknown", "vantage.reputation", args={"source": VANTAGE_V6}),),
        must_not=(NO_FAIL,),
        reality=_says(124, "blocklist", "< 220"),
    ),
    _server(
        *(125, "mail-slow", "greets after twenty seconds over IPv6"),
        must=(Expect("mail.smtp", "pass"), Expect("mail.starttls", "pass")),
        must_not=(NO_FAIL, Expect(reason="reach.no_banner"), Expect("mail.smtp", "unknown")),
    ),
    _server(
        *(126, "mail-plain", "no STARTTLS over either family"),
        must=(Expect("mail.starttls", "not_applicable", "ipv4.not_offered"), Expect("mail.smtp", "pass")),
        must_not=(NO_FAIL,),
        reality=_says(126, "250", "250"),
    ),
    _server(
        *(127, "mail-refused-everywhere", "refused over both families"),
        must=(Expect("mail.smtp", "warn", "smtp.rejected", args={"both": True}),),
        must_not=(NO_FAIL,),
        reality=_says(127, "< 554", "< 554"),
    ),
)


def _refused_by_curl(number: int, identifier: str, scheme: str = "smtp") -> Reality:
    """curl that insists on TLS refuses the certificate over IPv6 (60), and is content over IPv4."""

    def look(scene: Scene) -> None:
        port = {"smtp": 25, "imap": 143}[scheme]
        for address, refused in ((f"[{v6(number)}]", True), (v4(number), False)):
            done = scene.network.vantage.run(
                *("curl", "-sSv", "-g", "-m", "20", "--ssl-reqd"),
                *("--cacert", str(scene.folder / "root.pem")),
                *("--resolve", f"{identifier}.lab.example:{port}:{address}"),
                *("-X", "NOOP", f"{scheme}://{identifier}.lab.example/"),
                check=False,
                text="",
            )
            assert (done.returncode == 60) is refused, done.stderr

    return look


def _named(number: int, identifier: str, about: str, app: str, reason: str) -> Situation:
    hosts = [{"host": address, "name": f"{identifier}.lab.example"} for address in (v6(number), v4(number))]
    return Situation(
        id=identifier,
        about=about,
        system={"hosts": hosts, "services": [app], "category": "mail"},
        must=(
            Expect("tls.valid", "fail", reason),
            Expect("tls.parity", "fail", "tls.weaker", args={"what": reason}),
            Expect("reach.service", "pass"),
        ),
        must_not=(
            Expect("mail.starttls", "fail"),
            Expect("mail.smtp", "fail"),
            Expect(reason="tls.no_starttls"),
            Expect(reason="tls.untrusted"),
        ),
        reality=_refused_by_curl(number, identifier, app),
    )


CERTIFICATES: tuple[Situation, ...] = (
    _named(
        128, "mail-name", "STARTTLS with a certificate for another name over IPv6", "smtp", "tls.wrong_name"
    ),
    _named(129, "mail-expired", "STARTTLS with an expired certificate over IPv6", "smtp", "tls.expired"),
    _named(
        IMAP, "imap-expired", "an expired certificate behind IMAP's STARTTLS over IPv6", "imap", "tls.expired"
    ),
)


def _domain(identifier: str, about: str, zone: str, sender: str = SENDER, **more: Any) -> Situation:
    system = {
        "hosts": [v6(120), v4(120)],
        "services": ["smtp"],
        "mail_domains": [f"{identifier}.lab.example"],
        "mail_senders": [sender],
    }
    return Situation(id=identifier, about=about, system=system, zone=zone, **more)


def _digs(name: str, rdtype: str, expected: str) -> Reality:
    def look(scene: Scene) -> None:
        assert expected in scene.dig(f"{name}.lab.example", rdtype, "+short")

    return look


DOMAINS: tuple[Situation, ...] = (
    _domain(
        *("mx-worse-v4", "MX 10 has IPv6, MX 20 has not"),
        f"mx-worse-v4 MX 10 mx-six\nmx-worse-v4 MX 20 mx-four\nmx-six AAAA {v6(120)}\nmx-four A {v4(120)}",
        row="54",
        must=(Expect("mail.mx", "warn", "mx.v4_only", args={"without": "mx-four.lab.example (20)"}),),
        must_not=(Expect("mail.mx", "fail"),),
        reality=_digs("mx-worse-v4", "MX", "20 mx-four.lab.example."),
    ),
    _domain(
        *("mx-best-v4", "MX 10 has no IPv6"),
        "mx-best-v4 MX 10 mx-four\nmx-best-v4 MX 20 mx-six",
        must=(Expect("mail.mx", "fail", "mx.v4_only"),),
        must_not=(Expect("mail.mx", "warn"),),
        reality=_digs("mx-best-v4", "MX", "10 mx-four.lab.example."),
    ),
    _domain(
        *("mx-both", "every MX has IPv6"),
        'mx-both MX 10 mx-six\nmx-both TXT "v=spf1 include:spf-more.lab.example -all"\n'
        f'spf-more TXT "v=spf1 ip4:198.51.100.0/24 " "ip6:{SENDER} -all"',
        must=(Expect("mail.mx", "pass"), Expect("mail.spf", "pass")),
        must_not=(
            NO_FAIL,
            Expect("mail.spf", "warn"),
            *(Expect(reason=reason) for reason in ("mx.null", "spf.none", "spf.no_sender")),
        ),
        reality=_digs("mx-both", "MX", "10 mx-six.lab.example."),
    ),
    _domain(
        *("mx-null", "a null MX"),
        "mx-null MX 0 .",
        row="55",
        must=(
            Expect("mail.mx", "not_applicable", "mx.null"),
            Expect("mail.spf", "not_applicable", "spf.none"),
        ),
        must_not=(Expect("mail.mx", "fail"), Expect("mail.mx", "unknown")),
        reality=_digs("mx-null", "MX", "0 ."),
    ),
    _domain(
        *("mx-implicit", "no MX, the domain itself has IPv6"),
        f"mx-implicit AAAA {v6(120)}\nmx-implicit A {v4(120)}",
        must=(Expect("mail.mx", "pass"),),
        must_not=(NO_FAIL,),
        reality=_digs("mx-implicit", "AAAA", v6(120)),
    ),
    _domain(
        *("spf-v4", "SPF names IPv4 only"),
        'spf-v4 MX 10 mx-six\nspf-v4 TXT "v=spf1 ip4:198.51.100.0/24 a:mx-four.lab.example -all"',
        row="56",
        must=(Expect("mail.spf", "warn", "spf.no_ip6", args={"senders": SENDER}),),
        must_not=(Expect("mail.spf", "pass"), NO_FAIL),
        reality=_digs("spf-v4", "TXT", "ip4:198.51.100.0/24"),
    ),
    _domain(
        *("spf-v4-sender", "mail leaves over IPv4 only: SPF need name no IPv6"),
        'spf-v4-sender MX 10 mx-six\nspf-v4-sender TXT "v=spf1 ip4:198.51.100.0/24 -all"',
        "198.51.100.25",
        must=(Expect("mail.spf", "not_applicable", "spf.no_sender"), Expect("mail.mx", "pass")),
        must_not=(NO_FAIL, Expect("mail.spf", "warn"), Expect(reason="spf.no_ip6")),
        reality=_digs("spf-v4-sender", "TXT", "ip4:198.51.100.0/24"),
    ),
    _domain(
        *("spf-macro", "SPF hangs on a macro"),
        'spf-macro MX 10 mx-six\nspf-macro TXT "v=spf1 exists:%{i}.spf.lab.example -all"',
        must=(Expect("mail.spf", "unknown", "spf.unevaluated"),),
        must_not=(NO_FAIL, Expect("mail.spf", "warn")),
        reality=_digs("spf-macro", "TXT", "exists:"),
    ),
)
SITUATIONS: tuple[Situation, ...] = (*SERVERS, *CERTIFICATES, *DOMAINS)
