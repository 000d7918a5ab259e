"""The texts of findings in Vietnamese and English, made of the catalogue's templates.

A template names its arguments in braces; it is filled in one pass, so that a stranger's text among
the arguments stays text. What kind of value an argument is follows from its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache

from ipv6check.checks.catalogue import About, catalogue, catalogue_sha256
from ipv6check.facts import RunWarning
from ipv6check.model.finding import Finding
from ipv6check.model.text import JSON, LANGUAGES, Language, Text

__all__ = [
    "about",
    "catalogue",
    "catalogue_sha256",
    "fill",
    "placeholders",
    "render",
    "shown",
    "title",
    "warned",
    "why",
]

_PLACEHOLDER = re.compile(r"\{([a-z0-9_]+)\}")
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_ITEMS = 8  # of a list that are shown
NOTHING = "—"
# Phrases that are only said where the finding has the argument.
_NOTES = {"alias_note": "alias_of", "expected_note": "expected", "called_note": "called"}
# Arguments whose values are words of the program's own, with a phrase each: `use.subnet`, say.
_WORDS = {"use": "use", "other_use": "use", "kind": "kind", "level": "level", "target": "level"}
_WORDS |= {"capabilities": "capability", "without": "capability", "where": "where"}


def render(finding: Finding, language: Language) -> tuple[str, str]:
    """Return a finding's message and remedy (empty where there is nothing to do)."""
    message, remedy = _templates(language, finding.reason, finding.check, finding.verdict)
    if len(message) == len(remedy) == 1:
        return message[0], remedy[0]
    return _worded(message, finding, language), _worded(remedy, finding, language)


@lru_cache(maxsize=4096)
def _templates(
    language: Language, reason: str, check: str, verdict: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the message and the remedy of a reason, in pieces."""
    entry = catalogue(language).entry(reason, check, verdict)
    return _pieces(entry.message), _pieces(entry.remedy)


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


def _worded(pieces: tuple[str, ...], finding: Finding, language: Language) -> str:
    """Put what a finding says, and what it is about, in the places of a template."""
    if len(pieces) == 1:
        return pieces[0]
    made, args = list(pieces), finding.args
    for place in range(1, len(made), 2):
        name = made[place]
        value = args.get(name)
        # Most arguments are words that are shown as they are; of thousands of findings, in two languages.
        if isinstance(value, str) and value and name not in _WORDED:
            made[place] = value
        else:
            found = named(name, finding, language)
            made[place] = NOTHING if found is None else found
    return "".join(made)


def named(name: str, finding: Finding, language: Language) -> str | None:
    """Return the words for what a template names: an argument of the finding, or what it is about.

    None if the finding has nothing of that name.
    """
    if name in finding.args:
        return shown(name, finding.args[name], language)
    if name == "both_note":
        return catalogue(language).phrases["both"] if finding.args.get("both") is True else ""
    if name in _NOTES:
        note = _pieces(catalogue(language).phrases[name])
        return _worded(note, finding, language) if _NOTES[name] in finding.args else ""
    about = _ABOUT.get(name)
    return None if about is None else about(finding, language)


def _service(finding: Finding, language: Language) -> str:
    target = finding.target
    if target.port is None:
        return target.app or target.host or target.equipment or finding.system
    return _port(target.app, target.port, target.transport or "tcp", language)


@lru_cache(maxsize=4096)
def _port(app: str | None, port: int, transport: str, language: Language) -> str:
    phrases = catalogue(language).phrases
    named = {"port": str(port), "transport": transport.upper()}
    if app in (None, "tcp", "udp"):
        return fill(phrases["port"], named)
    return fill(phrases["service"], {**named, "app": app or ""})


def _families(finding: Finding, language: Language) -> str:
    family = finding.target.family
    return catalogue(language).phrases["both_families"] if family is None else f"IPv{family}"


_ABOUT: Mapping[str, Callable[[Finding, Language], str]] = {
    "system": lambda finding, _: finding.system,
    "host": lambda finding, _: finding.target.host or finding.target.equipment or finding.system,
    "vantage": lambda finding, _: finding.vantage or NOTHING,
    "address": lambda finding, _: finding.target.address or NOTHING,
    "port": lambda finding, _: NOTHING if finding.target.port is None else str(finding.target.port),
    "prefix": lambda finding, _: finding.target.prefix or NOTHING,
    "equipment": lambda finding, _: finding.target.equipment or NOTHING,
    "milestone": lambda finding, _: finding.target.milestone or NOTHING,
    "family": _families,
    "service": _service,
}


def shown(name: str, value: JSON, language: Language) -> str:
    """Return an argument as a reader of `language` expects it, by the kind its name stands for.

    `*rtt_ms` are milliseconds, other `*_ms` milliseconds that are shown as seconds, `code` a reason,
    `what` a reason or a property, `error` perhaps a word of the failure vocabulary, `until` and `since`
    dates.
    """
    if isinstance(value, str):
        return NOTHING if not value else _text(name, value, language) if name in _WORDED else value
    if value is None:
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
    if isinstance(value, Mapping):
        if language in value:
            return shown(name, value[language], language)
        return ", ".join(str(key) for key in value)
    items = [shown(name, each, language) for each in value]
    more = ["…"] if len(items) > _ITEMS else []
    return ", ".join([*items[:_ITEMS], *more]) or NOTHING


# Arguments whose texts are words of the program's own, or dates; any other text is shown as it is.
_WORDED = frozenset(
    ("what", "code", *_WORDS, *("error", "headers", "spot", "direction", "offender", "until", "since"))
)


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
