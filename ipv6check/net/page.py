"""What a web page names: the hosts it loads things from, and the IPv4 addresses written into it.

In: a page's first bytes, as fetched. Out: bounded lists for the data of `http.get`. The page is a
stranger's: it is parsed, never run, and whatever cannot be read as a URL is passed over.
"""

from __future__ import annotations

import functools
import ipaddress
import re
from html import unescape
from typing import Final
from urllib.parse import urlsplit

from ipv6check.model.text import JSON

MOST_HOSTS: Final = 24
MOST_LITERALS: Final = 8
_LONGEST: Final = 2048  # characters of a URL
_HTML: Final = re.compile(
    rb"\s*<(!doctype\s+html|html|head|body|title|meta|script|link|p|div)\b", re.IGNORECASE
)

# What a browser fetches by itself, by element and attribute; links and forms wait for a person.
_LOADED: Final[dict[str, tuple[str, ...]]] = {
    "script": ("src",),
    "img": ("src", "srcset"),
    "iframe": ("src",),
    "frame": ("src",),
    "embed": ("src",),
    "object": ("data",),
    "source": ("src", "srcset"),
    "track": ("src",),
    "video": ("src", "poster"),
    "audio": ("src",),
    "input": ("src",),
    "body": ("background",),
    "base": ("href",),
    "image": ("href", "xlink:href"),
    "use": ("href", "xlink:href"),
}
_LOADED_LINKS: Final = frozenset(
    "stylesheet icon shortcut apple-touch-icon mask-icon preload modulepreload manifest".split()
)
_FOLLOWED: Final[dict[str, tuple[str, ...]]] = {
    "a": ("href",),
    "area": ("href",),
    "form": ("action",),
    "button": ("formaction",),
    "link": ("href",),
}
# Elements whose content is text up to their end tag.
_RAW: Final = {
    name: re.compile(f"</{name}", re.IGNORECASE | re.ASCII)
    for name in ("script", "style", "textarea", "title")
}
_LONGEST_TAG: Final = 4096  # characters
# A start tag: its name, then its attributes up to the first `>` outside quotes.
_TAG: Final = re.compile(r"""<([a-zA-Z][a-zA-Z0-9:-]{0,30})((?:[^"'>]++|"[^"]*+"|'[^']*+')*+)>""")
_ATTRIBUTE: Final = re.compile(
    r"""([^\s"'<>/=]{1,64}+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'<>=`]++)))?"""
)
_STYLE_URL: Final = re.compile(r"""(?:url\(\s*|@import\s+)["']?([^"')\s;]{1,2048})""", re.IGNORECASE)
_SCRIPT_URL: Final = re.compile(r"""(?:https?:|wss?:)//(\d{1,3}(?:\.\d{1,3}){3})(?![\w.-])""", re.IGNORECASE)
_REFRESH: Final = re.compile(r"""url\s*=\s*["']?([^"'\s]{1,2048})""", re.IGNORECASE)
_NAME: Final = re.compile(r"(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63}")


@functools.lru_cache(maxsize=64)
def references(body: bytes, content_type: str, own: str) -> dict[str, JSON] | None:
    """Return what an HTML page names beside its own host; None if it is no HTML page.

    `hosts` are the names it loads things from (at most 24), `literals` the IPv4 addresses written
    into its URLs, scripts and styles (at most 8), `more` whether a list was cut. The same page over the
    other family has the same answer, which is not to be changed.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in ("text/html", "application/xhtml+xml") and (kind or not _HTML.match(body)):
        return None
    page = _Page(own)
    page.read(body.decode("utf-8", "replace"))
    return page.data()


class _Page:
    """Collects from one tag after the other.

    `html.parser` takes time with the square of what is left unclosed (64 KiB of `<a ` keep it busy for
    40 s), so tags are cut out here, each looked at once and only up to `_LONGEST_TAG`.
    """

    def __init__(self, own: str) -> None:
        self._own = own.lower().removesuffix(".")
        self._hosts: set[str] = set()
        self._literals: set[str] = set()

    def data(self) -> dict[str, JSON]:
        """Return what was found, sorted and bounded."""
        hosts, literals = sorted(self._hosts), sorted(self._literals)
        more = len(hosts) > MOST_HOSTS or len(literals) > MOST_LITERALS
        return {"hosts": hosts[:MOST_HOSTS], "literals": literals[:MOST_LITERALS], "more": more}

    def read(self, text: str) -> None:
        """Read a page from its first tag to its last."""
        at = text.find("<")
        while at >= 0:
            if text.startswith("<!--", at):
                end = text.find("-->", at + 4)
                at = text.find("<", end) if end >= 0 else -1
                continue
            tag = _TAG.match(text, at, at + _LONGEST_TAG)
            if tag is None:
                at = text.find("<", at + 1)
                continue
            name, after = tag[1].lower(), tag.end()
            self._element(name, _attributes(tag[2]))
            if name in _RAW:
                closed = _RAW[name].search(text, after)
                end = closed.start() if closed else len(text)
                self._content(name, text[after:end])
                after = end
            at = text.find("<", after)

    def _element(self, tag: str, given: dict[str, str]) -> None:
        """Note what an element loads, leads to, or styles."""
        loads = _LOADED.get(tag, ())
        if tag == "link" and _LOADED_LINKS & set(given.get("rel", "").lower().split()):
            loads = ("href",)
        for name in loads:
            for url in _candidates(name, given.get(name, "")):
                self._note(url, loaded=True)
        for name in _FOLLOWED.get(tag, ()):
            self._note(given.get(name, ""), loaded=False)
        self._styles(given.get("style", ""))
        if tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            found = _REFRESH.search(given.get("content", "")[:_LONGEST])
            self._note(found[1] if found else "", loaded=False)

    def _content(self, tag: str, text: str) -> None:
        """Look into inline style sheets, and into scripts for addresses."""
        if tag == "style":
            self._styles(text)
        elif tag == "script":
            for found in _SCRIPT_URL.finditer(text):
                self._host(found[1], loaded=False)

    def _styles(self, text: str) -> None:
        for found in _STYLE_URL.finditer(text):
            self._note(found[1], loaded=True)

    def _note(self, url: str, *, loaded: bool) -> None:
        if not url or len(url) > _LONGEST:
            return
        try:
            parts = urlsplit(url.strip())
            host = parts.hostname
        except ValueError:
            return
        if parts.scheme in ("", "http", "https", "ws", "wss") and host:
            self._host(host, loaded=loaded)

    def _host(self, host: str, *, loaded: bool) -> None:
        try:
            if ipaddress.ip_address(host).version == 4:
                self._literals.add(host)
            return
        except ValueError:
            pass
        name = _a_label(host)
        if loaded and name is not None and name != self._own:
            self._hosts.add(name)


def _attributes(text: str) -> dict[str, str]:
    """Return the attributes of a tag; of a repeated one the first counts, as in HTML."""
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(text):
        found.setdefault(name.lower(), unescape(double or single or bare))
    return found


def _candidates(attribute: str, value: str) -> list[str]:
    """Return the URLs of an attribute: a srcset has several, each with a width or density."""
    if attribute != "srcset":
        return [value]
    return [each.split()[0] for each in value[: 16 * _LONGEST].split(",") if each.split()]


def _a_label(host: str) -> str | None:
    """Return a host name in lower-case A-labels, None if it is none."""
    try:
        name = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    name = name.lower().removesuffix(".")
    return name if _NAME.fullmatch(name) and not name.rsplit(".", 1)[-1].isdigit() else None
