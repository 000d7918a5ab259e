"""Prints which codes have no situation, and which listed ones have one by now (`python -m` it)."""

from __future__ import annotations

from tests.lab import test_reason_coverage as coverage
from tests.lab.reasons_without_a_lab import ELSEWHERE, NOT_YET, NOT_YET_FORBIDDEN


def main() -> None:
    """Print both lists."""
    print("could be taken out:", *sorted(code for code in NOT_YET if coverage.demanded(code)))
    print("forbidden by now:", *sorted(code for code in NOT_YET_FORBIDDEN if coverage.forbidden(code)))
    open_ = [code for code in coverage.CODES if not coverage.demanded(code) and code not in ELSEWHERE]
    print("without a situation:", *open_)


if __name__ == "__main__":
    main()
