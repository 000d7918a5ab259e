"""The slow reader: that there is no record is believed only of a message that is sound."""

from __future__ import annotations

import pytest

from ipv6check.net import dns_message
from ipv6check.net.dns_query import prepare
from ipv6check.net.failure import Failed

QUERY = prepare("www.tinhmau.example", "AAAA")
RECORD = b"\xc0\x0c\x00\x1c\x00\x01\x00\x00\x00\x3c\x00\x10" + bytes.fromhex("20010db8" + "00" * 11 + "80")
CHAOS = b"\xc0\x0c\x00\x10\x00\x03\x00\x00\x00\x3c\x00\x02\x01x"


def message(records: bytes, answers: int, *, flags: bytes = b"\x81\x80") -> bytes:
    counts = bytes((0, 1, 0, answers, 0, 0, 0, 0))
    return b"\0\7" + flags + counts + QUERY.question + records


@pytest.mark.parametrize(
    ("records", "answers"),
    [
        pytest.param(CHAOS, 1, id="a record of another class alone"),
        pytest.param(RECORD, 0, id="a record that the header does not count"),
        pytest.param(b"\0", 0, id="a byte to spare"),
        pytest.param(b"\xc0\x0c" * 32000, 200, id="pointers and nothing else"),
    ],
)
def test_an_empty_answer_that_is_not_sound_is_malformed(records: bytes, answers: int) -> None:
    with pytest.raises(Failed) as raised:
        dns_message.read(message(records, answers), QUERY)
    assert raised.value.word == "malformed"


@pytest.mark.parametrize("spare", [b"", b"\0", b"\xff" * 400])
def test_a_record_that_was_answered_stands_whatever_follows_it(spare: bytes) -> None:
    data = dns_message.read(message(RECORD + spare, 1), QUERY)
    assert data["answers"] == [["www.tinhmau.example", "AAAA", 60, "2001:db8::80"]]


def test_a_record_of_another_class_beside_an_answer_is_left_out() -> None:
    data = dns_message.read(message(CHAOS + RECORD, 2), QUERY)
    assert data["answers"] == [["www.tinhmau.example", "AAAA", 60, "2001:db8::80"]]


def test_a_sound_empty_answer_is_empty() -> None:
    assert dns_message.read(message(b"", 0), QUERY)["answers"] == []


def test_what_is_cut_short_on_purpose_is_read_as_far_as_it_goes() -> None:
    data = dns_message.read(message(RECORD[:9], 1, flags=b"\x83\x80"), QUERY)
    assert (data["answers"], "TC" in str(data["flags"])) == ([], True)


def test_an_error_keeps_its_code_though_the_server_left_bytes_of_the_question_behind_it() -> None:
    assert dns_message.read(message(b"\0\0\x29", 0, flags=b"\x81\x81"), QUERY)["rcode"] == "FORMERR"
