"""What a judgement looks like: one module a format, all pure functions of `Judged`.

`render(judged, {"format": "json"})` gives the bytes of one file, or for HTML the bytes of each file by
its relative path. Formats are imported when they are asked for: `--help` must not load jinja2.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from ipv6check.model.run import Judged
from ipv6check.model.text import JSON

__all__ = ["FORMATS", "Format", "Rendered", "find_format", "pages", "pieces", "render"]

Rendered = bytes | dict[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One format: `module` has `render(judged, options)`; `folder` formats make several files."""

    name: str
    module: str
    suffix: str
    folder: bool = False


FORMATS: tuple[Format, ...] = (
    Format(name="html", module="ipv6check.report.html", suffix="", folder=True),
    Format(name="json", module="ipv6check.report.json", suffix=".json"),
    Format(name="csv", module="ipv6check.report.csv", suffix=".csv"),
    Format(name="xlsx", module="ipv6check.report.xlsx", suffix=".xlsx"),
    Format(name="markdown", module="ipv6check.report.markdown", suffix=".md"),
    Format(name="junit", module="ipv6check.report.junit", suffix=".junit.xml"),
    Format(name="sarif", module="ipv6check.report.sarif", suffix=".sarif"),
    Format(name="gitlab", module="ipv6check.report.gitlab", suffix=".codequality.json"),
    Format(name="prometheus", module="ipv6check.report.prometheus", suffix=".prom"),
)


def find_format(name: str) -> Format:
    """Return the format of that name; KeyError if there is none."""
    for known in FORMATS:
        if known.name == name:
            return known
    raise KeyError(name)


def render(judged: Judged, options: Mapping[str, JSON]) -> Rendered:
    """Render `judged` as `options["format"]` says; the other options are the format's own.

    Common options: `language` ("vi" or "en"). The same input gives the same bytes. KeyError for an
    unknown format.
    """
    module = importlib.import_module(find_format(str(options["format"])).module)
    made = cast("Callable[[Judged, Mapping[str, JSON]], Rendered]", module.render)
    return made(judged, options)


def pages(judged: Judged, options: Mapping[str, JSON]) -> Iterable[tuple[str, bytes]]:
    """Yield the files of a format that makes several, one after the other: none is held for long."""
    module = importlib.import_module(find_format(str(options["format"])).module)
    made = cast("Callable[[Judged, Mapping[str, JSON]], Iterable[tuple[str, bytes]]]", module.stream)
    return made(judged, options)


def pieces(judged: Judged, options: Mapping[str, JSON]) -> Iterable[bytes]:
    """Yield the one file of a format piece by piece, as large ones are; the others are one piece."""
    module = importlib.import_module(find_format(str(options["format"])).module)
    made = getattr(module, "stream", None)
    if made is not None:
        return cast("Callable[[Judged, Mapping[str, JSON]], Iterable[bytes]]", made)(judged, options)
    rendered = render(judged, options)
    if not isinstance(rendered, bytes):
        raise TypeError(f"{options['format']} made several files")
    return (rendered,)
