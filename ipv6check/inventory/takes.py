"""How a field of the edge schema says what it takes: a parser of text, and the JSON Schema of it.

Parsers get what the file says (a text, a list or a dict of texts) and return a value of the model or
raise Refusal; pydantic collects the refusals of all fields, so that every error is told at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from ipv6check.inventory.problems import Refusal, did_you_mean

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_MOST_SUGGESTIONS = 200  # looking for the nearest of 10,000 ids is slow; nobody reads so many anyway
MAX_TEXT = 4000


@dataclass(slots=True)
class Index:
    """What is declared, by kind (`system`, `unit`, …), with positions; `services` of the system at hand.

    Not `whole`: a file could not be parsed, so what is not known may well be declared there.
    """

    whole: bool = True
    known: dict[str, dict[str, int]] = field(default_factory=dict)
    services: tuple[str, ...] = ()
    suggestions: int = 0

    def check(self, kind: str, name: str) -> str:
        """Return `name` if something of that kind has it; raise Refusal with the nearest otherwise."""
        known = self.known.get(kind, {})
        if name in known or not self.whole:
            return name
        self.suggestions += 1
        near = did_you_mean(name, known) if self.suggestions <= _MOST_SUGGESTIONS else ""
        raise Refusal(f'there is no {kind} "{name}"{near or declared(known)}')


def declared(known: Mapping[str, int]) -> str:
    """Return what there is, for a message: few names in full, or that there is none."""
    if not known:
        return "; none is declared"
    return f"; declared: {', '.join(known)}" if len(known) <= 8 else ""


class Takes:
    """Metadata of a field: parse what the file says with `parse(value, index)`."""

    def __init__(self, parse: Callable[[object, Index | None], object], schema: Mapping[str, Any]) -> None:
        self._parse = parse
        self._schema = dict(schema)

    def _call(self, value: object, info: ValidationInfo) -> object:
        return self._parse(value, info.context)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(self._call)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return dict(self._schema)


class Short:
    """Metadata of a mapping that may also be written as one text, which then stands for `key`."""

    def __init__(self, key: str, description: str) -> None:
        self._key = key
        self._description = description

    def _expand(self, value: object) -> object:
        return {self._key: value} if isinstance(value, str) else value

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self._expand, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        whole = handler(schema)
        alone = dict(handler.resolve_ref_schema(whole)["properties"][self._key])
        alone.pop("title", None)
        return {"anyOf": [alone | {"description": self._description}, whole]}


def scalar(value: object) -> str:
    """Return the one text that stood there; Refusal for a list, a mapping, or nothing."""
    if isinstance(value, list):
        inner = value[0] if len(value) == 1 and isinstance(value[0], str) else ""
        raise Refusal("takes one value, not a list", instead=f'"{inner}"' if inner else "")
    if not isinstance(value, str):
        raise Refusal("takes one value, not a mapping")
    if not value.strip():
        raise Refusal("must not be empty")
    if len(value) > MAX_TEXT:
        raise Refusal(f"is too long: {MAX_TEXT} characters at most")
    found = _CONTROL.search(value)
    if found:
        raise Refusal(f"contains the control character U+{ord(found.group()):04X}: delete it")
    return value


def line(value: object) -> str:
    """Return one text without line breaks and outer blanks."""
    if (
        isinstance(value, str)
        and value.isprintable()
        and 0 < len(value) <= MAX_TEXT
        and value.strip() == value
    ):
        return value
    text = scalar(value).strip()
    if "\n" in text or "\t" in text:
        raise Refusal("must be one line, without tabs")
    return text


def of_text(parse: Callable[[str], object], schema: Mapping[str, Any]) -> Takes:
    """Make a field of one line of text, read by `parse`."""
    return Takes(lambda value, _: parse(line(value)), schema)


def choice(*options: str) -> Takes:
    """Make a field that takes one of a few words."""

    def pick(value: object, _: Index | None) -> str:
        if isinstance(value, str) and value in options:
            return value
        text = line(value)
        if text in options:
            return text
        near = did_you_mean(text, options) or f"; write one of {', '.join(options)}"
        raise Refusal(f'"{text}" is not possible here{near}')

    return Takes(pick, {"enum": list(options)})


def matching(pattern: str, what: str) -> Takes:
    """Make a field whose text must match a pattern; `what` says in words what that is."""
    compiled = re.compile(rf"(?:{pattern})\Z")

    def check(text: str) -> str:
        if compiled.match(text):
            return text
        raise Refusal(f'"{text}" is not {what}')

    return of_text(check, {"type": "string", "pattern": rf"^(?:{pattern})$"})


def number(low: int, high: int, what: str) -> Takes:
    """Make a field that takes a decimal number without leading zeros, from `low` to `high`."""

    def check(text: str) -> int:
        if re.fullmatch(r"0|[1-9][0-9]{0,8}", text) and low <= int(text) <= high:
            return int(text)
        raise Refusal(f'"{text}" is not {what}: write a number from {low} to {high}')

    return of_text(check, {"type": "integer", "minimum": low, "maximum": high})


def reference(kind: str) -> Takes:
    """Make a field that names something declared elsewhere in the inventory."""

    def check(value: object, index: Index | None) -> str:
        text = line(value)
        return index.check(kind, text) if index is not None else text

    return Takes(check, {"type": "string", "description": f"The id of a {kind} of this inventory."})
