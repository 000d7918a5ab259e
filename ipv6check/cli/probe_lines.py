"""What `probe` prints: the findings of its one system, the gravest first, and commands to see the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ipv6check.locale import words
from ipv6check.model.text import JSON, Language, Text
from ipv6check.report.lines import paint, wrap
from ipv6check.report.safe import safe_text

_ORDER = ("fail", "warn", "unknown", "pass")
_SIGNS = {"fail": "x", "warn": "!", "unknown": "?", "pass": "+"}
_FOLLOWS = Text(
    "{count} phép kiểm tra khác phụ thuộc vào điều trên nên cũng như vậy: {checks}",
    "{count} more follow from these: {checks}",
)
_NOT_APPLICABLE = Text("Không áp dụng: {checks}", "Not applicable: {checks}")
_BY_HAND = Text("Xem lại bằng tay", "The same by hand")
_TODO = Text("cần làm", "to do")


def told(results: Mapping[str, JSON], language: Language, width: int, *, color: bool) -> Iterator[str]:
    """Yield the findings of the only system, and at the end each command once."""
    findings = sorted(_findings(results), key=lambda each: _rank(str(each.get("verdict"))))
    shown = [each for each in findings if each.get("verdict") in _ORDER and each.get("root") is None]
    for finding in shown:
        yield from _finding(finding, language, width, color=color)
    yield from _others(findings, language, width)
    commands = list(dict.fromkeys(line for each in shown for line in _commands(each)))
    if commands:
        yield ""
        yield paint(_BY_HAND.get(language), "strong", color)
        for line in commands:
            yield f"  {safe_text(line)}"  # a command is not wrapped: it is there to be copied


def _rank(verdict: str) -> int:
    return _ORDER.index(verdict) if verdict in _ORDER else len(_ORDER)


def _findings(results: Mapping[str, JSON]) -> list[Mapping[str, JSON]]:
    systems = results.get("systems")
    found: list[Mapping[str, JSON]] = []
    for system in systems if isinstance(systems, Sequence) and not isinstance(systems, str) else ():
        listed = system.get("findings") if isinstance(system, Mapping) else None
        if isinstance(listed, Sequence) and not isinstance(listed, str):
            found += [each for each in listed if isinstance(each, Mapping)]
    return found


def _finding(finding: Mapping[str, JSON], language: Language, width: int, *, color: bool) -> Iterator[str]:
    verdict = str(finding["verdict"])
    sign = paint(_SIGNS[verdict], verdict, color)
    said = words(language)[f"verdict.{verdict}"]
    yield from wrap(f"{finding['check']} · {said} · {finding['reason']}", width, f"{sign} ", "  ")
    yield from wrap(safe_text(_text(finding.get("message"), language)), width, "    ")
    remedy = safe_text(_text(finding.get("remedy"), language))
    if remedy and verdict != "pass":
        yield from wrap(f"{_TODO.get(language)}: {remedy}", width, "    ")


def _text(value: JSON, language: Language) -> str:
    return str(value.get(language, "")) if isinstance(value, Mapping) else ""


def _others(findings: Sequence[Mapping[str, JSON]], language: Language, width: int) -> Iterator[str]:
    follow = [e for e in findings if e.get("root") is not None and e.get("verdict") in _ORDER[:3]]
    if follow:
        values = {"count": len(follow), "checks": _names(follow)}
        yield ""
        yield from wrap(_FOLLOWS.get(language).format(**values), width)
    silent = [each for each in findings if each.get("verdict") == "not_applicable"]
    if silent:
        yield ""
        yield from wrap(_NOT_APPLICABLE.get(language).format(checks=_names(silent)), width)


def _names(findings: Sequence[Mapping[str, JSON]]) -> str:
    return ", ".join(dict.fromkeys(str(each["check"]) for each in findings))


def _commands(finding: Mapping[str, JSON]) -> list[str]:
    """Return the commands of a finding; those of its two families stand in one line."""
    line = finding.get("reproduce")
    return [part for part in line.split("; ") if part] if isinstance(line, str) else []
