"""The whole report of one language as one file: every page a section, one shown at a time, links inside.

Input: the site, whose pages are rendered as for the folder. Output: one document. Which page shows is
decided by the style sheet from the address (`:target`), so that it needs no script. What is rewritten here
are our own attributes: in a stranger's text a quotation mark is always escaped.
"""

from __future__ import annotations

import re

from ipv6check.report.html import environment, pages

_BODY = re.compile(r'<body class="([a-z]+)">\n(.*)</body>', re.DOTALL)
_IDS = re.compile(r' (id|aria-labelledby)="([^"]*)"')
_LINKS = re.compile(r' href="([^"]*)"')
_SCRIPT = re.compile(r"<script>.*?</script>\n?", re.DOTALL)


def one_file(site: pages.Site) -> bytes:
    """Return the document; the pages of the folder are its sections, by their paths without suffix."""
    sections = [_section(path, content.decode("utf-8")) for path, content in pages.all_pages(site)]
    matrix_script = environment.script()
    return site.render(
        "single.html",
        "index.html",
        "single",
        sections=sections,
        style=environment.single_stylesheet(),
        style_hash=environment.source_hash(environment.single_stylesheet()),
        script=matrix_script,
        script_hash=environment.source_hash(matrix_script),
    )[1]


def _section(path: str, document: str) -> tuple[str, str, str]:
    """Return a page's key, its kind, and what stands in its body with ids and links made its own."""
    key = path.removesuffix(".html")
    found = _BODY.search(document)
    if found is None:
        raise ValueError(f"{path} has no body")
    kind, body = found.groups()
    body = _SCRIPT.sub("", body)
    # The matrix is the only page that a script looks into: its ids stay as they are.
    if kind != "systems":
        body = _IDS.sub(lambda match: f' {match[1]}="{_owned(key, match[2])}"', body)
    return key, kind, _LINKS.sub(lambda match: f' href="#{_inside(key, kind, match[1])}"', body)


def _owned(key: str, ids: str) -> str:
    return " ".join(f"{key}/{one}" for one in ids.split())


def _inside(key: str, kind: str, address: str) -> str:
    """Return where a link of the folder leads in the one file."""
    path, _, anchor = address.partition("#")
    if not path:
        return anchor if kind == "systems" else f"{key}/{anchor}"
    target = path.rpartition("../")[2].removesuffix(".html")
    if key.startswith("systems/") and "/" not in path:
        target = f"systems/{target}"
    return f"{target}/{anchor}" if anchor else target
