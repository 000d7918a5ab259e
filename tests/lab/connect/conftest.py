"""One V–R–S network for the connect tests, and a way to run the sweep inside V."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ipv6check.codec import decode_observation
from ipv6check.model.observation import Observation
from tests.lab.network import Network, missing, three_namespaces

ROOT = Path(__file__).parents[3]

# Accepts on a port of every address, of both families, until it is ended.
LISTEN = """
import socket, sys
kept = [socket.create_server(("::", int(port)), family=socket.AF_INET6, dualstack_ipv6=True, backlog=1024)
        for port in sys.argv[1:]]
import selectors
ready = selectors.DefaultSelector()
for listener in kept:
    ready.register(listener, selectors.EVENT_READ)
while True:
    for key, _ in ready.select():
        key.fileobj.accept()[0].close()
"""


@dataclass(frozen=True)
class Lab:
    """The network, and the sweep in it."""

    network: Network

    def python(self, job: dict[str, Any], timeout: float = 120) -> str:
        """Run the sweep in V; warnings are errors there too."""
        done = subprocess.run(
            self.network.vantage.command(
                [sys.executable, "-X", "dev", "-W", "error", "-m", "tests.lab.connect.sweep_runner"]
            ),
            input=json.dumps(job),
            capture_output=True,
            text=True,
            timeout=timeout,
            cwd=ROOT,
            env=dict(os.environ),
        )
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        return done.stdout

    def sweep(self, targets: Sequence[tuple[str, int]], **job: Any) -> list[Observation]:
        """Return the observations of a sweep over the targets."""
        out = self.python({"targets": list(targets), **job})
        return [decode_observation(line.encode()) for line in out.splitlines()]

    def probe(self, kind: str, targets: Sequence[tuple[str, int | None]], **job: Any) -> list[Any]:
        """Return what a vantage probe says of each target."""
        out = self.python({"targets": list(targets), "probe": kind, **job})
        return [json.loads(line) for line in out.splitlines()]


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    """A network of this module's own, with a server on ports 80 and 443 of all of S's addresses."""
    if (why := missing()) is not None:
        pytest.skip(why)
    with three_namespaces() as network:
        network.server.start(sys.executable, "-c", LISTEN, "80", "443")
        network.server.wait_for_port("::", 443)
        yield Lab(network)
