"""How a scan tells a person where it is: what is counted, and how long is left.

Progress goes to stderr and never to stdout. `Progress` is what the engine calls; `plain_display`
prints a line now and then, `live` (rich, imported on first use) draws bars on a terminal.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from ipv6check.model.text import Language, Text
from ipv6check.scan.lanes import CONNECT, DNS, TALK

LAYERS: Mapping[str, Text] = {
    DNS: Text("DNS", "DNS"),
    CONNECT: Text("kết nối", "connections"),
    TALK: Text("trao đổi", "conversations"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Where a scan is: a lane's name → (done, known so far); seconds since the start.

    `retries`: seconds that the tries which are still to come may take (retries.py).
    """

    layers: Mapping[str, tuple[int, int]]
    unanswered: int
    seconds: float
    retries: float = 0.0

    @property
    def done(self) -> int:
        """How many questions are settled."""
        return sum(done for done, _ in self.layers.values())

    @property
    def known(self) -> int:
        """How many questions are known so far; answers bring more."""
        return sum(known for _, known in self.layers.values())

    @property
    def left(self) -> float | None:
        """Seconds left if the rest goes as fast as what is done; None while that says nothing.

        What is silent goes slower than that: never less than its retries may take.
        """
        if not self.done or self.seconds < 1.0:
            return None
        return max(self.seconds * (self.known - self.done) / self.done, self.retries)


class Progress(Protocol):
    """What the engine tells; every method returns at once."""

    def update(self, count: Count) -> None:
        """Take the newest count; called several times a second."""

    def note(self, text: Text) -> None:
        """Take one remark that a person should see."""

    def close(self) -> None:
        """End: nothing more comes."""


class Silent:
    """Progress for nobody."""

    def update(self, count: Count) -> None:
        """Do nothing."""

    def note(self, text: Text) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


class Plain:
    """One line every few seconds: for logs, and for terminals that cannot redraw."""

    def __init__(
        self,
        write: Callable[[str], None],
        language: Language,
        *,
        every: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._write = write
        self._language: Language = language
        self._every = every
        self._clock = clock
        self._last = clock()
        self._newest: Count | None = None

    def update(self, count: Count) -> None:
        """Print the count if the last line is long enough ago."""
        self._newest = count
        if self._clock() - self._last >= self._every:
            self._last = self._clock()
            self._write(line(count, self._language))

    def note(self, text: Text) -> None:
        """Print a remark."""
        self._write(text.get(self._language))

    def close(self) -> None:
        """Print where the scan ended."""
        if self._newest is not None:
            self._write(line(self._newest, self._language))


def line(count: Count, language: Language) -> str:
    """Return a count as one line."""
    parts = [f"{LAYERS[name].get(language)} {done}/{known}" for name, (done, known) in count.layers.items()]
    unanswered = Text("không trả lời", "unanswered").get(language)
    parts.append(f"{unanswered} {count.unanswered}")
    if count.left is not None and count.done < count.known:
        parts.append(f"{Text('còn khoảng', 'about').get(language)} {duration(count.left)}{_LEFT[language]}")
    return f"[{duration(count.seconds)}] " + ", ".join(parts)


_LEFT: Mapping[Language, str] = {"vi": "", "en": " left"}


def duration(seconds: float) -> str:
    """Return seconds as `45s`, `3m05s` or `2h10m`."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole}s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes}m{rest:02d}s"
    return f"{minutes // 60}h{minutes % 60:02d}m"
