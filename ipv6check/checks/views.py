"""Naming: the views of a system's vantages agree on the families that a name has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ipv6check.checks.details import of_name
from ipv6check.checks.registry import Params, check
from ipv6check.checks.subject import Subject, aaaa, of_host, resolves
from ipv6check.facts import SystemView
from ipv6check.facts.views import View
from ipv6check.model.finding import Finding
from ipv6check.model.inventory import FAMILIES, Host
from ipv6check.model.text import JSON


@check("naming.views", needs=("dns.query", "dns.tcp", "dns.views"))
def views_agree(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether the views of the system's own vantages agree on the families."""
    for host in view.system.hosts:
        if host.address is None and len(said := view.dns.views(host)) > 1:
            yield _judge(view, of_host(view, "naming.views", None, host), host, said)


def _judge(view: SystemView, subject: Subject, host: Host, said: Sequence[View]) -> Finding:
    """Compare the views that publish the name; two that differ prove it, whatever a third would say."""
    evidence = tuple(i for each in said for i in each.evidence)
    publishing = [each for each in said if not each.absent]
    for family in FAMILIES:
        having = [each.name for each in publishing if each.families[family][0] == "yes"]
        lacking = [each.name for each in publishing if each.families[family][0] == "no"]
        if having and lacking:
            args: dict[str, JSON] = {
                **of_name(publishing[0].facts[family]),
                "with": list(having),
                "without": list(lacking),
            }
            return subject.says("warn", "naming.split_view", args, evidence=evidence)
    vantage = view.vantages[0]
    if not publishing:
        root = resolves(view, vantage, host).id
        return subject.says(
            "unknown", "dns.nxdomain", of_name(said[0].facts[6]), evidence=evidence, root=root
        )
    for each in publishing:
        for unknown, (answer, reason) in each.families.items():
            if answer == "unknown":
                about: dict[str, JSON] = {**of_name(each.facts[unknown]), "view": each.name}
                return subject.says("unknown", reason, about, evidence=evidence)
    if len(publishing) < 2:
        return subject.says("not_applicable", "not.published", evidence=evidence)
    if not any(6 in each.published() for each in publishing):
        # That they agree on having none earns nothing: publishing in one of them must not cost points.
        return subject.says("fail", "reach.no_address", evidence=evidence, root=aaaa(view, vantage, host).id)
    return subject.says("pass", "ok", {"views": [each.name for each in publishing]}, evidence=evidence)
