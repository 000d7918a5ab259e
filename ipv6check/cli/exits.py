"""Exit codes (interface.md §2): the only place that names them."""

from __future__ import annotations

from typing import Final

OK: Final = 0
GATE: Final = 1
USAGE: Final = 2
INCOMPLETE: Final = 3
INTERRUPTED: Final = 130


def strongest(*codes: int) -> int:
    """Return the code that wins when several apply: 2, then 130, then 1, then 3, then 0."""
    for code in (USAGE, INTERRUPTED, GATE, INCOMPLETE):
        if code in codes:
            return code
    return OK
