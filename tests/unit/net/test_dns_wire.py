"""The fast reader: what it reads, what it leaves alone, and that both readers agree on everything."""

from __future__ import annotations

import ipaddress
import struct

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rrset
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ipv6check.net import dns_message, dns_wire
from ipv6check.net.dns_query import Query, prepare
from ipv6check.net.dns_wire import address_text, is_answer

WWW = prepare("www.tinhmau.example", "AAAA")
SOA = "tinhmau.example. 600 IN SOA ns1.tinhmau.example. Hostmaster.tinhmau.example. 7 3600 600 86400 300"


def reply(
    query: Query, *, answer: tuple[str, ...] = (), authority: tuple[str, ...] = (), rcode: int = 0
) -> bytes:
    message = dns.message.make_response(dns.message.from_wire(b"\0\7" + query.tail), recursion_available=True)
    message.set_rcode(dns.rcode.Rcode(rcode))
    for section, records in ((message.answer, answer), (message.authority, authority)):
        for record in records:
            owner, ttl, _, rdtype, rdata = record.split(" ", 4)
            section.append(dns.rrset.from_text(owner, int(ttl), "IN", rdtype, rdata))
    return message.to_wire()


def fast(wire: bytes, query: Query = WWW) -> dict[str, object]:
    data = dns_wire.read_answer(wire, query)
    assert data is not None
    assert data == dns_message.read_answer(wire, query)
    return dict(data)


def test_an_address_is_read() -> None:
    wire = reply(WWW, answer=("www.tinhmau.example. 300 IN AAAA 2001:db8::80",))
    assert fast(wire) == {
        "rcode": "NOERROR",
        "flags": ["QR", "RD", "RA"],
        "answers": [["www.tinhmau.example", "AAAA", 300, "2001:db8::80"]],
        "authority": [],
        "edns": True,
        "ede": [],
        "bad_rdata": [],
        "size": len(wire),
        "ignored": 0,
    }


def test_a_chain_of_aliases_is_read_in_order() -> None:
    chain = (
        "www.tinhmau.example. 60 IN CNAME Lb.Other.example.",
        "lb.other.example. 60 IN CNAME x.lb.other.example.",
        "x.lb.other.example. 60 IN A 198.51.100.1",
    )
    assert fast(reply(WWW, answer=chain))["answers"] == [
        ["www.tinhmau.example", "CNAME", 60, "lb.other.example"],
        ["lb.other.example", "CNAME", 60, "x.lb.other.example"],
        ["x.lb.other.example", "A", 60, "198.51.100.1"],
    ]


@pytest.mark.parametrize(("rcode", "word"), [(0, "NOERROR"), (3, "NXDOMAIN")])
def test_a_negative_answer_shows_the_zone_it_came_from(rcode: int, word: str) -> None:
    data = fast(reply(WWW, authority=(SOA,), rcode=rcode))
    assert data["rcode"] == word
    assert data["authority"] == [
        [
            "tinhmau.example",
            "SOA",
            600,
            "ns1.tinhmau.example. Hostmaster.tinhmau.example. 7 3600 600 86400 300",
        ]
    ]


@pytest.mark.parametrize(("rcode", "word"), [(1, "FORMERR"), (2, "SERVFAIL"), (4, "NOTIMP"), (5, "REFUSED")])
def test_an_error_keeps_its_name(rcode: int, word: str) -> None:
    assert fast(reply(WWW, rcode=rcode))["rcode"] == word


def test_a_referral_names_its_servers() -> None:
    wire = reply(WWW, authority=("example. 60 IN NS A.example.", "example. 60 IN NS b.example."))
    assert fast(wire)["authority"] == [["example", "NS", 60, "a.example"], ["example", "NS", 60, "b.example"]]


@pytest.mark.parametrize("missing", [1, 4])
def test_an_address_that_the_end_of_the_message_cuts_is_left_to_the_other_reader(missing: int) -> None:
    wire = reply(WWW, answer=("www.tinhmau.example. 300 IN A 198.51.100.1",))
    end = wire.index(bytes((198, 51, 100, 1))) + 4
    header = struct.pack("!HHHHHH", *struct.unpack("!HHHHHH", wire[:12])[:4], 0, 0)
    assert dns_wire.read_answer(header + wire[12 : end - missing], WWW) is None


def test_the_question_may_come_back_in_another_case() -> None:
    wire = reply(WWW, answer=("www.tinhmau.example. 300 IN AAAA 2001:db8::80",)).replace(
        b"tinhmau", b"TINHmau"
    )
    assert is_answer(wire, WWW)
    assert dns_message.read_answer(wire, WWW)["answers"] == [
        ["www.tinhmau.example", "AAAA", 300, "2001:db8::80"]
    ]


@pytest.mark.parametrize(
    "wire",
    [
        b"",
        b"\0\7\x80\0\0\1",
        reply(prepare("www.tinhmau.example", "A")),
        reply(prepare("xww.tinhmau.example", "AAAA")),
        reply(prepare("ww.tinhmau.example", "AAAA")),
        b"\0\7" + WWW.tail,
        b"\0\7\x90" + reply(WWW)[3:],
        reply(WWW)[:4] + b"\0\2" + reply(WWW)[6:],
        reply(WWW)[:4] + b"\0\0" + reply(WWW)[6:],
        reply(WWW, rcode=3)[:4] + b"\0\0" + reply(WWW)[6:],
    ],
    ids=[
        "nothing", "half a header", "another type", "another name", "a shorter name", "a question",
        "another opcode", "two questions", "NOERROR without a question", "NXDOMAIN without a question",
    ],
)  # fmt: skip
def test_what_does_not_answer_the_question_is_not_an_answer(wire: bytes) -> None:
    assert not is_answer(wire, WWW)


def test_types_that_differ_as_letters_do_by_case_are_different_questions() -> None:
    https, other = prepare("a.example", "HTTPS"), prepare("a.example", "TYPE97")
    assert not is_answer(reply(https), other)


def test_an_error_may_be_a_bare_header() -> None:
    wire = b"\0\7\x81\x81" + bytes(8)
    assert is_answer(wire, WWW)
    assert dns_wire.read_answer(wire, WWW) is None
    assert dns_message.read_answer(wire, WWW)["rcode"] == "FORMERR"


def test_addresses_read_alike_everywhere() -> None:
    assert address_text(bytes(16)) == "::"
    assert address_text(bytes(15) + b"\1") == "::1"
    assert address_text(bytes(10) + b"\xff\xff\xc6\x33\x64\1") == "::ffff:198.51.100.1"
    assert address_text(bytes(12) + b"\xc6\x33\x64\1") == "::c633:6401"
    assert address_text(bytes(14) + b"\1\0") == "::100"
    assert address_text(bytes(10) + b"\0\1\0\0\0\1") == "::1:0:1"


@given(st.binary(min_size=16, max_size=16))
@example(bytes(10) + b"\1\2\0\0\0\0")
def test_an_ipv6_address_is_the_shortest_form(packed: bytes) -> None:
    text = address_text(packed)
    assert ipaddress.IPv6Address(text).packed == packed
    if packed[:12] != bytes(10) + b"\xff\xff":
        assert text == str(ipaddress.IPv6Address(packed))


names = st.sampled_from(
    ["www.tinhmau.example", "tinhmau.example", "a.b.c.example", "WWW.x.example", "example", "."]
)
records = st.one_of(
    st.builds("{} {} IN A 198.51.100.{}".format, names, st.integers(0, 2**31), st.integers(0, 255)),
    st.builds("{} 60 IN AAAA 2001:db8::{:x}".format, names, st.integers(0, 65535)),
    st.builds("{} 60 IN CNAME {}".format, names, names),
    st.builds("{} 60 IN NS {}".format, names, names),
    st.builds("{} 60 IN SOA {} {} 1 2 3 4 5".format, names, names, names),
    st.builds("{} 60 IN MX 10 {}".format, names, names),
    st.builds('{} 60 IN TXT "v=spf1 {}"'.format, names, names),
    st.builds("{} 60 IN HTTPS 1 . ipv6hint=2001:db8::{:x}".format, names, st.integers(1, 65535)),
    st.just("www.tinhmau.example 60 IN RRSIG AAAA 8 3 60 20300101000000 20200101000000 1 example. AAAA"),
)


@st.composite
def messages(draw: st.DrawFn) -> bytes:
    """Draw a response: built well, then perhaps cut, changed in a few bytes, or with other counts."""
    message = dns.message.make_response(dns.message.from_wire(b"\0\7" + WWW.tail))
    message.flags |= draw(st.sampled_from([0, dns.flags.AA, dns.flags.TC, dns.flags.AD, dns.flags.RA, 0x40]))
    message.set_rcode(dns.rcode.Rcode(draw(st.sampled_from([0, 0, 0, 1, 2, 3, 4, 5, 9, 16]))))
    for section in (message.answer, message.authority, message.additional):
        for record in draw(st.lists(records, max_size=4)):
            owner, ttl, _, rdtype, rdata = record.split(" ", 4)
            section.append(dns.rrset.from_text(dns.name.from_text(owner), int(ttl), "IN", rdtype, rdata))
    wire = bytearray(message.to_wire(origin=dns.name.root, max_size=65535))
    start = 12 + len(WWW.question)
    if draw(st.booleans()) and len(wire) > start:
        for _ in range(draw(st.integers(1, 3))):
            wire[draw(st.integers(start, len(wire) - 1))] = draw(st.integers(0, 255))
    if draw(st.booleans()):
        struct.pack_into(
            "!H", wire, draw(st.sampled_from([6, 8, 10])), draw(st.sampled_from([0, 1, 2, 5, 65535]))
        )
    end = draw(st.one_of(st.just(len(wire)), st.integers(start, len(wire))))
    return bytes(wire[:end]) + draw(st.sampled_from([b"", b"", b"\0", b"trailing"]))


def both(wire: bytes, query: Query) -> None:
    if not is_answer(wire, query):
        return
    quick = dns_wire.read_answer(wire, query)
    try:
        whole = dns_message.read_answer(wire, query)
    except dns_message.Malformed:
        assert quick is None
        return
    assert quick is None or quick == whole


@given(messages())
@settings(max_examples=400, deadline=None)
def test_the_readers_agree_on_every_message(wire: bytes) -> None:
    both(wire, WWW)


@given(st.binary(max_size=200), st.integers(0, 5), st.tuples(*[st.integers(0, 3)] * 3))
@settings(max_examples=300, deadline=None)
def test_the_readers_agree_on_noise(noise: bytes, rcode: int, counts: tuple[int, int, int]) -> None:
    both(struct.pack("!HHHHHH", 7, 0x8180 | rcode, 1, *counts) + WWW.question + noise, WWW)


@given(st.lists(st.tuples(st.binary(min_size=0, max_size=5), st.integers(0, 120)), min_size=1, max_size=6))
@settings(max_examples=300, deadline=None)
def test_the_readers_agree_on_compression_wherever_pointers_lead(parts: list[tuple[bytes, int]]) -> None:
    wire = struct.pack("!HHHHHH", 7, 0x8180, 1, len(parts), 0, 0) + WWW.question
    for label, target in parts:
        owner = (bytes((len(label),)) + label if label else b"") + struct.pack("!H", 0xC000 | target)
        wire += owner + struct.pack("!HHIH", 5, 1, 60, len(owner)) + owner
    both(wire, WWW)


def test_a_record_that_the_end_of_the_message_cuts_off_is_read_by_neither() -> None:
    for rdtype, address in ((1, b"\xc6\x33\x64\1"), (28, bytes(16))):
        record = struct.pack("!HHHIH", 0xC00C, rdtype, 1, 60, len(address)) + address
        for end in range(len(record)):
            both(struct.pack("!HHHHHH", 7, 0x8180, 1, 1, 0, 0) + WWW.question + record[:end], WWW)


def test_a_pointer_chain_as_long_as_the_message_is_read_by_neither_without_end() -> None:
    wire = struct.pack("!HHHHHH", 7, 0x8180, 1, 60, 0, 0) + WWW.question
    target = 12
    for _ in range(60):
        place = len(wire)
        wire += b"\1a" + struct.pack("!HHHIH", 0xC000 | target, 1, 1, 60, 4) + b"\xc6\x33\x64\1"
        target = place
    both(wire, WWW)
