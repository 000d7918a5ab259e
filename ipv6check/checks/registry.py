"""What a check is: a pure function of a system's view, with an id that states what is good.

`@check` makes a frozen, callable object of it. What no check has to care about is settled here:
goals and probe modes that exclude it, input that the inventory does not give, and identity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ipv6check.checks.subject import of_system
from ipv6check.facts import SystemView
from ipv6check.model.finding import Finding
from ipv6check.model.identity import identity
from ipv6check.model.inventory import Goal
from ipv6check.model.text import JSON

Params = Mapping[str, JSON]
Function = Callable[[SystemView, Params], Iterable[Finding]]

WITH_IPV6: tuple[Goal, ...] = ("dual-stack", "ipv6-only")
DUAL_STACK: tuple[Goal, ...] = ("dual-stack",)
_GRAVITY = ("fail", "unknown", "warn", "pass", "not_applicable")


@dataclass(frozen=True, slots=True)
class Check:
    """One check. `needs` are the kinds of task, and the purposes of DNS questions, that it reads.

    `goals` are those of systems it applies to; `per_family` says that its findings about the two
    families are different findings.
    """

    id: str
    needs: tuple[str, ...]
    goals: tuple[Goal, ...]
    per_family: bool
    function: Function

    def __call__(self, view: SystemView, params: Params) -> tuple[Finding, ...]:
        """Return the findings about one system; there is always at least one."""
        excluded = self._excluded(view)
        if excluded is not None:
            return (of_system(view, self.id).says("not_applicable", excluded),)
        findings = unique(self.function(view, params))
        return findings or (of_system(view, self.id).says("not_applicable", "input.missing"),)

    def _excluded(self, view: SystemView) -> str | None:
        """Return why the check does not apply to the system at all.

        With `probe: none` nobody is asked anything; with `dns-only` only the DNS is. Both are the
        inventory's decision: what was never to be asked is not unknown.
        """
        system = view.system
        if system.goal not in self.goals:
            return "goal.excludes"
        if system.probe == "none":
            return "probe.excludes"
        if system.probe == "dns-only" and not all(need.startswith("dns.") for need in self.needs):
            return "probe.excludes"
        return None


def check(
    check_id: str,
    *,
    needs: tuple[str, ...],
    goals: tuple[Goal, ...] = WITH_IPV6,
    per_family: bool = False,
) -> Callable[[Function], Check]:
    """Make a check of a function."""

    def make(function: Function) -> Check:
        return Check(check_id, needs, goals, per_family, function)

    return make


def unique(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings, one for each identity: of several the gravest.

    An inventory may declare the same literal twice, under two names; a finding's identity knows
    only what was declared.
    """
    findings = tuple(findings)
    if len(findings) < 2:
        return findings
    found: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        key = identity(finding)
        known = found.get(key)
        if known is None or _GRAVITY.index(finding.verdict) < _GRAVITY.index(known.verdict):
            found[key] = finding
    return tuple(found.values())
