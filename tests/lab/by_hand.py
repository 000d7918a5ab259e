"""Runs the commands that findings offer to see the same by hand, and says whether they got an answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tests.lab.situation import Scene

# What a program prints when it got its answer, where its exit code speaks of something else:
# curl wants to list a mailbox, openssl to verify a certificate.
_SHOWN = {"imap://": "* OK", "pop3://": "+OK", "openssl s_client": "CONNECTED(", "ssh-keyscan": "ssh-"}
# An empty datagram gets an answer from nobody: that the port is not refused is all that nc can show.
_SAYS_NOTHING = ("nc -6 -u ", "nc -4 -u ", "ntpdig ")
_DEAD = frozenset({"reach.closed", "reach.silent", "reach.rejected", "reach.unreachable", "reach.down"})


def commands(findings: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, bool]]:
    """Yield each command of a reach finding with whether it has to get an answer; those that can tell."""
    for finding in findings:
        line = finding["reproduce"]
        if finding["check"] not in ("reach.service", "reach.ipv4") or not line or ";" in line:
            continue
        if line.startswith(_SAYS_NOTHING):
            continue
        if finding["verdict"] == "pass":
            yield line, True
        elif finding["reason"] in _DEAD:
            yield line, False


def answered(scene: Scene, line: str) -> bool:
    """Run a command in V as a person would, and say whether it got an answer."""
    done = scene.network.vantage.run("sh", "-c", f"timeout 6 {line}", check=False, timeout=30)
    said = done.stdout + done.stderr
    for program, shown in _SHOWN.items():
        if program in line:
            return shown in said
    return done.returncode == 0
