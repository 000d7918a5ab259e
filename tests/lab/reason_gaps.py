"""Prints which codes no situation demands or forbids, and which listed ones have one (`python -m` it)."""

from __future__ import annotations

from tests.lab import test_reason_coverage as coverage
from tests.lab.reasons_without_a_lab import ELSEWHERE


def main() -> None:
    """Print the lists."""
    print("could be taken out:", *sorted(code for code in ELSEWHERE if coverage.demanded(code)))
    held = [code for code in coverage.CODES if code not in ELSEWHERE]
    print("demanded by none:", *(code for code in held if not coverage.demanded(code)))
    print("forbidden by none:", *(code for code in held if not coverage.forbidden(code)))


if __name__ == "__main__":
    main()
