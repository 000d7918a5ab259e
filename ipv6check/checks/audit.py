"""Audits: checks over the inventory as a whole, which judges the plan, a device, a milestone, a date.

Like a check an audit is a pure function with an id that states what is good, but it reads a view of
its own kind; those without `needs` ask nobody anything. `@audit` makes a frozen, callable object of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ipv6check.checks.registry import Params, unique
from ipv6check.model.finding import Finding, Target, Verdict
from ipv6check.model.inventory import Source
from ipv6check.model.text import JSON

# What an audit is called with: the plan once, each piece of equipment, each milestone, each system judged.
Of = Literal["plan", "equipment", "milestone", "standing"]


@dataclass(frozen=True, slots=True)
class Audit:
    """One audit; `of` says which kind of view it takes, `needs` which questions it reads the answers of."""

    id: str
    of: Of
    function: Callable[[Any, Params], Iterable[Finding]]
    needs: tuple[str, ...] = ()

    def __call__(self, view: Any, params: Params) -> tuple[Finding, ...]:
        """Return the findings about one view, each about something else."""
        return unique(self.function(view, params))


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One thing that an audit says something of: a system, or what `target` names."""

    check: str
    system: str = ""
    target: Target = field(default_factory=Target)
    source: Source | None = None
    vantage: str | None = None

    def says(
        self,
        verdict: Verdict,
        reason: str = "ok",
        args: Mapping[str, JSON] | None = None,
        *,
        evidence: tuple[str, ...] = (),
    ) -> Finding:
        """Return the finding."""
        return Finding(
            check=self.check,
            system=self.system,
            verdict=verdict,
            reason=reason,
            vantage=self.vantage,
            target=self.target,
            args=dict(args or {}),
            evidence=tuple(dict.fromkeys(evidence)),
            source=self.source,
        )


def audit(
    audit_id: str, *, of: Of, needs: tuple[str, ...] = ()
) -> Callable[[Callable[[Any, Params], Iterable[Finding]]], Audit]:
    """Make an audit of a function."""

    def make(function: Callable[[Any, Params], Iterable[Finding]]) -> Audit:
        return Audit(audit_id, of, function, needs)

    return make


def number(params: Params, name: str, default: int) -> int:
    """Return a whole number of a profile's parameters."""
    found = params.get(name)
    return found if isinstance(found, int) and not isinstance(found, bool) else default
