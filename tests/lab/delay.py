"""Delays what the router sends to some addresses: a TUN device and a program that waits.

The kernel of the lab has no netem. Packets to the addresses are routed into the device, read here,
and written back after the delay; what comes out of the device is routed on to S.
"""

from __future__ import annotations

import fcntl
import os
import select
import struct
import sys
import time
from collections import deque

from tests.lab.network import SERVER_V6, Network
from tests.lab.situation import ROOT

DEVICE = "slow0"
_TABLE = "77"
_TUNSETIFF = 0x400454CA
_TUN_WITHOUT_HEADER = 0x1001  # IFF_TUN | IFF_NO_PI


def slow(network: Network, addresses: list[str], seconds: float) -> None:
    """Let packets from V to IPv6 addresses of S take `seconds` longer."""
    router = network.router
    router.run("ip", "tuntap", "add", "dev", DEVICE, "mode", "tun")
    router.run("ip", "link", "set", DEVICE, "up")
    router.run("ip", "-6", "rule", "add", "iif", DEVICE, "lookup", _TABLE)
    router.run("ip", "-6", "route", "add", "default", "via", SERVER_V6, "dev", "r1", "table", _TABLE)
    for address in addresses:
        router.run("ip", "-6", "route", "add", f"{address}/128", "dev", DEVICE)
    router.start(sys.executable, "-m", "tests.lab.delay", str(seconds), cwd=ROOT)


def main() -> None:
    """Hold every packet of the device back for the seconds given."""
    seconds = float(sys.argv[1])
    device = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(device, _TUNSETIFF, struct.pack("16sH", DEVICE.encode(), _TUN_WITHOUT_HEADER))
    waiting: deque[tuple[float, bytes]] = deque()
    while True:
        patience = max(0.0, waiting[0][0] - time.monotonic()) if waiting else None
        if select.select([device], [], [], patience)[0]:
            waiting.append((time.monotonic() + seconds, os.read(device, 65536)))
        while waiting and waiting[0][0] <= time.monotonic():
            os.write(device, waiting.popleft()[1])


if __name__ == "__main__":
    main()
