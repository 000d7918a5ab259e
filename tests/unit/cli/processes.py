"""The command as a process of its own, for tests of what only a process meets."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
from pathlib import Path


def command(*arguments: str | Path) -> list[str]:
    """Return how the command is started, in English."""
    return [sys.executable, "-m", "ipv6check", "--lang", "en", *map(str, arguments)]


def on_a_full_disk(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run it where no file may grow beyond two kilobytes."""

    def small_files() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))

    return subprocess.run(
        command(*arguments), capture_output=True, text=True, timeout=60, preexec_fn=small_files
    )
