"""Three network namespaces in a row, V (vantage), R (router) and S (servers), without a way out.

V has 2001:db8:1::2 and 203.0.113.2, R 2001:db8:1::1 and 203.0.113.1 towards V and 2001:db8:2::1 and
198.51.100.1 towards S, S 2001:db8:2::2 and 198.51.100.2. S also answers for every address of
2001:db8:ffff::/48 and 198.19.0.0/16 (AnyIP), so that one server stands for thousands. Names carry a
random part; `close` ends what was started and removes the namespaces.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

VANTAGE_V6, VANTAGE_V4 = "2001:db8:1::2", "203.0.113.2"
ROUTER_V6, ROUTER_V4 = "2001:db8:1::1", "203.0.113.1"
SERVER_V6, SERVER_V4 = "2001:db8:2::2", "198.51.100.2"
ANY_V6, ANY_V4 = "2001:db8:ffff::/48", "198.19.0.0/16"

_PATH = "/usr/sbin:/sbin:" + os.environ.get("PATH", "/usr/bin:/bin")


def missing() -> str | None:
    """Say what this machine lacks for namespaces, or None."""
    if os.geteuid() != 0:
        return "network namespaces with real servers need root"
    if shutil.which("ip", path=_PATH) is None or shutil.which("nft", path=_PATH) is None:
        return "iproute2 and nftables are not installed"
    return None


@dataclass
class Namespace:
    """One namespace and the processes started in it."""

    name: str
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def command(self, arguments: Sequence[str]) -> list[str]:
        """Return the command line that runs `arguments` inside."""
        return ["ip", "netns", "exec", self.name, *arguments]

    def run(
        self, *arguments: str, check: bool = True, text: str | None = None, timeout: float = 60
    ) -> subprocess.CompletedProcess[str]:
        """Run a program inside and wait for it; its output is captured."""
        done = subprocess.run(
            self.command(arguments),
            input=text,
            capture_output=True,
            text=True,
            timeout=timeout,
            env={**os.environ, "PATH": _PATH},
        )
        if check and done.returncode != 0:
            raise AssertionError(
                f"{' '.join(arguments)} in {self.name}: {done.returncode}\n{done.stdout}\n{done.stderr}"
            )
        return done

    def start(
        self, *arguments: str, log: Path | None = None, cwd: Path | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a server inside; it is ended with the network."""
        with contextlib.ExitStack() as stack:
            out: int | IO[Any] = stack.enter_context(log.open("ab")) if log else subprocess.DEVNULL
            process = subprocess.Popen(
                self.command(arguments),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                cwd=cwd,
                env={**os.environ, "PATH": _PATH},
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def nft(self, rules: str) -> None:
        """Load a ruleset in place of what stood there."""
        self.run("nft", "-f", "-", text="flush ruleset\n" + rules)

    def wait_for_port(self, address: str, port: int, seconds: float = 15) -> None:
        """Wait until something listens there over TCP."""
        brackets = f"[{address}]" if ":" in address else address
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            listening = self.run("ss", "-Hltn", f"sport = :{port}").stdout
            if any(f"{place}:{port} " in listening for place in (brackets, "[::]", "0.0.0.0", "*")):
                return
            time.sleep(0.05)
        raise AssertionError(f"nothing listens on {brackets}:{port} in {self.name}")

    def close(self) -> None:
        """End every process that was started here, by its id."""
        for process in self.processes:
            if process.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(5)
        self.processes.clear()


@dataclass
class Network:
    """V – R – S."""

    vantage: Namespace
    router: Namespace
    server: Namespace

    def close(self) -> None:
        """End the processes and remove the namespaces."""
        for namespace in (self.vantage, self.router, self.server):
            namespace.close()
        for namespace in (self.vantage, self.router, self.server):
            _ip("netns", "delete", namespace.name, check=False)

    def add_server_address(self, *addresses: str) -> None:
        """Give S more addresses of 2001:db8:2::/64 or 198.51.100.0/24."""
        for address in addresses:
            length, options = (64, ["nodad"]) if ":" in address else (24, [])
            self.server.run("ip", "address", "add", f"{address}/{length}", "dev", "s0", *options)

    def warm(self) -> None:
        """Wait for the first neighbour discovery, so that no test pays for it."""
        for address in (SERVER_V6, SERVER_V4):
            for _ in range(20):
                if self.vantage.run("ping", "-c1", "-W1", address, check=False).returncode == 0:
                    break
                time.sleep(0.1)
            else:
                raise AssertionError(f"the lab's own network does not carry {address}")


def _ip(*arguments: str, check: bool = True) -> None:
    subprocess.run(["ip", *arguments], check=check, capture_output=True, env={**os.environ, "PATH": _PATH})


def _link(left: Namespace, left_device: str, right: Namespace, right_device: str) -> None:
    _ip(
        *("link", "add", left_device, "netns", left.name, "type", "veth"),
        *("peer", "name", right_device, "netns", right.name),
    )


def build() -> Network:
    """Make the three namespaces, their links, addresses and routes."""
    tag = secrets.token_hex(3)
    vantage, router, server = (Namespace(f"v6c-{tag}-{letter}") for letter in "vrs")
    network = Network(vantage, router, server)
    try:
        for namespace in (vantage, router, server):
            _ip("netns", "add", namespace.name)
            namespace.run("ip", "link", "set", "lo", "up")
        _link(vantage, "v0", router, "r0")
        _link(router, "r1", server, "s0")
        _address(vantage, "v0", f"{VANTAGE_V6}/64", f"{VANTAGE_V4}/24")
        _address(router, "r0", f"{ROUTER_V6}/64", f"{ROUTER_V4}/24")
        _address(router, "r1", "2001:db8:2::1/64", "198.51.100.1/24")
        _address(server, "s0", f"{SERVER_V6}/64", f"{SERVER_V4}/24")
        router.run("sysctl", "-qw", "net.ipv6.conf.all.forwarding=1", "net.ipv4.ip_forward=1")
        # As most systems have it: whoever scans may ping.
        vantage.run("sysctl", "-qw", "net.ipv4.ping_group_range=0 2147483647")
        # IPv6 lets a server bind an AnyIP address only so.
        server.run("sysctl", "-qw", "net.ipv6.ip_nonlocal_bind=1")
        _route(vantage, ("default", "via", ROUTER_V6), ("default", "via", ROUTER_V4))
        _route(server, ("default", "via", "2001:db8:2::1"), ("default", "via", "198.51.100.1"))
        _route(server, ("local", ANY_V6, "dev", "lo"), ("local", ANY_V4, "dev", "lo"))
        _route(router, (ANY_V6, "via", SERVER_V6), (ANY_V4, "via", SERVER_V4))
        network.warm()
    except BaseException:
        network.close()
        raise
    return network


def _address(namespace: Namespace, device: str, *addresses: str) -> None:
    namespace.run("ip", "link", "set", device, "up")
    for address in addresses:
        options = ["nodad"] if ":" in address else []
        namespace.run("ip", "address", "add", address, "dev", device, *options)


def _route(namespace: Namespace, *routes: tuple[str, ...]) -> None:
    for route in routes:
        family = "-6" if any(":" in word for word in route) else "-4"
        namespace.run("ip", family, "route", "add", *route)


@contextlib.contextmanager
def another_vantage(network: Network) -> Iterator[Namespace]:
    """Add a second vantage behind R, with 2001:db8:3::2 and 192.0.2.2; remove it whatever happens."""
    vantage = Namespace(f"{network.vantage.name[:-1]}w")
    _ip("netns", "add", vantage.name)
    try:
        vantage.run("ip", "link", "set", "lo", "up")
        _link(vantage, "w0", network.router, "r2")
        _address(vantage, "w0", "2001:db8:3::2/64", "192.0.2.2/24")
        _address(network.router, "r2", "2001:db8:3::1/64", "192.0.2.1/24")
        vantage.run("sysctl", "-qw", "net.ipv4.ping_group_range=0 2147483647")
        _route(vantage, ("default", "via", "2001:db8:3::1"), ("default", "via", "192.0.2.1"))
        yield vantage
    finally:
        vantage.close()
        _ip("netns", "delete", vantage.name, check=False)


@contextlib.contextmanager
def three_namespaces() -> Iterator[Network]:
    """Build the network, and remove it whatever happens."""
    network = build()
    try:
        yield network
    finally:
        network.close()
