"""SSH host keys: over IPv6 the same machine answers as over IPv4, within each pair of hosts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ipv6check.checks.absence import absence
from ipv6check.checks.details import endpoint
from ipv6check.checks.reach import missing_root
from ipv6check.checks.registry import Params, check
from ipv6check.checks.side import pair_side
from ipv6check.checks.subject import Subject, of_pair
from ipv6check.facts import SystemView
from ipv6check.facts.talks import Talk
from ipv6check.facts.tries import text
from ipv6check.model.finding import Finding
from ipv6check.model.inventory import FAMILIES, Family, Host, Service
from ipv6check.model.text import JSON


@check("parity.hostkey", needs=("dns.query", "tcp.connect", "ssh.greeting", "ssh.hostkey"))
def same_machine(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether SSH on both families shows the same host keys."""
    for vantage in view.vantages:
        for _, hosts in view.pairs():
            for service in view.system.services:
                offered = any(service.id in host.services for host in hosts)
                if offered and service.app == "ssh" and service.transport == "tcp":
                    subject = of_pair(view, "parity.hostkey", vantage, hosts, service)
                    if len(service.families) < 2:
                        yield subject.says("not_applicable", "not.declared")
                    else:
                        yield _pair(view, subject, vantage, hosts, service)


def _pair(
    view: SystemView, subject: Subject, vantage: str, hosts: tuple[Host, ...], service: Service
) -> Finding:
    talks = {family: _talks(view, vantage, hosts, service, family) for family in FAMILIES}
    keys = {family: _keys(talks[family]) for family in FAMILIES}
    evidence = tuple(i for family in (6, 4) for talk in talks[family].values() for i in talk.evidence)
    if not keys[6] or not keys[4]:
        return _without(view, subject, vantage, hosts, service, talks, evidence)
    strange = {place: key for place, key in keys[6].items() if key not in keys[4].values()}
    place, key = next(iter((strange or keys[6]).items()))
    args: dict[str, JSON] = {"endpoint": place, "key": key, "ipv4_keys": sorted(set(keys[4].values()))}
    if not strange:
        return subject.says("pass", "ok", args, evidence=evidence)
    if view.translated(vantage):
        return subject.says("unknown", "vantage.translated", args, evidence=evidence)
    # Another endpoint of IPv4's may have this key.
    side = pair_side(view, vantage, hosts, service, 4)
    unread = [talk for talk in talks[4].values() if talk.answer == "unknown"]
    if side.missing or unread or any(fact.answer == "unknown" for fact in side.facts):
        why = unread[0].failure if unread else side.missing or "not.asked"
        return subject.says("unknown", why or "not.asked", {**args, **side.missing_args}, evidence=evidence)
    return subject.says("warn", "ssh.hostkey_differs", args, evidence=evidence)


def _talks(
    view: SystemView, vantage: str, hosts: tuple[Host, ...], service: Service, family: Family
) -> dict[str, Talk]:
    """Return the key exchanges over a family by endpoint."""
    return {
        endpoint(fact): talk
        for host in hosts
        if service.id in host.services and family in service.families
        for fact in view.endpoints(vantage, host, service, family)
        if fact.address is not None and fact.port is not None
        for talk in view.talks(vantage, host, fact.address, fact.port, "ssh.hostkey")
    }


def _keys(talks: Mapping[str, Talk]) -> dict[str, str]:
    """Return the host keys that were seen, by endpoint."""
    found = {}
    for place, talk in talks.items():
        fingerprint = text(talk.data, "fingerprint") if talk.completed else None
        if fingerprint:
            found[place] = f"{text(talk.data, 'type') or '-'} {fingerprint}"
    return found


def _without(
    view: SystemView,
    subject: Subject,
    vantage: str,
    hosts: tuple[Host, ...],
    service: Service,
    talks: Mapping[Family, Mapping[str, Talk]],
    evidence: tuple[str, ...],
) -> Finding:
    """Say why there are not two keys to compare."""
    host = next(host for host in view.ipv6_hosts() if host in hosts)
    missing = absence(view, vantage, host)
    if missing is not None and not talks[6]:
        return missing.of(subject)
    for family in (6, 4):
        side = pair_side(view, vantage, hosts, service, 6 if family == 6 else 4)
        if side.answer == "no":
            reason = "not.answering" if family == 6 else "ipv4.not_offered"
            root = missing_root(view, vantage, hosts, service) if family == 6 else None
            return subject.says("not_applicable", reason, evidence=evidence, root=root)
        if side.answer == "unknown":
            return subject.says("unknown", side.reason, side.args, evidence=evidence)
    unread = [talk for family in FAMILIES for talk in talks[family].values() if talk.failure]
    if unread:
        return subject.says("unknown", unread[0].failure, _of_talk(unread[0]), evidence=evidence)
    # A run that did not ask, or a server whose ways to exchange keys are not among ours.
    asked = any(talks[family] for family in FAMILIES)
    return subject.says("not_applicable" if asked else "unknown", "ssh.no_key" if asked else "not.asked")


def _of_talk(talk: Talk) -> dict[str, JSON]:
    """Return the arguments of a reach code for a conversation that did not come to its end."""
    task = talk.asked.task if talk.asked is not None else None
    address, port = (task.address or "-", task.port or 0) if task is not None else ("-", 0)
    place = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
    return {"address": address, "port": port, "endpoint": place, "error": talk.word or "-", "offender": "-"}
