"""Who may talk when not everybody may: one full limit holds back only those whom it concerns."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

from ipv6check.model.task import Task, make_task
from ipv6check.model.text import JSON
from ipv6check.net.limits import Limits
from ipv6check.net.net import Net
from ipv6check.net.permission import anyone
from ipv6check.scan.talks import Talks


def ask(address: str, number: int, kind: str = "http.get") -> Task:
    return make_task(kind, vantage="v", family=6, address=address, port=443, params={"number": number})


def begun(tasks: Sequence[Task], limits: Limits, let_go: Callable[[Task], bool]) -> list[str]:
    """Give the lane all tasks; return who began, in order, until nobody new does. `let_go` ends a talk."""
    order: list[str] = []

    async def run() -> None:
        held = asyncio.Event()

        async def probe(task: Task, net: Net) -> Mapping[str, JSON]:
            order.append(f"{task.address} {task.params['number']}")
            if not let_go(task):
                await held.wait()
            return {}

        lane = Talks({"http.get": probe, "vantage.canary": probe}, Net(permitted=anyone, limits=limits))
        lane.start(lambda: None)
        for task in tasks:
            lane.submit(task)
        for _ in range(8 * len(tasks)):  # turns of the loop: no talk here waits for anything else
            await asyncio.sleep(0)
        await lane.stop()
        assert limits.in_use == 0

    asyncio.run(run())
    return order


def test_a_full_host_holds_back_nobody_else_and_its_own_keep_their_order() -> None:
    tasks = [*(ask("2001:db8::1", number) for number in range(3)), ask("2001:db8::2", 0)]
    limits = Limits(total=8, per_host=1, per_network=None, per_second=None)
    assert begun(tasks, limits, lambda task: False) == ["2001:db8::1 0", "2001:db8::2 0"]
    assert begun(tasks, limits, lambda task: True) == [
        "2001:db8::1 0",
        "2001:db8::2 0",
        "2001:db8::1 1",
        "2001:db8::1 2",
    ]


def test_with_the_whole_limit_full_all_wait_in_their_order() -> None:
    tasks = [ask(f"2001:db8::{host}", 0) for host in range(1, 5)]
    limits = Limits(total=2, per_host=None, per_network=None, per_second=None)
    assert begun(tasks, limits, lambda task: False) == ["2001:db8::1 0", "2001:db8::2 0"]
    assert begun(tasks, limits, lambda task: True) == [f"2001:db8::{host} 0" for host in range(1, 5)]


def test_questions_about_the_vantage_itself_need_no_place() -> None:
    tasks = [ask("2001:db8::1", 0), ask("2001:db8::2", 0), ask("2001:db8::ca", 0, "vantage.canary")]
    limits = Limits(total=1, per_host=None, per_network=None, per_second=None)
    order = begun(tasks, limits, lambda task: False)
    assert sorted(order) == ["2001:db8::1 0", "2001:db8::ca 0"]
