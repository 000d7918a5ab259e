"""HTTP parity: the same status and the same final place on both families."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ipv6check.checks.details import of_name
from ipv6check.checks.registry import Params, check
from ipv6check.checks.web import NEEDS, SERVER_ERROR, WebService, each_web_service, gravest
from ipv6check.facts import SystemView
from ipv6check.facts.place import Place
from ipv6check.facts.visits import Visit
from ipv6check.model.finding import Finding, Verdict
from ipv6check.model.text import JSON

# How servers say that they want a certificate of us: 400 and 496 are nginx's, 495 a refused one.
_CERTIFICATE_STATUSES = frozenset({400, 401, 403, 495, 496})


@check("http.status", needs=NEEDS)
def same_status_and_place(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether status and final place are the same on both families."""
    return each_web_service(view, "http.status", _status)


def _status(web: WebService) -> Finding:
    reference = Reference.of(web.over_ipv4())
    return gravest([_compare(web, visit, reference) for visit in web.over_ipv6()])


@dataclass(frozen=True, slots=True)
class Reference:
    """What IPv4 shows: every status and final place it gave, its own variation included."""

    visits: tuple[Visit, ...]
    unknown: str
    statuses: frozenset[int]
    places: tuple[Place, ...]
    stays: bool
    at_home: bool
    looped: bool

    @classmethod
    def of(cls, visits: tuple[Visit, ...]) -> Reference:
        """Gather IPv4's fetches."""
        known = [visit for visit in visits if visit.answer == "yes"]
        unknown = next((visit.failure for visit in visits if visit.answer == "unknown"), "")
        return cls(
            visits,
            "" if known else unknown,
            frozenset(visit.status for visit in known if visit.status is not None),
            tuple(visit.final.bare for visit in known if visit.final is not None),
            all(visit.stays for visit in known),
            all(visit.at_home for visit in known),
            any(visit.looped for visit in known),
        )

    def has(self, visit: Visit) -> bool:
        """Whether IPv4 ends at the same place, where it agrees with itself about it.

        Scheme, host, port and path are compared one by one: a part in which IPv4's own fetches
        differ (a session in the path, say) says nothing. A service may have another port on each
        family, and a host without a name another literal: who stays at its own has the same.
        """
        parts = ["tls", "path"]
        parts += [] if visit.stays and self.stays else ["port"]
        parts += [] if visit.at_home and self.at_home else ["host"]
        for part in parts:
            values = {getattr(each, part) for each in self.places}
            if len(values) == 1 and getattr(visit.final, part) not in values:
                return False
        return True


def _compare(web: WebService, visit: Visit, v4: Reference) -> Finding:
    """Judge one fetch over IPv6 beside IPv4's."""
    subject, root = web.subject, web.root
    evidence = (*visit.evidence, *(i for each in v4.visits for i in each.evidence))
    args = _args(visit, v4)
    own = _own_fault(visit, v4)
    if visit.answer != "yes":
        if visit.client_certificate:
            return subject.says("not_applicable", "http.client_certificate", args, evidence=evidence)
        if visit.word == "tls_alert":
            return subject.says("not_applicable", "not.answering", args, evidence=evidence, root=root)
        if visit.answer == "unknown":
            return subject.says("unknown", visit.failure, args, evidence=evidence)
        return subject.says("not_applicable", "not.answering", args, evidence=evidence, root=root)
    if own is not None:
        verdict, reason = own
        return subject.says(verdict, reason, args, evidence=evidence)
    if visit.stopped and not _same(visit, v4):
        args |= _about_the_next(web.view, web.vantage, visit)
        return subject.says("unknown", visit.stopped, args, evidence=evidence)
    verdict, reason = _beside(visit, v4)
    if reason == "ipv4.not_offered":
        doubt, more = web.doubt_about_ipv4()
        if doubt:
            return subject.says("unknown", doubt, {**args, **more}, evidence=evidence)
    return subject.says(verdict, reason, args, evidence=evidence)


def _about_the_next(view: SystemView, vantage: str, visit: Visit) -> dict[str, JSON]:
    """Return what the DNS says of the host that a redirect leads to, for the text of its reason."""
    if visit.final is None or visit.final.literal is not None:
        return {}
    return of_name(view.facts.names.lookup(vantage, visit.final.host, 6))


def _own_fault(visit: Visit, v4: Reference) -> tuple[Verdict, str] | None:
    """Return what is wrong with a fetch over IPv6 whatever IPv4 does."""
    if visit.literal is not None:
        return "fail", "http.ipv4_literal"
    if visit.leaves is not None:
        return "fail", "http.redirect_leaves_ipv6"
    if visit.looped:
        # A loop on both families is the service's own, like a certificate bad on both.
        return ("warn" if v4.looped else "fail"), "http.redirect_loop"
    return None


def _same(visit: Visit, v4: Reference) -> bool:
    return visit.status in v4.statuses and visit.final is not None and v4.has(visit)


def _beside(visit: Visit, v4: Reference) -> tuple[Verdict, str]:
    if visit.client_certificate and visit.status in _CERTIFICATE_STATUSES:
        return "not_applicable", "http.client_certificate"
    if not v4.statuses:
        return ("unknown", v4.unknown) if v4.unknown else ("not_applicable", "ipv4.not_offered")
    if _same(visit, v4):
        failing = visit.status is not None and visit.status >= SERVER_ERROR
        return ("not_applicable", "http.error") if failing else ("pass", "ok")
    statuses = {*v4.statuses, visit.status}
    if all(status is not None and status >= SERVER_ERROR for status in statuses):
        return "not_applicable", "http.error"
    if any(each.stopped for each in v4.visits):
        return "unknown", next(each.stopped for each in v4.visits if each.stopped)
    return "fail", "http.status_differs"


def _args(visit: Visit, v4: Reference) -> dict[str, JSON]:
    place = next((str(each) for each in v4.places), "-")
    return {
        "status": visit.status if visit.status is not None else "-",
        "place": str(visit.final.bare) if visit.final is not None else "-",
        "ipv4_status": sorted(v4.statuses)[0] if v4.statuses else "-",
        "ipv4_place": place,
        "hops": visit.hops,
        "where": visit.literal or visit.leaves or "-",
        "both": visit.looped and v4.looped,
    }
