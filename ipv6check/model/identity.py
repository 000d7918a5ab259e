"""The identity of a finding: what stays the same from run to run (interface.md §4)."""

from __future__ import annotations

import hashlib
from json.encoder import encode_basestring as _string
from typing import TypeAlias

from ipv6check.model.finding import Finding, Target

Identity: TypeAlias = tuple[str | int | None, ...]


def identity(finding: Finding) -> Identity:
    """Return what a finding is about: equal for findings that are the same from run to run.

    That is check, system, vantage, declared host, app, port, transport and, where the check is
    per family, the family; never the resolved address, the reason or the verdict. What an audit
    judges (a prefix, a piece of equipment, a milestone) is named behind these.
    """
    return subject_identity(
        finding.check, finding.system, finding.vantage, finding.target, per_family=finding.per_family
    )


def subject_identity(
    check: str, system: str, vantage: str | None, target: Target, *, per_family: bool
) -> Identity:
    """Return the identity of whatever a check may say of a subject."""
    family = target.family if per_family else None
    found = (check, system, vantage, target.host, target.app, target.port, target.transport, family)
    if target.prefix is None and target.equipment is None and target.milestone is None:
        return found
    audited = (("prefix", target.prefix), ("equipment", target.equipment), ("milestone", target.milestone))
    return (*found, *(f"{kind}={name}" for kind, name in audited if name is not None))


def finding_id(finding: Finding) -> str:
    """Return a finding's id: the first 16 hex digits of SHA-256 over its identity."""
    return hashed(identity(finding))


def hashed(about: Identity) -> str:
    """Return an identity as an id: of its JSON, without spaces."""
    parts = ["null" if p is None else _string(p) if isinstance(p, str) else str(p) for p in about]
    text = f"[{','.join(parts)}]"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
