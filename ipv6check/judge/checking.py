"""Runs checks over one system's view, each on its own: a check that crashes costs its own findings.

The only broad except of the judging half: a check may come from a third party, and its bug must
become `internal.crashed`, never a verdict about the target and never the end of the judgement.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import Protocol, TypeVar

from ipv6check.model.finding import Finding
from ipv6check.model.inventory import System
from ipv6check.model.text import JSON

VERDICTS = frozenset(("pass", "warn", "fail", "unknown", "not_applicable"))
_FRAMES = 8
_MESSAGE = 300

View = TypeVar("View", contravariant=True)


class Check(Protocol[View]):
    """A check as it is called; `needs` are kinds of task."""

    @property
    def id(self) -> str:
        """The check's id, `area.assertion`."""
        ...

    def __call__(self, view: View, params: Mapping[str, JSON], /) -> Iterable[Finding]:
        """Yield the findings of one system."""
        ...


class Misbehaved(TypeError):
    """A check yielded what is no finding of its own."""


def run_check(
    check: Check[View],
    view: Callable[[str], View],
    params: Mapping[str, JSON],
    *,
    system: System,
) -> list[Finding]:
    """Return the check's findings of one system, or the one finding that says it crashed.

    `view` makes the view of the system of an id; what goes wrong there is a crash too.
    """

    def blame() -> Finding:
        return Finding(
            check=check.id,
            system=system.id,
            verdict="unknown",
            reason="internal.crashed",
            source=system.source,
        )

    return guarded(check.id, lambda: check(view(system.id), params), blame, system=system.id)


def guarded(
    check: str,
    call: Callable[[], Iterable[Finding]],
    blame: Callable[[], Finding],
    *,
    system: str | None = None,
) -> list[Finding]:
    """Return the findings of a call, or what `blame` makes, with an account of what went wrong in it.

    `system`: the one that all findings must be about; None: they may be about anything.
    """
    try:
        findings = list(call())
        for finding in findings:
            _examine(finding, check, system)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - see the module's docstring
        return [replace(blame(), args=_account(error))]
    return findings


def _examine(finding: object, check: str, system: str | None) -> None:
    if not isinstance(finding, Finding):
        raise Misbehaved(f"{check} yielded {type(finding).__name__}, not a finding")
    if finding.check != check or system not in (None, finding.system):
        raise Misbehaved(f"{check} of {system} yielded {finding.check} of {finding.system}")
    if finding.verdict not in VERDICTS:
        raise Misbehaved(f"{check} yielded the verdict {finding.verdict!r}")


def _account(error: BaseException) -> dict[str, JSON]:
    """Return what happened, bounded, and the same on every machine: no folders, no addresses in memory."""
    frames = traceback.extract_tb(error.__traceback__)[1:][-_FRAMES:]
    text = re.sub(r"0x[0-9a-f]{6,}", "0x…", str(error), flags=re.IGNORECASE)
    text = text.encode("utf-8", "backslashreplace").decode()[:_MESSAGE]
    return {
        "error": f"{type(error).__name__}: {text}",
        "traceback": [f"{_place(frame.filename)}:{frame.lineno} in {frame.name}" for frame in frames],
    }


def _place(filename: str) -> str:
    return "/".join(PurePath(filename).parts[-2:])
