"""Reads a source into a draft, writes it, and loads what was written: every draft must be an inventory."""

from __future__ import annotations

import tempfile
import unicodedata
from pathlib import Path

from ipv6check.inventory import load
from ipv6check.inventory.importers import Draft, Options, read, write
from ipv6check.model.inventory import Inventory, System
from ipv6check.model.text import LANGUAGES


def drafted(format_name: str, content: bytes | str, options: Options | None = None) -> tuple[str, Inventory]:
    """Return the draft's text (Vietnamese) and the inventory that it loads as."""
    source = content.encode() if isinstance(content, str) else content
    return checked(read(format_name, source, options or Options()), format_name)


def checked(draft: Draft, format_name: str) -> tuple[str, Inventory]:
    """Write a draft in both languages and load each; return the Vietnamese one."""
    found = {}
    for language in LANGUAGES:
        text = write(draft, language, format_name=format_name, source="nguồn\n- id: x")
        assert unicodedata.is_normalized("NFC", text)
        with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            loaded = load(Path(file.name))
        assert loaded.inventory is not None, (text, [str(problem) for problem in loaded.errors])
        found[language] = text, loaded.inventory
    return found["vi"]


def only(inventory: Inventory) -> System:
    """Return the one system of an inventory."""
    (system,) = inventory.systems
    return system


def offers(system: System) -> set[str]:
    """Return what a system offers: `https/tcp:443`."""
    return {f"{s.app}/{s.transport}:{s.ports[4][0]}" for s in system.services}
