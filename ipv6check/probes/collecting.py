"""The garbage collector's part in a scan: what sweeps find and books keep is no garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_YOUNG = 20_000  # objects until the young are looked at; Python's own 700 are five answers
_OLDER = (20, 50)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Collect garbage seldom inside, and what exists at the beginning not at all.

    Every answer makes a dozen objects of which most go into the run's books: walking them again and
    again took a quarter of the sweep's time. Cycles are still found, only later.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_YOUNG, *_OLDER)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
