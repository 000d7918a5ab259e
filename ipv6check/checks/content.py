"""HTTP content: over IPv6 the page is the same as over IPv4, whose two fetches tell what varies by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ipv6check.checks.registry import Params, check
from ipv6check.checks.web import NEEDS, WebService, each_web_service, gravest
from ipv6check.facts import SystemView
from ipv6check.facts.likeness import Content, Likeness, compare
from ipv6check.facts.tries import text
from ipv6check.facts.visits import Visit
from ipv6check.model.finding import Finding, Verdict
from ipv6check.model.text import JSON

LEAST_ALIKE = 0.9
_REDIRECT = 300


@check("http.content", needs=NEEDS)
def same_page(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether the page is the same.

    `least_alike`: the share (0 to 1) of what IPv4 always shows that IPv6 has to show too.
    """
    given = params.get("least_alike", LEAST_ALIKE)
    least = float(given) if isinstance(given, int | float) else LEAST_ALIKE
    return each_web_service(view, "http.content", lambda web: _content(web, least))


def _content(web: WebService, least: float) -> Finding:
    four = web.over_ipv4()
    return gravest([_beside(web, visit, four, least) for visit in web.over_ipv6()])


def _beside(web: WebService, six: Visit, four: Sequence[Visit], least: float) -> Finding:
    """Judge one fetch over IPv6 beside those over IPv4."""
    subject = web.subject
    evidence = (*six.evidence, *(i for each in four for i in each.evidence))
    if (why := incomparable(web, six, four)) is not None:
        return why
    mine, theirs = Content.of(six.page), _by_address(four)
    if mine is None or not theirs:
        return subject.says("unknown", "not.asked", evidence=evidence)
    likeness = max((compare(mine, fetches) for fetches in theirs), key=_closeness)
    args = {**args_of(six, four), **_figures(likeness)}
    if likeness.holds(least):
        return subject.says("pass", "ok", args, evidence=evidence)
    if all(len(fetches) < 2 for fetches in theirs):
        # One fetch over IPv4 does not tell what changes by itself.
        return subject.says("unknown", _why_once(four), args, evidence=evidence)
    return subject.says("fail", "http.content_differs", args, evidence=evidence)


def _by_address(four: Sequence[Visit]) -> list[list[Content]]:
    """Return what IPv4's fetches showed, those of one address together."""
    found: dict[str, list[Content]] = {}
    for visit in four:
        content = Content.of(visit.page) if visit.answer == "yes" and not _is_error(visit) else None
        if content is not None:
            found.setdefault(visit.address, []).append(content)
    return list(found.values())


def _closeness(likeness: Likeness) -> tuple[bool, float, float]:
    return likeness.same_title, likeness.kept, likeness.shared


def _figures(likeness: Likeness) -> dict[str, JSON]:
    """Return the shares as whole percentages."""
    return {"kept": int(likeness.kept * 100), "own": int(likeness.own * 100)}


def _why_once(four: Sequence[Visit]) -> str:
    return next((each.failure for each in four if each.answer == "unknown" and each.failure), "not.asked")


def _is_error(visit: Visit) -> bool:
    return visit.status is None or visit.status >= _REDIRECT


def incomparable(web: WebService, six: Visit, four: Sequence[Visit]) -> Finding | None:
    """Say why two answers are not compared (one is none, an error, or no page), None if they are."""
    why = _why_incomparable(six, four)
    if why is None:
        return None
    verdict, reason = why
    doubt, args = web.doubt_about_ipv4() if reason == "ipv4.not_offered" else ("", {})
    evidence = (*six.evidence, *(i for each in four for i in each.evidence))
    return web.subject.says(
        "unknown" if doubt else verdict,
        doubt or reason,
        {**args_of(six, four), **args},
        evidence=evidence,
        root=web.status_root(),
    )


def _why_incomparable(six: Visit, four: Sequence[Visit]) -> tuple[Verdict, str] | None:
    if six.client_certificate or any(each.client_certificate for each in four):
        return "not_applicable", "http.client_certificate"
    if six.answer == "unknown":
        return "unknown", six.failure or "not.asked"
    if six.answer == "no":
        return "not_applicable", "not.answering"
    if six.stopped:
        return "unknown", six.stopped
    known = [each for each in four if each.answer == "yes"]
    if not known:
        unknown = next((each.failure for each in four if each.answer == "unknown"), "")
        return ("unknown", unknown) if unknown else ("not_applicable", "ipv4.not_offered")
    if _is_error(six) or all(_is_error(each) for each in known):
        return "not_applicable", "http.no_page"
    return None


def args_of(six: Visit, four: Sequence[Visit]) -> dict[str, JSON]:
    """Return what a text says of two answers: their statuses and titles."""
    other = next((each for each in four if each.answer == "yes"), None)
    return {
        "status": six.status if six.status is not None else "-",
        "ipv4_status": other.status if other is not None and other.status is not None else "-",
        "title": text(six.page, "title") or "-",
        "ipv4_title": (text(other.page, "title") if other is not None else None) or "-",
        "place": str(six.final.bare) if six.final is not None else "-",
    }
