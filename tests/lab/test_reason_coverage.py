"""Every reason code is demanded by one situation of the lab and forbidden by another, or is listed by name.

Adding a code? Add a situation that demands it, or list it in `reasons_without_a_lab.py` with the reason.
"""

from __future__ import annotations

import pytest

from ipv6check.checks import BUILTIN
from ipv6check.profiles import vocabulary
from tests.lab.every_situation import everything
from tests.lab.reasons_without_a_lab import ELSEWHERE
from tests.lab.situation import Expect
from tests.unit.checks.every_reason import findings

VERDICTS: dict[str, set[str]] = {}
for _found in findings():
    VERDICTS.setdefault(_found.reason, set()).add(_found.verdict)
CODES = sorted(code for code in VERDICTS if code != "ok")


def gives(check: str | None, code: str) -> bool:
    """Whether a check (None: any) may give a code."""
    return check is None or code in vocabulary.SHARED or code in vocabulary.CHECKS.get(check, ())


def forbids(expect: Expect, code: str) -> bool:
    """Whether something that must not be there would be a finding with the code, whatever its target."""
    if expect.reason is not None:
        return expect.reason == code
    return gives(expect.check, code) and (expect.verdict is None or expect.verdict in VERDICTS[code])


def demanded(code: str) -> set[str]:
    return {told.id for told in everything() if any(expect.reason == code for expect in told.must)}


def forbidden(code: str) -> set[str]:
    return {told.id for told in everything() if any(forbids(expect, code) for expect in told.must_not)}


@pytest.mark.parametrize("code", CODES)
def test_every_reason_is_demanded_by_a_situation_or_listed(code: str) -> None:
    assert demanded(code) or code in ELSEWHERE, (
        f"no situation demands {code}: add one, or list it in tests/lab/reasons_without_a_lab.py"
    )


@pytest.mark.parametrize("code", CODES)
def test_every_reason_is_forbidden_by_another_situation_or_listed(code: str) -> None:
    others = forbidden(code) - demanded(code) or (len(forbidden(code)) > 1 and forbidden(code))
    assert others or code in ELSEWHERE, f"no situation forbids {code}: name it in a `must_not`"


def test_every_check_passes_in_some_situation() -> None:
    passing = {e.check for told in everything() for e in told.must if e.verdict == "pass"}
    missing = {check.id for check in BUILTIN} - passing
    assert not missing


def test_every_row_of_the_design_has_a_situation() -> None:
    # 28, 61 and 62 need more than one run: tests/resume/test_nights.py and tests/unit/history hold them.
    assert {told.row for told in everything()} - {""} == {str(row) for row in range(1, 61) if row != 28}


def test_what_no_lab_can_make_says_why_and_what_holds_it_instead() -> None:
    for code, (why, held) in ELSEWHERE.items():
        assert code in CODES, f"{code} is no code"
        assert why and held, code
