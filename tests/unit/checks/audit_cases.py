"""Inventories that between them give every reason code of the audits, for tests of the texts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ipv6check.checks import AUDITS
from ipv6check.facts.estate import Standing
from ipv6check.judge.auditing import audited
from ipv6check.judge.judging import parameters
from ipv6check.model.finding import Finding
from ipv6check.model.inventory import Equipment, Milestone, PlanEntry, Source
from ipv6check.model.text import Text
from ipv6check.profiles import load_profile
from tests.unit.judging_builder import V4, Run, service, system

TODAY = date(2026, 11, 24)
HERE = Source("inventory.yaml", 7)
TCP = [service("tcp", 1521)]


def entry(prefix: str, use: str = "subnet", **rest: object) -> PlanEntry:
    """Make a prefix of the plan."""
    return PlanEntry(prefix=prefix, use=use, source=HERE, **rest)  # type: ignore[arg-type]


PLAN = (
    entry("2001:db8::/32", "allocation", name=Text("Vùng được cấp", "Allocation")),
    entry("2001:db8:10::/62"),
    entry("2001:db8:20::/64"),
    entry("2001:db8:20::/64", name=Text("Hai lần", "Twice")),
    entry("2001:db8:20:0:8000::/65"),
    entry("3fff:1::/64"),
    entry("198.51.100.0/24"),
)
EQUIPMENT = (
    {"ipv6": {"forwarding": "yes", "routing": "yes"}, "end_of_support": date(2030, 1, 1)},
    {"ipv6": {"forwarding": "no"}, "end_of_support": date(2026, 11, 1), "management": ("198.51.100.9",)},
    {"ipv6": {"forwarding": "yes", "routing": "partial"}, "end_of_support": date(2027, 1, 1)},
    {"management": ("2001:db8:20::9",)},
)
# What a device's port 22 does over IPv6 and over IPv4 (443 is closed everywhere).
MANAGED = (
    ("open", "open"),
    ("closed", "open"),
    ("silent", "open"),
    ("rejected", "open"),
    ("unreachable", "open"),
    ("silent", "silent"),
    ("closed", "closed"),
)
DATES = (
    (date(2026, 1, 1), date(2026, 1, 1)),
    (date(2026, 1, 1), None),
    (date(2026, 12, 1), None),
    (date(2027, 12, 1), None),
    (None, None),
)


_MANAGED = range(len(MANAGED))


def _places(number: int) -> tuple[str, str]:
    """Return the management addresses of a device."""
    return f"2001:db8:30::{number + 1}", f"198.51.100.{100 + number}"


def run() -> Run:
    """Return a run of an inventory with something wrong everywhere."""
    planned = system(["2001:db8:20::80"], TCP, id="planned", planned=("2001:db8:20::80",))
    twin = system(["2001:db8:20::81"], TCP, id="twin", planned=("2001:db8:20::80",))
    outside = system(["3fff:2::80"], TCP, id="outside")
    old = system([V4], TCP, id="old")
    gone = system([V4], TCP, id="gone", goal="retired")
    made = Run.of(
        *(planned, twin, outside, old, gone),
        address_plan=PLAN,
        equipment=tuple(
            Equipment(id=f"r{number}", kind="router", source=HERE, **fields)  # type: ignore[arg-type]
            for number, fields in enumerate((*EQUIPMENT, *({"management": _places(n)} for n in _MANAGED)))
        ),
        programme=tuple(
            Milestone(id=f"m{number}", name=Text("Mốc", "Milestone"), due=due, done=done, source=HERE)
            for number, (due, done) in enumerate(DATES)
        ),
    )
    for number in _MANAGED:
        for address, how in zip(_places(number), MANAGED[number], strict=True):
            _tell(made, address, 22, how)
            _tell(made, address, 443, "closed")
    return made


def _tell(run: Run, address: str, port: int, how: str) -> None:
    if how == "unreachable":
        run.rejected(address, port, word="unreachable")
    else:
        getattr(run, how)(address, port)


def standings() -> Iterator[Standing]:
    """Yield a system in every relation to its deadline."""
    late = system(id="late", deadline=date(2026, 11, 1))
    for level, failing in (("parity", ()), ("reachable", ("tls.valid",)), ("reachable", ()), (None, ())):
        yield Standing(
            system=late,
            level=level,
            target="parity",
            on_target=None if level is None else level == "parity",
            failing=failing,
            today=TODAY,
        )


def findings() -> tuple[Finding, ...]:
    """Return everything that the audits say of all this."""
    made, profile = run(), load_profile("default")
    inventory = made.inventory
    chosen = [(each, parameters(profile, each.id)) for each in AUDITS]
    found = audited(inventory, made.facts(), {each.id for each in inventory.systems}, TODAY, chosen)
    dated = (finding for view in standings() for finding in found.standing(view))
    return (*found.every, *dated, *made.findings("outside"))
