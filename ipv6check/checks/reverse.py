"""Addresses: each has a PTR record whose name leads back to it. Mail needs it; others are better off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ipv6check.checks.absence import unpublished
from ipv6check.checks.details import of_name
from ipv6check.checks.registry import Params, check
from ipv6check.checks.subject import Subject, of_host, of_literal
from ipv6check.facts import SystemView
from ipv6check.facts.reverse import Reverse
from ipv6check.inventory.reverse import can_have_pointer
from ipv6check.model.finding import Finding, Verdict
from ipv6check.model.inventory import Host
from ipv6check.model.text import JSON

_GRAVITY = ("fail", "unknown", "warn", "pass", "not_applicable")


@check("address.reverse", needs=("dns.query", "dns.tcp", "dns.reverse"))
def forward_confirmed(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether the PTR record of each address exists and is forward-confirmed."""
    senders = [address for address in view.system.mail_senders if can_have_pointer(address)]
    for vantage in view.vantages:
        for host in view.ipv6_hosts():
            subject = of_host(view, "address.reverse", vantage, host, 6)
            missing = unpublished(view, vantage, host)
            if missing is not None:
                yield missing.of(subject)
            else:
                addresses = view.published(vantage, host, 6).addresses
                yield _judge(view, subject, vantage, addresses, mail=_is_mail(view, host))
        for sender in senders:
            subject = of_literal(view, "address.reverse", vantage, sender)
            yield _judge(view, subject, vantage, (sender,), mail=True)


def _is_mail(view: SystemView, host: Host) -> bool:
    """Whether other mail servers judge the host by its PTR record."""
    apps = {service.app for service in view.services_of(host)}
    return view.system.category == "mail" or bool(apps & {"smtp", "smtps"})


def _judge(
    view: SystemView, subject: Subject, vantage: str, addresses: Sequence[str], *, mail: bool
) -> Finding:
    """Judge a host by the worst of its addresses."""
    found = [view.dns.reverse(vantage, address) for address in addresses if can_have_pointer(address)]
    if not found:
        return subject.says("not_applicable", "not.declared")
    sending = set(view.system.mail_senders)
    graded = [(_verdict(view, each, mail=mail or each.address in sending), each) for each in found]
    verdict, worst = min(graded, key=lambda pair: _GRAVITY.index(pair[0]))
    evidence = tuple(i for each in found for i in each.evidence)
    args: dict[str, JSON] = {
        **of_name(worst.deciding),
        "address": worst.address,
        "names": list(worst.names),
        "addresses": [each.address for grade, each in graded if grade == verdict],
        "mail": mail,
    }
    reason = worst.reason if verdict != "pass" else "ok"
    return subject.says(verdict, reason, args, evidence=evidence, address=worst.address)


def _verdict(view: SystemView, reverse: Reverse, *, mail: bool) -> Verdict:
    if reverse.answer != "no":
        return "pass" if reverse.answer == "yes" else "unknown"
    if mail:
        return "fail"
    if view.system.exposure == "internal" and reverse.reason == "ptr.missing" and not reverse.zoned:
        return "not_applicable"
    return "warn"
