"""Zone transfers from a name server on loopback: what is refused, cut off, unsigned or endless."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator

import dns.message
import dns.name
import dns.rcode
import dns.rrset
import dns.tsig
import pytest
from click.testing import CliRunner, Result

from ipv6check.cli import cli
from ipv6check.fetch.axfr import read_key

SOA = ("tinhmau.example.", 60, "IN", "SOA", "ns1.tinhmau.example. h.tinhmau.example. 1 2 3 4 5")
RECORDS = [
    SOA,
    ("tinhmau.example.", 60, "IN", "NS", "ns1.tinhmau.example."),
    ("ns1.tinhmau.example.", 60, "IN", "AAAA", "2001:db8::53"),
    ("www.tinhmau.example.", 60, "IN", "A", "203.0.113.80"),
    SOA,
]
KEY = "hmac-sha256:chuyen-vung:c2VjcmV0LW9mLWEtdGVzdA=="
Reply = Callable[[dns.message.Message], bytes]


def framed(message: dns.message.Message | bytes) -> bytes:
    wire = message if isinstance(message, bytes) else message.to_wire()
    return len(wire).to_bytes(2, "big") + wire


def with_records(
    query: dns.message.Message, records: list[tuple[str, int, str, str, str]]
) -> dns.message.Message:
    response = dns.message.make_response(query)
    response.answer = [dns.rrset.from_text(*record) for record in records]
    return response


def whole(query: dns.message.Message) -> bytes:
    return framed(with_records(query, RECORDS))


def in_two_messages(query: dns.message.Message) -> bytes:
    return framed(with_records(query, RECORDS[:2])) + framed(with_records(query, RECORDS[2:]))


def refused(query: dns.message.Message) -> bytes:
    response = dns.message.make_response(query)
    response.set_rcode(dns.rcode.REFUSED)
    return framed(response)


def cut_off(query: dns.message.Message) -> bytes:
    return framed(with_records(query, RECORDS[:3]))


def half_a_message(query: dns.message.Message) -> bytes:
    return whole(query)[:-7]


def other_question(query: dns.message.Message) -> bytes:
    query.id = (query.id + 1) % 65536
    return whole(query)


def garbage(query: dns.message.Message) -> bytes:
    return framed(b"\xff" * 40)


@pytest.fixture
def server() -> Iterator[Callable[[Reply], str]]:
    threads: list[threading.Thread] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(reply: Reply) -> str:
        def once() -> None:
            connection, _ = listener.accept()
            with connection:
                size = int.from_bytes(connection.recv(2, socket.MSG_WAITALL), "big")
                ring = {key.name: key} if (key := read_key(KEY)) else None
                query = dns.message.from_wire(connection.recv(size, socket.MSG_WAITALL), keyring=ring)
                connection.sendall(reply(query))

        threads.append(threading.Thread(target=once))
        threads[-1].start()
        return f"127.0.0.1:{listener.getsockname()[1]}"

    yield serve
    for thread in threads:
        thread.join()
    listener.close()


def transfer(address: str) -> Result:
    return CliRunner().invoke(
        cli, ["import", "zone", "tinhmau.example", "--axfr", address, "--lang", "en", "--quiet"]
    )


@pytest.mark.parametrize("reply", [whole, in_two_messages])
def test_a_zone_is_transferred(server: Callable[[Reply], str], reply: Reply) -> None:
    done = transfer(server(reply))
    assert done.exit_code == 0, done.stderr
    assert "zones: [tinhmau.example]" in done.stdout
    assert "- www.tinhmau.example    # 203.0.113.80" in done.stdout


def test_a_key_signs_the_question_and_the_answer_must_be_signed(
    server: Callable[[Reply], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IPV6CHECK_TSIG", KEY)
    seen: list[bool] = []

    def signed(query: dns.message.Message) -> bytes:
        seen.append(query.had_tsig)
        return whole(query)

    done = transfer(server(signed))
    assert seen == [True]
    assert done.exit_code == 0, done.stderr


def test_an_unsigned_answer_to_a_signed_question_is_not_taken(
    server: Callable[[Reply], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IPV6CHECK_TSIG", KEY)

    def unsigned(query: dns.message.Message) -> bytes:
        bare = dns.message.make_query("tinhmau.example.", "AXFR")
        bare.id = query.id
        return whole(bare)

    done = transfer(server(unsigned))
    assert done.exit_code == 3
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (refused, "refuses to transfer tinhmau.example"),
        (cut_off, "hung up in the middle of its answer"),
        (half_a_message, "hung up in the middle of its answer"),
        (other_question, "answers another question"),
        (garbage, "cannot be used"),
        (lambda query: b"", "hung up in the middle of its answer"),
    ],
)
def test_whatever_goes_wrong_is_one_line_exit_3_and_no_draft(
    server: Callable[[Reply], str], reply: Reply, said: str
) -> None:
    done = transfer(server(reply))
    assert done.exit_code == 3, done.output
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
