"""Services by their own words: real servers, honest answers, strangers behind the port, and silence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.lab.network import SERVER_V4, SERVER_V6
from tests.lab.situation import NO_FAIL, Expect, Scene, Situation
from tests.lab.situations.reach import v4, v6

REAL, HONEST = 50, 51  # where the real servers are, and the honest answers
MUTE, STRANGE, DRIP, DEAF, UNWELCOME = 52, 53, 54, 55, 56

# What real servers of the lab offer: (app, transport).
REAL_APPS = (
    ("imap", "tcp"), ("imaps", "tcp"), ("ldap", "tcp"), ("mqtt", "tcp"), ("ntp", "udp"), ("snmp", "udp"),
    ("kerberos", "tcp"), ("kerberos", "udp"), ("iscsi", "tcp"), ("sip", "udp"), ("sip", "tcp"),
    ("openvpn", "udp"), ("openvpn", "tcp"), ("ike", "udp"), ("dns", "udp"), ("dns", "tcp"),
)  # fmt: skip
# What no light real server gives: answers made from the specification (tests/lab/honest.py).
HONEST_APPS = (
    ("pop3", "tcp"), ("rdp", "tcp"), ("smb", "tcp"), ("nfs", "tcp"), ("nfs", "udp"), ("rtsp", "tcp"),
    ("postgresql", "tcp"), ("mysql", "tcp"), ("mssql", "tcp"), ("oracle", "tcp"), ("mongodb", "tcp"),
    ("radius", "udp"),
)  # fmt: skip
STRANGER_APPS = ("imap", "ldap", "postgresql", "mysql", "rdp", "smb", "mqtt", "rtsp", "kerberos", "nfs")
MUTE_APPS = ("imap", "ldap", "postgresql", "mysql", "rdp", "mqtt", "mongodb")

_STREAM = {"dns", "kerberos", "sip", "openvpn", "nfs"}


def _system(number: int, app: str, transport: str = "tcp", **more: Any) -> Mapping[str, Any]:
    service = {"app": app, "transport": transport} if transport == "udp" or app in _STREAM else {"app": app}
    return {"hosts": [v6(number), v4(number)], "services": [service], "category": "other", **more}


def _answered(number: int, about: str, app: str, transport: str) -> Situation:
    return Situation(
        id=f"{about}-{app}-{transport}",
        about=f"{app} over {transport}, {about}",
        system=_system(number, app, transport),
        must=(
            Expect("reach.service", "pass", "ok"),
            Expect("reach.ipv4", "pass", "ok"),
            Expect("parity.service", "pass"),
        ),
        must_not=(
            NO_FAIL,
            Expect(reason="reach.no_banner"),
            Expect(reason="reach.protocol"),
            Expect(reason="udp.unanswered"),
        ),
    )


def _broken(number: int, about: str, app: str, verdict: str, reason: str) -> Situation:
    """Return a service that accepts over IPv6 and is not what it should be; IPv4 is honest."""
    return Situation(
        id=f"{about}-{app}",
        about=f"{about} where {app} should be",
        system=_system(number, app),
        must=(Expect("reach.service", verdict, reason), Expect("reach.ipv4", "pass", "ok")),
        must_not=(
            Expect("reach.service", "pass"),
            Expect(reason="reach.silent"),
            Expect(reason="reach.closed"),
        ),
        reality=lambda scene: _accepts(scene, v6(number), app),
    )


def _accepts(scene: Scene, address: str, app: str) -> None:
    from ipv6check.inventory.apps import APPS

    port = APPS[app].port
    assert port is not None and scene.connects(address, port)


SERVICES: tuple[Situation, ...] = (
    *(_answered(REAL, "real", app, transport) for app, transport in REAL_APPS),
    *(_answered(HONEST, "honest", app, transport) for app, transport in HONEST_APPS),
    *(_broken(MUTE, "mute", app, "fail", "reach.no_banner") for app in MUTE_APPS),
    *(_broken(STRANGE, "stranger", app, "fail", "reach.protocol") for app in STRANGER_APPS),
    _broken(DRIP, "tarpit", "imap", "unknown", "reach.slow"),
    Situation(
        id="hangs-up-oracle",
        about="a listener that hangs up on strangers over IPv6, as it may",
        system=_system(UNWELCOME, "oracle"),
        must=(Expect("reach.service", "pass"),),
        must_not=(NO_FAIL, Expect(reason="reach.no_banner")),
        reality=lambda scene: _accepts(scene, v6(UNWELCOME), "oracle"),
    ),
    Situation(
        id="udp-deaf-over-ipv6",
        about="SNMP answers over IPv4 and is silent over IPv6",
        system=_system(DEAF, "snmp", "udp"),
        must=(Expect("reach.service", "fail", "reach.silent"), Expect("parity.service", "fail")),
        must_not=(Expect("reach.service", "unknown"),),
    ),
    Situation(
        id="udp-deaf-over-both",
        about="RADIUS answers no stranger",
        system={**_system(DEAF, "radius", "udp")},
        must=(Expect("reach.service", "unknown", "udp.unanswered"),),
        must_not=(NO_FAIL,),
    ),
    Situation(
        id="udp-deaf-time-server",
        about="a time server that never answers",
        system={**_system(DEAF, "ntp", "udp"), "category": "ntp"},
        must=(Expect("reach.service", "unknown", "reach.filtered_here"),),
        must_not=(Expect("reach.service", "pass"), Expect(reason="udp.unanswered")),
    ),
    Situation(
        id="udp-closed",
        about="nobody listens at the UDP port over IPv6",
        # An AnyIP address sends its ICMP errors from another: here an address of its own is needed.
        system={**_system(0, "snmp", "udp"), "hosts": [SERVER_V6, SERVER_V4]},
        must=(Expect("reach.service", "fail", "reach.closed"), Expect("reach.ipv4", "pass")),
        must_not=(Expect(reason="udp.unanswered"), Expect(reason="reach.rejected")),
    ),
    *(
        Situation(
            id=f"udp-never-{app}",
            about=f"{app} is silent over both families, which means nothing",
            system={
                "hosts": [v6(DEAF), v4(DEAF)],
                "services": [{"app": app, "transport": "udp", "port": port}],
                "category": "other",
            },
            must=(Expect("reach.service", "unknown", "udp.unanswered"),),
            must_not=(NO_FAIL,),
        )
        for app, port in (("syslog", 514), ("rtp", 16384), ("udp", 4000), ("ike", 501), ("openvpn", 1194))
    ),
)


def responders() -> list[tuple[str, int, str, str]]:
    """Return what tests/lab/responder.py has to serve for these situations."""
    from ipv6check.inventory.apps import APPS

    def port(app: str) -> int:
        found = APPS[app].port
        assert found is not None
        return found

    honest = [(address, port(a), t, a) for a, t in HONEST_APPS for address in (v6(HONEST), v4(HONEST))]
    mute = [(v6(MUTE), port(app), "mute", app) for app in MUTE_APPS]
    strange = [(v6(STRANGE), port(app), "ssh", app) for app in STRANGER_APPS]
    sound = [(v4(MUTE), port(app), "tcp", app) for app in MUTE_APPS]
    sound += [(v4(STRANGE), port(app), "tcp", app) for app in STRANGER_APPS]
    sound += [(v4(DRIP), port("imap"), "tcp", "imap"), (v4(UNWELCOME), port("oracle"), "tcp", "oracle")]
    odd = [(v6(DRIP), port("imap"), "drip", "imap"), (v6(UNWELCOME), port("oracle"), "hangup", "oracle")]
    quiet = [
        (a, p, "deaf", "") for a in (v6(DEAF), v4(DEAF)) for p in (514, 16384, 4000, 501, 1194, 1812, 123)
    ]
    quiet += [
        (v6(DEAF), 161, "deaf", ""),
        (v4(DEAF), 161, "udp", "snmp"),
        (SERVER_V4, 161, "udp", "snmp"),
    ]
    return [*honest, *mute, *strange, *sound, *odd, *quiet]
