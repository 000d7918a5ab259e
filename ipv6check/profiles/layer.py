"""One profile file as it stands: what it says, and nothing it leaves to the one it extends."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from ipv6check.inventory.nodes import Map, Node
from ipv6check.model.finding import SEVERITIES, Severity
from ipv6check.model.profile import GATES, Indicator, PhaseRules, Questions
from ipv6check.model.text import JSON, Text
from ipv6check.profiles import vocabulary
from ipv6check.profiles.programme import read_programme, read_questions
from ipv6check.profiles.values import Values

KEYS = (
    *("name", "extends", "basis", "warn_share", "gate_coverage"),
    *("criticality", "gates", "audit_ports", "checks", "equipment", "programme"),
)
CHECK_KEYS = ("weight", "severity", "reasons", "params")
CRITICALITIES = ("critical", "high", "normal", "low")
_MOST = Fraction(1000)  # the largest weight: beyond it, other weights would not show


@dataclass(slots=True, kw_only=True)
class CheckLayer:
    """What one file says of one check; `at` is its position, `params_at` those of its parameters."""

    at: int
    weight: Fraction | None = None
    severity: Severity | None = None
    reasons: dict[str, Severity] = field(default_factory=dict)
    params: dict[str, JSON] = field(default_factory=dict)
    params_at: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Layer:
    """What one file says; None where it says nothing."""

    at: int
    name: str | None = None
    extends: tuple[str, int] | None = None
    basis: tuple[Text, ...] | None = None
    warn_share: Fraction | None = None
    gate_coverage: Fraction | None = None
    audit_ports: tuple[int, ...] | None = None
    criticality: dict[str, Fraction] = field(default_factory=dict)
    gates: dict[str, tuple[str, ...]] = field(default_factory=dict)
    checks: dict[str, CheckLayer] = field(default_factory=dict)
    questions: dict[str, Questions] = field(default_factory=dict)
    phases: tuple[PhaseRules, ...] | None = None
    indicators: tuple[Indicator, ...] | None = None


def read_layer(root: Node, values: Values) -> Layer:
    """Read one file's root node; every error goes to the journal of `values`."""
    layer = Layer(at=root.at)
    for key, (_, node) in values.entries(root, "the profile", KEYS):
        match key:
            case "name":
                layer.name = values.text(node, key)
            case "extends":
                parent = values.text(node, key)
                layer.extends = None if parent is None else (parent, node.at)
            case "basis":
                found = [values.text_pair(item, key) for item in values.items(node, key)]
                layer.basis = tuple(text for text in found if text is not None)
            case "warn_share":
                layer.warn_share = values.number(node, key, most=Fraction(1))
            case "gate_coverage":
                layer.gate_coverage = values.number(node, key, most=Fraction(1))
            case "criticality":
                for name, (_, value) in values.entries(node, key, CRITICALITIES):
                    weight = values.number(value, f"{key}.{name}", most=_MOST)
                    if weight is not None:
                        layer.criticality[name] = weight
            case "gates":
                layer.gates = _gates(node, values)
            case "audit_ports":
                layer.audit_ports = _ports(node, values)
            case "checks":
                layer.checks = _checks(node, values)
            case "equipment":
                layer.questions = read_questions(node, values)
            case "programme":
                layer.phases, layer.indicators = read_programme(node, values)
    return layer


def _gates(node: Node, values: Values) -> dict[str, tuple[str, ...]]:
    areas = {check.partition(".")[0] for check in vocabulary.CHECKS}
    known = (*sorted(areas), *vocabulary.CHECKS)
    gates: dict[str, tuple[str, ...]] = {}
    for gate, (_, listed) in values.entries(node, "gates", GATES):
        names = [values.choice(item, "check or area", known) for item in values.items(listed, gate)]
        gates[gate] = tuple(name for name in names if name is not None)
    return gates


def _ports(node: Node, values: Values) -> tuple[int, ...]:
    ports = [values.whole(item, "port", least=1, most=65535) for item in values.items(node, "audit_ports")]
    return tuple(sorted({port for port in ports if port is not None}))


def _checks(node: Node, values: Values) -> dict[str, CheckLayer]:
    return {
        check: _check(check, at, said, values)
        for check, (at, said) in values.entries(node, "checks", vocabulary.CHECKS, "check")
    }


def _check(check: str, at: int, node: Node, values: Values) -> CheckLayer:
    layer = CheckLayer(at=at)
    for key, (_, value) in values.entries(node, check, CHECK_KEYS):
        match key:
            case "weight":
                layer.weight = values.number(value, "weight", most=_MOST)
            case "severity":
                layer.severity = values.choice(value, "severity", SEVERITIES)
            case "reasons":
                known = sorted(vocabulary.reasons(check))
                for reason, (_, said) in values.entries(value, "reasons", known, f"reason of {check}"):
                    severity = values.choice(said, "severity", SEVERITIES)
                    if severity is not None:
                        layer.reasons[reason] = severity
            case "params" if isinstance(value, Map):
                for name, (name_at, said) in value.entries.items():
                    layer.params[name] = values.parameter(said)
                    layer.params_at[name] = name_at
            case "params":
                values.journal.error(value.at, '"params" is a mapping: {name: value}')
    return layer
