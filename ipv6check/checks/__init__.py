"""Checks: what the facts of a system mean, as findings with a verdict and a reason, no text and no weight.

To add one: write it in its area's module, name it in `BUILTIN` (or, if it judges the plan, equipment, a
milestone or a date, in `AUDITS`), and give it its texts in catalogue.vi.yaml and catalogue.en.yaml.
"""

from ipv6check.checks.address import suits_exposure
from ipv6check.checks.audit import Audit
from ipv6check.checks.authority import answers_aaaa, servers_have_ipv6
from ipv6check.checks.client import no_literals, nobody_waits
from ipv6check.checks.content import same_page
from ipv6check.checks.delegation import glue_matches, resolves_without_ipv4
from ipv6check.checks.dns_service import serves_over_ipv6
from ipv6check.checks.equipment import capable, management, supported
from ipv6check.checks.exposure import must_be_closed, opens_nothing_more
from ipv6check.checks.headers import same_security_headers
from ipv6check.checks.healthy import works_at_all
from ipv6check.checks.hints import hints_match
from ipv6check.checks.hostkey import same_machine
from ipv6check.checks.http import same_status_and_place
from ipv6check.checks.icmp import extension_headers_pass, needed_icmp_passes
from ipv6check.checks.identifiers import chosen_identifiers
from ipv6check.checks.latency import no_slower
from ipv6check.checks.mail import exchanges_have_ipv6, spf_covers_senders
from ipv6check.checks.managed import reachable
from ipv6check.checks.naming import keeps_ipv4, publishes_ipv6, resolves_names
from ipv6check.checks.parity import ipv4_still_offers_it, ipv6_offers_it_too
from ipv6check.checks.path import large_packets_pass
from ipv6check.checks.plan import boundary, duplicate, nested, subnet_size
from ipv6check.checks.plan_pairs import family_pair, lies_in_the_plan
from ipv6check.checks.programme import met, on_time
from ipv6check.checks.promptness import answers_promptly
from ipv6check.checks.reach import baseline_answers, service_answers
from ipv6check.checks.registry import Check
from ipv6check.checks.resolver import resolver_has_ipv6
from ipv6check.checks.resources import loads_without_ipv4, revocation_without_ipv4
from ipv6check.checks.reverse import forward_confirmed
from ipv6check.checks.smtp import greets_and_takes_ehlo, offers_starttls
from ipv6check.checks.stable import answers_every_time
from ipv6check.checks.tls import certificate_is_valid
from ipv6check.checks.tls_parity import secured_as_well
from ipv6check.checks.v6only import dependencies_do_without_ipv4, works_without_ipv4
from ipv6check.checks.views import views_agree

BUILTIN: tuple[Check, ...] = (
    resolves_names,
    publishes_ipv6,
    keeps_ipv4,
    views_agree,
    hints_match,
    answers_promptly,
    suits_exposure,
    lies_in_the_plan,
    forward_confirmed,
    chosen_identifiers,
    service_answers,
    baseline_answers,
    answers_every_time,
    ipv6_offers_it_too,
    ipv4_still_offers_it,
    no_slower,
    same_machine,
    opens_nothing_more,
    must_be_closed,
    certificate_is_valid,
    secured_as_well,
    same_status_and_place,
    works_at_all,
    same_page,
    same_security_headers,
    exchanges_have_ipv6,
    greets_and_takes_ehlo,
    offers_starttls,
    spf_covers_senders,
    revocation_without_ipv4,
    loads_without_ipv4,
    large_packets_pass,
    needed_icmp_passes,
    extension_headers_pass,
    nobody_waits,
    no_literals,
    dependencies_do_without_ipv4,
    works_without_ipv4,
    answers_aaaa,
    servers_have_ipv6,
    serves_over_ipv6,
    glue_matches,
    resolves_without_ipv4,
    resolver_has_ipv6,
)

AUDITS: tuple[Audit, ...] = (
    nested,
    boundary,
    subnet_size,
    duplicate,
    family_pair,
    capable,
    supported,
    management,
    reachable,
    on_time,
    met,
)

__all__ = ["AUDITS", "BUILTIN", "Audit", "Check"]
