"""The first words of every protocol: an honest answer is taken, another's is not, and no bytes do harm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipv6check.inventory.apps import APPS
from ipv6check.probes.exchanges import Another, Exchange, Place, find, spoken
from tests.lab.honest import ANSWERS, SPEAK_FIRST

# What other servers say first, or to whoever sends them nonsense.
STRANGERS = {
    "http": b"HTTP/1.1 400 Bad Request\r\nServer: nginx\r\nContent-Length: 0\r\n\r\n",
    "ssh": b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n",
    "smtp": b"220 mx.example ESMTP Postfix\r\n",
    "ftp": b"220 (vsFTPd 3.0.3)\r\n",
    "tls": bytes.fromhex("15030100020246") + b"\x15\x03\x03\x00\x02\x02\x46",
    "vnc": b"RFB 003.008\n",
    "zeros": bytes(64),
    "ones": b"\xff" * 64,
}
PLACES = sorted(ANSWERS)


def exchange(app: str, transport: str, port: int = 7000) -> Exchange:
    found = find(Place(app=app, transport=transport, port=port, name="host.example", address="2001:db8::1"))
    assert found is not None
    return found


def taken(of: Exchange, data: bytes) -> str | None:
    """Return what an exchange makes of bytes: a detail, None for "more", `another`."""
    try:
        return of.read(data)
    except Another:
        return "another"


def test_every_exchange_is_known_to_the_planner_and_the_other_way_round() -> None:
    assert spoken() == {app: frozenset(known.spoken) for app, known in APPS.items() if known.spoken}
    assert {place: True for place in ANSWERS} == {
        (app, transport): True for app, transports in spoken().items() for transport in transports
    }


@pytest.mark.parametrize(("app", "transport"), PLACES)
def test_an_honest_answer_is_valid_and_no_part_of_it_is(app: str, transport: str) -> None:
    asked = exchange(app, transport)
    assert bool(asked.request) is (app not in SPEAK_FIRST)
    reply = ANSWERS[app, transport](asked.request)
    found = asked.read(reply)
    assert found and found.isprintable()
    if transport == "tcp":
        first = next(end for end in range(len(reply) + 1) if asked.read(reply[:end]) is not None)
        assert all(asked.read(reply[:end]) is None for end in range(first)), "a beginning was refused"
        if app != "postgresql":  # whose whole answer is one byte
            assert asked.read(reply + b"more") is not None


@pytest.mark.parametrize(("app", "transport"), PLACES)
def test_the_words_of_another_protocol_are_not_taken(app: str, transport: str) -> None:
    asked = exchange(app, transport)
    for name, words in STRANGERS.items():
        if transport == "tcp" and (app, name) != ("smb", "zeros"):
            assert taken(asked, words) in ("another", None), name
    for other in PLACES:
        if (app, other) == ("openvpn", ("ike", "udp")):
            continue  # IKE echoes eight random bytes first: one in 32 begins like OpenVPN's hard reset
        if other[0].rstrip("s") != app.rstrip("s") and other[1] == transport:
            reply = ANSWERS[other](exchange(*other).request)
            assert taken(asked, reply) in ("another", None), other


@pytest.mark.parametrize(("app", "transport"), PLACES)
def test_a_banner_of_text_is_known_to_be_another_protocol_at_once(app: str, transport: str) -> None:
    if transport == "tcp":
        for name in ("http", "ssh", "smtp"):
            assert taken(exchange(app, transport), STRANGERS[name]) == "another", name


@pytest.mark.parametrize("place", PLACES)
@given(data=st.data())
def test_no_bytes_do_harm(place: tuple[str, str], data: st.DataObject) -> None:
    asked = exchange(*place)
    reply = ANSWERS[place](asked.request)
    noise = data.draw(st.binary(max_size=80))
    # Not drawn up to len(reply): questions hold random numbers, and BER writes small ones in fewer bytes.
    cut = data.draw(st.integers(0, 400)) % (len(reply) + 1)
    for hostile in (noise, reply[:cut] + noise, reply[:cut] + noise + reply[cut:]):
        found = taken(asked, hostile)
        assert found is None or len(found) < 1000


@given(st.binary(max_size=300), st.sampled_from(["imap", "pop3", "sip", "rtsp", "mysql"]))
def test_a_strangers_text_is_bounded_and_always_text(noise: bytes, app: str) -> None:
    openings = {
        "imap": b"* OK ",
        "pop3": b"+OK ",
        "sip": b"SIP/2.0 200 ",
        "rtsp": b"RTSP/1.0 200 ",
        "mysql": b"",
    }
    found = taken(exchange(app, "tcp"), openings[app] + noise * 20 + b"\r\n\r\n")
    assert found is None or found.encode()


def test_each_question_is_a_new_one() -> None:
    for app in ("ntp", "ike", "snmp", "dns"):
        assert exchange(app, "udp").request != exchange(app, "udp").request


def test_behind_nat_the_marker_of_ike_is_expected_and_given() -> None:
    asked = exchange("ike", "udp", 4500)
    assert asked.request[:4] == bytes(4)
    reply = bytes(4) + ANSWERS["ike", "udp"](asked.request[4:])
    assert asked.read(reply)
    assert taken(asked, reply[4:]) == "another"


@pytest.mark.parametrize(
    ("app", "reply", "detail"),
    [
        ("pop3", b"-ERR [SYS/TEMP] too many connections\r\n", "-ERR [SYS/TEMP] too many connections"),
        ("imap", b"* BYE too busy\r\n", "* BYE too busy"),
        ("mysql", b"\x45\0\0\0\xff\x6a\x04Host is blocked" + bytes(60), "error 1130"),
        ("postgresql", b"N", "no TLS"),
        ("postgresql", b"E\0\0\0\x20" + b"SFATAL\0" + bytes(21), "error"),
        ("rdp", bytes.fromhex("0300000b06d00000123400"), "standard security"),
        ("rdp", bytes.fromhex("030000130ed000001234000309080005000000"), "negotiation failure 5"),
        ("smb", b"\0\0\0\x27\xffSMB\x72" + bytes(40), "SMB 1"),
        ("smb", b"\x83\0\0\x01\x80", "session refused"),
        ("iscsi", b"\x3f\x80\x04" + bytes(45), "reject 4"),
        ("ldap", bytes.fromhex("300c02010165070a013204000400"), "result 50"),
        ("mqtt", b"\x20\x03\x00\x84\x00", "CONNACK 132"),
    ],
)
def test_a_refusal_in_the_protocols_own_words_is_an_answer(app: str, reply: bytes, detail: str) -> None:
    assert exchange(app, "tcp").read(reply) == detail


def test_a_portmapper_without_nfs_is_not_nfs() -> None:
    asked = exchange("nfs", "udp")
    unavailable = asked.request[:4] + b"\0\0\0\x01" + bytes(12) + b"\0\0\0\x01"
    assert taken(asked, unavailable) == "another"
    old = asked.request[:4] + b"\0\0\0\x01" + bytes(12) + b"\0\0\0\x02\0\0\0\x04\0\0\0\x04"
    assert asked.read(old) == "another version"
