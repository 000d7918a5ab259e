"""What `validate` warns of in an address plan: duplicates, overlaps and orphans, by the audits themselves."""

from __future__ import annotations

from pathlib import Path

from ipv6check.addressplan import Known, PlanTree
from ipv6check.checks import AUDITS
from ipv6check.checks.texts import render
from ipv6check.facts.estate import PlanView
from ipv6check.inventory.problems import visible
from ipv6check.model.finding import Finding
from ipv6check.model.inventory import Inventory
from ipv6check.model.text import Language, Text

_AUDITS = ("plan.nested", "plan.duplicate")
_WARNING = Text("cảnh báo", "warning")


def plan_remarks(inventory: Inventory, path: Path, language: Language) -> list[str]:
    """Return a line for each thing that is definitely wrong with the plan, in the order of the file."""
    view = PlanView(
        inventory=inventory, tree=PlanTree(inventory.address_plan), known=Known.of(inventory), systems={}
    )
    found = [
        finding
        for audit in AUDITS
        if audit.id in _AUDITS
        for finding in audit(view, {})
        if finding.verdict == "fail"
    ]
    found.sort(key=lambda finding: (finding.source is None, finding.source, finding.check))
    return [_line(finding, inventory, path, language) for finding in found]


def _line(finding: Finding, inventory: Inventory, path: Path, language: Language) -> str:
    message, _ = render(finding, language)
    said = visible(f"{_WARNING.get(language)}: {message} ({finding.reason})")
    if finding.source is None:
        return f"{visible(str(path))}: {said}"
    main = not inventory.files or finding.source.file == inventory.files[0].name
    file = path if main else path.parent / finding.source.file
    return f"{visible(str(file))}:{finding.source.line}:{finding.source.column}: {said}"
