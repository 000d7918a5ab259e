"""What a roadmap is made of: systems and equipment, whether they have arrived, and what they need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from ipv6check.model.inventory import Criticality

Kind = Literal["system", "equipment"]
Key: TypeAlias = tuple[Kind, str]  # ids are unique within their kind only

CRITICALITIES: tuple[Criticality, ...] = ("critical", "high", "normal", "low")


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One system or piece of equipment.

    `met` says whether it is where it is to be; None: not known, and so neither in a wave nor a blocker.
    `effort` is a relative size, never days. `needs` may name what is no node: it is passed over.
    """

    kind: Kind
    id: str
    met: bool | None
    criticality: Criticality = "normal"
    effort: int = 1
    deadline: date | None = None
    needs: tuple[Key, ...] = ()

    @property
    def key(self) -> Key:
        """Its kind and id."""
        return (self.kind, self.id)
