"""Progress bars on a terminal, drawn with rich; imported only where they are shown."""

from __future__ import annotations

from typing import IO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.text import Text as Rich

from ipv6check.model.text import Language, Text
from ipv6check.scan.progress import LAYERS, Count, duration


class Live:
    """One bar a layer, with the counts so far, redrawn a few times a second."""

    def __init__(self, stream: IO[str], language: Language, *, color: bool) -> None:
        self._language: Language = language
        console = Console(file=stream, no_color=not color, highlight=False, markup=False, emoji=False)
        self._bars = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[left]}", markup=False),
            console=console,
            transient=True,
            refresh_per_second=5,
        )
        self._layers: dict[str, TaskID] = {}
        self._bars.start()

    def update(self, count: Count) -> None:
        """Draw the newest count."""
        left = "" if count.left is None else f"~{duration(count.left)}"
        for name, (done, known) in count.layers.items():
            if name not in self._layers:
                self._layers[name] = self._bars.add_task(LAYERS[name].get(self._language), left="")
            self._bars.update(
                self._layers[name], completed=done, total=known, left=left if done < known else ""
            )

    def note(self, text: Text) -> None:
        """Print a remark above the bars."""
        self._bars.console.print(Rich(text.get(self._language)))

    def close(self) -> None:
        """Take the bars away."""
        self._bars.stop()
