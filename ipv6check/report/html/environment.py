"""The template environment: autoescape for everything, formats as filters, one language at a time."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import cast

import jinja2
import markupsafe
from jinja2.ext import Extension

from ipv6check.locale import formats, words
from ipv6check.model.profile import LEVELS
from ipv6check.model.text import Language
from ipv6check.report.html.escaping import Environment
from ipv6check.report.html.matrix import verdict
from ipv6check.report.html.slugs import short_id
from ipv6check.report.titles import check_title, phrase, reason_title

# Verdicts and their signs: never colour alone. All are plain text in every system font.
SIGNS = {"pass": "✓", "warn": "!", "fail": "✗", "unknown": "?", "not_applicable": "–", "accepted": "△"}
STATES = {"reached": "✓", "missed": "✗", "undecided": "?", "apart": "–", "unscanned": "–"}
RANKS = {level: rank for rank, level in enumerate(LEVELS)}
STYLES = ("base.css", "page.css", "parts.css", "table.css", "plan.css", "route.css", "media.css")


_PHRASE = re.compile(r'\{\{ w\["([a-z0-9_.-]+)"\] \}\}')


class FixedPhrases(Extension):
    """Puts `{{ w["key"] }}` into a template when it is loaded: thousands of pages say the same words."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Replace each fixed phrase by its escaped text; a key that is not there is a KeyError."""
        phrases = cast("Mapping[str, str]", self.environment.globals["w"])
        return _PHRASE.sub(lambda match: str(markupsafe.escape(phrases[match[1]])), source)


@cache
def make_environment(language: Language, timezone: str) -> jinja2.Environment:
    """Return an environment whose templates speak `language` and show times in `timezone`."""
    phrases = words(language)
    environment = Environment(
        extensions=[FixedPhrases],
        loader=jinja2.PackageLoader("ipv6check.report.html"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,
    )
    environment.globals.update(
        w=phrases,
        say=lambda key, **args: phrases[key].format(**args),
        name=lambda section, value: phrases.get(f"{section}.{value}", value),
        title_of=lambda code, verdict="": reason_title(code, language, verdict),
        phrase=lambda section, value: phrase(section, value, language),
        check_title=lambda check: check_title(check, language),
        signs=SIGNS,
        states=STATES,
        ranks=RANKS,
        language=language,
    )
    environment.filters.update(
        n=lambda value: formats.number(value, language),
        points=lambda value: formats.points(value, language),
        interval=lambda score: formats.interval(score.low, score.high, language),
        share=lambda value: formats.number(value, language, 2).rstrip("0").rstrip(",."),
        percent=lambda value: formats.percent(value, language),
        day=lambda value: formats.day(value, language),
        moment=lambda value: formats.moment(value, timezone, language),
        instant=lambda value: formats.moment(value, timezone, language, seconds=True),
        seconds=lambda value: formats.seconds(value, language),
        lower_first=lambda value: value[:1].lower() + value[1:],
        iso=lambda value: value.isoformat(),
        # As filters, what stands on a page many times: a call of a function costs three times as much.
        told=lambda value, section: phrases.get(f"{section}.{value}", value),
        check_title=lambda check: check_title(check, language),
        short=short_id,
        shown=verdict,
    )
    # Pieces that every page repeats, made once by their own macros.
    parts = vars(environment.get_template("parts.html").make_module())
    environment.globals.update(
        verdict_of={verdict: parts["verdict"](verdict) for verdict in SIGNS},
        sign_of={verdict: parts["sign"](verdict) for verdict in SIGNS},
    )
    return environment


@cache
def stylesheet() -> bytes:
    """Return the one style sheet of all pages."""
    folder = files("ipv6check.report.html").joinpath("style")
    return "".join(folder.joinpath(name).read_text(encoding="utf-8") for name in STYLES).encode()


@cache
def script() -> str:
    """Return the matrix page's script; it is inlined, and the page's policy permits only its hash."""
    return files("ipv6check.report.html").joinpath("script", "matrix.js").read_text(encoding="utf-8")


@cache
def single_stylesheet() -> str:
    """Return the style sheet of the report as one file, where it is inlined."""
    own = files("ipv6check.report.html").joinpath("style", "single.css").read_text(encoding="utf-8")
    return stylesheet().decode() + own


@cache
def source_hash(source: str) -> str:
    """Return the hash of an inlined script or style sheet as a content security policy writes it."""
    digest = hashlib.sha256(source.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
