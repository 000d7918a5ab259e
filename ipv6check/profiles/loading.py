"""`load_profile`: a built-in profile by name or a file by path, with what it extends under it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from ipv6check.inventory.events import read_nodes
from ipv6check.inventory.nodes import Journal, SourceFile
from ipv6check.inventory.problems import Problem, did_you_mean, make_problem
from ipv6check.inventory.reading import Unreadable, decode, read_bytes
from ipv6check.model.profile import GATES, CheckProfile, Profile
from ipv6check.model.text import JSON
from ipv6check.profiles.layer import CRITICALITIES, CheckLayer, Layer, read_layer
from ipv6check.profiles.values import Values

_FOLDER = Path(__file__).parent
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_LARGEST = 1024 * 1024
_DEEPEST = 8


class ProfileError(ValueError):
    """A profile that cannot be used; `problems` say where and why, all of them at once."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def built_in() -> tuple[str, ...]:
    """Return the names of the profiles that come with the program."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


def load_profile(name_or_path: str) -> Profile:
    """Return the profile of that name, or of that file; raise ProfileError with every problem."""
    journal = Journal()
    path = _find(name_or_path, Path())
    if path is None:
        names = built_in()
        message = (
            f"there is no such profile{did_you_mean(name_or_path, names)} (built in: {', '.join(names)})"
        )
        raise ProfileError((make_problem(name_or_path, 1, 1, message, ""),))
    layers = _layers(path, journal)
    if journal.errors:
        raise ProfileError(tuple(journal.errors))
    merged = layers[-1]
    for layer in reversed(layers[:-1]):
        merged = _merge(merged, layer, journal)
    profile = _finish(merged, path.stem, journal)
    if profile is None or journal.errors:
        raise ProfileError(tuple(journal.errors))
    return profile


def _find(name_or_path: str, folder: Path) -> Path | None:
    """Return the built-in profile's file, or the file itself; None for a name that is neither."""
    if _NAME.fullmatch(name_or_path):
        own = _FOLDER / f"{name_or_path}.yaml"
        return own if own.is_file() else None
    return folder / name_or_path


def _layers(path: Path, journal: Journal) -> list[Layer]:
    """Read a file and what it extends: the most special first."""
    layers: list[Layer] = []
    seen: list[Path] = []
    at: int | None = None
    while True:
        layer = _read(path, journal, at)
        if layer is None:
            return layers
        layers.append(layer)
        seen.append(path.resolve())
        if layer.extends is None:
            return layers
        name, at = layer.extends
        found = _find(name, path.parent)
        if found is None:
            journal.error(at, f'there is no profile "{name}"{did_you_mean(name, built_in())}')
            return layers
        if found.resolve() in seen or len(seen) >= _DEEPEST:
            journal.error(at, f'"{name}" extends itself in the end, or through more than {_DEEPEST} files')
            return layers
        path = found


def _read(path: Path, journal: Journal, at: int | None) -> Layer | None:
    try:
        content = read_bytes(path, _LARGEST)
        text = decode(content)
    except Unreadable as error:
        problem = make_problem(str(path), error.line, error.column, str(error), error.source)
        if at is None:
            journal.errors.append(problem)
        else:
            journal.error(at, f"{path.name} {error}")
        return None
    shown = path.name if path.parent == _FOLDER else str(path)
    journal.files.append(SourceFile(path.name, shown, path.parent, content, text))
    root = read_nodes(journal, len(journal.files) - 1)
    if root is None:
        if not journal.errors:
            journal.errors.append(make_problem(shown, 1, 1, "is empty: begin with `extends: default`", ""))
        return None
    return read_layer(root, Values(journal))


def _merge(base: Layer, over: Layer, journal: Journal) -> Layer:
    """Return `base` with everything that `over` says in its place."""
    checks = dict(base.checks)
    for check, layer in over.checks.items():
        checks[check] = _merge_check(check, checks.get(check), layer, journal)
    return Layer(
        at=over.at,
        name=over.name,
        basis=base.basis if over.basis is None else over.basis,
        warn_share=base.warn_share if over.warn_share is None else over.warn_share,
        gate_coverage=base.gate_coverage if over.gate_coverage is None else over.gate_coverage,
        audit_ports=base.audit_ports if over.audit_ports is None else over.audit_ports,
        criticality={**base.criticality, **over.criticality},
        gates={**base.gates, **over.gates},
        checks=checks,
        questions={**base.questions, **over.questions},
        phases=base.phases if over.phases is None else over.phases,
        indicators=base.indicators if over.indicators is None else over.indicators,
    )


def _merge_check(check: str, base: CheckLayer | None, over: CheckLayer, journal: Journal) -> CheckLayer:
    if base is None:
        return over
    for name, value in over.params.items():
        at = over.params_at[name]
        if name not in base.params:
            journal.error(at, f'{check} has no parameter "{name}"{did_you_mean(name, base.params)}')
        elif _sort(value) != _sort(base.params[name]):
            journal.error(at, f'"{name}" is {_sort(base.params[name])}, as in {base.params[name]}')
    return replace(
        over,
        weight=base.weight if over.weight is None else over.weight,
        severity=base.severity if over.severity is None else over.severity,
        reasons={**base.reasons, **over.reasons},
        params={**base.params, **over.params},
    )


def _sort(value: JSON) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    return "a text" if isinstance(value, str) else "a list"


def _finish(layer: Layer, stem: str, journal: Journal) -> Profile | None:
    """Return the profile, complete; note what no layer says."""
    missing = [key for key in ("warn_share", "gate_coverage") if getattr(layer, key) is None]
    missing += [f"criticality.{name}" for name in CRITICALITIES if name not in layer.criticality]
    missing += [f"gates.{gate}" for gate in GATES if gate not in layer.gates]
    for key in missing:
        journal.error(layer.at, f'"{key}" is missing: give it, or begin with `extends: default`')
    for check, said in layer.checks.items():
        for key in ("weight", "severity"):
            if getattr(said, key) is None:
                journal.error(said.at, f"{check} has no {key}: give it, or begin with `extends: default`")
    if journal.errors or layer.warn_share is None or layer.gate_coverage is None:
        return None
    profile = Profile(
        name=layer.name or stem,
        checks={check: _check(said) for check, said in sorted(layer.checks.items())},
        warn_share=layer.warn_share,
        gates={gate: layer.gates[gate] for gate in GATES},
        gate_coverage=layer.gate_coverage,
        criticality={name: layer.criticality[name] for name in CRITICALITIES},
        audit_ports=layer.audit_ports or (),
        basis=layer.basis or (),
        questions=dict(sorted(layer.questions.items())),
        phases=layer.phases or (),
        indicators=layer.indicators or (),
    )
    return replace(profile, sha256=profile_hash(profile))


def _check(said: CheckLayer) -> CheckProfile:
    return CheckProfile(
        weight=said.weight if said.weight is not None else Fraction(0),
        severity=said.severity or "medium",
        reasons=said.reasons,
        params=said.params,
    )


def profile_hash(profile: Profile) -> str:
    """Return SHA-256 over the canonical JSON of everything a profile says."""
    document: Mapping[str, JSON] = {
        "name": profile.name,
        "warn_share": str(profile.warn_share),
        "gate_coverage": str(profile.gate_coverage),
        "criticality": {name: str(weight) for name, weight in profile.criticality.items()},
        "gates": {gate: list(names) for gate, names in profile.gates.items()},
        "audit_ports": list(profile.audit_ports),
        "basis": [text.as_json() for text in profile.basis],
        "checks": {
            check: {
                "weight": str(rules.weight),
                "severity": rules.severity,
                "reasons": dict(rules.reasons),
                "params": dict(rules.params),
            }
            for check, rules in profile.checks.items()
        },
        "equipment": {
            kind: {"mandatory": list(asked.mandatory), "optional": list(asked.optional)}
            for kind, asked in profile.questions.items()
        },
        "phases": [
            [each.phase, each.name.as_json(), str(each.begins), str(each.ends)] for each in profile.phases
        ],
        "indicators": [
            [
                *(each.id, each.name.as_json(), each.counts, list(each.values), each.level, each.by_unit),
                [[str(target.share), str(target.by)] for target in each.targets],
            ]
            for each in profile.indicators
        ],
    }
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
