"""The inventory: strict YAML with positions in, `model.Inventory` or every error at once out.

`load` and `load_folder` import pydantic on first use; `problems`, `addresses`, `scope`, `schedule` and
`capabilities` need the standard library only.
"""

from __future__ import annotations

from pathlib import Path

from ipv6check.inventory.problems import Loaded, Problem

__all__ = ["Loaded", "Problem", "load", "load_folder"]


def load(path: Path) -> Loaded:
    """Read, check and resolve the inventory file at `path`, and all it includes.

    Never raises for what a file says: `.inventory` is None if, and only if, there are `.errors`.
    """
    from ipv6check.inventory import loading

    return loading.load(path)


def load_folder(folder: Path, main: str) -> Loaded:
    """Load the copy of an inventory inside a run: `main` is its main file's name in `folder`."""
    from ipv6check.inventory import loading

    return loading.load_folder(folder, main)
