"""Interface words and number formats in Vietnamese and English.

`words("vi")["level.parity"]` is a phrase; phrases with `{name}` are filled by `str.format`. What a
check says has its own home, `checks/catalogue.*.yaml`. Formats are in `formats.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import yaml

from ipv6check.model.text import Language

__all__ = ["words"]


@cache
def words(language: Language) -> Mapping[str, str]:
    """Return the interface's phrases by dotted key; asking for one that is not there is a KeyError."""
    content = files(__package__).joinpath(f"{language}.yaml").read_text(encoding="utf-8")
    return MappingProxyType(dict(_flat(yaml.safe_load(content), "")))


def _flat(tree: Mapping[str, object], prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)
