"""`equipment.reachable`: what is said of a management address, beside what IPv4 does at the same port."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ipv6check.checks.managed import reachable
from ipv6check.facts.estate import equipment_view
from ipv6check.model.finding import Finding
from ipv6check.model.inventory import Equipment, Source, Vantage
from tests.unit.judging_builder import Run, system

SIX, FOUR = "2001:db8:60::fe", "198.51.100.254"
TODAY = date(2026, 11, 24)
RST, ADMIN, GONE = "closed", "rejected", "unreachable"


def device(**more: Any) -> Equipment:
    return Equipment(
        id="fw", kind="firewall", source=Source("inventory.yaml", 9), **{"management": (SIX, FOUR), **more}
    )


def told(ports: dict[tuple[str, int], str], **more: Any) -> list[Finding]:
    """Judge a device whose ports do this; those that are left out were never asked."""
    item = device(**more)
    run = Run.of(system(), equipment=(item,))
    for (address, port), how in ports.items():
        if how == GONE:
            run.rejected(address, port, word="unreachable")
        else:
            getattr(run, how)(address, port)
    run.canaries(round_=1)
    return list(reachable(equipment_view(run.facts(), item, TODAY), {}))


@pytest.mark.parametrize(
    ("six", "four", "verdict", "reason"),
    [
        (("open", "closed"), ("open", "closed"), "pass", "ok"),
        (("closed", "open"), ("open", "closed"), "pass", "ok"),
        (("open", "silent"), ("silent", "silent"), "pass", "ok"),
        ((RST, RST), ("open", RST), "fail", "reach.closed"),
        (("silent", RST), ("open", RST), "fail", "reach.silent"),
        ((RST, "silent"), ("open", RST), "fail", "reach.closed"),
        ((ADMIN, ADMIN), ("open", "open"), "fail", "reach.rejected"),
        ((GONE, GONE), ("open", "open"), "fail", "reach.unreachable"),
        ((GONE, GONE), (RST, RST), "fail", "reach.unreachable"),
        (("silent", "silent"), ("silent", "silent"), "unknown", "reach.filtered_here"),
        ((ADMIN, ADMIN), (RST, RST), "unknown", "reach.filtered_here"),
        ((RST, RST), (RST, RST), "unknown", "equipment.management_port"),
        ((RST, "silent"), ("silent", "silent"), "unknown", "reach.filtered_here"),
    ],
)
def test_what_a_management_address_does(
    six: tuple[str, str], four: tuple[str, str], verdict: str, reason: str
) -> None:
    ports = dict(zip([(SIX, 22), (SIX, 443), (FOUR, 22), (FOUR, 443)], (*six, *four), strict=True))
    (finding,) = told(ports)
    assert (finding.verdict, finding.reason) == (verdict, reason)
    assert finding.vantage == "inside"
    assert finding.evidence


def test_the_worst_of_several_addresses_decides_and_is_named() -> None:
    other = "2001:db8:60::fd"
    ports = {(SIX, 22): "open", (SIX, 443): RST, (other, 22): RST, (other, 443): RST}
    (finding,) = told(ports | {(FOUR, 22): "open", (FOUR, 443): "open"}, management=(SIX, other, FOUR))
    assert (finding.verdict, finding.reason, finding.args["address"]) == ("fail", "reach.closed", other)


def test_without_ipv4_silence_proves_nothing() -> None:
    (finding,) = told({(SIX, 22): "silent", (SIX, 443): "silent"}, management=(SIX,))
    assert (finding.verdict, finding.reason) == ("unknown", "reach.filtered_here")


def test_what_was_not_asked_is_unknown_and_nobodys_fault() -> None:
    (finding,) = told({})
    assert (finding.verdict, finding.reason) == ("unknown", "not.asked")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"management": ()}, "input.missing"),
        ({"management_ports": ()}, "input.missing"),
        ({"management": (FOUR,)}, "not.declared"),
    ],
)
def test_where_there_is_nothing_to_ask(fields: dict[str, Any], reason: str) -> None:
    (finding,) = told({}, **fields)
    assert (finding.verdict, finding.reason) == ("not_applicable", reason)


def test_a_vantage_without_ipv6_says_so() -> None:
    item = device()
    run = Run.of(system(), equipment=(item,), working=False)
    run.source(6, None)
    run.source(4, "203.0.113.2")
    (finding,) = reachable(equipment_view(run.facts(), item, TODAY), {})
    assert (finding.verdict, finding.reason) == ("unknown", "vantage.no_ipv6")


def test_only_vantages_of_the_internal_network_are_asked() -> None:
    item = device()
    run = Run.of(system(), equipment=(item,))
    run.inventory = replace(run.inventory, vantages=(Vantage(name="inside", sees=("internet",)),))
    (finding,) = reachable(equipment_view(run.facts(), item, TODAY), {})
    assert (finding.verdict, finding.reason) == ("not_applicable", "input.missing")
