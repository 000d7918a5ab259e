"""What a check says of one subject: a verdict and a reason; no severity, no text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ipv6check.model.inventory import Family, Source
from ipv6check.model.text import JSON

Verdict = Literal["pass", "warn", "fail", "unknown", "not_applicable"]
Severity = Literal["critical", "high", "medium", "low", "info"]
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low", "info")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The narrowest thing that explains a finding. `host` is the declared host (`Host.declared`).

    `family` is None where both are meant; `address` may differ from run to run. `prefix` (of the
    address plan), `equipment` and `milestone` (ids) are what an audit's finding is about.
    """

    host: str | None = None
    address: str | None = None
    family: Family | None = None
    port: int | None = None
    transport: str | None = None
    app: str | None = None
    prefix: str | None = None
    equipment: str | None = None
    milestone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One verdict. `root` is the id of the finding it follows from; `evidence` are observation ids.

    `system` is empty for a finding about a prefix, a piece of equipment or a milestone.
    `id` is stable over runs (`judge.finding_id`): a hash of check, system, vantage, declared host,
    app, port, transport and, where `per_family`, family; never of address, reason or verdict.
    """

    check: str
    system: str
    verdict: Verdict
    reason: str
    vantage: str | None = None
    target: Target = field(default_factory=Target)
    per_family: bool = False
    args: Mapping[str, JSON] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    root: str | None = None
    source: Source | None = None
