"""The base of every mapping in the schema: strict, without unknown keys."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Entry(BaseModel):
    """One mapping of the inventory file."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
