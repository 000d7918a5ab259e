"""Observations and run.json as JSON: the one place that knows msgspec.

One observation is one line of UTF-8 JSON without a newline inside. Lone surrogates never
get in: remote bytes are decoded with visible escapes before they reach an observation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from sys import intern
from typing import Any, TypeVar, cast

import msgspec

from ipv6check.model.inventory import Family
from ipv6check.model.observation import Observation, Outcome
from ipv6check.model.past import PastNight, PastRun, PastSystem
from ipv6check.model.run import RunMeta
from ipv6check.model.task import Task
from ipv6check.model.text import JSON
from ipv6check.model.written import Written, WrittenObject

T = TypeVar("T")


class DecodeError(ValueError):
    """A line or file that is not what this version of the format says."""


class _Task(msgspec.Struct, omit_defaults=True):
    id: str
    kind: str
    vantage: str
    family: int | None = None
    address: str | None = None
    port: int | None = None
    transport: str = ""
    params: dict[str, Any] = {}
    subject: str = ""
    parent: str | None = None
    stage: int = 2
    gentle: bool = False
    until: datetime | None = None


class _Line(msgspec.Struct, omit_defaults=True):
    id: str
    task: _Task
    attempt: int
    started: datetime
    seconds: float
    outcome: Outcome
    failure: str | None = None
    data: dict[str, Any] = {}
    final: bool = True


_PIECE = 1 << 18  # bytes of results.json that are written at a time

_encoder = msgspec.json.Encoder()
_line_decoder = msgspec.json.Decoder(_Line)
_run_decoder = msgspec.json.Decoder(RunMeta)
_object_decoder = msgspec.json.Decoder(dict[str, Any])
_past_decoder = msgspec.json.Decoder(PastRun)
_system_decoder = msgspec.json.Decoder(PastSystem)
_night_decoder = msgspec.json.Decoder(PastNight)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def encode_observation(observation: Observation) -> bytes:
    """Return the observation as one line of JSON, without the newline."""
    task = observation.task
    line = _Line(
        id=observation.id,
        task=_Task(
            id=task.id,
            kind=task.kind,
            vantage=task.vantage,
            family=task.family,
            address=task.address,
            port=task.port,
            transport=task.transport,
            params=cast("dict[str, Any]", task.params),
            subject=task.subject,
            parent=task.parent,
            stage=task.stage,
            gentle=task.gentle,
            until=task.until,
        ),
        attempt=observation.attempt,
        started=_utc(observation.started),
        seconds=observation.seconds,
        outcome=observation.outcome,
        failure=observation.failure,
        data=cast("dict[str, Any]", observation.data),
        final=observation.final,
    )
    return _encoder.encode(line)


def decode_observation(line: bytes) -> Observation:
    """Read one line; raise DecodeError if it is not an observation."""
    try:
        raw = _line_decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DecodeError(str(error)) from error
    told = raw.task
    if told.family not in (4, 6, None):
        raise DecodeError(f"family {told.family} is neither 4 nor 6")
    _zoned(raw.started, told.until)
    task = Task(
        id=told.id,
        kind=intern(told.kind),
        vantage=intern(told.vantage),
        family=cast("Family | None", told.family),
        address=None if told.address is None else intern(told.address),
        port=told.port,
        transport=intern(told.transport),
        params=_shared(told.params),
        subject=told.subject,
        parent=told.parent,
        stage=told.stage,
        gentle=told.gentle,
        until=told.until,
    )
    return Observation(
        task=task,
        attempt=raw.attempt,
        started=raw.started,
        seconds=raw.seconds,
        outcome=raw.outcome,
        failure=None if raw.failure is None else intern(raw.failure),
        data=_shared(raw.data),
        final=raw.final,
    )


def _zoned(*moments: datetime | None) -> None:
    """Raise DecodeError for a time without a zone: it can be compared with no other."""
    if any(moment is not None and moment.tzinfo is None for moment in moments):
        raise DecodeError("a time without its zone")


_NOTHING: dict[str, Any] = {}


def _shared(told: dict[str, Any]) -> dict[str, Any]:
    """Return parameters or data with their texts held once: a hundred thousand observations say the same."""
    if not told:
        return _NOTHING
    for key, value in told.items():
        if type(value) is str:
            told[key] = intern(value)
        elif key == "chain" and type(value) is list:
            told[key] = [intern(each) if type(each) is str else each for each in value]
    return told


def encode_run(meta: RunMeta) -> bytes:
    """Return run.json, indented, with a final newline."""
    return msgspec.json.format(_encoder.encode(meta), indent=2) + b"\n"


def encode_plain(document: object) -> bytes:
    """Return plain data as JSON in the order it has, without a newline."""
    return _encoder.encode(document)


def decode_object(content: bytes) -> dict[str, Any]:
    """Read an object that `encode_plain` wrote."""
    return _object_decoder.decode(content)


def document_parts(document: Mapping[str, JSON]) -> Iterator[bytes]:
    """Yield results.json in large pieces: in the order it has, indented by one, with a final newline."""
    held: list[bytes] = []
    size = 0
    for part in _document_parts(document):
        held.append(part)
        size += len(part)
        if size >= _PIECE:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)


def _document_parts(document: Mapping[str, JSON]) -> Iterator[bytes]:
    opening = b"{\n "
    for key, value in document.items():
        yield opening + _encoder.encode(key) + b": "
        if isinstance(value, Written):
            yield from _items(b"[", (_indented(each, 2) for each in value.every()), b"]")
        elif isinstance(value, WrittenObject):
            pairs = value.items()
            named = (_encoder.encode(k) + b": " + _indented(_encoder.encode(v), 2) for k, v in pairs)
            yield from _items(b"{", named, b"}")
        else:
            yield _indented(_encoder.encode(value), 1)
        opening = b",\n "
    yield b"\n}\n" if document else b"{}\n"


def _items(opening: bytes, items: Iterable[bytes], closing: bytes) -> Iterator[bytes]:
    before = opening + b"\n  "
    empty = True
    for item in items:
        yield before
        yield item
        before, empty = b",\n  ", False
    yield opening + closing if empty else b"\n " + closing


def _indented(content: bytes, depth: int) -> bytes:
    """Indent JSON by one, as it stands at a depth; a line ends only where it is indented."""
    return msgspec.json.format(content, indent=1).replace(b"\n", b"\n" + b" " * depth)


def decode_run(content: bytes) -> RunMeta:
    """Read run.json; raise DecodeError if it is not one."""
    meta = _decoded(_run_decoder, content)
    _zoned(meta.started, meta.finished)
    for part in meta.merged:
        _zoned(part.started, part.finished)
    return meta


def decode_past(content: bytes) -> PastRun:
    """Read results.json, or a digest of it, as history needs it; raise DecodeError if it is neither."""
    return _decoded(_past_decoder, content)


def decode_night(content: bytes) -> PastNight:
    """Read what a trend needs of a run; raise DecodeError if it is something else."""
    return _decoded(_night_decoder, content)


def _decoded(decoder: msgspec.json.Decoder[T], content: bytes) -> T:
    try:
        return decoder.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DecodeError(str(error)) from error


def convert_past(results: Mapping[str, JSON], *, findings: bool = True) -> PastRun:
    """Return results.json as plain data in the form of `decode_past`; without `findings` its sums alone."""
    past = msgspec.convert({key: results[key] for key in _PAST if key in results}, PastRun)
    systems = _past_systems(results)
    if systems is None:
        return past
    kept = systems if findings else (replace(each, findings=()) for each in systems)
    return replace(past, systems=tuple(kept))


_PAST = ("run", "totals")


def past_parts(results: Mapping[str, JSON]) -> Iterator[bytes]:
    """Yield what `encode_past` makes of `convert_past`, piece by piece."""
    whole = _encoder.encode(convert_past({key: results[key] for key in _PAST if key in results}))
    yield whole.removesuffix(b"]}")
    for number, system in enumerate(_past_systems(results) or ()):
        yield b"," + _encoder.encode(system) if number else _encoder.encode(system)
    yield b"]}"


def _past_systems(results: Mapping[str, JSON]) -> Iterator[PastSystem] | None:
    systems = results.get("systems")
    if systems is None:
        return None
    if isinstance(systems, Written):
        return map(_system_decoder.decode, systems.every())
    return iter(msgspec.convert(systems, tuple[PastSystem, ...]))


def encode_past(past: PastRun | PastNight) -> bytes:
    """Return a stored judgement, or what a trend needs of it, as one line of JSON without the newline."""
    return _encoder.encode(past)
