"""Short titles of reasons and checks out of the catalogue, made safe: codes may come from another hand."""

from __future__ import annotations

from functools import lru_cache

from ipv6check.checks import texts
from ipv6check.model.text import Language
from ipv6check.report.safe import safe_text


@lru_cache(maxsize=4096)
def reason_title(code: str, language: Language, verdict: str = "") -> str:
    """Return a reason's title for a verdict; the code itself where the catalogue has none."""
    return safe_text(texts.title(code, language, verdict), 200)


@lru_cache(maxsize=4096)
def check_title(check: str, language: Language) -> str:
    """Return what a check states; empty where the catalogue has no such check."""
    about = texts.about(check, language)
    return safe_text(about.title, 200) if about else ""


@lru_cache(maxsize=4096)
def phrase(section: str, value: str, language: Language) -> str:
    """Return the catalogue's phrase for a word of its own (`kind.switch`, say); the word itself if none."""
    return safe_text(texts.catalogue(language).phrases.get(f"{section}.{value}", value), 200)
