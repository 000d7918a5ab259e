"""Plain lines, `host port` or one of its relatives, into a draft: a system a host.

Read are `host port`, `host:port`, `[address]:port`, `host 80,443`, `host 53/udp`, `host https`, a URL,
or a host alone. What follows `#`, and words after the ports, are kept as comments.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from ipv6check.inventory.apps import APPS
from ipv6check.inventory.importers.draft import Draft, DraftSystem
from ipv6check.inventory.importers.encoding import decode
from ipv6check.inventory.importers.options import Options
from ipv6check.inventory.importers.service import DraftService
from ipv6check.inventory.importers.wording import clean
from ipv6check.inventory.names import host as read_host
from ipv6check.inventory.problems import Refusal
from ipv6check.inventory.reading import Unreadable, line_at

MAX_LINES = 50_000
_PORT = re.compile(r"(?:(tcp|udp)[/: ]?)?([0-9]{1,5}(?:-[0-9]{1,5})?)(?:/(tcp|udp))?\Z", re.IGNORECASE)
_ENDPOINT = re.compile(r"\[([^\]]+)\](?::(.+))?\Z|([^:\s]+):([^:/\s]+)\Z")


def read(content: bytes, options: Options) -> Draft:
    """Read lines; raise Unreadable if not one of them names a host."""
    text, note = decode(content, options.encoding)
    draft = Draft()
    if note:
        draft.remark(note.vi, note.en)
    lines = text.splitlines()
    if len(lines) > MAX_LINES:
        raise Unreadable(f"has more than {MAX_LINES} lines: split it", MAX_LINES + 1)
    first = ("", 0)
    for number, line in enumerate(lines, 1):
        bare, _, comment = line.partition("#")
        words = bare.replace("\t", " ").replace(";", " ").replace(", ", ",").split()
        if words and not _take(draft, words, clean(comment)):
            first = first if first[1] else (line, number)
            draft.remark(f"dòng {number} không đọc được: {line}", f"line {number} cannot be read: {line}")
    if draft.empty:
        if not first[1]:
            raise Unreadable("has no line that names a host: write `host port` lines")
        message = "no line names a host; this one should read `host port`, for instance www.a.example 443"
        raise Unreadable(message, first[1], 1, line_at(text, first[1]))
    return draft


def _take(draft: Draft, words: list[str], comment: str) -> bool:
    """Add what one line says; return whether it begins with a host."""
    host, ports, path = split_endpoint(words[0])
    try:
        _, key = read_host(host)
    except Refusal:
        return False
    system = draft.system(key)
    system.add_host(key)
    rest = list(words[1:])
    while rest and is_port(rest[0]):
        ports += rest.pop(0).strip(",").split(",")
    for port in ports:
        add_port(system, port, path)
    for remark in (" ".join(rest), comment):
        system.remark(remark) if clean(remark) else None
    return True


def split_endpoint(text: str) -> tuple[str, list[str], str]:
    """Return host, ports (as text) and path of `host`, `host:port`, `[address]:port` or a URL."""
    if "://" in text:
        try:
            url = urlsplit(text)
            host, port = url.hostname or "", url.port
        except ValueError:
            return text, [], ""
        path = url.path + (f"?{url.query}" if url.query else "")
        if url.scheme in APPS:
            return host, [f"{url.scheme}:{port}" if port else url.scheme], path
        return host, [str(port)] if port else [], path
    found = _ENDPOINT.match(text)
    if found is None:
        return text, [], ""
    host, port_text = (found[1], found[2]) if found[1] else (found[3], found[4])
    return host, port_text.split(",") if port_text else [], ""


def is_port(word: str) -> bool:
    """Whether a word is ports or applications: `443`, `80,443`, `53/udp`, `https`, `https:8443`."""
    parts = word.strip(",").split(",")
    return all(_PORT.match(part) or part.partition(":")[0].lower() in APPS for part in parts)


def add_port(system: DraftSystem, text: str, path: str = "", transport: str = "") -> DraftService | None:
    """Add a service by its port, `443`, `53/udp`, or by its name, `https` or `https:8443`."""
    found = _PORT.match(text.strip())
    if found:
        way = (found[1] or found[3] or transport or "tcp").lower()
        return system.add_service(way, found[2], way)
    app, _, port = text.strip().lower().partition(":")
    if app in APPS:
        return system.add_service(app, port or None, path=path if app in ("http", "https") else "")
    system.unmapped("services", text)
    return None
