"""Questions: their bytes, and names to wire form and back."""

from __future__ import annotations

import dns.flags
import dns.message
import dns.name
import dns.rdatatype
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipv6check.net.dns_query import TYPES, encode_name, name_text, prepare, split_name, type_number


def sent(name: str, rdtype: str, **how: bool) -> dns.message.Message:
    return dns.message.from_wire(b"\x12\x34" + prepare(name, rdtype, **how).tail)


def test_a_question_asks_what_it_was_told() -> None:
    message = sent("www.tinhmau.example", "AAAA")
    assert [str(rrset) for rrset in message.question] == ["www.tinhmau.example. IN AAAA"]
    assert message.id == 0x1234
    assert message.edns == 0
    assert message.payload == 1232


def test_the_validation_state_is_asked_for_without_the_signatures() -> None:
    message = sent("a.example", "A")
    assert message.flags == dns.flags.RD | dns.flags.AD
    assert not message.ednsflags & dns.flags.DO


def test_signatures_come_when_asked_for() -> None:
    assert sent("a.example", "A", do=True).ednsflags & dns.flags.DO


def test_checking_can_be_disabled() -> None:
    assert sent("a.example", "A", cd=True).flags & dns.flags.CD


def test_an_authority_is_not_asked_to_recurse() -> None:
    assert not sent("a.example", "A", rd=False).flags & dns.flags.RD


def test_without_edns_the_question_is_the_plainest_there_is() -> None:
    message = sent("a.example", "A", edns=False)
    assert message.edns == -1
    assert message.flags == dns.flags.RD


@pytest.mark.parametrize("rdtype", [*TYPES, "TYPE1234"])
def test_every_known_type_has_the_number_of_the_registry(rdtype: str) -> None:
    assert type_number(rdtype) == dns.rdatatype.from_text(rdtype)


@pytest.mark.parametrize(
    "rdtype", ["", "aaaa", "TYPE", "TYPE65536", "TYPE-1", "TYPE1٣", "28", "TYPE" + "1" * 5000]
)
def test_what_is_no_type_is_refused(rdtype: str) -> None:
    with pytest.raises(ValueError, match="record type"):
        type_number(rdtype)


@pytest.mark.parametrize(
    "name",
    [
        "a..example",
        ".example",
        "x" * 64 + ".example",
        ".".join(["x" * 63] * 4),
        "tỉnh.example",
        "a\\",
        "a\\99",
        "a\\999",
        "a\\2x1",
    ],
)
def test_what_is_no_name_cannot_be_asked(name: str) -> None:
    with pytest.raises(ValueError, match=r"name|label"):
        prepare(name, "A")


def test_a_name_of_255_bytes_is_the_longest() -> None:
    longest = ".".join(["x" * 63] * 3 + ["y" * 61])
    assert len(encode_name(longest)) == 255
    with pytest.raises(ValueError, match="over 255"):
        encode_name(longest + "y")


def test_the_root_can_be_asked() -> None:
    assert encode_name("") == encode_name(".") == b"\0"
    assert prepare(".", "NS").name == ""


def test_the_trailing_dot_and_case_make_no_difference() -> None:
    assert prepare("WWW.Example.", "A") == prepare("www.example", "A")


def test_an_ordinary_name_is_plain_and_an_odd_one_is_not() -> None:
    assert prepare("_25._tcp.mx-1.example", "A").plain
    assert not prepare("a\\.b.example", "A").plain
    assert not prepare("*.example", "A").plain
    assert not prepare("", "A").plain


def test_odd_bytes_are_printed_as_numbers() -> None:
    assert name_text([b"a.b", b'\x00\xff "', b"example"]) == "a\\046b.\\000\\255\\032\\034.example"


labels = st.lists(st.binary(min_size=1, max_size=63), max_size=3)


@given(labels)
def test_any_name_survives_the_way_to_text_and_back(parts: list[bytes]) -> None:
    text = name_text(parts)
    assert split_name(encode_name(text)) == [part.lower() for part in parts]
    assert text.isascii()
    assert text.isprintable()


@given(labels)
def test_names_are_understood_as_dnspython_understands_them(parts: list[bytes]) -> None:
    name = dns.name.Name([*parts, b""]).canonicalize()
    assert encode_name(name.to_text()) == name.to_wire()
    assert dns.name.from_text(name_text(parts)) == name
