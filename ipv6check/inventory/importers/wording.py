"""Foreign text made fit for a draft: one visible line in NFC, folded for comparing, an id made of it."""

from __future__ import annotations

import json
import re
import unicodedata

from ipv6check.inventory.apps import APPS

MAX_TEXT = 400
MAX_ID = 60
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_SECRETS = re.compile(
    r"mat khau|matkhau|passw|passphrase|\bpass\b|\bpwd\b|secret|token|private.?key|api.?key"
    r"|credential|bi mat|vault"
)

_PLAIN = re.compile(r"[A-Za-z/](?:[A-Za-z0-9_./+-]*[A-Za-z0-9_/+])?\Z")
_WORDS = frozenset({"yes", "no", "on", "off", "true", "false", "null", "y", "n"})


def clean(text: str, limit: int = MAX_TEXT) -> str:
    """Return text as one line in NFC: blanks joined, nothing invisible, cut with `…` at `limit`."""
    bounded = text[: 4 * limit]
    shown = "".join(" " if unicodedata.category(c) in _HIDDEN else c for c in bounded)
    line = unicodedata.normalize("NFC", " ".join(shown.split()))
    return line if len(line) <= limit and len(text) <= 4 * limit else line[: limit - 1].rstrip() + "…"


def fold(text: str) -> str:
    """Return lower-case letters and digits without diacritics, words apart by one blank."""
    bare = unicodedata.normalize("NFKD", clean(text).lower().replace("đ", "d"))
    letters = "".join(c if c.isalnum() else "" if unicodedata.combining(c) else " " for c in bare)
    return " ".join(letters.split())


def slug(text: str) -> str:
    """Return an id made of a text (interface.md §1), or an empty string if nothing of it is left."""
    bare = unicodedata.normalize("NFKD", clean(text).lower().replace("đ", "d"))
    letters = "".join(c for c in bare if not unicodedata.combining(c))
    return re.sub(r"\.{2,}|-{2,}", "-", re.sub(r"[^a-z0-9.]+", "-", letters)).strip(".-")[:MAX_ID].strip(".-")


def quote(text: str) -> str:
    """Return text as a YAML scalar that every YAML tool reads as that text."""
    if _PLAIN.match(text) and text.lower() not in _WORDS:
        return text
    return json.dumps(text, ensure_ascii=False)


def is_secret(name: str) -> bool:
    """Whether a column or variable of that name holds what must not be copied anywhere."""
    return _SECRETS.search(fold(name)) is not None or _SECRETS.search(name.lower()) is not None


def app_of_port(port: int, transport: str) -> str:
    """Return the application whose standard port this is, else plain `tcp` or `udp`."""
    for name, app in APPS.items():
        if app.port == port and transport in app.transports:
            return name
    return transport
