"""The HTML report: static pages, offline, readable without scripts, one language at a time.

`render` returns relative paths and bytes: `index.html`, `systems.html` (more if there are very many),
a page a system, one each for address plan, equipment and programme where the
inventory has them, `method.html` and the style sheet. Nothing in it names an external address.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ipv6check.model.run import Judged
from ipv6check.model.text import JSON
from ipv6check.report import reading
from ipv6check.report.html import environment, pages, single

__all__ = ["SINGLE", "render", "stream"]

SINGLE = "report.html"  # the one file, where everything is in one


def render(judged: Judged, options: Mapping[str, JSON]) -> dict[str, bytes]:
    """Return the pages of one language by relative path, or all in one document, `SINGLE`.

    Options: `language` ("vi", the default, or "en"); `both` (true: the other language is rendered into
    the folder beside, and the pages link to each other); `in_run` (true: the pages go to their place in
    the run's folder, so that runs beside it can be linked to); `single` (true: one document instead, which
    stands alone).
    """
    return dict(stream(judged, options))


def stream(judged: Judged, options: Mapping[str, JSON]) -> Iterator[tuple[str, bytes]]:
    """Yield what `render` returns, page by page: ten thousand pages are more than a gigabyte."""
    report = reading.read(judged, "en" if options.get("language") == "en" else "vi")
    if options.get("single") is True:
        site = pages.make_site(report, both=False, rows=max(len(report.systems), 1))
        yield SINGLE, single.one_file(site)
        return
    both, in_run = options.get("both") is True, options.get("in_run") is True
    yield from pages.all_pages(pages.make_site(report, both=both, in_run=in_run))
    yield "assets/report.css", environment.stylesheet()
