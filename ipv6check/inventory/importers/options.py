"""What a person says about a source beside the source itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to read a source. None and empty mean: find out, or read everything.

    `columns` maps a table's header, as it stands there, to a field; `origin` is a zone's name.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    origin: str | None = None
