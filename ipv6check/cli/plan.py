"""`plan INVENTORY`: whom a scan would contact, why, how many packets, how long; contacts nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from ipv6check.cli import asking
from ipv6check.cli.judging import find_profile
from ipv6check.cli.settings import current, terminal_width
from ipv6check.inventory.problems import visible
from ipv6check.judge.selection import selected_systems
from ipv6check.locale import formats
from ipv6check.model.text import Text
from ipv6check.plan import Contact, Estimate, Plan
from ipv6check.plan.estimate import SILENT_PACKETS, SILENT_SECONDS
from ipv6check.report.lines import wrap

_ROLES: Mapping[str, Text] = {
    "resolver": Text("Máy chủ tên miền được hỏi", "Name servers asked"),
    "canary": Text("Điểm kiểm chứng (canary) của vị trí quan sát", "Canaries of the vantage"),
    "control": Text(
        "Điểm đối chứng (control), khi cổng đó không mở ở nơi khác", "Controls, if that port fails elsewhere"
    ),
    "target": Text("Đích của các hệ thống", "Targets of the systems"),
    "management": Text("Địa chỉ quản trị của thiết bị", "Management addresses of the equipment"),
}
_NOBODY = Text("Không liên hệ với ai: chưa có gì để hỏi.", "Nobody is contacted: there is nothing to ask.")
_HEAD = Text(
    "Kế hoạch quét từ vị trí quan sát {vantage}: {names} tên miền, {literals} địa chỉ khai báo, "
    "{ports} cổng.",
    "Plan of a scan from the vantage {vantage}: {names} names, {literals} literal addresses, {ports} ports.",
)
_COST = Text(
    "Khoảng {packets} gói tin trong {time} nếu mọi nơi đều trả lời; mỗi cổng im lặng thêm {silent} gói, "
    "các cổng im lặng cùng nhau thêm khoảng {seconds} giây.",
    "About {packets} packets in {time} if everybody answers; each silent port adds {silent} packets, "
    "all silent ones together about {seconds} s.",
)
_UNRESOLVED = Text(
    "Địa chỉ của một tên miền chỉ biết được khi quét: ước tính một địa chỉ cho mỗi họ.",
    "The addresses of a name are known only in the scan: one a family is assumed.",
)
_REFUSED = Text("không liên hệ", "not contacted")
_BY = Text("khai báo tại", "declared at")
_SAMPLED = Text(
    "{system}: dịch vụ {service} khai báo {declared} cổng, chỉ kiểm tra {probed}.",
    "{system}: service {service} declares {declared} ports, {probed} of them are probed.",
)
_CLOSED = Text(
    "{system}: hiện ngoài khung giờ cho phép, sẽ không được liên hệ.",
    "{system}: outside its window now, would not be contacted.",
)
_PROBES = Text("Câu hỏi", "Questions")


@click.command("plan")
@click.argument("path", metavar="INVENTORY", type=click.Path(path_type=Path))
@click.option("--vantage", metavar="NAME", help="Where the scan would look from.")
@click.option("--system", "systems", multiple=True, metavar="ID", help="Only this system; repeatable.")
@click.option(
    "--unit", "units", multiple=True, metavar="ID", help="Only this unit and those below it; repeatable."
)
@click.option(
    "--check", "checks", multiple=True, metavar="CHECK", help="Only this check or area; repeatable."
)
@click.option("--profile", metavar="PROFILE", help="A built-in profile or a file (default: default).")
@click.option(
    "--rate",
    type=click.FloatRange(0, 100_000),
    default=200.0,
    show_default=True,
    metavar="N",
    help="New connections a second, as for scan.",
)
def command(
    path: Path,
    vantage: str | None,
    systems: tuple[str, ...],
    units: tuple[str, ...],
    checks: tuple[str, ...],
    profile: str | None,
    rate: float,
) -> None:
    """List every address, port and question of a scan, with what it costs. Contacts nobody."""
    inventory = asking.find_valid(path)
    place = asking.pick_vantage(inventory, vantage)
    selection = asking.make_selection(inventory, systems, units, checks)
    plan = Plan(
        inventory=inventory,
        vantage=place,
        resolvers=asking.view_of(inventory, place),
        system_ids=selected_systems(inventory, selection),
        needs=asking.needs_of(selection),
        moment=datetime.now(UTC),
        audit_ports=asking.audit_ports_of(selection, find_profile(profile)),
    )
    width = terminal_width()
    for line in _lines(plan.estimate(rate=rate), place, width):
        click.echo(line)


def _lines(estimate: Estimate, vantage: str, width: int) -> Iterator[str]:
    if not estimate.probes:
        yield _say(_NOBODY)
        return
    head = {
        "vantage": vantage,
        "names": estimate.names,
        "literals": estimate.literals,
        "ports": estimate.ports,
    }
    yield from wrap(_say(_HEAD, **head), width)
    yield from wrap(_say(_COST, **_cost(estimate)), width)
    if estimate.names:
        yield from wrap(_say(_UNRESOLVED), width)
    for role, title in _ROLES.items():
        contacts = [contact for contact in estimate.contacts if contact.role == role]
        if contacts:
            yield ""
            yield f"{_say(title)} ({_number(len(contacts))})"
            for contact in contacts:
                yield from _contact(contact, width)
    yield ""
    counts = " · ".join(f"{kind} {_number(count)}" for kind, count in estimate.probes.items())
    yield from wrap(f"{_say(_PROBES)}: {counts}", width, "", "  ")
    for line in _remarks(estimate):
        yield from wrap(line, width, "! ", "  ")


def _cost(estimate: Estimate) -> dict[str, str]:
    return {
        "packets": _number(estimate.packets),
        "time": _time(estimate.seconds),
        "silent": str(SILENT_PACKETS),
        "seconds": f"{SILENT_SECONDS:.0f}",
    }


def _contact(contact: Contact, width: int) -> Iterator[str]:
    """Yield whom, which ports with which questions, and where the inventory says so."""
    ports = ", ".join(_ports(contact.ports))
    refused = f" · {_say(_REFUSED)}: {contact.refused}" if contact.refused else ""
    yield from wrap(f"{visible(contact.host)}{refused}  {ports}".rstrip(), width, "  ", "      ")
    for system, source in contact.why:
        where = f"{source.file}:{source.line}" if source.file else ""
        yield from wrap(f"{system} · {_say(_BY)} {visible(where)}", width, "      ", "        ")


def _ports(ports: Iterable[tuple[str, int | None, tuple[str, ...]]]) -> Iterator[str]:
    for transport, port, kinds in ports:
        place = f"{transport or 'icmp'}" if port is None else f"{transport}/{port}"
        yield f"{place} {'+'.join(kinds)}".strip()


def _remarks(estimate: Estimate) -> Iterator[str]:
    for each in estimate.sampled:
        yield _say(
            _SAMPLED, system=each.system, service=each.service, declared=each.declared, probed=each.probed
        )
    for system in estimate.closed_windows:
        yield _say(_CLOSED, system=system)


def _say(text: Text, **values: object) -> str:
    return text.get(current().language).format(**values)


def _number(value: int) -> str:
    return formats.number(value, current().language)


def _time(seconds: float) -> str:
    from ipv6check.scan.progress import duration

    return duration(seconds)
