"""Texts in the project's two languages, and the JSON type that crosses every boundary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")

JSON: TypeAlias = "bool | int | float | str | Sequence[JSON] | Mapping[str, JSON] | None"


@dataclass(frozen=True, slots=True)
class Text:
    """One text in Vietnamese and in English; a plain string stands for both."""

    vi: str
    en: str

    @classmethod
    def same(cls, text: str) -> Text:
        """Make a text that reads the same in both languages."""
        return cls(text, text)

    def get(self, language: Language) -> str:
        """Return the text in `language`."""
        return self.vi if language == "vi" else self.en

    def as_json(self) -> dict[str, str]:
        """Return `{"vi": …, "en": …}`, the shape of results.json."""
        return {"vi": self.vi, "en": self.en}
