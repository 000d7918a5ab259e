"""results.json and its inventory, read into what a report in one language shows.

Input: a `Judged`. Output: a `Report` (entries.py). Absent keys read as absent; systems and
their findings are read in system_reading.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ipv6check.model.run import RUN_ID, Judged
from ipv6check.model.text import JSON, Language
from ipv6check.report import entries, values
from ipv6check.report.area_reading import AreaReader
from ipv6check.report.route_reading import read_exceptions, read_route
from ipv6check.report.safe import safe_text
from ipv6check.report.system_reading import interval, read_evidence, read_systems


def read(judged: Judged, language: Language) -> entries.Report:
    """Return the judgement as `language` shows it."""
    results = judged.results
    totals = values.mapping(results.get("totals"))
    inventory = judged.inventory
    systems = tuple(read_systems(results.get("systems"), inventory, language))
    areas = AreaReader.of(results, inventory, language)
    return entries.Report(
        language=language,
        organization=safe_text(inventory.organization.name.get(language), 200),
        timezone=inventory.organization.timezone,
        run=_run(values.mapping(results.get("run")), language),
        systems=systems,
        totals=_totals(totals),
        by_unit=_groups(totals.get("by_unit"), language),
        by_category=_groups(totals.get("by_category"), language),
        by_site=_groups(totals.get("by_site"), language),
        by_unit_level=_groups(totals.get("by_unit_level"), language),
        by_exposure=_groups(totals.get("by_exposure"), language),
        evidence=read_evidence(results.get("observations")),
        plan=areas.plan(),
        equipment=areas.equipment(),
        programme=areas.programme(),
        route=read_route(judged, systems, language),
        exceptions=read_exceptions(judged, language),
        history=judged.history,
    )


def _run(run: Mapping[str, JSON], language: Language) -> entries.RunEntry:
    inventory = values.mapping(run.get("inventory"))
    selection = values.mapping(run.get("selection"))
    return entries.RunEntry(
        id=values.word(run.get("id")) or "–",
        started=values.moment(run.get("started")),
        finished=values.moment(run.get("finished")),
        tool=values.word(run.get("tool")) or "ipv6check",
        judged_by=values.word(run.get("judged_by")) or "",
        profile=values.word(run.get("profile")) or "–",
        profile_sha256=values.word(run.get("profile_sha256")) or "",
        as_of=values.day(run.get("as_of")),
        complete=run.get("complete") is not False,
        partial=run.get("partial") is True,
        declared_only=run.get("declared_only") is True,
        selection=tuple(
            entry for part in ("systems", "units", "checks") for entry in values.words(selection.get(part))
        ),
        beside=tuple(
            entries.BesideEntry(
                title=values.text(entry.get("title"), language), folder=_folder(values.word(entry.get("id")))
            )
            for entry in values.objects(run.get("beside"))
        ),
        merged=tuple(
            entries.PartEntry(
                id=values.word(entry.get("id")) or "–",
                vantage=values.word(entry.get("vantage")) or "–",
                started=values.moment(entry.get("started")),
                finished=values.moment(entry.get("finished")),
                complete=entry.get("complete") is not False,
            )
            for entry in values.objects(run.get("merged"))
        ),
        warnings=tuple(
            found for entry in values.items(run.get("warnings")) if (found := _warning(entry, language))
        ),
        vantages=tuple(
            entries.VantageEntry(
                name=values.word(entry.get("name")) or "–",
                ipv4=values.word(entry.get("ipv4")),
                ipv6=values.word(entry.get("ipv6")),
                reason=values.word(entry.get("reason")),
            )
            for entry in values.objects(run.get("vantages"))
        ),
        inventory_sha256=values.word(inventory.get("sha256"))
        or values.word(run.get("inventory_sha256"))
        or "",
        inventory_files=tuple(_file_names(inventory.get("files"))),
        basis=tuple(found for b in values.items(run.get("basis")) if (found := values.text(b, language))),
    )


def _folder(run_id: str | None) -> str | None:
    """Return the folder's name that a run id is; what is no run id leads nowhere."""
    return run_id if run_id is not None and RUN_ID.fullmatch(run_id) else None


def _warning(entry: JSON, language: Language) -> str:
    """Read a warning: a text, a `{vi, en}` pair, or an object with a message."""
    if isinstance(entry, Mapping) and "message" in entry:
        entry = entry["message"]
    return values.text(entry, language)


def _file_names(files: JSON) -> Iterator[str]:
    for entry in values.items(files):
        name = values.mapping(entry).get("name") if isinstance(entry, Mapping) else entry
        if found := values.word(name):
            yield found


def _counts(value: JSON) -> dict[str, int]:
    return {safe_text(key, 100): values.count(entry) for key, entry in values.mapping(value).items()}


def _totals(totals: Mapping[str, JSON]) -> entries.Totals:
    apart = values.mapping(totals.get("apart"))
    return entries.Totals(
        systems=values.count(totals.get("systems")),
        counted=values.count(totals.get("counted")),
        on_target=values.count(totals.get("on_target")),
        with_exceptions=values.count(totals.get("with_exceptions")),
        levels=_counts(totals.get("levels")),
        not_levelled=values.count(totals.get("not_levelled")),
        score=interval(totals.get("score")),
        not_scored=values.count(totals.get("not_scored")),
        score_attested=interval(totals.get("score_attested")),
        ipv4_only=values.count(apart.get("ipv4-only")),
        retired=values.count(apart.get("retired")),
        not_scanned=values.count(totals.get("not_scanned")),
        worst=values.word(values.mapping(totals.get("worst")).get("id")),
        verdicts=_counts(totals.get("findings")),
        fails=_counts(totals.get("fails")),
        accepted=values.count(totals.get("accepted")),
    )


def _groups(value: JSON, language: Language) -> tuple[entries.GroupEntry, ...]:
    return tuple(
        entries.GroupEntry(
            id=values.word(entry.get("id")) or "",
            name=values.text(entry.get("name"), language, 200) or values.word(entry.get("id")) or "",
            totals=_totals(entry),
        )
        for entry in values.objects(value)
    )
