"""The vantage's own questions, put at once and without a run: its canaries, its resolvers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from ipv6check.cli.diagnosis import Line
from ipv6check.model.observation import Observation
from ipv6check.model.task import Task
from ipv6check.model.text import JSON, Text
from ipv6check.net.failure import Failed
from ipv6check.net.net import Net
from ipv6check.plan import Plan
from ipv6check.probes import vantage_canary
from ipv6check.probes.dns_sweep import sweep
from ipv6check.scan import make_net

_ALIVE = Text("Điểm kiểm chứng (canary) {address} trả lời ({how}).", "The canary {address} answers ({how}).")
_DEAD = Text(
    "Điểm kiểm chứng (canary) {address} không trả lời ({word}): máy này mất kết nối, hoặc điểm đó đã ngừng.",
    "The canary {address} does not answer ({word}): this host is cut off, or the canary is gone.",
)
_HONEST = Text("Máy chủ phân giải {address} trả lời.", "The resolver {address} answers.")
_LIES = Text(
    "Máy chủ phân giải {address} trả lời {answers} cho một tên không tồn tại: kết quả không đáng tin.",
    "The resolver {address} gives {answers} for a name that cannot exist: it is not to be believed.",
)
_DEAF = Text(
    "Máy chủ phân giải {address} không trả lời ({word}).", "The resolver {address} does not answer ({word})."
)


def ask(plan: Plan) -> Iterator[Line]:
    """Ask every canary and every resolver of the plan's vantage, at the same time; yield what they said."""
    tasks = plan.initial()
    net = make_net(plan.inventory, vantage=plan.vantage, resolvers=plan.resolvers)
    canaries = [task for task in tasks if task.kind == "vantage.canary"]
    yield from asyncio.run(_canaries(canaries, net))
    questions = [task for task in tasks if task.kind == "dns.query"]
    finals = {each.task.id: each for each in sweep(questions, net.policy("dns.query"), net) if each.final}
    dead = [each for each in finals.values() if each.outcome != "ok"]
    for task in questions:
        if task.id in finals:
            yield _resolver(finals[task.id], all_dead=len(dead) == len(finals))


async def _canaries(tasks: list[Task], net: Net) -> list[Line]:
    return list(await asyncio.gather(*(_canary(task, net) for task in tasks)))


async def _canary(task: Task, net: Net) -> Line:
    address = f"{task.address}" if task.port is None else f"{task.address} {task.port}"
    try:
        data = await vantage_canary.probe(task, net)
    except Failed as failed:
        mend = f"ping -{task.family} {task.address}"
        return Line(mark="bad", text=_DEAD, values={"address": address, "word": failed.word}, mend=mend)
    return Line(mark="ok", text=_ALIVE, values={"address": address, "how": data["how"]})


def _resolver(observation: Observation, *, all_dead: bool) -> Line:
    """Say what a resolver made of a name that does not exist; one dead of several is only a note."""
    task = observation.task
    values: dict[str, object] = {"address": task.address, "word": observation.failure or observation.outcome}
    mend = f"dig @{task.address} -p {task.port} example.org AAAA"
    if observation.outcome != "ok":
        return Line(mark="bad" if all_dead else "note", text=_DEAF, values=values, mend=mend)
    invented = _addresses(observation.data.get("answers"))
    if invented:
        return Line(mark="bad", text=_LIES, values={**values, "answers": ", ".join(invented)}, mend=mend)
    return Line(mark="ok", text=_HONEST, values=values)


def _addresses(answers: JSON) -> list[str]:
    if not isinstance(answers, list | tuple):
        return []
    return [
        str(each[3])
        for each in answers
        if isinstance(each, list | tuple) and len(each) > 3 and each[1] == "A"
    ]
