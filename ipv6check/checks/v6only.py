"""Towards IPv6-only: the service works for a client that has no IPv4, and so does all it depends on."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from ipv6check.checks.absence import absence
from ipv6check.checks.details import endpoint
from ipv6check.checks.reach import NEEDS, filtered, missing_root
from ipv6check.checks.registry import Params, check
from ipv6check.checks.side import Side, pair_side
from ipv6check.checks.subject import Subject, of_pair, of_service, of_system
from ipv6check.facts import SystemView
from ipv6check.facts.outside import outside
from ipv6check.facts.talks import HTTP_APPS
from ipv6check.facts.without_ipv4 import NAT64, NATIVE, Need, able, devices, is_translated, translated
from ipv6check.model.fact import Answer
from ipv6check.model.finding import Finding
from ipv6check.model.inventory import Dependency, Host, Service, System
from ipv6check.model.text import JSON

_WITHOUT_IPV6 = frozenset({"ipv4-only", "retired"})


@check("v6only.ready", needs=NEEDS)
def works_without_ipv4(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether each service works for a client that has no IPv4 at all, and by which way."""
    for vantage in view.vantages:
        for _, hosts in view.pairs():
            offered = {each for host in hosts for each in host.services}
            for service in view.system.services:
                if service.id in offered:
                    yield _ready(view, vantage, hosts, service)


def _ready(view: SystemView, vantage: str, hosts: tuple[Host, ...], service: Service) -> Finding:
    subject = of_pair(view, "v6only.ready", vantage, hosts, service)
    if 6 not in service.families:
        return subject.says("fail", "v6only.not_ready", {"code": "not.declared"})
    v6 = pair_side(view, vantage, hosts, service, 6)
    native = [fact for fact in v6.facts if fact.answer == "yes" and not is_translated(fact)]
    if native:
        return _natively(view, subject, vantage, hosts, service, v6)
    through = [f for host in hosts for f in translated(view, vantage, host, service)]
    working = [fact for fact in through if fact.answer == "yes"]
    if working and not any(not is_translated(fact) for fact in v6.facts):
        args: dict[str, JSON] = {"how": NAT64, "endpoints": [endpoint(fact) for fact in working]}
        evidence = tuple(i for fact in working for i in fact.evidence)
        return subject.says("pass", "v6only.through_nat64", args, evidence=evidence)
    return _not_natively(view, subject, vantage, hosts, service, v6)


def _natively(
    view: SystemView, subject: Subject, vantage: str, hosts: tuple[Host, ...], service: Service, v6: Side
) -> Finding:
    """Judge a service that answers over IPv6 by whether its pages stay there."""
    if service.app in HTTP_APPS:
        for host in hosts:
            for visit in view.visits(vantage, host, service, 6):
                if visit.literal is not None or visit.leaves is not None:
                    root = of_service(view, "http.status", vantage, host, service).id
                    args: dict[str, JSON] = {"code": "http.redirect_leaves_ipv6"}
                    return subject.says("fail", "v6only.not_ready", args, evidence=visit.evidence, root=root)
    return subject.says("pass", "ok", {"how": NATIVE}, evidence=v6.evidence)


def _not_natively(
    view: SystemView, subject: Subject, vantage: str, hosts: tuple[Host, ...], service: Service, v6: Side
) -> Finding:
    able_hosts = [host for host in view.ipv6_hosts() if host in hosts]
    absent = [missing for host in able_hosts if (missing := absence(view, vantage, host)) is not None]
    if absent and len(absent) == len(able_hosts):
        return absent[0].of(subject)
    root = missing_root(view, vantage, hosts, service)
    if not v6.offered:
        return subject.says("not_applicable", "probe.excludes")
    v4 = pair_side(view, vantage, hosts, service, 4)
    if filtered(v6, v4):
        evidence = (*v6.evidence, *v4.evidence)
        return subject.says("unknown", "reach.filtered_here", v6.args, evidence=evidence, root=root)
    if v6.answer == "no":
        args: dict[str, JSON] = {**v6.args, "code": v6.reason}
        return subject.says("fail", "v6only.not_ready", args, evidence=v6.evidence, root=root)
    return subject.says("unknown", v6.reason, v6.args, evidence=v6.evidence, root=root)


@check("v6only.dependencies", needs=NEEDS)
def dependencies_do_without_ipv4(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether everything the system depends on, transitively, is usable without IPv4."""
    needs = list(_needs(view))
    if not needs:
        return
    subject = of_system(view, "v6only.dependencies")
    blocking = [each for each in needs if each.answer == "no"]
    unsure = [each for each in needs if each.answer == "unknown"]
    names: list[JSON] = [*sorted({each.target for each in needs})]
    if blocking:
        yield subject.says("fail", "v6only.blocked_by", _named(blocking))
    elif unsure:
        yield subject.says("unknown", "v6only.not_established", _named(unsure))
    else:
        yield subject.says("pass", "ok", {"blockers": names})


def _named(needs: list[Need]) -> dict[str, JSON]:
    nearest = min(each.depth for each in needs)
    first = min((each for each in needs if each.depth == nearest), key=lambda each: each.path)
    return {
        "blockers": [*sorted({each.target for each in needs})],
        "path": " → ".join(first.path),
        "code": first.reason or "not.asked",
    }


def _needs(view: SystemView) -> Iterator[Need]:
    """Yield everything that the system depends on, each once, by the shortest way there."""
    waiting: deque[tuple[Need | None, Dependency]] = deque((None, need) for need in view.system.depends_on)
    seen = {("system", view.system.id)}
    while waiting:
        through, need = waiting.popleft()
        if (need.kind, need.target) in seen:
            continue
        seen.add((need.kind, need.target))
        further: tuple[Dependency, ...] = ()
        answer: Answer = "unknown"
        reason = "input.missing"
        if need.kind == "host":
            answer, reason = _host(view, need.target)
        elif need.kind == "equipment":
            for device in devices(view.inventory, need.target):
                (answer, reason), further = able(device), device.depends_on
        elif need.target in view.facts.systems:
            answer, reason = _system(view, view.facts.systems[need.target])
            further = view.facts.systems[need.target].depends_on
        depth = 1 if through is None else through.depth + 1
        found = Need(target=need.target, through=through, depth=depth, answer=answer, reason=reason)
        yield found
        waiting += [(found, each) for each in further if (each.kind, each.target) not in seen]


def _host(view: SystemView, host: str) -> tuple[Answer, str]:
    """Return whether an outside host has IPv6 in the view of any vantage of the system."""
    found = [outside(view, vantage, host) for vantage in view.vantages]
    for each in found:
        if each.answer == "yes":
            return "yes", ""
    for each in found:
        if each.answer == "no":
            return "no", each.reason
    return "unknown", found[0].reason if found else "not.asked"


def _system(view: SystemView, system: System) -> tuple[Answer, str]:
    """Return whether a system is usable over IPv6, as the best of its vantages sees it."""
    key = ("usable without IPv4", system.id)
    # The same whoever depends on it: ten thousand systems may.
    return view.facts.remember(key, lambda: _measured(SystemView(view.facts, system)))


def _measured(other: SystemView) -> tuple[Answer, str]:
    if other.system.goal in _WITHOUT_IPV6:
        return "no", "goal.excludes"
    if other.system.probe in ("none", "dns-only"):
        return "unknown", "probe.excludes"
    found = [_from(other, vantage) for vantage in other.vantages]
    for wanted in ("yes", "no"):
        for answer, reason in found:
            if answer == wanted:
                return answer, reason
    return "unknown", found[0][1] if found else "not.asked"


def _from(other: SystemView, vantage: str) -> tuple[Answer, str]:
    """Return whether every service of a system answers over IPv6, seen from one vantage."""
    said: list[tuple[Answer, str]] = []
    for _, hosts in other.pairs():
        offered = {each for host in hosts for each in host.services}
        for service in other.system.services:
            if service.id in offered:
                v6, v4 = (pair_side(other, vantage, hosts, service, family) for family in (6, 4))
                if filtered(v6, v4):
                    said.append(("unknown", "reach.filtered_here"))
                else:
                    said.append((v6.answer, v6.reason if v6.offered else "reach.no_address"))
    for wanted in ("no", "unknown"):
        for answer, reason in said:
            if answer == wanted:
                return answer, reason
    return ("yes", "") if said else ("unknown", "input.missing")
