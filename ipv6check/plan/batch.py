"""Equal questions asked once: tasks collected by id, with the stricter of their conditions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from ipv6check.model.task import Task


def earliest(*moments: datetime | None) -> datetime | None:
    """Return the earliest of the moments that are given, None if none is."""
    given = [moment for moment in moments if moment is not None]
    return min(given) if given else None


def merge(first: Task, second: Task) -> Task:
    """Make one task of two equal questions: the earlier stage, the stricter conditions.

    A question that one of them may ask at once waits for no parent.
    """
    return replace(
        first,
        stage=min(first.stage, second.stage),
        gentle=first.gentle or second.gentle,
        until=earliest(first.until, second.until),
        parent=first.parent if second.parent is not None else None,
        answers=first.answers or second.answers,
    )


def unique(tasks: Iterable[Task]) -> tuple[Task, ...]:
    """Return the tasks in the order of first mention, equal ones merged."""
    found: dict[str, Task] = {}
    for task in tasks:
        known = found.get(task.id)
        found[task.id] = task if known is None else merge(known, task)
    return tuple(found.values())
