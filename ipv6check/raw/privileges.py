"""Giving every privilege up for good, and making sure of it by what the kernel says.

After `drop` the process is nobody where it may change its user, has no capability in any set, and no
program it could start would gain one (no_new_privs). What it opened before stays open.
"""

from __future__ import annotations

import ctypes
import os
import resource
from pathlib import Path
from typing import Final

_NOBODY: Final = 65534
_PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL = 38, 47, 4
_PR_SET_DUMPABLE, _PR_SET_PDEATHSIG, _SIGKILL = 4, 1, 9
_SYS_CAPSET: Final = {"x86_64": 126, "aarch64": 91, "riscv64": 91, "ppc64le": 184, "s390x": 185}
_CAPABILITY_VERSION_3: Final = 0x20080522


class StillPrivileged(Exception):
    """The kernel says that a privilege is left."""


def drop() -> None:
    """Give up user, groups, capabilities and the right to gain any; raise StillPrivileged otherwise."""
    libc = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() == 0:
        _become_nobody()
    libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    _clear_capabilities(libc)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
    for limit in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        resource.setrlimit(limit, (0, 0))
    # As nobody we may not even read the rest of our own Python: no codec can be imported any more.
    left = remaining(Path("/proc/self/status").read_bytes().decode("utf-8", "replace"))
    if left:
        raise StillPrivileged(", ".join(left))


def _become_nobody() -> None:
    """Change user and groups. A user namespace may know no other user: its root has nothing to keep."""
    try:
        os.setgroups([])
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)
    except OSError:
        if Path("/proc/self/uid_map").read_bytes().decode().split()[:3] == ["0", "0", "4294967295"]:
            raise


def _clear_capabilities(libc: ctypes.CDLL) -> None:
    number = _SYS_CAPSET.get(os.uname().machine)
    if number is None:
        return  # `remaining` decides: after leaving root there is nothing to clear
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    libc.syscall(number, header, nothing)


def remaining(status: str) -> list[str]:
    """Return which lines of /proc/PID/status still speak of a privilege; none if all is dropped."""
    fields = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    left = []
    for name in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
        value = fields.get(name, "?").strip()
        if value.strip("0"):
            left.append(f"{name} {value}")
    if fields.get("NoNewPrivs", "").strip() != "1":
        left.append("NoNewPrivs")
    return left
