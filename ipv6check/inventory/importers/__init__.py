"""Importers: bytes of a table, an export or a scan in, a draft inventory out that a person reviews.

Pure: no reader opens a file, runs a program or contacts anybody; what is fetched, `fetch/` fetches.
Every reader has one signature, `read(content, options) -> Draft`, and raises `reading.Unreadable` with a
position for what cannot be read. `write(draft, language)` makes the YAML text, which always validates.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import cast

from ipv6check.inventory.importers.draft import Draft
from ipv6check.inventory.importers.options import Options
from ipv6check.inventory.importers.writing import write

__all__ = ["READERS", "Draft", "Options", "read", "write"]

Reader = Callable[[bytes, Options], Draft]

READERS: Mapping[str, str] = {
    "csv": "delimited",
    "xlsx": "sheets",
    "netbox": "netbox",
    "ansible": "ansible",
    "nmap": "nmap",
    "zone": "zone",
    "hosts": "hosts",
}
"""Format to the module that reads it; the module is imported when it is asked for."""


def read(format_name: str, content: bytes, options: Options) -> Draft:
    """Read `content` as one of `READERS`; raise Unreadable with what is wrong and where."""
    module = importlib.import_module(f"{__name__}.{READERS[format_name]}")
    return cast("Reader", module.read)(content, options)
