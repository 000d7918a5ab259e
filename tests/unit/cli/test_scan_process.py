"""A scan as a process on loopback: interrupted, out of time or disk, into a closed pipe, on odd terminals."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from tests.unit.cli.processes import command, on_a_full_disk

pytestmark = [pytest.mark.slow]
INVENTORY = """version: 1
organization: {{id: test}}
scope: ["127.0.0.0/8", "::1/128"]
resolvers: {{own: ["127.0.0.1:1"]}}
vantages: {{here: {{resolver: own, sees: [internet]}}}}
systems:
  - id: portal
    hosts: ["127.0.0.1"]
    services: [{{app: tcp, port: {port}}}]
    closed_ports: []
"""


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Path]:
    """An inventory whose only port refuses at once: a scan of a second."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        yield _written(tmp_path, sock.getsockname()[1])


@pytest.fixture
def silent(tmp_path: Path) -> Iterator[Path]:
    """An inventory whose only port never answers (a full accept queue): half a minute of retries."""
    with socket.socket() as sock, contextlib.ExitStack() as stack:
        sock.bind(("127.0.0.1", 0))
        sock.listen(0)
        for _ in range(4):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(sock.getsockname())
        yield _written(tmp_path, sock.getsockname()[1])


def _written(folder: Path, port: int) -> Path:
    path = folder / "inventory.yaml"
    path.write_text(INVENTORY.format(port=port))
    return path


def silence_that_failed(results: dict[str, Any]) -> list[str]:
    """Return the fails for silence: a port that was not asked to the end may not have any."""
    found = [finding for system in results["systems"] for finding in system["findings"]]
    return [
        f["check"] for f in found if f["verdict"] == "fail" and f["reason"] in {"reach.silent", "reach.down"}
    ]


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **environment}
    return subprocess.run(command(*arguments), capture_output=True, text=True, env=env, timeout=120)


def stored(folder: Path) -> Path:
    (found,) = (folder / "runs").iterdir()
    return found


def begin(inventory: Path, output: Path) -> subprocess.Popen[str]:
    """Start a scan and return once it has begun to ask."""
    process = subprocess.Popen(
        command("scan", inventory, "-o", output), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    _await_progress(process.stderr)
    return process


def _await_progress(stream: IO[str]) -> None:
    for line in stream:
        if line.startswith("["):
            return
    raise AssertionError("the scan ended before it told its progress")


def test_one_interrupt_ends_in_130_with_a_hint_that_works(silent: Path, tmp_path: Path) -> None:
    with begin(silent, tmp_path / "out") as process:
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in err
    path = stored(tmp_path / "out")
    assert f"scan --resume {path}" in err
    assert "IPv6" in out  # what is known is summed up all the same
    results = json.loads((path / "results.json").read_text())
    assert results["run"]["complete"] is False
    assert not silence_that_failed(results)
    resumed = run("scan", "--resume", path, "--max-time", "1s", "-o", tmp_path / "out")
    assert resumed.returncode == 3 and "Traceback" not in resumed.stderr


def test_a_second_interrupt_stops_at_once(silent: Path, tmp_path: Path) -> None:
    with begin(silent, tmp_path / "out") as process:
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        process.stderr.readline()  # it has said that it ends
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert (stored(tmp_path / "out") / "results.json").exists()


def test_when_the_time_is_over_the_rest_is_unknown_and_the_exit_3(silent: Path, tmp_path: Path) -> None:
    done = run("scan", silent, "--max-time", "1s", "-o", tmp_path / "out")
    assert done.returncode == 3
    results = json.loads((stored(tmp_path / "out") / "results.json").read_text())
    assert results["run"]["complete"] is False
    assert not silence_that_failed(results)


def test_gates_decide_the_exit_code(closed: Path, tmp_path: Path) -> None:
    broken = run("scan", closed, "--fail-on", "critical", "-o", tmp_path / "a")
    assert broken.returncode in {1, 3} and "Traceback" not in broken.stderr
    path = stored(tmp_path / "a")
    assert run("judge", path, "-o", tmp_path / "x.json", "--fail-under", "100").returncode == 1
    assert run("report", path, "-f", "json", "--min-coverage", "0").returncode in {0, 3}


def test_a_closed_pipe_ends_quietly(closed: Path, tmp_path: Path) -> None:
    run("scan", closed, "-o", tmp_path / "out")
    path = stored(tmp_path / "out")
    with subprocess.Popen(
        command("judge", path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        err = process.stderr.read()
    assert "Traceback" not in err and "BrokenPipe" not in err


@pytest.mark.parametrize(
    "environment", [{"COLUMNS": "40"}, {"NO_COLOR": "1"}, {"TERM": "dumb"}, {"LANG": "C"}]
)
def test_odd_terminals_get_plain_text_that_fits(
    closed: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    done = run("scan", closed, "-o", tmp_path / "out", PYTHONIOENCODING="", **environment)
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    if "COLUMNS" in environment:
        text = done.stdout.rpartition("\nReport\n")[0]  # paths are never cut
        assert text and max(len(line) for line in text.splitlines()) <= 40


def test_a_full_disk_is_exit_3_with_the_path_and_no_half_file(closed: Path, tmp_path: Path) -> None:
    done = on_a_full_disk("scan", closed, "-o", tmp_path / "out")
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    assert str(tmp_path / "out") in done.stderr
    assert not (stored(tmp_path / "out") / "results.json").exists()
    assert not list((tmp_path / "out").rglob("*.new"))


def test_a_folder_that_cannot_be_made_is_exit_3_before_anybody_is_asked(closed: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run("scan", closed, "-o", tmp_path / "file" / "out")
    assert done.returncode == 3
    assert str(tmp_path / "file") in done.stderr and "Traceback" not in done.stderr
