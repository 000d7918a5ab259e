"""Every situation of the lab, whichever test scans it: for the page of checks and the coverage of reasons."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import ModuleType

from tests.lab import situations
from tests.lab.certificates import LabAuthority
from tests.lab.situation import Expect, Situation
from tests.lab.situations.vantages import VantageSituation

_MADE = "tuple[Situation, ...]"


@dataclass(frozen=True)
class Told:
    """One situation: its module, id and story, what must and must not be found, its row of situations.md."""

    module: str
    id: str
    about: str
    must: tuple[Expect, ...]
    must_not: tuple[Expect, ...]
    row: str = ""


@cache
def everything() -> tuple[Told, ...]:
    """Return every situation once, by module and id."""
    found: dict[tuple[str, str], Told] = {}
    with tempfile.TemporaryDirectory() as folder:
        authority = LabAuthority(Path(folder))
        for info in pkgutil.iter_modules(situations.__path__):
            module = importlib.import_module(f"{situations.__name__}.{info.name}")
            for each in _of(module, authority):
                told = _told(info.name, each)
                known = found.get((told.module, told.id))
                found[told.module, told.id] = told if known is None else _both(known, told)
    return tuple(found[key] for key in sorted(found))


def _of(module: ModuleType, authority: LabAuthority) -> Iterator[Situation | VantageSituation]:
    """Yield a module's situations: its tuples of them, and what its functions make."""
    for name, value in vars(module).items():
        if isinstance(value, tuple):
            yield from (each for each in value if isinstance(each, Situation | VantageSituation))
        elif inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_"):
            signature = inspect.signature(value)
            if signature.return_annotation == _MADE and len(signature.parameters) <= 1:
                made: Sequence[Situation] = value(*[authority][: len(signature.parameters)])
                yield from made


def _both(one: Told, other: Told) -> Told:
    """Return a situation that is scanned twice, in two ways."""
    return replace(one, must=(*one.must, *other.must), must_not=(*one.must_not, *other.must_not))


def _told(module: str, each: Situation | VantageSituation) -> Told:
    if isinstance(each, Situation):
        return Told(module, each.id, each.about, tuple(each.must), tuple(each.must_not), each.row)
    others = tuple(expect for wanted in each.others.values() for expect in wanted)
    must = (*each.alive, *each.dead, *others)
    return Told(module, each.id, each.about, must, tuple(each.must_not), each.row)
