"""The truth tables of the parity checks, cell by cell, each as a whole run."""

import pytest

from ipv6check.checks.exposure import EXPOSURE
from ipv6check.checks.parity import OFFER, SERVICE
from ipv6check.model.fact import Answer
from tests.unit.judging_builder import V4, V6, Run, dual_stack, service, system

ANSWERS: tuple[Answer, ...] = ("yes", "no", "unknown")
CELLS = [(v4, v6) for v4 in ANSWERS for v6 in ANSWERS]

# Written from catalogue.md: "v6 yes P · v4 no N · v4 yes and v6 no fail · every other cell U".
SERVICE_SAYS = {
    ("yes", "yes"): "pass",
    ("no", "yes"): "pass",
    ("unknown", "yes"): "pass",
    ("no", "no"): "not_applicable",
    ("no", "unknown"): "not_applicable",
    ("yes", "no"): "fail",
    ("yes", "unknown"): "unknown",
    ("unknown", "no"): "unknown",
    ("unknown", "unknown"): "unknown",
}
# What IPv6 offers (its yes), IPv4 has to offer too; where IPv6 offers nothing, nothing is missing.
OFFER_SAYS = {
    ("yes", "yes"): "pass",
    ("no", "yes"): "warn",
    ("unknown", "yes"): "unknown",
    ("yes", "no"): "not_applicable",
    ("no", "no"): "not_applicable",
    ("unknown", "no"): "not_applicable",
    ("yes", "unknown"): "pass",
    ("no", "unknown"): "unknown",
    ("unknown", "unknown"): "unknown",
}
# Only "open over IPv6, shut over IPv4" is an exposure.
EXPOSURE_SAYS = {
    ("yes", "yes"): "pass",
    ("yes", "no"): "pass",
    ("yes", "unknown"): "pass",
    ("no", "no"): "pass",
    ("unknown", "no"): "pass",
    ("no", "yes"): "fail",
    ("no", "unknown"): "unknown",
    ("unknown", "yes"): "unknown",
    ("unknown", "unknown"): "unknown",
}


def let(run: Run, address: str, port: int, answer: Answer) -> None:
    if answer == "yes":
        run.open(address, port)
    elif answer == "no":
        run.closed(address, port)
    else:
        run.fails(address, port, "overloaded")


@pytest.mark.parametrize(("v4", "v6"), CELLS)
def test_a_service_on_both_families(v4: Answer, v6: Answer) -> None:
    run = dual_stack()
    let(run, V6, 1521, v6)
    let(run, V4, 1521, v4)
    assert run.one("parity.service").verdict == SERVICE_SAYS[v4, v6]
    assert run.one("parity.offer").verdict == OFFER_SAYS[v4, v6]


@pytest.mark.parametrize(("v4", "v6"), CELLS)
def test_a_port_to_be_closed_on_both_families(v4: Answer, v6: Answer) -> None:
    run = Run.of(system(services=[service("tcp", 1521)], closed_ports=[3389]))
    run.named()
    let(run, V6, 3389, v6)
    let(run, V4, 3389, v4)
    assert run.one("parity.exposure").verdict == EXPOSURE_SAYS[v4, v6]


@pytest.mark.parametrize("table", [SERVICE, OFFER, EXPOSURE])
def test_every_table_has_its_nine_cells(table: dict[object, object]) -> None:
    assert set(table) == set(CELLS)


@pytest.mark.parametrize(("v4", "v6"), CELLS)
def test_an_unknown_cell_says_whose_unknown_it_is(v4: Answer, v6: Answer) -> None:
    run = dual_stack()
    let(run, V6, 1521, v6)
    let(run, V4, 1521, v4)
    finding = run.one("parity.service")
    if finding.verdict == "unknown":
        assert finding.reason == "vantage.overloaded"


def test_ipv4_behind_a_translator_is_nothing_to_compare_with() -> None:
    run = Run.of(system(services=[service("tcp", 1521)]), working=False)
    run.source(6, "2001:db8:1::2")
    run.source(4, "192.0.0.2")
    run.canaries()
    run.named()
    run.closed(V6, 1521)
    run.open(V4, 1521)
    assert run.said("parity.service") == {("unknown", "vantage.translated")}
    assert run.said("reach.service") == {("fail", "reach.closed")}
    (state,) = run.facts().vantages
    assert (state.ipv4, state.reason) == ("translated", "vantage.translated")
