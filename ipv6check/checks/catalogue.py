"""The catalogue's texts in Vietnamese and English: catalogue.{vi,en}.yaml, read once, when first needed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ipv6check.model.text import LANGUAGES, Language


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
