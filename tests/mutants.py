"""Faults planted in the tool itself, one at a time: each must turn the test red that is named beside it.

A suite that stays green on these could not tell a right verdict from a wrong one. `tests/unit/house`
runs them all in a copy of the tree; docs/mutants.md is written by `python -m tests.mutants`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One fault: in `file`, `old` (found there once) becomes `new`; `test` has to fail then."""

    id: str
    what: str
    file: str
    old: str
    new: str
    test: str


_DNS_SWEEP = "tests/unit/probes/test_dns_sweep.py"
_PROPERTIES = "tests/unit/score/test_score_properties.py"
_GOLDEN = "tests/golden/test_golden.py"

MUTANTS = (
    Mutant(
        id="no-second-try",
        what="a question that got lost is not asked again",
        file="ipv6check/net/policy.py",
        old="return len(self.gaps) + 1",
        new="return 1",
        test=f"{_DNS_SWEEP}::test_a_lost_question_is_asked_again",
    ),
    Mutant(
        id="families-swapped",
        what="an IPv4 address is taken for an IPv6 one, and the reverse",
        file="ipv6check/facts/tries.py",
        old='return 6 if ":" in address else 4',
        new='return 4 if ":" in address else 6',
        test=f"{_GOLDEN} -k 'seen and 31-no-ipv6'",
    ),
    Mutant(
        id="servfail-as-nodata",
        what="SERVFAIL counts as an answer without records",
        file="ipv6check/facts/dns_answer.py",
        old='if said.rcode not in ("NOERROR", "NXDOMAIN"):',
        new='if said.rcode not in ("NOERROR", "NXDOMAIN", "SERVFAIL"):',
        test=f"{_GOLDEN} -k 05-servfail",
    ),
    Mutant(
        id="scope-ignored",
        what="whoever is outside the scope is contacted all the same",
        file="ipv6check/net/permission.py",
        old="why = targets(address)",
        new="why = None",
        test="tests/unit/net/test_permission.py",
    ),
    Mutant(
        id="unknown-as-pass",
        what="what could not be established counts as if it were right (N folded as pass)",
        file="ipv6check/score/interval.py",
        old='"unknown": (0, 2),',
        new='"unknown": (2, 2),',
        test="tests/unit/score/test_score_ladder.py",
    ),
    Mutant(
        id="best-of-ports",
        what="a check over several ports counts as its best port, not as its worst",
        file="ipv6check/score/interval.py",
        old="(min(known[0], place[0]), min(known[1], place[1]))",
        new="(max(known[0], place[0]), max(known[1], place[1]))",
        test=f"{_PROPERTIES}::test_a_checks_interval_is_the_least_of_its_lows_and_of_its_highs",
    ),
    Mutant(
        id="one-silence-is-enough",
        what="a port is called silent after one unanswered try",
        file="ipv6check/facts/connects.py",
        old="SILENT_TRIES = 3",
        new="SILENT_TRIES = 1",
        test=f"tests/unit/facts/test_silence.py {_GOLDEN} -k 'silence or 27-loss or silent'",
    ),
    Mutant(
        id="blind-vantage-trusted",
        what="a host whose IPv6 is broken blames its targets for what it cannot see",
        file="ipv6check/facts/vantage.py",
        old='return fact if reason is None else replace(fact, answer="unknown", failure=reason)',
        new="return fact",
        test=f"{_GOLDEN} -k lost-in-mid-run",
    ),
    Mutant(
        id="torn-line-read",
        what="a last line that a kill cut off is kept when the run goes on",
        file="ipv6check/store/journal.py",
        old="self._size = self._cut_torn_line()",
        new="self._size = os.fstat(self._descriptor).st_size",
        test="tests/unit/store/test_store_journal.py",
    ),
    Mutant(
        id="markup-of-strangers",
        what="a page shows a stranger's banner as markup",
        file="ipv6check/report/html/environment.py",
        old="autoescape=True",
        new="autoescape=False",
        test="tests/hostile/outputs/test_outputs.py -k pages_show",
    ),
)


def page() -> str:
    """Return docs/mutants.md."""
    rows = "\n".join(
        f"| `{each.id}` | {each.what} | `{each.file}` | `{each.test.split(' -k')[0]}` |" for each in MUTANTS
    )
    return f"""# Mutants

Faults planted in the tool itself, each in a copy of the tree of its own. `make test` plants every one of
them and demands that the tests named here turn red (tests/unit/house/test_mutants.py). Written by
`python -m tests.mutants`.

| mutant | what is wrong with it | where | what notices |
| --- | --- | --- | --- |
{rows}
"""


if __name__ == "__main__":
    print(page(), end="")
