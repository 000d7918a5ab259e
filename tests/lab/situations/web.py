"""TLS, HTTP and greeting situations: nginx, sshd and small misbehaving servers, one address each."""

from __future__ import annotations

from typing import Any

from tests.lab.certificates import LabAuthority, Pair
from tests.lab.servers import Site
from tests.lab.situation import NO_FAIL, NO_WARN, Expect, Reality, Scene, Situation
from tests.lab.situations.reach import v4, v6

# An address of its own: from an AnyIP one the kernel sends no port unreachable in its own name.
UDP_CLOSED = "2001:db8:2::73"

PAGE = "location / { default_type text/html; return 200 '<title>Lab</title><p>Lab'; }"


def _https(number: int, name: str, **more: Any) -> dict[str, Any]:
    hosts = [{"host": address, "name": f"{name}.lab.example"} for address in (v6(number), v4(number))]
    return {"hosts": hosts, "services": ["https"], **more}


def _status(number: int, six: str, four: str, scheme: str = "https") -> Reality:
    def look(scene: Scene) -> None:
        assert scene.curl(f"{scheme}://[{v6(number)}]/")[1] == six
        assert scene.curl(f"{scheme}://{v4(number)}/")[1] == four

    return look


def _refused_by_curl(number: int, name: str, exit_code: int) -> Reality:
    """curl with the lab's root ends with this code over IPv6 and with 0 over IPv4."""

    def look(scene: Scene) -> None:
        for address, expected in ((f"[{v6(number)}]", exit_code), (v4(number), 0)):
            done = scene.network.vantage.run(
                *("curl", "-sS", "-g", "-o", "/dev/null", "--cacert", str(scene.folder / "ca" / "root.pem")),
                *("--resolve", f"{name}.lab.example:443:{address}", f"https://{name}.lab.example/"),
                check=False,
            )
            assert done.returncode == expected, done.stderr

    return look


def _pages(
    number: int, certificate: Pair, six: str = PAGE, four: str = PAGE, six_cert: Pair | None = None
) -> tuple[Site, ...]:
    return (
        Site(listen=((v6(number), 443),), certificate=six_cert or certificate, body=six),
        Site(listen=((v4(number), 443),), certificate=certificate, body=four),
    )


def _certificate(
    number: int, identifier: str, row: str, about: str, good: Pair, bad: Pair, reason: str, exit_code: int
) -> Situation:
    return Situation(
        id=identifier,
        row=row,
        about=about,
        system=_https(number, identifier),
        sites=_pages(number, good, six_cert=bad),
        must=(
            Expect("tls.valid", "fail", reason),
            Expect("tls.parity", "fail", "tls.weaker", args={"what": reason}),
            Expect("reach.service", "pass"),
        ),
        must_not=tuple(
            Expect("tls.valid", "fail", other)
            for other in (
                "tls.expired",
                "tls.wrong_name",
                "tls.untrusted",
                "tls.incomplete_chain",
                "tls.handshake",
            )
            if other != reason
        ),
        reality=_refused_by_curl(number, identifier, exit_code),
    )


def certificates(ca: LabAuthority) -> tuple[Situation, ...]:
    """Return the situations of certificates that differ between the families."""

    def good(name: str) -> Pair:
        return ca.leaf(f"{name}.lab.example")

    return (
        _certificate(
            *(40, "tls-expired", "41", "the certificate on IPv6 has expired", good("tls-expired")),
            *(ca.leaf("tls-expired.lab.example", end=-5), "tls.expired", 60),
        ),
        _certificate(
            *(41, "tls-early", "", "the certificate on IPv6 is not yet valid", good("tls-early")),
            *(ca.leaf("tls-early.lab.example", begin=5), "tls.not_yet_valid", 60),
        ),
        _certificate(
            *(42, "tls-name", "41", "the certificate on IPv6 is for another name", good("tls-name")),
            *(ca.leaf("other.lab.example"), "tls.wrong_name", 60),
        ),
        _certificate(
            *(43, "tls-chain", "41", "the chain on IPv6 lacks the intermediate", good("tls-chain")),
            *(ca.leaf("tls-chain.lab.example", send_intermediate=False), "tls.incomplete_chain", 60),
        ),
        _certificate(
            *(44, "tls-self", "", "a self-signed certificate on IPv6", good("tls-self")),
            *(ca.leaf("tls-self.lab.example", self_signed=True), "tls.untrusted", 60),
        ),
        Situation(
            id="tls-two",
            row="42",
            about="two different valid certificates",
            system=_https(45, "tls-two"),
            sites=_pages(45, good("tls-two"), six_cert=good("tls-two")),
            must=(
                *(
                    Expect(check, "pass")
                    for check in ("tls.valid", "tls.parity", "http.status", "http.healthy")
                ),
            ),
            must_not=(NO_FAIL, NO_WARN),
            reality=_refused_by_curl(45, "tls-two", 0),
        ),
        Situation(
            id="tls-shared",
            about="expired over both families",
            system=_https(46, "tls-shared"),
            sites=_pages(46, ca.leaf("tls-shared.lab.example", end=-5)),
            must=(Expect("tls.valid", "warn", "tls.expired", args={"both": True}),),
            must_not=(Expect("tls.valid", "fail"),),
            reality=_status(46, "200", "200"),
        ),
        Situation(
            id="tls-soon",
            about="the certificate on IPv6 expires in five days",
            system=_https(47, "tls-soon"),
            sites=_pages(47, good("tls-soon"), six_cert=ca.leaf("tls-soon.lab.example", end=5)),
            must=(Expect("tls.valid", "warn", "tls.expires_soon"),),
            must_not=(NO_FAIL,),
            reality=_refused_by_curl(47, "tls-soon", 0),
        ),
    )


GREETINGS: tuple[Situation, ...] = (
    Situation(
        id="ssh",
        about="sshd over both families",
        system={"hosts": [v6(70), v4(70)], "services": ["ssh"]},
        must=(Expect("reach.service", "pass"), Expect("parity.service", "pass")),
        must_not=(NO_FAIL,),
        reality=lambda scene: _require(scene.connects(v6(70), 22) and scene.connects(v4(70), 22)),
    ),
    Situation(
        id="ssh-mute",
        about="accepts over IPv6 and never greets",
        system={"hosts": [v6(71), v4(71)], "services": ["ssh"]},
        must=(Expect("reach.service", "fail", "reach.no_banner"),),
        must_not=(Expect("reach.service", "pass"), Expect(reason="reach.silent")),
        reality=lambda scene: _require(scene.connects(v6(71), 22) and scene.connects(v4(71), 22)),
    ),
    Situation(
        id="ssh-is-web",
        about="a web server on the SSH port of IPv6",
        system={"hosts": [v6(72), v4(72)], "services": ["ssh"]},
        sites=(Site(listen=((v6(72), 22),)),),
        must=(Expect("reach.service", "fail"),),
        must_not=(Expect("reach.service", "pass"), Expect(reason="reach.closed")),
        reality=lambda scene: _require(scene.curl(f"http://[{v6(72)}]:22/")[1] == "200"),
    ),
    Situation(
        id="name-server",
        about="a name server over UDP and both families",
        system={
            "hosts": ["2001:db8:2::2", "198.51.100.2"],
            "category": "dns",
            "services": [
                {"app": "dns", "transport": "udp", "role": "authoritative", "zones": ["lab.example"]}
            ],
        },
        must=(Expect("reach.service", "pass"), Expect("parity.service", "pass")),
        must_not=(NO_FAIL,),
        reality=lambda scene: _require("NOERROR" in scene.dig("lab.example", "SOA")),
    ),
    Situation(
        id="udp-closed",
        about="UDP closed on IPv6, a name server on IPv4",
        system={
            "hosts": [UDP_CLOSED, "198.51.100.2"],
            "services": [{"app": "dns", "transport": "udp", "zones": ["lab.example"]}],
        },
        must=(Expect("reach.service", "fail", "reach.closed"), Expect("reach.ipv4", "pass")),
        must_not=(Expect(reason="udp.unanswered"),),
    ),
    Situation(
        id="udp-dropped",
        about="UDP dropped on IPv6, a name server on IPv4",
        system={
            "hosts": [v6(74), "198.51.100.2"],
            "services": [{"app": "dns", "transport": "udp", "zones": ["lab.example"]}],
        },
        filters=(f"ip6 daddr {v6(74)} udp dport 53 drop",),
        must=(Expect("reach.service", "fail", "reach.silent"),),
        must_not=(Expect(reason="reach.closed"), Expect("reach.service", "pass")),
    ),
    Situation(
        id="syslog",
        about="syslog never fails by silence",
        system={
            "hosts": [v6(75), v4(75)],
            "services": [{"app": "syslog", "transport": "udp"}],
        },
        filters=(f"ip6 daddr {v6(75)} udp dport 514 drop", f"ip daddr {v4(75)} udp dport 514 drop"),
        must=(Expect("reach.service", "unknown", "udp.unanswered"),),
        must_not=(NO_FAIL,),
    ),
)


def _require(condition: bool) -> None:
    assert condition
