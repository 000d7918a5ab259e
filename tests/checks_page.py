"""Writes docs/checks.md: what each check asks, how it judges, its RFCs, and the situations that test it.

`python -m tests.checks_page` prints the page; `make checks-page` writes it, a test holds it against drift.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

from ipv6check.checks import AUDITS, BUILTIN, texts
from tests.lab.every_situation import everything

# Where the rule comes from that a check holds its subject against.
RFCS: Mapping[str, str] = {
    "naming.resolves": "1034, 2308", "naming.aaaa": "3596, 4074, 6147, 7050", "naming.a": "1035",
    "naming.views": "6950", "naming.hints": "9460", "naming.speed": "6891, 8305",
    "address.class": "4291, 6724, 6890", "address.planned": "5375", "address.reverse": "1035, 8501",
    "address.stable": "7217, 8064", "reach.service": "4443, 9293", "reach.ipv4": "792, 9293",
    "reach.stable": "6298", "parity.service": "6540", "parity.offer": "6540", "parity.exposure": "6092, 9099",
    "parity.closed_ports": "9099", "parity.latency": "8305", "parity.hostkey": "4253",
    "tls.valid": "5280, 9525", "tls.parity": "8446, 8996", "tls.revocation": "5280, 6960",
    "http.status": "9110", "http.healthy": "9110", "http.content": "9110", "http.headers": "6797, 9110",
    "http.resources": "9110", "mail.mx": "5321, 7505", "mail.smtp": "5321", "mail.starttls": "3207, 8314",
    "mail.spf": "7208", "ns.aaaa": "4074", "ns.ipv6": "3901", "ns.answers": "1035, 7766", "ns.glue": "9471",
    "ns.chain": "3901", "resolver.ipv6": "3901", "path.mtu": "8201, 4821", "path.icmp": "4890",
    "path.extension": "7872, 8200", "client.happy_eyeballs": "8305", "client.ipv4_literal": "8305, 7755",
    "v6only.dependencies": "6146, 6147", "v6only.ready": "6146, 6147, 7755", "plan.nested": "4291, 5375",
    "plan.boundary": "6177", "plan.subnet_size": "7421", "plan.duplicate": "4291", "plan.family_pair": "5375",
    "equipment.capable": "8504", "equipment.management": "8504", "equipment.reachable": "8504",
}  # fmt: skip
_SHOWN = 12

_HEAD = """# The checks

Made by `make checks-page` from the checks, their texts and the lab's situations; do not edit by hand.

*Asked* are the kinds of question (docs/observations.md) that a check reads. *Situations* are those of the
lab (`tests/lab/situations`) in which a finding of the check is demanded; `✓`: it passes in one of them.
Judgements of plan, equipment and programme send no packet: golden cases and unit tests hold them.

| check | asked | how it is judged | RFC | situations |
| --- | --- | --- | --- | --- |
"""


def page() -> str:
    """Return the whole page."""
    return _HEAD + "".join(f"{line}\n" for line in _rows())


def _rows() -> Iterator[str]:
    for check in BUILTIN:
        yield _row(check.id, check.needs)
    for audit in AUDITS:
        yield _row(audit.id, audit.needs)


def _row(check_id: str, needs: tuple[str, ...]) -> str:
    about = texts.about(check_id, "en")
    judged = " ".join(about.judged.split()) if about else ""
    title = about.title if about else check_id
    asked = ", ".join(f"`{kind}`" for kind in needs) or "nothing"
    cells = (f"`{check_id}`: {title}", asked, judged, RFCS.get(check_id, "–"), _situations(check_id))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _situations(check_id: str) -> str:
    """Return the ids of the situations that demand a finding of a check; of very many the first ones."""
    demanding = [told for told in everything() if any(e.check == check_id for e in told.must)]
    names = [f"{told.module}/{told.id}" for told in demanding]
    more = [f"and {len(names) - _SHOWN} more"] if len(names) > _SHOWN else []
    passing = any(e.check == check_id and e.verdict == "pass" for told in demanding for e in told.must)
    return ("✓ " if passing else "") + (", ".join([*names[:_SHOWN], *more]) or "–")


if __name__ == "__main__":
    sys.stdout.write(page())
