"""HTTP security headers: over IPv6 they say the same as over IPv4 (RFC 6797, RFC 7034, CSP Level 3)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ipv6check.checks.content import args_of, incomparable
from ipv6check.checks.registry import Params, check
from ipv6check.checks.web import NEEDS, WebService, each_web_service, gravest
from ipv6check.facts import SystemView
from ipv6check.facts.tries import items, sequence
from ipv6check.facts.visits import Visit
from ipv6check.model.finding import Finding
from ipv6check.model.text import JSON

SECURITY_HEADERS = (
    "strict-transport-security",
    "content-security-policy",
    "x-frame-options",
    "x-content-type-options",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
    "cross-origin-embedder-policy",
    "cross-origin-resource-policy",
)
# Made anew for each answer: a nonce, and the hash of a script that holds one.
_OF_THIS_ANSWER = re.compile(r"'(?:nonce|sha256|sha384|sha512)-[^']*'")
_SHOWN = 120  # characters of a value


@check("http.headers", needs=NEEDS)
def same_security_headers(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether the security headers match; what IPv4's own fetches disagree about is left out."""
    return each_web_service(view, "http.headers", _headers)


def _headers(web: WebService) -> Finding:
    four = web.over_ipv4()
    return gravest([_beside(web, visit, four) for visit in web.over_ipv6()])


def _beside(web: WebService, six: Visit, four: Sequence[Visit]) -> Finding:
    subject = web.subject
    evidence = (*six.evidence, *(i for each in four for i in each.evidence))
    if (why := incomparable(web, six, four)) is not None:
        return why
    theirs = [policies(each) for each in four if each.answer == "yes" and each.status == six.status]
    if not theirs:
        return subject.says("not_applicable", "http.no_page", args_of(six, four), evidence=evidence)
    differing = list(_differing(policies(six), theirs))
    if not differing:
        return subject.says("pass", "ok", evidence=evidence)
    return subject.says("warn", "http.headers_differ", _told(differing), evidence=evidence)


def policies(visit: Visit) -> dict[str, str]:
    """Return the security headers of the last answer, by name, without what is made anew each time.

    Of several fields of one name all count, joined as HTTP joins them (RFC 9110 §5.3).
    """
    found: dict[str, str] = {}
    for entry in items(visit.page, "headers"):
        parts = sequence(entry)
        if len(parts) != 2 or not isinstance(parts[0], str) or not isinstance(parts[1], str):
            continue
        name = parts[0].lower()
        if name in SECURITY_HEADERS:
            value = " ".join(_OF_THIS_ANSWER.sub("'nonce'", parts[1]).lower().split())
            found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _differing(six: Mapping[str, str], four: Sequence[Mapping[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Yield name, IPv6's and IPv4's value of each header that differs."""
    for name in SECURITY_HEADERS:
        values = {each.get(name, "") for each in four}
        if len(values) == 1 and six.get(name, "") not in values:
            yield name, six.get(name, ""), values.pop()


def _told(differing: Sequence[tuple[str, str, str]]) -> dict[str, JSON]:
    name, six, four = differing[0]
    return {
        "headers": [name for name, _, _ in differing],
        "header": name,
        "value": six[:_SHOWN] or "-",
        "ipv4_value": four[:_SHOWN] or "-",
    }
