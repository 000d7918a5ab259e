"""The identity of a finding: what stays the same from run to run (interface.md §4)."""

from __future__ import annotations

import hashlib
import json

from ipv6check.model.finding import Finding

_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


def identity(finding: Finding) -> tuple[str | int | None, ...]:
    """Return what a finding is about: equal for findings that are the same from run to run.

    That is check, system, vantage, declared host, app, port, transport and, where the check is
    per family, the family; never the resolved address, the reason or the verdict. What an audit
    judges (a prefix, a piece of equipment, a milestone) is named behind these.
    """
    target = finding.target
    audited = (("prefix", target.prefix), ("equipment", target.equipment), ("milestone", target.milestone))
    return (
        finding.check,
        finding.system,
        finding.vantage,
        target.host,
        target.app,
        target.port,
        target.transport,
        target.family if finding.per_family else None,
        *(f"{kind}={name}" for kind, name in audited if name is not None),
    )


def finding_id(finding: Finding) -> str:
    """Return a finding's id: the first 16 hex digits of SHA-256 over its identity."""
    text = _encode(identity(finding))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
