"""What each page's template is given: the report, its digest, and the links between pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import jinja2

from ipv6check.locale import formats, words
from ipv6check.model.profile import LEVELS
from ipv6check.model.text import LANGUAGES
from ipv6check.report import digest, phrases
from ipv6check.report.entries import FindingEntry, GroupEntry, Report, SystemEntry
from ipv6check.report.gist import OURS, urgency
from ipv6check.report.html import charts, environment, matrix, route_pages
from ipv6check.report.html.area_pages import area_contexts, area_menu
from ipv6check.report.html.slugs import short_id, slugs

GLOSSARY = ("dual-stack", "ipv6-only", "aaaa", "vantage", "canary", "coverage", "root", "blocker")
_VERDICTS = ("fail", "warn")

Context = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Site:
    """The pages of one report in one language; `both` says that the other language stands beside.

    `rows` is how many systems stand on one page of the matrix.
    """

    report: Report
    jinja: jinja2.Environment
    both: bool
    names: Mapping[str, str]
    rows: int = matrix.PAGE
    in_run: bool = False

    def render(self, template: str, path: str, page: str, **context: Any) -> tuple[str, bytes]:
        """Return the path and the bytes of one page."""
        top = "../" * path.count("/")
        other = next(language for language in LANGUAGES if language != self.report.language)
        made = self.jinja.get_template(template).render(
            report=self.report,
            top=top,
            page=page,
            other={"language": other, "href": f"{top}../{other}/{path}"} if self.both else None,
            slugs=self.names,
            menu=self.menu(),
            when=phrases.scanned(self.report),
            in_run=self.in_run,
            **{"script_hash": None, **context},
        )
        return path, made.encode("utf-8", "backslashreplace")

    def menu(self) -> list[tuple[str, str]]:
        """Return key and file of each page that the navigation names."""
        fixed = [("overview", "index.html"), ("systems", "systems.html")]
        route = [("roadmap", "roadmap.html")] if self.report.route.waves else []
        return [*fixed, *route, *area_menu(self.report), ("method", "method.html")]


def make_site(report: Report, *, both: bool, rows: int = matrix.PAGE, in_run: bool = False) -> Site:
    """Return the site of a report, its file names settled; `rows`: systems on one page of the matrix.

    `in_run`: it will stand in the run's folder.
    """
    jinja = environment.make_environment(report.language, report.timezone)
    return Site(report, jinja, both, slugs(system.id for system in report.systems), rows, in_run)


def all_pages(site: Site) -> Iterator[tuple[str, bytes]]:
    """Yield every page, one after the other."""
    system_names = {system.id: system.name for system in site.report.systems}
    yield site.render(
        "index.html", "index.html", "overview", system_names=system_names, **_index(site.report)
    )
    yield from _matrix_pages(site)
    for system in site.report.systems:
        path = f"systems/{site.names[system.id]}.html"
        yield site.render("system.html", path, "system", system_names=system_names, **_system(site, system))
    for template, path, key, context in area_contexts(site.report):
        yield site.render(template, path, key, **context)
    if site.report.route.waves:
        yield site.render("roadmap.html", "roadmap.html", "roadmap", **route_pages.roadmap(site.report))
    yield site.render("method.html", "method.html", "method", glossary=GLOSSARY)


def _index(report: Report) -> Context:
    unknown = digest.unknown_reasons(report)
    return {
        "standing": digest.standing(report),
        "headline": phrases.headline(report),
        "tail": phrases.headline_tail(report),
        "notices": list(phrases.notices(report)),
        "segments": charts.stacked(report.totals.levels),
        "apart": phrases.apart(report),
        "reasons": digest.failing_reasons(report),
        "unknown": unknown,
        "unknown_count": sum(reason.findings + reason.follows for reason in unknown),
        "blockers": digest.blockers(report),
        **route_pages.progress(report),
        "by_unit": _groups(report.by_unit),
        "by_unit_level": _telling(report.by_unit_level),
        "by_category": _groups(report.by_category),
        "by_site": _telling(report.by_site),
        "by_exposure": _telling(report.by_exposure),
    }


def _groups(groups: tuple[GroupEntry, ...]) -> list[Context]:
    return [{"entry": group, "segments": charts.stacked(group.totals.levels)} for group in groups]


def _telling(groups: tuple[GroupEntry, ...]) -> list[Context]:
    """Return groups worth a table: one alone would only say the totals again."""
    return _groups(groups) if len(groups) > 1 else []


def _matrix_pages(site: Site) -> Iterator[tuple[str, bytes]]:
    systems, w = site.report.systems, words(site.report.language)
    areas = matrix.areas(site.report)
    pages = max(1, -(-len(systems) // site.rows))
    signs = environment.SIGNS
    for number in range(1, pages + 1):
        first = (number - 1) * site.rows
        rows = matrix.rows(systems[first : first + site.rows], areas)
        yield site.render(
            "systems.html",
            "systems.html" if number == 1 else f"systems-{number}.html",
            "systems",
            areas=areas,
            rows=rows,
            row_states=[state for state in environment.STATES if any(row.state == state for row in rows)],
            short={level: w[f"level_short.{level}"] for level in LEVELS},
            marks={s: f"{environment.STATES[s]} {w[f'state_short.{s}']}" for s in environment.STATES},
            cells={None: "", "not_applicable": signs["not_applicable"]}
            | {v: f"{signs[v]} {w[f'verdict.{v}']}" for v in signs if v != "not_applicable"},
            script=environment.script(),
            script_hash=environment.source_hash(environment.script()),
            number=number,
            pages=pages,
            first=first + 1,
            last=first + len(rows),
            total=len(systems),
        )


def _system(site: Site, system: SystemEntry) -> Context:
    evidence = site.report.evidence
    found = system.findings
    cited = dict.fromkeys(id_ for f in found for part in matrix.flat(f) for id_ in part.evidence)
    known = [entry for id_ in cited if (entry := evidence.get(id_)) is not None]
    vantages = [part.vantage for part in site.report.run.merged]
    return {
        "vantages": vantages,
        "by_vantage": matrix.by_vantage(found, vantages) if vantages else (),
        "s": system,
        "state": matrix.state(system),
        "target": digest.target(system),
        "identity": _identity(site.report, system),
        "issues": sorted((f for f in found if f.verdict in _VERDICTS and not f.accepted), key=urgency),
        **_unknowns([f for f in found if f.verdict == "unknown" and not f.accepted]),
        "accepted": [f for f in found if f.accepted],
        "passes": sorted((f for f in found if f.verdict == "pass"), key=lambda f: f.check),
        "not_applicable": sorted((f for f in found if f.verdict == "not_applicable"), key=lambda f: f.check),
        "evidence": {entry.id: entry for entry in known},
        "cited": sorted(known, key=lambda e: (e.started is None, e.started, e.id)),
        "anchors": {entry.id: f"e-{short_id(entry.id)}" for entry in known},
    }


def _unknowns(found: Iterable[FindingEntry]) -> Context:
    """Return what is not known, our own trouble once: `same` holds the further findings of one cause."""
    first: dict[tuple[str, str | None, str], FindingEntry] = {}
    same: dict[str, list[FindingEntry]] = {}
    shown = []
    for each in found:
        known = first.setdefault((each.reason, each.vantage, each.message), each)
        if known is each or not each.reason.startswith(OURS):
            shown.append(each)
        else:
            same.setdefault(known.id, []).extend((each, *each.followers))
    return {"unknowns": shown, "same": same}


def _identity(report: Report, system: SystemEntry) -> list[tuple[str, str]]:
    return [
        ("unit", system.unit_name),
        ("owner", system.owner),
        ("site", system.site_name),
        ("category", phrases.told(report, "category", system.category)),
        ("criticality", phrases.told(report, "criticality", system.criticality)),
        ("exposure", phrases.told(report, "exposure", system.exposure)),
        ("goal", phrases.told(report, "goal", system.goal)),
        ("deadline", formats.day(system.deadline, report.language) if system.deadline else ""),
        ("declared", system.source or ""),
    ]
