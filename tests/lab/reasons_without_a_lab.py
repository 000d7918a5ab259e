"""Reason codes without a situation in the lab, by name.

`ELSEWHERE` are those that no lab can make, or that no packet makes: why, and what holds them instead.
All others have one: `python -m tests.lab.reason_gaps` prints what is open.
"""

from __future__ import annotations

from collections.abc import Mapping

_PLAN = ("the inventory alone decides it: no packet is sent", "tests/golden (plan, equipment, programme)")
_NOT_APPLICABLE = ("it only says why a check does not apply", "tests/unit/checks")
_OURS = "the scanner's own limits cannot be exhausted in a lab without chance deciding which question it hits"

ELSEWHERE: Mapping[str, tuple[str, str]] = {
    "vantage.overloaded": (_OURS, "tests/unit/checks/test_reach_checks.py, tests/lab/connect"),
    "vantage.no_privilege": ("root has every privilege, and the lab needs root", "tests/unit/checks"),
    "internal.crashed": (
        "our own bug, by definition none that is known",
        "tests/unit/checks/test_reach_checks.py",
    ),
    "not.asked": ("it needs a run that was cut off at a moment of its own", "tests/resume, tests/unit/facts"),
    "tls.no_roots": (
        "the lab's machine has roots, and removing them would touch the host",
        "tests/unit/checks",
    ),
    "glue.same_server": _NOT_APPLICABLE,
    "goal.excludes": _NOT_APPLICABLE,
    "input.missing": _NOT_APPLICABLE,
    "ipv4.not_offered": _NOT_APPLICABLE,
    "ipv6.not_offered": _NOT_APPLICABLE,
    "not.declared": _NOT_APPLICABLE,
    "probe.excludes": _NOT_APPLICABLE,
    "host.standby": _NOT_APPLICABLE,
    "tls.no_revocation": _NOT_APPLICABLE,
    "deadline.passed": _PLAN,
    "deadline.undecided": _PLAN,
    "equipment.end_of_support": _PLAN,
    "equipment.management_v4_only": _PLAN,
    "equipment.no_ipv6": _PLAN,
    "equipment.not_assessed": _PLAN,
    "equipment.partial": _PLAN,
    "plan.address_twice": _PLAN,
    "plan.duplicated": _PLAN,
    "plan.no_ipv6": _PLAN,
    "plan.no_lan": _PLAN,
    "plan.not_64": _PLAN,
    "plan.not_chosen": _PLAN,
    "plan.not_nibble": _PLAN,
    "plan.orphan": _PLAN,
    "plan.overlap": _PLAN,
    "programme.due_soon": _PLAN,
    "programme.overdue": _PLAN,
}
