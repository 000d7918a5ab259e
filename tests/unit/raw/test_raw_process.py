"""The helper process: started only when needed, without privileges once it serves, and alone with scapy."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ipv6check.model.task import make_task
from ipv6check.net.failure import Failed
from ipv6check.net.net import Net
from ipv6check.net.permission import anyone
from ipv6check.net.raw_helper import RawHelper
from ipv6check.probes import path_echo, path_mtu
from ipv6check.raw.privileges import remaining

ROOT = Path(__file__).parents[3]
CLEAN = "".join(f"{name}:\t0000000000000000\n" for name in ("CapInh", "CapPrm", "CapEff", "CapAmb"))
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="raw sockets need root")


def test_what_the_kernel_says_of_a_process_decides_whether_it_is_privileged() -> None:
    assert remaining(CLEAN + "NoNewPrivs:\t1\n") == []
    assert remaining(CLEAN + "NoNewPrivs:\t0\n") == ["NoNewPrivs"]
    assert remaining(
        CLEAN.replace("CapEff:\t0000000000000000", "CapEff:\t0000000000002000") + "NoNewPrivs:\t1\n"
    )
    assert remaining("")


def status_of(pid: int | None) -> str:
    return Path(f"/proc/{pid}/status").read_text("ascii")


def test_no_helper_runs_before_it_is_needed() -> None:
    assert RawHelper().pid is None


@needs_root
def test_the_helper_serves_without_any_privilege() -> None:
    async def look() -> tuple[str, int]:
        helper = RawHelper()
        try:
            await helper.watch("::1", 80)
            return await asyncio.to_thread(status_of, helper.pid), helper.pid or 0
        finally:
            await helper.close()

    status, pid = asyncio.run(look())
    fields = dict(line.split(":", 1) for line in status.splitlines())
    assert remaining(status) == []
    assert fields["Uid"].split() == ["65534"] * 4
    assert fields["Gid"].split() == ["65534"] * 4
    assert not fields["Groups"].strip()
    assert not Path(f"/proc/{pid}").exists()


@needs_root
def test_a_connection_nobody_saw_is_not_forged_for() -> None:
    async def look() -> None:
        helper = RawHelper()
        try:
            await helper.forge("::1", 1, "::1", 2, 1280)
        finally:
            await helper.close()

    with pytest.raises(Failed, match="local"):
        asyncio.run(look())


@needs_root
def test_without_the_privilege_it_says_so_at_once_and_to_everybody() -> None:
    source = (
        "import asyncio, os\n"
        "from ipv6check.net.raw_helper import RawHelper\n"
        "from ipv6check.net.failure import Failed\n"
        "import ctypes, encodings.ascii, encodings.idna\n"
        "PR_CAPBSET_DROP, CAP_NET_RAW = 24, 13\n"
        "ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_NET_RAW, 0, 0, 0)\n"  # what root's children may have
        "async def main():\n"
        "    helper = RawHelper()\n"
        "    for _ in range(2):\n"
        "        try:\n"
        "            await helper.watch('::1', 80)\n"
        "        except Failed as failed:\n"
        "            print(failed.word)\n"
        "    await helper.close()\n"
        "asyncio.run(main())\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, env=environment)
    assert done.stdout.split() == ["no_privilege", "no_privilege"], done.stderr


def test_a_scan_without_the_option_has_no_helper_and_says_what_is_missing() -> None:
    net = Net(permitted=anyone)
    assert net.raw is None
    where = {"vantage": "v", "family": 6, "address": "::1"}
    forged = {"forged": True, "app": "http", "host": "x", "direction": "response"}
    for probe, task in (
        (path_mtu.probe, make_task("path.mtu", port=80, transport="tcp", params=forged, **where)),  # type: ignore[arg-type]
        (path_echo.probe, make_task("path.echo", params={"form": "options"}, **where)),  # type: ignore[arg-type]
    ):
        with pytest.raises(Failed, match="no_privilege"):
            asyncio.run(probe(task, net))


def modules(code: str) -> set[str]:
    """Return the top-level modules that a fresh Python has after running this."""
    show = f"{code}\nimport sys\nprint(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", show], capture_output=True, text=True, env=environment, check=True
    )
    return set(done.stdout.split())


def test_only_the_helper_imports_scapy() -> None:
    whole = "import ipv6check.cli, ipv6check.scan, ipv6check.net.raw_helper, ipv6check.probes.path_mtu"
    assert "scapy" not in modules(whole)
    assert "scapy" in modules("import ipv6check.raw.helper")


def test_nothing_that_is_apache_licensed_only_is_imported_beside_scapy() -> None:
    """GPL-2.0-only (scapy) and Apache-2.0-only cannot be combined; a dual licence is fine."""
    from importlib.metadata import metadata, packages_distributions

    distributions = packages_distributions()
    found = {
        name: distributions[name][0]
        for name in modules("import ipv6check.raw.helper")
        if name in distributions
    }
    assert found["scapy"] == "scapy"
    for name, distribution in found.items():
        about = metadata(distribution)
        named = [*(about.get_all("License-Expression") or ()), *(about.get_all("License") or ())]
        classified = [each for each in about.get_all("Classifier") or () if each.startswith("License")]
        licence = " ".join((*named, *classified))
        apache = "apache" in licence.lower()
        assert not apache or "bsd" in licence.lower() or " or " in licence.lower(), (name, licence)


def test_only_the_helper_and_its_packets_name_scapy() -> None:
    naming = {
        str(path.relative_to(ROOT / "ipv6check"))
        for path in (ROOT / "ipv6check").rglob("*.py")
        if "from scapy" in path.read_text() or "import scapy" in path.read_text().replace("imports scapy", "")
    }
    assert naming == {"raw/packets.py"}
