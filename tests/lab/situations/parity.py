"""What IPv6 gives beside IPv4: pages, headers, TLS versions, open ports, host keys; one address each."""

from __future__ import annotations

from typing import Any

from tests.lab.certificates import LabAuthority
from tests.lab.servers import Site
from tests.lab.situation import NO_DOUBT, NO_FAIL, NO_WARN, Expect, Reality, Scene, Situation
from tests.lab.situations.reach import v4, v6

_MENU = "".join(
    f"<li class=item><a href=/{word}>{word}</a></li>" for word in "news services forms law".split()
)
_ARTICLE = "The people's committee of the province opened the new service centre for citizens this morning"
_OTHER = "Road works between the harbour and the old market will begin after the holidays and last all winter"
_HEADERS = (
    "add_header Strict-Transport-Security max-age=31536000 always; add_header X-Frame-Options DENY always;"
)

# What the web servers of `ports` listen on; 80 is declared, the others nobody knows of.
OPEN_PORTS = (
    *((address(number), 80) for number in (110, 111, 112, 113, 114, 140) for address in (v6, v4)),
    *((address(number), 1521) for number in (141, 142) for address in (v6, v4)),
    (v6(143), 1521),
    *((v6(110), 3306), (v6(111), 3306), (v4(111), 3306), (v4(112), 3306), (v6(113), 3306), (v4(113), 3306)),
    (v6(114), 3306),
)


def _page(article: str, headers: str = _HEADERS) -> str:
    """Return a location whose page holds a nonce, a token and the time, all new for each answer."""
    body = (
        "<title>Province</title><script nonce=$request_id>start()</script>"
        f"<ul>{_MENU}</ul><p>{article}</p><input type=hidden name=csrf value=$request_id>"
        "<footer>$time_iso8601 $msec</footer>"
    )
    nonce = "add_header Content-Security-Policy \"script-src 'nonce-$request_id'\" always;"
    return f'location / {{ default_type text/html; {headers} {nonce} return 200 "{body}"; }}'


def _pair(ca: LabAuthority, number: int, name: str, six: str, four: str, **more: Any) -> dict[str, Any]:
    certificate = ca.leaf(f"{name}.lab.example")
    hosts = [{"host": address, "name": f"{name}.lab.example"} for address in (v6(number), v4(number))]
    return {
        "id": name,
        "system": {"hosts": hosts, "services": ["https"]},
        "sites": (
            Site(
                listen=((v6(number), 443),),
                certificate=certificate,
                body=six,
                extra=more.get("six_extra", ""),
            ),
            Site(
                listen=((v4(number), 443),),
                certificate=certificate,
                body=four,
                extra=more.get("four_extra", ""),
            ),
        ),
    }


def _said(scene: Scene, address: str, *options: str) -> str:
    """Return what curl shows of a page."""
    place = f"[{address}]" if ":" in address else address
    return scene.network.vantage.run("curl", "-sSkg", *options, f"https://{place}/").stdout


def _bodies(number: int, *, same: bool) -> Reality:
    """curl sees the one article over IPv4, and over IPv6 the same or another; two fetches never agree."""

    def look(scene: Scene) -> None:
        assert _said(scene, v4(number)) != _said(scene, v4(number))
        assert _ARTICLE in _said(scene, v4(number))
        assert (_ARTICLE in _said(scene, v6(number))) is same

    return look


def _headers(number: int) -> Reality:
    def look(scene: Scene) -> None:
        assert "strict-transport-security" not in _said(scene, v6(number), "-I").lower()
        assert "strict-transport-security" in _said(scene, v4(number), "-I").lower()

    return look


def _versions(number: int, six: str, four: str) -> Reality:
    """Openssl's client agrees on these protocol versions when everything is permitted."""

    def look(scene: Scene) -> None:
        for address, version in ((f"[{v6(number)}]", six), (v4(number), four)):
            done = scene.network.vantage.run(
                *("openssl", "s_client", "-connect", f"{address}:443", "-cipher", "ALL:@SECLEVEL=0"),
                *("-min_protocol", "TLSv1"),
                check=False,
                text="",
            )
            assert f"Protocol  : {version}\n" in done.stdout or f"New, {version}," in done.stdout, (
                done.stdout[-2000:]
            )

    return look


def pages(ca: LabAuthority) -> tuple[Situation, ...]:
    """Return the situations of pages and headers."""
    return (
        Situation(
            row="37",
            about="the same page; nonce, token and time differ on each answer",
            **_pair(ca, 100, "nonce", _page(_ARTICLE), _page(_ARTICLE)),
            must=(
                Expect("http.content", "pass"),
                Expect("http.headers", "pass"),
                Expect("tls.parity", "pass"),
                Expect("parity.latency", "pass"),
            ),
            must_not=(NO_FAIL, NO_WARN, NO_DOUBT),
            reality=_bodies(100, same=True),
        ),
        Situation(
            about="the same template over IPv6 with another article",
            **_pair(ca, 101, "other-article", _page(_OTHER), _page(_ARTICLE)),
            must=(
                Expect("http.content", "fail", "http.content_differs"),
                Expect("http.status", "pass"),
                Expect("http.headers", "pass"),
            ),
            must_not=(Expect(reason="http.status_differs"), Expect("tls.parity", "fail")),
            reality=_bodies(101, same=False),
        ),
        Situation(
            about="IPv6 lacks the security headers",
            **_pair(ca, 102, "no-headers", _page(_ARTICLE, ""), _page(_ARTICLE)),
            must=(
                Expect("http.headers", "warn", "http.headers_differ", args={"headers": "x-frame-options"}),
                Expect("http.content", "pass"),
            ),
            must_not=(NO_FAIL,),
            reality=_headers(102),
        ),
    )


def versions(ca: LabAuthority) -> tuple[Situation, ...]:
    """Return the situations of TLS versions."""
    old = "ssl_protocols TLSv1; ssl_ciphers ALL:@SECLEVEL=0;"
    new = "ssl_protocols TLSv1.2 TLSv1.3;"
    return (
        Situation(
            row="43",
            about="IPv6 speaks TLS 1.0 only, IPv4 1.3",
            **_pair(ca, 103, "tls-old", _page(_ARTICLE), _page(_ARTICLE), six_extra=old, four_extra=new),
            must=(
                Expect("tls.parity", "fail", "tls.weaker", args={"version": "TLSv1", "what": "version"}),
                Expect("tls.valid", "pass"),
                Expect("reach.service", "pass"),
            ),
            must_not=(Expect(reason="tls.handshake"), Expect("http.content", "fail")),
            reality=_versions(103, "TLSv1", "TLSv1.3"),
        ),
        Situation(
            about="IPv4 speaks TLS 1.0 only, IPv6 1.3",
            **_pair(ca, 104, "tls-newer", _page(_ARTICLE), _page(_ARTICLE), six_extra=new, four_extra=old),
            must=(Expect("tls.parity", "pass"),),
            must_not=(NO_FAIL,),
            reality=_versions(104, "TLSv1.3", "TLSv1"),
        ),
    )


def _reach(number: int, *, six: bool, four: bool) -> Reality:
    def look(scene: Scene) -> None:
        assert scene.connects(v6(number), 3306) is six
        assert scene.connects(v4(number), 3306) is four

    return look


def ports() -> tuple[Situation, ...]:
    """Return the situations of ports that nobody declared and the profile has tried."""

    def system(number: int, **more: Any) -> dict[str, Any]:
        return {"hosts": [v6(number), v4(number)], "services": ["http"], **more}

    exposed = Expect("parity.exposure", "fail", "parity.v6_exposed")
    return (
        Situation(
            id="database-on-v6",
            row="25",
            about="a database port open over IPv6, closed over IPv4, declared by nobody",
            system=system(110),
            must=(exposed, Expect("parity.exposure", "pass"), Expect("reach.service", "pass")),
            must_not=(Expect("parity.closed_ports", "fail"), Expect("parity.offer", "warn")),
            reality=_reach(110, six=True, four=False),
        ),
        Situation(
            id="database-on-both",
            about="a database port open over both families",
            system=system(111),
            must=(Expect("parity.exposure", "pass"),),
            must_not=(NO_FAIL,),
            reality=_reach(111, six=True, four=True),
        ),
        Situation(
            id="database-on-v4",
            about="a database port open over IPv4 only",
            system=system(112),
            must=(Expect("parity.exposure", "pass"),),
            must_not=(NO_FAIL,),
            reality=_reach(112, six=False, four=True),
        ),
        Situation(
            id="database-dropped-on-v4",
            row="25",
            about="a database port open over IPv6, dropped over IPv4",
            system=system(113),
            filters=(f"ip daddr {v4(113)} tcp dport 3306 drop",),
            must=(exposed,),
            must_not=(Expect("reach.service", "fail"), Expect("parity.exposure", "unknown")),
            reality=_reach(113, six=True, four=False),
        ),
        Situation(
            id="database-of-a-gentle-host",
            about="a database port open over IPv6 on a host that is probed gently",
            system=system(114, probe="gentle"),
            must=(Expect("reach.service", "pass"), Expect("parity.exposure", "not_applicable")),
            must_not=(exposed, NO_FAIL),
        ),
    )


def _scanned(number: int, *, same: bool) -> Reality:
    """Ssh-keyscan sees the same keys on both families, or others."""

    def look(scene: Scene) -> None:
        keys = [
            {line.split()[2] for line in scene.network.vantage.run("ssh-keyscan", each).stdout.splitlines()}
            for each in (v6(number), v4(number))
        ]
        assert all(keys)
        assert (keys[0] == keys[1]) is same

    return look


# Each sshd: which addresses it has, its kind of key, and how it exchanges keys.
SSH_SERVERS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    ((v6(130), v4(130), v6(131)), "ed25519", ""),
    ((v4(131),), "ed25519", ""),
    ((v6(132), v4(132)), "rsa", "KexAlgorithms diffie-hellman-group14-sha256"),
    ((v6(133), v4(133)), "ecdsa", "KexAlgorithms ecdh-sha2-nistp384"),
    ((v6(134), v4(134)), "ed25519", "KexAlgorithms sntrup761x25519-sha512@openssh.com"),
)


def keys() -> tuple[Situation, ...]:
    """Return the situations of SSH host keys."""

    def situation(number: int, identifier: str, about: str, **more: Any) -> Situation:
        system = {"hosts": [v6(number), v4(number)], "services": ["ssh"]}
        return Situation(id=identifier, about=about, system=system, **more)

    passes: dict[str, Any] = {
        "must": (Expect("parity.hostkey", "pass"), Expect("reach.service", "pass")),
        "must_not": (
            NO_FAIL,
            Expect(reason="ssh.hostkey_differs"),
            Expect(reason="ssh.no_key"),
            Expect(reason="latency.not_measured"),
        ),
    }
    return (
        situation(130, "ssh-same", "one sshd on both families", **passes, reality=_scanned(130, same=True)),
        situation(
            131,
            "ssh-other",
            "another machine's sshd over IPv6",
            must=(Expect("parity.hostkey", "warn", "ssh.hostkey_differs"), Expect("reach.service", "pass")),
            must_not=(NO_FAIL, Expect("parity.hostkey", "pass")),
            reality=_scanned(131, same=False),
        ),
        situation(132, "ssh-old", "RSA and an old group", **passes, reality=_scanned(132, same=True)),
        situation(133, "ssh-nist", "ECDSA and a NIST curve", **passes, reality=_scanned(133, same=True)),
        situation(
            134,
            "ssh-new",
            "only a way of exchanging keys that this program does not know",
            must=(Expect("parity.hostkey", "not_applicable", "ssh.no_key"), Expect("reach.service", "pass")),
            must_not=(NO_FAIL,),
        ),
    )


SLOW = [v6(140), v6(141)]
DELAY = 0.08


def _pings(number: int) -> Reality:
    """Ping takes longer than the delay over IPv6, and less over IPv4."""

    def look(scene: Scene) -> None:
        def milliseconds(address: str) -> float:
            said = scene.network.vantage.run("ping", "-c3", "-i0.2", "-q", address).stdout
            return float(said.rpartition(" = ")[2].split("/")[0])

        assert milliseconds(v6(number)) >= DELAY * 1000
        assert milliseconds(v4(number)) < DELAY * 1000

    return look


def _lets_one_in(number: int) -> str:
    """Return the rule of a firewall that lets one connection in, and resets those that follow."""
    syn = f"ip6 daddr {v6(number)} tcp dport 1521 tcp flags & (syn | ack) == syn"
    return f"{syn} numgen inc mod 1000 != 0 reject with tcp reset"


def _second_is_reset(scene: Scene) -> None:
    """Curl connects once and no more, to a twin: the situation's own first connection is the scan's."""
    assert [scene.connects(v6(143), 1521) for _ in range(2)] == [True, False]


ONCE = Situation(
    id="one-connection",
    about="a firewall lets one connection in over IPv6: too few to time",
    system={"hosts": [v6(142), v4(142)], "services": [{"app": "tcp", "port": 1521}]},
    filters=tuple(_lets_one_in(number) for number in (142, 143)),
    must=(
        Expect("reach.service", "pass"),
        Expect("parity.latency", "not_applicable", "latency.not_measured"),
    ),
    must_not=(NO_FAIL, Expect("parity.latency", "warn"), Expect("parity.latency", "pass")),
    reality=_second_is_reset,
)


def latencies() -> tuple[Situation, ...]:
    """Return the situations of a way that is longer over IPv6."""
    must = (Expect("parity.latency", "warn", "latency.slower"), Expect("reach.service", "pass"))
    slow = tuple(
        Situation(
            id=identifier,
            about=about,
            system={"hosts": [v6(number), v4(number)], "services": services},
            must=must,
            must_not=(NO_FAIL, Expect("parity.latency", "pass")),
            reality=_pings(number),
        )
        for number, identifier, about, services in (
            (140, "slow-web", "packets to a web server take 80 ms longer over IPv6", ["http"]),
            (141, "slow-port", "the same for a port without a protocol", [{"app": "tcp", "port": 1521}]),
        )
    )
    return (*slow, ONCE)
