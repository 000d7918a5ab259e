"""The tree of an address plan as lines of 80 columns: prefix, how full, subnets, addresses, use, name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from ipv6check.addressplan import Known, PlanTree, Usage
from ipv6check.inventory.addresses import parse
from ipv6check.locale import formats, words
from ipv6check.model.text import Language
from ipv6check.report.lines import cut, pad
from ipv6check.report.safe import safe_text

WIDTH = 80
_LONGEST_PREFIX = 34  # a longer one, deep in the tree, has a line to itself
_NAMED_OUTSIDE = 8
_GAP = "  "


def tree_lines(tree: PlanTree, figures: Sequence[Usage], known: Known, language: Language) -> Iterator[str]:
    """Yield the summary and one line a prefix, indented below the one it lies in."""
    w = words(language)
    labels = [_GAP * usage.node.depth + usage.node.entry.prefix for usage in figures]
    fitting = [len(label) for label in labels if len(label) <= _LONGEST_PREFIX]
    first = max([*fitting, cell_len(w["plan.prefix"])])
    heads = [w["plan.planned"], w["plan.subnets"], w["plan.addresses"]]
    widths = [max(cell_len(head), 6) for head in heads]
    yield from _summary(tree, figures, known, language)
    yield ""
    yield _line(w["plan.prefix"], heads, w["plan.use_and_name"], first, widths)
    for label, usage in zip(labels, figures, strict=True):
        if len(label) > first:
            # A prefix is there to be copied: it is never cut.
            yield label
            label = ""
        yield _line(label, _cells(usage, language), _name(usage, language), first, widths)


def _line(label: str, cells: Sequence[str], name: str, first: int, widths: Sequence[int]) -> str:
    told = [pad(label, first)]
    told += [" " * (width - cell_len(cell)) + cell for cell, width in zip(cells, widths, strict=True)]
    line = _GAP.join(told)
    room = WIDTH - cell_len(line) - len(_GAP)
    return (line + _GAP + cut(name, room)).rstrip()


def _cells(usage: Usage, language: Language) -> list[str]:
    """Return share planned, subnets and addresses; what is taken whole has no share."""
    used = None if usage.planned is None else float(usage.planned)
    share = "" if used is None else formats.percent(used, language)
    below = formats.number(usage.subnets, language) if usage.planned is not None else ""
    return [share, below, formats.number(usage.known, language)]


def _name(usage: Usage, language: Language) -> str:
    entry = usage.node.entry
    told = [words(language)[f"plan_use.{entry.use}"]]
    told += [] if entry.name is None else [safe_text(entry.name.get(language), 200)]
    told += [name for name in (entry.site, entry.unit, entry.system) if name]
    told += [f"VLAN {entry.vlan}"] if entry.vlan else []
    return " · ".join(told)


def _summary(tree: PlanTree, figures: Sequence[Usage], known: Known, language: Language) -> Iterator[str]:
    """Yield the totals, and the addresses that lie in no prefix of the plan."""
    w = words(language)
    outside = sorted(
        (each for each in known.every if tree.has(6 if ":" in each else 4) and tree.smallest(each) is None),
        key=lambda address: parse(address)[:2],
    )
    inside = sum(usage.known for usage in figures if usage.node.parent is None)
    subnets = sum(usage.subnets for usage in figures if usage.node.parent is None)
    yield w["plan.summary"].format(
        prefixes=formats.number(len(figures), language),
        subnets=formats.number(subnets, language),
        addresses=formats.number(inside + len(outside), language),
    )
    if outside:
        more = len(outside) - _NAMED_OUTSIDE
        told = outside[:_NAMED_OUTSIDE] + ([f"+{formats.number(more, language)}"] if more > 0 else [])
        yield from _wrapped(w["plan.outside"].format(count=formats.number(len(outside), language)), told)


def _wrapped(head: str, addresses: Sequence[str]) -> Iterator[str]:
    line = head
    for address in addresses:
        if cell_len(line) + 1 + len(address) > WIDTH:
            yield line
            line = " "
        line += f" {address}"
    yield line
