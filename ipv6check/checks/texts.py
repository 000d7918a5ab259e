"""The texts of findings in Vietnamese and English: catalogue.{vi,en}.yaml, read once, when first needed.

A template names its arguments in braces; it is filled in one pass, so that a stranger's text among
the arguments stays text. What kind of value an argument is follows from its name.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ipv6check.facts import RunWarning
from ipv6check.model.finding import Finding
from ipv6check.model.text import JSON, LANGUAGES, Language, Text

_PLACEHOLDER = re.compile(r"\{([a-z0-9_]+)\}")
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_ITEMS = 8  # of a list that are shown
NOTHING = "—"
# Phrases that are only said where the finding has the argument.
_NOTES = {"alias_note": "alias_of", "expected_note": "expected", "called_note": "called"}
# Arguments whose values are words of the program's own, with a phrase each: `use.subnet`, say.
_WORDS = {"use": "use", "other_use": "use", "kind": "kind", "level": "level", "target": "level"}
_WORDS |= {"capabilities": "capability", "without": "capability", "where": "where"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The texts of one reason: a short title, what was found, what to do about it, and why it matters."""

    title: str
    message: str
    remedy: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The texts of one check: what it states, why it matters, how it is judged."""

    title: str
    why: str
    judged: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All texts in one language. Keys of `reasons` are described in `entry`."""

    checks: Mapping[str, About]
    reasons: Mapping[str, Entry]
    phrases: Mapping[str, str]

    def entry(self, reason: str, check: str = "", verdict: str = "") -> Entry:
        """Return the texts for a reason: those for this check or verdict first, then its general ones."""
        for key in (f"{check}/{reason}", f"{reason}@{verdict}", reason):
            if key in self.reasons:
                return self.reasons[key]
        return Entry(title=reason, message=reason)


def render(finding: Finding, language: Language) -> tuple[str, str]:
    """Return a finding's message and remedy (empty where there is nothing to do)."""
    entry = catalogue(language).entry(finding.reason, finding.check, finding.verdict)
    values = _Values(finding, language)
    return fill(entry.message, values), fill(entry.remedy, values)


def warned(warning: RunWarning) -> Text:
    """Return what a warning about the run as a whole says."""
    texts = {}
    for language in LANGUAGES:
        values = {key: shown(key, value, language) for key, value in warning.args.items()}
        texts[language] = fill(catalogue(language).entry(warning.reason, "run").message, values)
    return Text(vi=texts["vi"], en=texts["en"])


def title(reason: str, language: Language, verdict: str = "") -> str:
    """Return a reason's short title; the code itself if it has none."""
    return catalogue(language).entry(reason, verdict=verdict).title


def why(reason: str, language: Language) -> str:
    """Return why a reason matters, empty if nothing is said of it."""
    return catalogue(language).entry(reason).why


def about(check: str, language: Language) -> About | None:
    """Return the texts of a check, None if it has none."""
    return catalogue(language).checks.get(check)


def fill(template: str, values: Mapping[str, str]) -> str:
    """Put the values in their places, once: braces inside a value mean nothing."""
    pieces = list(_pieces(template))
    for place in range(1, len(pieces), 2):
        pieces[place] = values.get(pieces[place], NOTHING)
    return "".join(pieces)


@cache
def _pieces(template: str) -> tuple[str, ...]:
    """Return a template's plain pieces, and between them the names of what goes there."""
    return tuple(_PLACEHOLDER.split(template))


def placeholders(template: str) -> frozenset[str]:
    """Return the names of the arguments that a template takes."""
    return frozenset(_PLACEHOLDER.findall(template))


class _Values(dict[str, str]):
    """What a template may name: the finding's arguments, and what it is about; made when it is named."""

    def __init__(self, finding: Finding, language: Language) -> None:
        super().__init__()
        self._finding = finding
        self._language: Language = language

    def get(self, name: str, default: str = NOTHING) -> str:  # type: ignore[override]
        """Return the words for a name, `default` if the finding has nothing of it."""
        if name not in self:
            found = self._made(name)
            self[name] = default if found is None else found
        return self[name]

    def _made(self, name: str) -> str | None:
        finding, phrases = self._finding, catalogue(self._language).phrases
        if name == "both_note":
            return phrases["both"] if finding.args.get("both") is True else ""
        if name in _NOTES:
            return fill(phrases[name], self) if _NOTES[name] in finding.args else ""
        if name in finding.args:
            return shown(name, finding.args[name], self._language)
        about = _ABOUT.get(name)
        return None if about is None else about(finding, phrases)


def _service(finding: Finding, phrases: Mapping[str, str]) -> str:
    target = finding.target
    if target.port is None:
        return target.app or target.host or target.equipment or finding.system
    port = {"port": str(target.port), "transport": (target.transport or "tcp").upper()}
    if target.app in (None, "tcp", "udp"):
        return fill(phrases["port"], port)
    return fill(phrases["service"], {**port, "app": target.app or ""})


_ABOUT: Mapping[str, Callable[[Finding, Mapping[str, str]], str]] = {
    "system": lambda finding, _: finding.system,
    "host": lambda finding, _: finding.target.host or finding.target.equipment or finding.system,
    "vantage": lambda finding, _: finding.vantage or NOTHING,
    "address": lambda finding, _: finding.target.address or NOTHING,
    "port": lambda finding, _: NOTHING if finding.target.port is None else str(finding.target.port),
    "prefix": lambda finding, _: finding.target.prefix or NOTHING,
    "equipment": lambda finding, _: finding.target.equipment or NOTHING,
    "milestone": lambda finding, _: finding.target.milestone or NOTHING,
    "family": lambda finding, phrases: (
        phrases["both_families"] if finding.target.family is None else f"IPv{finding.target.family}"
    ),
    "service": _service,
}


def shown(name: str, value: JSON, language: Language) -> str:
    """Return an argument as a reader of `language` expects it, by the kind its name stands for.

    `*rtt_ms` are milliseconds, other `*_ms` milliseconds that are shown as seconds, `code` a reason,
    `what` a reason or a property, `error` perhaps a word of the failure vocabulary, `until` and `since`
    dates.
    """
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return catalogue(language).phrases["yes" if value else "no"]
    if name.endswith("rtt_ms") and isinstance(value, int | float):
        return _decimal(float(value), language)
    if name.endswith("_ms") and isinstance(value, int | float):
        return _decimal(value / 1000, language, places=1 if value >= 1000 or value == 0 else 2)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _decimal(value, language)
    if isinstance(value, str):
        return _text(name, value, language)
    if isinstance(value, Mapping):
        if language in value:
            return shown(name, value[language], language)
        return ", ".join(str(key) for key in value)
    items = [shown(name, each, language) for each in value]
    more = ["…"] if len(items) > _ITEMS else []
    return ", ".join([*items[:_ITEMS], *more]) or NOTHING


def _text(name: str, value: str, language: Language) -> str:
    if name == "what" and f"what.{value}" in catalogue(language).phrases:
        return catalogue(language).phrases[f"what.{value}"]
    if name in ("code", "what"):
        found = title(value, language)
        return found[:1].lower() + found[1:] if found != value else value
    phrases = catalogue(language).phrases
    if name in _WORDS:
        return phrases.get(f"{_WORDS[name]}.{value}", value)
    if name == "error":
        return phrases.get(f"word.{value}", value)
    if name == "headers":
        return phrases.get(f"header.{value}", value)
    if name in ("spot", "direction"):
        return phrases.get(f"spot.{value}", value)
    if name == "offender" and value == "-":
        return phrases["somebody"]
    date = _ISO_DATE.fullmatch(value) if name in ("until", "since") else None
    if date is not None and language == "vi":
        year, month, day = (int(part) for part in date.groups())
        return f"{day}/{month}/{year}"
    return value


def _decimal(value: float, language: Language, places: int = 1) -> str:
    text = f"{value:.{places}f}"
    return text.replace(".", ",") if language == "vi" else text


@cache
def catalogue(language: Language) -> Catalogue:
    """Return the texts of one language; read from the package's files on first use."""
    import yaml

    loaded = yaml.load(_content(language), Loader=yaml.CSafeLoader)
    return Catalogue(
        checks={key: About(**value) for key, value in loaded["checks"].items()},
        reasons={key: Entry(**value) for key, value in loaded["reasons"].items()},
        phrases=dict(loaded["phrases"]),
    )


@cache
def catalogue_sha256() -> str:
    """Return the SHA-256 of all texts, in both languages."""
    digest = hashlib.sha256()
    for language in LANGUAGES:
        digest.update(_content(language))
    return digest.hexdigest()


def _content(language: Language) -> bytes:
    return files("ipv6check.checks").joinpath(f"catalogue.{language}.yaml").read_bytes()
