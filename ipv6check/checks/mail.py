"""Mail by DNS: every MX has an IPv6 address, and SPF covers the addresses that mail leaves from."""

from __future__ import annotations

from collections.abc import Iterator

from ipv6check.checks.registry import Params, check
from ipv6check.checks.subject import Subject, of_domain
from ipv6check.facts import SystemView
from ipv6check.facts.mail_records import Records, exchanges, records
from ipv6check.facts.published import name_state
from ipv6check.facts.spf import covers
from ipv6check.model.fact import Answer
from ipv6check.model.finding import Finding
from ipv6check.model.inventory import FAMILIES
from ipv6check.model.text import JSON

NEEDS = ("dns.query", "dns.mail")
_NO_MAIL = "dns.nodata"
_CERTAIN = frozenset({"dns.nodata", "dns.rfc4074_nxdomain", "dns.cname_dangling", "dns.nxdomain"})


@check("mail.mx", needs=NEEDS)
def exchanges_have_ipv6(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether every MX of the mail domains has an AAAA record."""
    for vantage in view.vantages:
        for domain in view.system.mail_domains:
            yield _domain(view, of_domain(view, "mail.mx", vantage, domain), vantage, domain)


def _domain(view: SystemView, subject: Subject, vantage: str, domain: str) -> Finding:
    found = records(view.facts.index, vantage, domain, "MX")
    if found.answer == "unknown":
        return subject.says("unknown", _why(view, vantage, found), found.args, evidence=found.evidence)
    hosts = exchanges(found) if found.answer == "yes" else ((0, domain),)
    if any(not name for _, name in hosts):
        return subject.says("not_applicable", "mx.null", found.args, evidence=found.evidence)
    if found.failure == "dns.nxdomain":
        return subject.says("unknown", "dns.nxdomain", found.args, evidence=found.evidence)
    return _exchanges(view, subject, vantage, hosts, found)


def _why(view: SystemView, vantage: str, found: Records) -> str:
    """Return why nobody answered: a view whose resolvers are all dead is the vantage's trouble."""
    if vantage not in view.facts.witnesses:
        return view.facts.absent
    servers = view.facts.names.servers(vantage).values()
    if found.failure == "dns.timeout" and not any(server.alive for server in servers):
        return "vantage.resolver"
    return found.failure


def _exchanges(
    view: SystemView, subject: Subject, vantage: str, hosts: tuple[tuple[int, str], ...], found: Records
) -> Finding:
    """Judge the exchanges: the best preference without IPv6 fails, a worse one beside it warns."""
    states = [(preference, name, *_has_ipv6(view, vantage, name)) for preference, name in hosts]
    evidence = (*found.evidence, *(i for *_, ids in states for i in ids))
    without = [(preference, name) for preference, name, answer, _, _ in states if answer == "no"]
    args: dict[str, JSON] = {
        **found.args,
        "exchanges": [name for _, name, _, _, _ in states],
        "without": [f"{name} ({preference})" for preference, name in without],
    }
    having = [preference for preference, _, answer, _, _ in states if answer == "yes"]
    if without:
        best = min(preference for preference, _ in without)
        if any(preference < best for preference in having):
            return subject.says("warn", "mx.v4_only", args, evidence=evidence)
        if not any(p <= best and answer == "unknown" for p, _, answer, _, _ in states):
            return subject.says("fail", "mx.v4_only", args, evidence=evidence)
    for _, name, answer, reason, _ in states:
        if answer == "unknown":
            args |= {"name": name, "type": "AAAA", "owner": name}
            return subject.says("unknown", reason, args, evidence=evidence)
    return subject.says("pass", "ok", args, evidence=evidence)


def _has_ipv6(view: SystemView, vantage: str, name: str) -> tuple[Answer, str, tuple[str, ...]]:
    """Return whether an exchange has an IPv6 address, why not, and by which observations."""
    four, six = (view.facts.names.lookup(vantage, name, family) for family in FAMILIES)
    answer, reason = name_state(six, four)
    return answer, reason, six.evidence


@check("mail.spf", needs=NEEDS)
def spf_covers_senders(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether each domain's SPF record covers the IPv6 addresses its mail leaves from."""
    if not view.system.mail_senders:
        return
    for vantage in view.vantages:
        for domain in view.system.mail_domains:
            yield _spf(view, of_domain(view, "mail.spf", vantage, domain), vantage, domain)


def _spf(view: SystemView, subject: Subject, vantage: str, domain: str) -> Finding:
    senders = [address for address in view.system.mail_senders if ":" in address]
    if not senders:
        return subject.says("not_applicable", "spf.no_sender")
    index = view.facts.index
    found = {
        sender: covers(
            domain, sender.partition("%")[0], lambda name, kind: records(index, vantage, name, kind)
        )
        for sender in senders
    }
    evidence = tuple(i for each in found.values() for i in each.evidence)
    left_out = [sender for sender, each in found.items() if each.answer == "no"]
    args: dict[str, JSON] = {"senders": left_out or senders, "domain": domain}
    if any(each.failure == "spf.none" for each in found.values()):
        return subject.says("not_applicable", "spf.none", args, evidence=evidence)
    if left_out:
        args["record"] = found[left_out[0]].record[:200]
        return subject.says("warn", "spf.no_ip6", args, evidence=evidence)
    for each in found.values():
        if each.answer == "unknown":
            doubt = Records(name=domain, type="TXT", answer="unknown", failure=each.failure)
            args |= {**doubt.args, **each.args}
            return subject.says("unknown", _why(view, vantage, doubt), args, evidence=evidence)
    return subject.says("pass", "ok", args, evidence=evidence)
