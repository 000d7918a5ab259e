"""Runs the connect sweep in whatever namespace it is started in: a job on stdin, observations on stdout.

The job is JSON: `targets` ([address, port] pairs), and optionally `deadline`, `gaps`, `gentle`,
`rounds` (tasks a target), `limits` (arguments of Limits, or absent: lifted), `descriptors` (a lower
RLIMIT_NOFILE), `free` (how many descriptors somebody else leaves us, unknown to Limits), `probe` (a
vantage probe's kind instead of the sweep), `scale`.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
from typing import Any

from ipv6check.codec import encode_observation
from ipv6check.model.inventory import Family
from ipv6check.model.task import Task, make_task
from ipv6check.net.failure import Failed
from ipv6check.net.limits import Limits
from ipv6check.net.net import Net
from ipv6check.net.permission import anyone
from ipv6check.net.policy import Policy
from ipv6check.probes import connect_sweep, vantage_canary, vantage_source

PROBES = {"vantage.source": vantage_source.probe, "vantage.canary": vantage_canary.probe}


def tasks_of(job: dict[str, Any], kind: str) -> list[Task]:
    """One task a target, or as many as `rounds` says."""
    rounds = range(job.get("rounds", 1))
    return [task_of(job, kind, address, port, n) for n in rounds for address, port in job["targets"]]


def task_of(job: dict[str, Any], kind: str, address: str, port: int | None, round_: int) -> Task:
    family: Family = 6 if ":" in address else 4
    return make_task(
        kind,
        vantage="v",
        family=family,
        address=address,
        port=port,
        transport="tcp",
        params={"round": round_} if round_ else {},
        gentle=job.get("gentle", False),
    )


def occupy(free: int) -> None:
    """Take all descriptors but so many, as another part of the process could."""
    taken = []
    while True:
        try:
            taken.append(os.dup(0))
        except OSError:
            break
    for descriptor in taken[-free:]:
        os.close(descriptor)


async def run_probes(job: dict[str, Any], net: Net) -> None:
    for task in tasks_of(job, job["probe"]):
        try:
            print(json.dumps({"ok": await PROBES[job["probe"]](task, net)}))
        except Failed as failed:
            print(json.dumps({"failed": failed.word, "data": failed.data}))


def main() -> None:
    job = json.load(sys.stdin)
    if "descriptors" in job:
        resource.setrlimit(resource.RLIMIT_NOFILE, (job["descriptors"], job["descriptors"]))
    limits = Limits(**job["limits"]) if "limits" in job else Limits.lifted()
    net = Net(permitted=anyone, limits=limits, policy_scale=job.get("scale", 1.0))
    if "probe" in job:
        asyncio.run(run_probes(job, net))
        return
    if "free" in job:
        occupy(job["free"])
    policy = Policy(deadline=job.get("deadline", 2.5), gaps=tuple(job.get("gaps", ())))
    for observation in connect_sweep.sweep(tasks_of(job, connect_sweep.KIND), policy, net):
        sys.stdout.buffer.write(encode_observation(observation) + b"\n")


if __name__ == "__main__":
    main()
