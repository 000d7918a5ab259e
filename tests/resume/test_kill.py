"""kill -9 at ten moments of a scan, then `--resume`: the same results, but for times."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.lab.dns_rules import Rule
from tests.lab.nameserver import NameServer

pytestmark = [pytest.mark.slow, pytest.mark.timeout(500)]
NAMES = 10


@dataclass(frozen=True)
class Moment:
    """When to kill: the first time `reached` says so of the run's folder."""

    name: str
    reached: Callable[[Path], bool]


def _counted(kind: str, least: int) -> Callable[[Path], bool]:
    def reached(run: Path) -> bool:
        return (
            sum(file.read_bytes().count(f'"kind":"{kind}"'.encode()) for file in run.glob("*.jsonl")) >= least
        )

    return reached


def _judging(run: Path) -> bool:
    with contextlib.suppress(OSError, ValueError):
        return json.loads((run / "run.json").read_text())["finished"] is not None
    return False


MOMENTS = (
    *(Moment(f"dns-{n}", _counted("dns.query", n)) for n in (1, 5, 9, 14)),
    *(Moment(f"connect-{n}", _counted("tcp.connect", n)) for n in (1, 8, 15, NAMES * 2 + 2)),
    Moment("judging", _judging),
    Moment("reporting", lambda run: (run / "results.json").exists()),
)


def _listening(family: socket.AddressFamily, address: str, stack: contextlib.ExitStack) -> int:
    server = stack.enter_context(socket.socket(family, socket.SOCK_STREAM))
    server.bind((address, 0))
    server.listen(128)
    return int(server.getsockname()[1])


def _silent(stack: contextlib.ExitStack) -> int:
    """Return a port of ::1 whose accept queue is full: SYNs are dropped."""
    server = stack.enter_context(socket.socket(socket.AF_INET6, socket.SOCK_STREAM))
    server.bind(("::1", 0))
    server.listen(0)
    for _ in range(3):
        filler = stack.enter_context(socket.socket(socket.AF_INET6, socket.SOCK_STREAM))
        filler.setblocking(False)
        filler.connect_ex(server.getsockname())
    time.sleep(0.3)
    return int(server.getsockname()[1])


@pytest.fixture(scope="module")
def inventory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Ten names that answer late, each with an open port; one system with a silent one."""
    rules = []
    for n in range(NAMES):
        for rdtype, address in (("A", "127.0.0.1"), ("AAAA", "::1")):
            late = 0.25 * n
            rules.append(
                Rule(name=f"s{n}.kill.example", type=rdtype, answer=(f"{rdtype} {address}",), delay=late)
            )
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(NameServer(rules).running())
        four = _listening(socket.AF_INET, "127.0.0.1", stack)
        six = _listening(socket.AF_INET6, "::1", stack)
        systems: list[dict[str, Any]] = [
            {
                "id": f"s{n}",
                "name": f"System {n}",
                "hosts": [f"s{n}.kill.example"],
                "services": [{"app": "tcp", "port": {4: four, 6: six}}],
                "closed_ports": [1 + n],
            }
            for n in range(NAMES)
        ]
        systems[0]["services"].append({"app": "tcp", "port": {4: four, 6: _silent(stack)}})
        content = {
            "version": 1,
            "organization": {"id": "kill", "name": "Kill"},
            "scope": ["127.0.0.0/8", "::1/128"],
            "resolvers": {"odd": [f"127.0.0.1:{server.port}"]},
            "vantages": {
                "here": {
                    "resolver": "odd",
                    "sees": ["internet", "wan", "internal"],
                    "canaries": [f"127.0.0.1:{four}", f"[::1]:{six}"],
                }
            },
            "systems": systems,
        }
        file = tmp_path_factory.mktemp("kill") / "inventory.yaml"
        file.write_text(yaml.safe_dump(content), encoding="utf-8")
        yield file


def _start(inventory: Path, reports: Path, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "ipv6check", "scan", str(inventory), "-o", str(reports), "-q", *options]
    with (reports / "log").open("ab") as log:
        return subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)


def _kill_at(inventory: Path, reports: Path, moment: Moment) -> Path:
    process = _start(inventory, reports)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        runs = list((reports / "runs").glob("*")) if (reports / "runs").exists() else []
        if runs and moment.reached(runs[0]):
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return runs[0]
        assert process.poll() is None, f"ended before {moment.name}: {(reports / 'log').read_text()}"
        time.sleep(0.005)
    process.kill()
    raise AssertionError(f"{moment.name} never came")


def _results(run: Path) -> Any:
    return json.loads((run / "results.json").read_text(encoding="utf-8"))


def _scanned(inventory: Path, reports: Path, moment: Moment | None) -> Any:
    """Return the results of a scan, killed at the moment and resumed, or left alone."""
    reports.mkdir()
    if moment is None:
        assert _start(inventory, reports).wait(150) == 0, (reports / "log").read_text()
        return _results((reports / "latest").resolve())
    run = _kill_at(inventory, reports, moment)
    assert _start(inventory, reports, "--resume", str(run)).wait(150) == 0, (reports / "log").read_text()
    return _results(run)


def timeless(results: Any) -> Any:
    """Drop what interface.md §3 calls times: run.*, `*_ms` arguments and their texts, attempt numbers."""

    def finding(entry: dict[str, Any]) -> dict[str, Any]:
        timed = any(key.endswith("_ms") for key in entry["args"])
        return {
            **entry,
            "args": {key: value for key, value in entry["args"].items() if not key.endswith("_ms")},
            "message": None if timed else entry["message"],
            "evidence": sorted({one.split(".")[0] for one in entry["evidence"]}),
        }

    return {
        **{key: value for key, value in results.items() if key not in {"run", "observations"}},
        "systems": [{**s, "findings": [finding(f) for f in s["findings"]]} for s in results["systems"]],
        "observations": sorted({one.split(".")[0] for one in results["observations"]}),
    }


@pytest.fixture(scope="module")
def scans(inventory: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("scans")
    with ThreadPoolExecutor(6) as pool:
        looks = {
            name: pool.submit(_scanned, inventory, folder / name, moment)
            for name, moment in [("whole", None), *((m.name, m) for m in MOMENTS)]
        }
        return {name: timeless(look.result()) for name, look in looks.items()}


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda m: m.name)
def test_a_killed_and_resumed_scan_gives_the_same_results(scans: dict[str, Any], moment: Moment) -> None:
    assert scans[moment.name] == scans["whole"]


def test_the_situation_is_what_it_should_be(scans: dict[str, Any]) -> None:
    reasons = {f["reason"] for s in scans["whole"]["systems"] for f in s["findings"]}
    assert "reach.silent" in reasons
    assert not any("crashed" in reason for reason in reasons)
