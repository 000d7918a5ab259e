"""The sample province: a real one's size, with addresses that nobody can serve on loopback.

`sample-province` is a link to the inventory that people copy; an installation has the files themselves.
"""

from __future__ import annotations

from pathlib import Path


def sample_province() -> Path:
    """Return its main file."""
    return Path(__file__).parent / "sample-province" / "inventory.yaml"
