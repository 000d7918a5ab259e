"""Writes docs/comparison.md: the lab's situations as nmap, dig with curl, and blackbox_exporter see them.

`python -m tests.lab.comparison.page` runs the tools in the lab and prints the page (`make comparison` writes
it); tests/lab/test_comparison.py runs them again and holds the page against what they say then.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.lab.comparison.cases import CASES, Case
from tests.lab.comparison.scenes import PEERS, Seen, run
from tests.lab.every_situation import Told, everything

_HEAD = """# The same situations as other tools see them

Made by `make comparison`, which runs the tools of Debian in the lab's own networks; do not edit by hand.

What stands in `code` was said by the tool in that run: nmap's states, dig's status and addresses,
curl's HTTP status and error, the exporter's metrics. curl and the exporter have 10 s each, Prometheus's
default; both trust the lab's authority. `http_2xx` and `tcp_connect` are the exporter's packaged modules;
`http_ip6` and `http_ip4` are the pair that its manual has for one family alone
(`ip_protocol_fallback: false`). What ipv6check says is what the situation's own test demands of it
(`tests/lab/situations`).

A mark says whether a person who goes by the words ends up right: *right*; *partly*: half of it, or
without the cause; *wrong*; *silent*: it does not look there. None of these tools was made to judge IPv6
beside IPv4, and what they were made for they do well: nmap finds ports that nobody declared, dig says
precisely what a name server answered, curl shows one exchange in full, the exporter watches day and night.

"""


def page(seen: Seen) -> str:
    """Return the whole page for what the peers said."""
    told = {f"{each.module}/{each.id}": each for each in everything()}
    parts = [_HEAD, *(f"{line}\n" for line in _summary(told))]
    for case in CASES:
        parts += [f"{line}\n" for line in _section(case, told[case.situation], seen[case.situation])]
    return "".join(parts)


def _summary(told: Mapping[str, Told]) -> Iterator[str]:
    yield "| situation | " + " | ".join(PEERS) + " |"
    yield "| --- |" + " --- |" * len(PEERS)
    for case in CASES:
        marks = " | ".join(mark for mark, _ in case.judged().values())
        yield f"| [{told[case.situation].about}](#{_anchor(case)}) | {marks} |"


def _anchor(case: Case) -> str:
    return re.sub(r"[^a-z0-9-_]", "", case.situation)


def _section(case: Case, told: Told, said: Mapping[str, list[tuple[str, str]]]) -> Iterator[str]:
    yield f"\n## {case.situation}\n\n{told.about[0].upper()}{told.about[1:]}.\n"
    yield "| tool | asked | says | judged |\n| --- | --- | --- | --- |"
    for peer, (mark, why) in case.judged().items():
        for number, (asked, words) in enumerate(said[peer]):
            judged = f"**{mark}**: {why}" if number == 0 else ""
            yield f"| {peer if number == 0 else ''} | `{asked}` | `{words}` | {judged} |"
    yield f"| ipv6check | `ipv6check scan` | {_ours(told)} | |"


def _ours(told: Told) -> str:
    """Return what the situation's test demands: what is wrong first, what is right where nothing is."""
    wrong = [each for each in told.must if each.verdict != "pass"]
    words = [" ".join(filter(None, (each.check, each.verdict, each.reason))) for each in (wrong or told.must)]
    return "<br>".join(f"`{each}`" for each in dict.fromkeys(words))


def steady(page_: str) -> str:
    """Return the page without what chance decides: of several runs only what most of them said."""

    def most(found: re.Match[str]) -> str:
        counted = re.findall(r"(?:^|; )(.+?): (\d+) of \d+", found[1])
        return f"`mostly {max(counted, key=lambda each: int(each[1]))[0]}`"

    return re.sub(r"`([^`]*: \d+ of \d+)`", most, page_)


def written() -> str:
    """Run the peers in the lab and return the page."""
    with tempfile.TemporaryDirectory() as folder:
        return page(run(CASES, Path(folder)))


if __name__ == "__main__":
    sys.stdout.write(written())
