"""`doctor [INVENTORY]`: what this host can and cannot see, why not, and the command that mends it.

Without an inventory nothing is sent. With one, the canaries and the resolvers of the vantage are asked.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from ipv6check.cli import asking, exits
from ipv6check.cli.diagnosis import Line, Mark, diagnose, sees
from ipv6check.cli.settings import current, terminal_width
from ipv6check.cli.vantage_asking import ask
from ipv6check.inventory.problems import visible
from ipv6check.model.inventory import FAMILIES
from ipv6check.model.text import Text
from ipv6check.net.host import HostState, look
from ipv6check.plan import Plan
from ipv6check.report.lines import paint, wrap

_MARKS: Mapping[Mark, tuple[str, str]] = {"ok": ("+", "pass"), "note": ("!", "warn"), "bad": ("x", "fail")}
_SEEN = Text("Máy này quan sát được: {families}.", "This host can see: {families}.")
_UNSEEN = Text(
    "Máy này KHÔNG quan sát được: {families}. Những gì cần đến sẽ là chưa xác định, "
    "không phải lỗi của hệ thống.",
    "This host can NOT see: {families}. What needs it will be unknown, never a failure of a system.",
)
_NOBODY = Text(
    "Chưa hỏi ai. Nêu danh mục để hỏi thêm điểm kiểm chứng (canary) và máy chủ phân giải: "
    "ipv6check doctor INVENTORY",
    "Nobody was asked. Name an inventory to ask its canaries and resolvers too: ipv6check doctor INVENTORY",
)
_VANTAGE = Text("Điểm quan sát {vantage}", "Vantage {vantage}")
_NO_CANARY = Text(
    "Không khai báo điểm kiểm chứng (canary) nào: nếu mọi đích đều im lặng thì không phân biệt được do ai.",
    "No canary is named: if everybody is silent, nobody can tell whose silence it is.",
)
_MEND = Text("sửa", "mend")


@click.command("doctor", short_help="What this host can and cannot see, and what would mend it.")
@click.argument("path", metavar="[INVENTORY]", required=False, type=click.Path(path_type=Path))
@click.option("--vantage", metavar="NAME", help="Whose canaries and resolvers to ask.")
@click.pass_context
def command(context: click.Context, path: Path | None, vantage: str | None) -> None:
    """Say what this host can see over IPv6 and IPv4, why not, and the command that mends it.

    Looks at addresses, routes, resolvers, permissions, limits and the clock, and sends nothing. With an
    INVENTORY the canaries and resolvers of the vantage are asked too: exit 3 if one family or the
    resolvers cannot be used.
    """
    host = look()
    lines = list(diagnose(host))
    told: list[Line] = []
    fit = True
    if path is not None:
        told, fit = _asked(path, vantage)
    width = terminal_width()
    for line in (*_summary(host), *_shown(lines, width), *_told(told, path, width)):
        click.echo(line)
    if path is not None and not fit:
        context.exit(exits.INCOMPLETE)


def _asked(path: Path, vantage: str | None) -> tuple[list[Line], bool]:
    """Ask the vantage's canaries and resolvers; return what they said, and whether all is well."""
    inventory = asking.find_valid(path)
    place = asking.pick_vantage(inventory, vantage)
    plan = Plan(
        inventory=inventory,
        vantage=place,
        resolvers=asking.view_of(inventory, place),
        system_ids=frozenset(),
        needs=frozenset({"dns.query"}),
        moment=datetime.now(UTC),
    )
    head = Line(mark="ok", text=_VANTAGE, values={"vantage": place})
    found = list(ask(plan))
    if not inventory.vantage(place).canaries:
        found.append(Line(mark="note", text=_NO_CANARY, mend="vantages: {NAME: {canaries: [ADDRESS]}}"))
    return [head, *found], all(line.mark != "bad" for line in found)


def _summary(host: HostState) -> Iterator[str]:
    for wanted, text in ((True, _SEEN), (False, _UNSEEN)):
        families = [f"IPv{family}" for family in sorted(FAMILIES) if sees(host.families[family]) is wanted]
        if families:
            yield from wrap(_say(text, families=", ".join(families)), 80)
    yield ""


def _shown(lines: list[Line], width: int) -> Iterator[str]:
    for line in lines:
        sign, role = _MARKS[line.mark]
        text = visible(_say(line.text, **line.values))
        first = True
        for piece in wrap(text, width - 4):
            yield f"  {paint(sign, role, current().colored(sys.stdout)) if first else ' '} {piece}"
            first = False
        if line.mend:
            yield from wrap(f"{_say(_MEND)}: {line.mend}", width, "      ")


def _told(told: list[Line], path: Path | None, width: int) -> Iterator[str]:
    yield ""
    if path is None:
        yield from wrap(_say(_NOBODY), width)
    else:
        yield from _shown(told, width)


def _say(text: Text, **values: object) -> str:
    language = current().language
    filled = {key: value.get(language) if isinstance(value, Text) else value for key, value in values.items()}
    return text.get(language).format(**filled)
