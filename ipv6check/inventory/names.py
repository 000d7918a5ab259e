"""Names, hosts and endpoints as a person writes them: host names, `ADDR`, `ADDR:PORT`, `[ADDR]:PORT`.

A Refusal says what to write instead. Names become lower-case A-labels without a trailing dot
(RFC 5891; RFC 1035 section 2.3.4 for the lengths).
"""

from __future__ import annotations

import re
from encodings.idna import ToASCII
from typing import Literal

from ipv6check.inventory.addresses import NEVER, canonical, classify, parse
from ipv6check.inventory.problems import Refusal

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\Z")
_IPV4_LIKE = re.compile(r"[0-9.]+\Z")
_PORT = re.compile(r"[1-9][0-9]{0,4}\Z")
_DOTS = re.compile("[.\u3002\uff0e\uff61]")  # RFC 3490, section 3.1: what people's keyboards call a dot
_MAX_NAME = 253


def canonical_name(text: str) -> str:
    """Return a host name as lower-case A-labels without the trailing dot; Refusal if it is none."""
    if "://" in text:
        host = text.split("://", 1)[1].split("/", 1)[0]
        raise Refusal(f'"{text}" is a URL: give the host name alone', instead=host)
    if len(text) > 4 * _MAX_NAME:
        raise Refusal("this host name is too long: 253 characters at most")
    dotted = _DOTS.sub(".", text).removesuffix(".")
    labels = [_label(label, text) for label in dotted.split(".")]
    name = ".".join(labels)
    if len(name) > _MAX_NAME:
        raise Refusal("this host name is too long: 253 characters at most")
    if labels[-1].isdecimal():
        raise Refusal(f'"{text}" is neither an IPv4 address nor a name: no top-level domain is a number')
    return name


def _label(label: str, whole: str) -> str:
    lowered = label.lower()
    if not label.isascii():
        try:
            lowered = ToASCII(label).decode("ascii").lower()
        except UnicodeError:
            raise Refusal(f'"{whole}": "{label}" cannot be part of a domain name') from None
    if not _LABEL.match(lowered):
        wrong = "an empty label" if not label else f'"{label}"'
        advice = "wildcards stand for no host; name one" if "*" in label else "letters, digits and hyphens"
        raise Refusal(f'"{whole}" is no host name: {wrong} cannot be part of it ({advice})')
    return lowered


def host(text: str) -> tuple[Literal["address", "name"], str]:
    """Read a host: an address (canonical, no bracket, no port) or a name."""
    if "/" in text and "://" not in text:
        raise Refusal(f'"{text}" is not one host: leave out what begins with "/"', instead=text.split("/")[0])
    if text.startswith("[") or (":" in text and "://" not in text):
        return "address", _address_alone(text)
    if _IPV4_LIKE.match(text):
        return "address", contactable(text)
    if "%" in text:
        return "address", contactable(text)  # says that an IPv4 address, or a name, has no zone
    return "name", canonical_name(text)


def _address_alone(text: str) -> str:
    try:
        return contactable(text)
    except Refusal as refusal:
        head, _, port = text.rpartition(":")
        bare = head.removeprefix("[").removesuffix("]")
        if _PORT.match(port) and (head.startswith("[") or ":" not in head):
            message = f'"{text}": a host has no port; ports stand under `services`'
            raise Refusal(message, instead=f'"{bare}"' if ":" in bare else bare) from None
        raise refusal


def contactable(text: str) -> str:
    """Return the canonical text of an address that may be some host's; Refusal for multicast and `::`."""
    address = canonical(text)
    kind = classify(address)
    if kind.kind in NEVER - {"v4mapped"}:
        raise Refusal(f'"{text}" is no host\'s address ({kind.name}, {kind.rfc})')
    return address


def endpoint(text: str, default_port: int | None) -> tuple[str, int | None]:
    """Read `ADDR`, `ADDR:PORT`, `[ADDR]` or `[ADDR]:PORT`; without a port, `default_port`."""
    found = re.fullmatch(r"\[([^\]]*)\](?::(.*))?", text) or re.fullmatch(r"([^:]*):([^:]*)", text)
    address, port = (found[1], found[2]) if found else (text, None)
    canonical_address = contactable(address)
    if port is None:
        return canonical_address, default_port
    return canonical_address, port_number(port)


def port_number(text: str) -> int:
    """Read a port: a decimal number from 1 to 65535 without leading zeros."""
    if not _PORT.match(text) or int(text) > 65535:
        plain = text.lstrip("0")
        instead = plain if plain != text and _PORT.match(plain) and int(plain) < 65536 else ""
        why = " without leading zeros" if text.startswith("0") and instead else ""
        raise Refusal(f'"{text}" is not a port: write a number from 1 to 65535{why}', instead=instead)
    return int(text)


def is_address(text: str) -> bool:
    """Whether text is an IP address."""
    try:
        parse(text)
    except Refusal:
        return False
    return True
