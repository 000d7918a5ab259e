"""`validate`: every error of an inventory at once, what it declares, and which checks it leaves off.

Errors and warnings go to stderr, each with its position; the summary goes to stdout. Exit 2 with any error.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from ipv6check.cli import exits
from ipv6check.cli.settings import current, error, note, terminal_width
from ipv6check.inventory import load
from ipv6check.inventory.capabilities import SwitchedOff, switched_off
from ipv6check.inventory.problems import visible
from ipv6check.model.inventory import Inventory
from ipv6check.model.text import Text
from ipv6check.report.lines import wrap

_SHOWN_SYSTEMS = 5

_WARNING = Text("cảnh báo", "warning")
_REFUSED = Text("{path}: {errors} lỗi, {warnings} cảnh báo", "{path}: {errors} errors, {warnings} warnings")
_VALID = Text("{path}: hợp lệ ({warnings} cảnh báo)", "{path}: valid ({warnings} warnings)")
_COUNTS = (
    ("systems", Text("hệ thống", "systems")),
    ("hosts", Text("máy chủ khai báo", "hosts")),
    ("services", Text("dịch vụ", "services")),
    ("vantages", Text("vị trí quan sát", "vantages")),
    ("units", Text("đơn vị", "units")),
    ("sites", Text("địa điểm", "sites")),
    ("equipment", Text("thiết bị", "equipment")),
    ("address_plan", Text("tiền tố quy hoạch", "planned prefixes")),
    ("programme", Text("mốc chương trình", "milestones")),
    ("accept", Text("ngoại lệ", "exceptions")),
)
_ALL_ON = Text("  Mọi phép kiểm tra đều có đủ dữ liệu đầu vào.", "  Every check has the input that it needs.")
_OFF = Text(
    "  Các phép kiểm tra không áp dụng vì thiếu dữ liệu đầu vào:",
    "  Checks that are off, because the inventory does not give their input:",
)
_EVERYWHERE = Text("mọi hệ thống", "everywhere")
_SOME = Text("{count}/{total} hệ thống: {names}", "{count} of {total} systems: {names}")
_MORE = Text("và {count} hệ thống khác", "and {count} more")
_TO_SWITCH_ON = Text("để bật", "to switch on")


@click.command(name="validate", short_help="Check an inventory: every error at once.")
@click.argument(
    "inventories", metavar="INVENTORY...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.pass_context
def command(ctx: click.Context, inventories: tuple[Path, ...]) -> None:
    """Check inventories: schema, references, duplicate and overlapping addresses.

    All errors are reported at once, each as file:line:column with the line and a caret. Nothing is
    contacted. Messages on single lines of a file are in English in both languages, but for those about the
    address plan: they are those of the checks.
    """
    valid = [_validate(path) for path in inventories]
    if not all(valid):
        ctx.exit(exits.USAGE)


def _validate(path: Path) -> bool:
    """Print what there is to say of one inventory; return whether it is valid."""
    language = current().language
    loaded = load(path)
    for problem in loaded.errors:
        error(problem.show())
    for problem in loaded.warnings:
        note(problem.show(label=_WARNING.get(language)))
    wrong = [] if loaded.inventory is None else _plan_remarks(loaded.inventory, path)
    for remark in wrong:
        note(remark)
    warnings = len(loaded.warnings) + len(wrong)
    said = {"path": visible(str(path)), "errors": len(loaded.errors), "warnings": warnings}
    if loaded.inventory is None:
        error(_REFUSED.get(language).format(**said))
        return False
    click.echo(_VALID.get(language).format(**said))
    width = terminal_width()
    for line in _summary(loaded.inventory):
        indent = " " * (len(line) - len(line.lstrip()))
        for piece in wrap(line, width, indent, f"{indent}  "):
            click.echo(piece)
    return True


def _plan_remarks(inventory: Inventory, path: Path) -> list[str]:
    """Return what is wrong with the address plan; what judges it is loaded only where there is one."""
    if not inventory.address_plan and not any(system.planned for system in inventory.systems):
        return []
    from ipv6check.cli.plan_remarks import plan_remarks

    return plan_remarks(inventory, path, current().language)


def _summary(inventory: Inventory) -> Iterator[str]:
    """Yield the counts, then the checks that are off and what would switch them on."""
    language = current().language
    counts = _count(inventory)
    told = [f"{label.get(language)}: {counts[key]}" for key, label in _COUNTS if counts[key]]
    yield "  " + " · ".join(told)
    off = switched_off(inventory)
    yield (_OFF if off else _ALL_ON).get(language)
    for item in off:
        yield from _off_lines(item, len(inventory.systems))


def _off_lines(item: SwitchedOff, total: int) -> Iterator[str]:
    language = current().language
    where = _EVERYWHERE.get(language)
    if not item.everywhere:
        names = ", ".join(item.systems[:_SHOWN_SYSTEMS])
        rest = len(item.systems) - _SHOWN_SYSTEMS
        if rest > 0:
            names += " " + _MORE.get(language).format(count=rest)
        where = _SOME.get(language).format(count=len(item.systems), total=total, names=names)
    yield f"    {', '.join(item.checks)} ({where})"
    yield f"      {_TO_SWITCH_ON.get(language)}: {item.advice.get(language)}"


def _count(inventory: Inventory) -> dict[str, int]:
    return {
        "systems": len(inventory.systems),
        "hosts": sum(len(system.hosts) for system in inventory.systems),
        "services": sum(len(system.services) for system in inventory.systems),
        "vantages": len(inventory.vantages),
        "units": len(inventory.units),
        "sites": len(inventory.sites),
        "equipment": len(inventory.equipment),
        "address_plan": len(inventory.address_plan),
        "programme": len(inventory.programme),
        "accept": len(inventory.accept),
    }
