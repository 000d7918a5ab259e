"""How the texts of an inventory are read: languages, days, times, ports, ids, hosts, addresses.

Each function takes what the file says and returns a value of the model, or raises Refusal.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from urllib.parse import quote
from zoneinfo import ZoneInfo, available_timezones

from ipv6check.inventory import addresses, names
from ipv6check.inventory.problems import Refusal, did_you_mean, nearest
from ipv6check.inventory.takes import Index, scalar
from ipv6check.model.inventory import FAMILIES, Endpoint, Family
from ipv6check.model.text import Text

MAX_PORTS = 1024  # of one service: more would be a port scan
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _languages(value: object) -> dict[str, str]:
    """Return the texts by language; one that is missing reads as the other."""
    if not isinstance(value, dict):
        text = scalar(value).strip()
        return {"vi": text, "en": text}
    found: dict[str, str] = {}
    for key, inner in value.items():
        if key not in ("vi", "en"):
            raise Refusal(f'unknown language "{key}": write vi or en', path=(key, "[key]"))
        try:
            found[key] = scalar(inner).strip()
        except Refusal as refusal:
            raise Refusal(str(refusal), path=(key,)) from None
    if not found:
        raise Refusal("needs a text: write {vi: …, en: …}")
    only = next(iter(found.values()))
    return {"vi": found.get("vi", only), "en": found.get("en", only)}


def local_text(value: object, _: Index | None) -> Text:
    """Read a text in both languages: a plain string, or `{vi: …, en: …}`."""
    return Text(**_languages(value))


def remark(value: object, _: Index | None) -> str:
    """Read a text that the model keeps as one string; two languages are kept side by side."""
    both = _languages(value)
    return both["vi"] if both["vi"] == both["en"] else f"{both['vi']} / {both['en']}"


def day(text: str) -> date:
    """Read a date, YYYY-MM-DD."""
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        raise Refusal(f'"{text}" is no day of the calendar') from None
    turned = re.fullmatch(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})", text)
    instead = f"{turned[3]}-{turned[2]:0>2}-{turned[1]:0>2}" if turned else ""
    raise Refusal(f'"{text}" is not a date: write YYYY-MM-DD', instead=instead)


def clock(text: str) -> time:
    """Read a time of day, HH:MM; `24:00` is midnight."""
    if text == "24:00":
        return time(0)
    if re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text):
        return time.fromisoformat(text)
    instead = f'"0{text}"' if re.fullmatch(r"[0-9]:[0-5][0-9]", text) else ""
    raise Refusal(f'"{text}" is not a time of day: write HH:MM, for instance "22:00"', instead=instead)


def _day_range(text: str) -> list[int]:
    first, dash, last = (part.strip().lower() for part in text.partition("-"))
    for word in (first, last) if dash else (first,):
        if word not in DAYS:
            raise Refusal(f'"{word}" is not a day: write {", ".join(DAYS)}, or mon-fri')
    begin = DAYS.index(first)
    end = DAYS.index(last) if dash else begin
    return [day % 7 for day in range(begin, (end if end >= begin else end + 7) + 1)]


def days(value: object, _: Index | None) -> tuple[int, ...]:
    """Read days of the week, `mon-fri` or a list, as 0 (Monday) to 6."""
    parts = value if isinstance(value, list) else scalar(value).split(",")
    return tuple(sorted({day for part in parts for day in _day_range(scalar(part))}))


def families(value: object, _: Index | None) -> tuple[Family, ...]:
    """Read a list of address families."""
    if not isinstance(value, list):
        raise Refusal("takes a list: write [4], [6] or [4, 6]")
    if not value or not all(item in ("4", "6") for item in value):
        raise Refusal("takes the address families 4 and 6: write [4], [6] or [4, 6]")
    return tuple(family for family in FAMILIES if str(family) in value)


def _range(value: object) -> tuple[int, ...]:
    return _port_range(scalar(value).strip())


@lru_cache(maxsize=4096)
def _port_range(text: str) -> tuple[int, ...]:
    first, dash, last = (part.strip() for part in text.partition("-"))
    low = names.port_number(first)
    high = names.port_number(last) if dash else low
    if high < low:
        raise Refusal(f'"{text}" runs backwards', instead=f"{high}-{low}")
    if high - low >= MAX_PORTS:
        raise Refusal(f'"{text}" is more than {MAX_PORTS} ports: name those the service uses')
    return tuple(range(low, high + 1))


def port_ranges(value: object, _: Index | None) -> dict[Family, tuple[int, ...]]:
    """Read a port or range for both families, or `{4: …, 6: …}`."""
    if not isinstance(value, dict):
        ports = _range(value)
        return {4: ports, 6: ports}
    found: dict[Family, tuple[int, ...]] = {}
    for key, inner in value.items():
        if key not in ("4", "6"):
            raise Refusal(f'"{key}" is not an address family: write 4 or 6', path=(key, "[key]"))
        try:
            found[4 if key == "4" else 6] = _range(inner)
        except Refusal as refusal:
            raise Refusal(str(refusal), instead=refusal.instead, path=(key,)) from None
    if not found:
        raise Refusal("needs a port: write {4: 8443, 6: 443}")
    return found


def port(value: object, index: Index | None) -> dict[Family, tuple[int, ...]]:
    """Read one port for both families, or `{4: …, 6: …}`."""
    for inner in value.values() if isinstance(value, dict) else (value,):
        if isinstance(inner, str) and "-" in inner:
            raise Refusal(f'"{inner}" is a range of ports', instead=f"ports: {inner}")
    return port_ranges(value, index)


def url_path(text: str) -> str:
    """Read a path as HTTP sends it (RFC 3986, section 3.3), with a query if need be."""
    if not text.startswith("/"):
        raise Refusal(f'"{text}" is not a path: it begins with /', instead="/" + text)
    if not text.isascii() or " " in text or "#" in text:
        right = quote(text.split("#")[0], safe="/?&=%:@!$'()*+,;~-._")
        raise Refusal(f'"{text}" is not a path as HTTP sends it', instead=right)
    return text


def timezone(text: str) -> str:
    """Read an IANA time zone."""
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        if text == "Asia/Ho_Chi_Minh":  # the default must work without a time zone database
            return text
        near = did_you_mean(text, available_timezones())
        raise Refusal(f'"{text}" is not a time zone{near or "; for instance Asia/Ho_Chi_Minh"}') from None
    return text


def identifier(text: str) -> str:
    """Read an id."""
    if re.fullmatch(r"[a-z0-9][a-z0-9.-]*", text) and len(text) <= 200:
        return text
    bare = unicodedata.normalize("NFKD", text.lower().replace("đ", "d"))
    letters = "".join(c for c in bare if not unicodedata.combining(c))
    plain = re.sub(r"[^a-z0-9.-]+", "-", letters).strip(".-")
    what = (
        "too long for an id"
        if len(text) > 200
        else "not an id: a-z, 0-9, '.' and '-', beginning with a-z or 0-9"
    )
    raise Refusal(f'"{text}" is {what}', instead=plain[:200] if plain else "")


@dataclass(frozen=True, slots=True)
class HostText:
    """A host as declared, and the address or the name that it is."""

    declared: str
    address: str | None
    name: str | None


def any_host(text: str) -> HostText:
    """Read a host: a name, or a literal address."""
    kind, value = names.host(text)
    return HostText(text, value, None) if kind == "address" else HostText(text, None, value)


def address(text: str) -> str:
    """Read a literal address that can be some host's."""
    if not re.match(r"[0-9.]+\Z", text) and ":" not in text:
        raise Refusal(f'"{text}" is a name; an IP address stands here')
    kind, value = names.host(text)
    return value if kind == "address" else names.contactable(value)


def prefix(text: str) -> str:
    """Read a prefix of unicast addresses."""
    prefix = addresses.canonical_prefix(text)
    kind = addresses.classify(prefix.split("/")[0])
    if kind.kind == "multicast" and not prefix.endswith("/0"):
        raise Refusal(f'"{text}" is multicast ({kind.rfc}): no host has an address there')
    return prefix


def endpoint(text: str, default_port: int | None) -> Endpoint:
    """Read an address with a port; Refusal if there is none and no default."""
    address, port = names.endpoint(text, default_port)
    if port is None:
        shown = f"[{address}]" if ":" in address else address
        raise Refusal(f'"{text}" needs a port', instead=f'"{shown}:25"')
    return Endpoint(address, port)


def service_label(value: object, index: Index | None) -> str:
    """Read what a host calls one of its system's services."""
    text = scalar(value).strip()
    if index is None or text in index.services:
        return text
    near = nearest(text, index.services)
    known = f"; this system declares {', '.join(dict.fromkeys(index.services))}" if index.services else ""
    advice = f'; did you mean "{near}"?' if near else known
    raise Refusal(f'this system declares no service "{text}" under `services`{advice}')
