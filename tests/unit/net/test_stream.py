"""One TCP connection: what its failures are called, and that nothing is ever waited for too long."""

from __future__ import annotations

import asyncio
import os
import resource
from collections.abc import Awaitable, Callable

import pytest

from ipv6check.model.task import make_task
from ipv6check.net.failure import Failed
from ipv6check.net.lines import BYTES, LINE, Lines
from ipv6check.net.net import Net
from ipv6check.net.permission import NotPermitted
from ipv6check.net.stream import MOST_RECEIVED, Stream, drain, seen
from tests.hostile.conversations import peer
from tests.hostile.conversations.peer import Open, Seen

KIND = "tls.handshake"  # 15 s of patience: 0.3 s here


def converse(opened: Open, talk: Callable[[Stream], Awaitable[object]], scale: float = peer.SCALE) -> Seen:
    async def run() -> Seen:
        async with opened() as port:
            stream = None
            try:
                stream = await Stream.connect(peer.task(KIND, port), peer.net(scale))
                return Seen(None, {"result": str(await talk(stream))})
            except Failed as failed:
                return Seen(failed.word, failed.data)
            finally:
                if stream:
                    stream.close()

    return asyncio.run(run())


async def everything(stream: Stream) -> bytes:
    whole = b""
    while data := await stream.read():
        whole += data
    return whole


def test_an_open_port_gives_a_stream_with_our_own_address() -> None:
    async def source(stream: Stream) -> str:
        return stream.source

    assert converse(peer.backlog, source) == Seen(None, {"result": "::1"})


def test_ipv4_works_the_same() -> None:
    async def run() -> str:
        server = await asyncio.start_server(lambda r, w: w.close(), "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            stream = await Stream.connect(peer.task(KIND, port, address="127.0.0.1"), peer.net(1))
            stream.close()
            return stream.source

    assert asyncio.run(run()) == "127.0.0.1"


def test_what_is_said_is_read_to_its_end() -> None:
    assert converse(peer.saying(b"one ", b"two"), everything).data["result"] == "b'one two'"


def test_a_port_where_nobody_listens_is_closed() -> None:
    found = converse(peer.nobody, everything)
    assert found.word == "closed"
    assert found.data["errno"] == "ECONNREFUSED"


def test_a_peer_that_never_answers_the_syn_is_silent_not_slow() -> None:
    assert converse(peer.full_queue, everything).word == "silent"


@pytest.mark.parametrize("opened", [peer.backlog, peer.saying(b"half", then="stay")])
def test_a_peer_that_stops_talking_is_slow_not_silent(opened: Open) -> None:
    assert converse(opened, everything).word == "slow"


def test_a_peer_that_does_not_read_is_slow() -> None:
    assert converse(peer.backlog, lambda stream: stream.write(b"x" * (64 << 20))).word == "slow"


def test_a_reset_is_named() -> None:
    found = converse(peer.resetting(b"abc"), everything)
    assert found == Seen("reset", {"errno": "ECONNRESET", "received": 3})


def test_what_a_peer_said_before_it_reset_is_not_lost_to_a_write() -> None:
    async def late(stream: Stream) -> bytes:
        await asyncio.sleep(0.1)
        await stream.write(b"x")
        await stream.write(b"x")
        first = await stream.read()
        with pytest.raises(Failed, match="reset"):
            await stream.read()
        return first

    assert converse(peer.resetting(b"goodbye"), late).data["result"] == "b'goodbye'"


def test_an_endless_answer_is_cut_off() -> None:
    found = converse(peer.endless(b"", b"x" * 65536), everything, scale=1)
    assert found.word == "too_large"
    received = found.data["received"]
    assert isinstance(received, int)
    assert MOST_RECEIVED <= received < MOST_RECEIVED + 65536


def test_the_guard_is_asked_before_a_socket_is_opened() -> None:
    def refuse(address: str, port: int | None) -> None:
        raise NotPermitted(address, port, "scope.outside")

    async def run(port: int) -> None:
        await Stream.connect(peer.task(KIND, port), Net(permitted=refuse))

    with pytest.raises(NotPermitted):
        asyncio.run(run(1))


def test_an_interface_that_is_not_there_is_our_own_trouble() -> None:
    async def run() -> None:
        await Stream.connect(peer.task(KIND, 1, address="fe80::1%nowhere0"), peer.net())

    with pytest.raises(Failed) as caught:
        asyncio.run(run())
    assert caught.value.word == "local"
    assert caught.value.data["errno"] == "ENODEV"


def test_a_task_without_an_address_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="needs an address"):
        asyncio.run(Stream.connect(make_task(KIND, vantage="local"), peer.net()))


def test_no_descriptor_left_is_overloaded_and_nothing_leaks() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)

    async def run() -> None:
        async with peer.backlog() as port:
            used = max(int(name) for name in os.listdir("/proc/self/fd")) + 1
            resource.setrlimit(resource.RLIMIT_NOFILE, (used, hard))
            fillers = []
            try:
                while True:
                    fillers.append(os.open("/dev/null", os.O_RDONLY))
            except OSError:
                pass
            try:
                await Stream.connect(peer.task(KIND, port), peer.net())
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
                for descriptor in fillers:
                    os.close(descriptor)

    with pytest.raises(Failed) as caught:
        asyncio.run(run())
    assert caught.value.word == "overloaded"


def test_a_failed_or_cancelled_connect_leaves_no_socket_behind() -> None:
    async def run() -> int:
        async with peer.full_queue() as silent, peer.nobody() as closed, peer.backlog() as open_port:
            (await Stream.connect(peer.task(KIND, open_port), peer.net())).close()  # the loop's own epoll
            before = len(os.listdir("/proc/self/fd"))
            for port in (silent, closed):
                with pytest.raises(Failed):
                    await Stream.connect(peer.task(KIND, port), peer.net())
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await Stream.connect(peer.task(KIND, silent), peer.net(1))
            return len(os.listdir("/proc/self/fd")) - before

    assert asyncio.run(run()) == 0


def test_when_our_own_loop_was_late_silence_proves_nothing() -> None:
    async def stalled(stream: Stream) -> None:
        asyncio.get_running_loop().call_later(0.1, _block)
        await stream.read()

    assert converse(peer.backlog, stalled).word == "overloaded"


def _block() -> None:
    import time

    time.sleep(1.6)  # blocks the loop on purpose


def test_draining_ends_with_the_time_the_bytes_or_the_peer() -> None:
    async def drained(stream: Stream) -> str:
        await drain(stream, 0.05)
        return "over"

    for opened in (peer.backlog, peer.endless(b"", b"x" * 4096), peer.saying(b"bye"), peer.resetting()):
        assert converse(opened, drained, scale=1) == Seen(None, {"result": "over"})


def test_what_was_seen_is_kept_in_a_later_failure() -> None:
    data: dict[str, int] = {}
    with pytest.raises(Failed) as caught, seen(data):
        data["status"] = 200
        raise Failed("slow", {"received": 5})
    assert (caught.value.word, dict(caught.value.data)) == ("slow", {"status": 200, "received": 5})


async def _lines(stream: Stream) -> list[bytes]:
    lines, found = Lines(stream), []
    while True:
        try:
            found.append(await lines.line())
        except Failed as failed:
            if failed.word != "eof":
                raise
            return found


def test_lines_end_with_cr_lf_or_lf_however_they_are_cut() -> None:
    peer_says = peer.saying(b"one\r", b"\ntwo\nth", b"ree\r\n", b"left over", pause=0.02)
    assert converse(peer_says, _lines, scale=1).data["result"] == "[b'one', b'two', b'three']"


@pytest.mark.parametrize(
    "opened",
    [
        peer.saying(b"x" * (1 << 20)),  # one line without an end
        peer.endless(b"", b"x" * (LINE - 1) + b"\n"),  # lines without an end
        peer.endless(b"", b"\n"),
        peer.saying(b"x" * BYTES + b"\n"),
    ],
)
def test_lines_are_bounded_in_length_in_number_and_in_bytes(opened: Open) -> None:
    assert converse(opened, _lines, scale=1).word == "too_large"


def test_no_byte_in_time_is_no_greeting() -> None:
    found = converse(peer.backlog, lambda stream: Lines(stream).begin(0.05, 1.0), scale=1)
    assert found == Seen("no_greeting", {"banner": None})


def test_a_close_without_a_byte_is_the_end() -> None:
    assert converse(peer.saying(), lambda stream: Lines(stream).begin(1, 1.0), scale=1).word == "eof"
