"""Nightly scans of this machine's loopback with `--baseline reports/latest`: situations 61 and 62."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


def listener(family: socket.AddressFamily, address: str, port: int = 0) -> socket.socket:
    """Open a port on which connections are accepted by the kernel."""
    server = socket.socket(family, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((address, port))
    server.listen(64)
    return server


@pytest.fixture
def ports() -> Iterator[dict[str, socket.socket]]:
    """One service on both families, and a second that answers over IPv4 only."""
    with contextlib.ExitStack() as stack:
        try:
            six = stack.enter_context(listener(socket.AF_INET6, "::1"))
        except OSError:
            pytest.skip("this machine has no ::1")
        four = stack.enter_context(listener(socket.AF_INET, "127.0.0.1"))
        lonely = stack.enter_context(listener(socket.AF_INET, "127.0.0.1"))
        yield {"four": four, "six": six, "lonely": lonely}


def write_inventory(path: Path, ports: dict[str, socket.socket], *, grown: bool = False) -> None:
    four, six, lonely = (ports[name].getsockname()[1] for name in ("four", "six", "lonely"))
    text = (
        "version: 1\norganization: {id: loop, name: Loop}\nscope: [127.0.0.0/8, '::1/128']\nsystems:\n"
        "  - id: portal\n    name: Portal\n    hosts: [127.0.0.1, '::1']\n"
        f"    services: [{{app: tcp, port: {{4: {four}, 6: {six}}}}}]\n"
    )
    if grown:
        text += (
            "  - id: added\n    name: Added\n    hosts: [127.0.0.1, '::1']\n"
            f"    services: [{{app: tcp, port: {lonely}}}]\n"
        )
    path.write_text(text, encoding="utf-8")


def scan(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ipv6check", "--lang", "en", "-q", "scan", "inventory.yaml", *more]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=100)


def test_a_night_that_is_worse_exits_1_and_a_new_failing_system_does_not(
    tmp_path: Path, ports: dict[str, socket.socket]
) -> None:
    write_inventory(tmp_path / "inventory.yaml", ports)
    assert scan(tmp_path).returncode == 0
    same = scan(tmp_path, "--baseline", "reports/latest")
    assert (same.returncode, same.stderr) == (0, "")
    write_inventory(tmp_path / "inventory.yaml", ports, grown=True)
    grown = scan(tmp_path, "--baseline", "reports/latest")
    assert (grown.returncode, grown.stderr) == (0, "")
    assert "since" in grown.stdout and ": ±0" in grown.stdout
    ports["six"].close()
    worse = scan(tmp_path, "--baseline", "reports/latest")
    assert worse.returncode == 1
    assert "worse than the baseline" in worse.stderr
    assert "portal · reach.service · reach.closed" in worse.stderr and "added" not in worse.stderr
    results = json.loads((tmp_path / "reports/latest/results.json").read_text())
    assert [system["id"] for system in results["systems"]] == ["added", "portal"]
