"""Many connects that succeed in one step: parted from in order, and their places given back."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ipv6check.model.task import Task, make_task
from ipv6check.net.limits import Limits
from ipv6check.net.net import Net
from ipv6check.net.permission import anyone
from ipv6check.net.policy import POLICIES
from ipv6check.probes.connect_sweep import KIND, ConnectSweep, sweep

MANY = 200


@contextmanager
def server() -> Iterator[tuple[int, list[bytes | str]]]:
    """Yield a port of 127.0.0.0/8, and what each connection there ended with: nothing, or an error."""
    ends: list[bytes | str] = []
    with socket.create_server(("127.0.0.1", 0), backlog=2 * MANY) as listener:
        listener.settimeout(10)

        def serve() -> None:
            for _ in range(MANY):
                with listener.accept()[0] as sock:
                    sock.settimeout(10)
                    try:
                        ends.append(sock.recv(1))
                    except OSError as error:
                        ends.append(type(error).__name__)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1], ends
        thread.join(20)


def tasks(port: int) -> list[Task]:
    return [
        make_task(KIND, vantage="v", family=4, address="127.0.0.1", port=port, params={"round": number})
        for number in range(MANY)
    ]


def test_each_connection_ends_with_a_fin_and_the_limits_are_free_again() -> None:
    limits = Limits.lifted(128)
    net = Net(permitted=anyone, limits=limits)
    with server() as (port, ends):
        found = list(sweep(tasks(port), POLICIES[KIND], net))
    assert [(each.outcome, each.final) for each in found] == [("ok", True)] * MANY
    assert ends == [b""] * MANY
    assert limits.in_use == 0


def test_places_are_given_back_though_nobody_steps_the_sweep_again() -> None:
    """Conversations wait for the same limits when the sweep has nothing left to do."""
    free = threading.Event()
    limits = Limits.lifted(MANY)
    net = Net(permitted=anyone, limits=limits)
    sweeping = ConnectSweep(net)

    def given_back(address: str) -> None:
        if limits.in_use == 0:
            free.set()

    limits.listen(given_back)
    with server() as (port, ends):
        for task in tasks(port):
            sweeping.submit(task)
        while sweeping.pending:
            sweeping.step(1.0)
        assert free.wait(20)
        sweeping.close()
    assert ends == [b""] * MANY


def test_a_host_s_limit_holds_until_its_connections_are_closed() -> None:
    limits = Limits(total=128, per_host=32, per_network=None, per_second=None)
    most = 0
    ask = limits.ask

    def asked(address: str, *, gentle: bool = False) -> object:
        nonlocal most
        refusal = ask(address, gentle=gentle)
        most = max(most, limits.in_use)
        return refusal

    limits.ask = asked  # type: ignore[method-assign,assignment]
    with server() as (port, ends):
        found = list(sweep(tasks(port), POLICIES[KIND], Net(permitted=anyone, limits=limits)))
    assert len(found) == MANY
    assert 16 <= most <= 32
    assert ends == [b""] * MANY
