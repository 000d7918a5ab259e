"""parity.exposure and parity.closed_ports: what must be closed, over each family."""

import pytest

from ipv6check.model.task import STAGE_AUDIT
from tests.unit.judging_builder import CANARY4, V4, V6, Run, decoy, dual_stack, host, service, system

RDP = 3389


def ready() -> Run:
    run = dual_stack(closed_ports=[RDP])
    run.open(V6, 1521)
    run.open(V4, 1521)
    return run


def test_a_closed_port_passes_over_both_families() -> None:
    run = ready()
    run.closed(V6, RDP)
    run.closed(V4, RDP)
    assert run.said("parity.closed_ports") == {("pass", "ok")}
    assert run.said("parity.exposure") == {("pass", "ok")}


@pytest.mark.parametrize("shut", ["closed", "silent", "rejected"])
def test_open_over_ipv6_only_is_exposed(shut: str) -> None:
    run = ready()
    run.open(V6, RDP)
    getattr(run, shut)(V4, RDP)
    run.canaries(round_=1)
    finding = run.one("parity.exposure")
    assert (finding.verdict, finding.reason, finding.target.address) == ("fail", "parity.v6_exposed", V6)
    assert run.said("parity.closed_ports", family=6) == {("fail", "exposure.open")}
    assert run.said("parity.closed_ports", family=4) == {("pass", "ok")}


def test_open_over_both_families_is_no_difference_but_must_be_closed() -> None:
    run = ready()
    run.open(V6, RDP)
    run.open(V4, RDP)
    assert run.said("parity.exposure") == {("pass", "ok")}
    assert run.said("parity.closed_ports") == {("fail", "exposure.open")}


def test_open_over_ipv6_with_ipv4_unknown_is_unknown_as_exposure() -> None:
    run = ready()
    run.open(V6, RDP)
    run.silent(V4, RDP, tries=1)
    assert run.said("parity.exposure") == {("unknown", "not.asked")}


def test_a_declared_port_is_a_service_and_no_exposure() -> None:
    run = dual_stack(closed_ports=[1521])
    run.open(V6, 1521)
    run.closed(V4, 1521)
    assert run.said("parity.exposure") == {("not_applicable", "input.missing")}


def test_audit_ports_count_where_they_were_asked() -> None:
    run = dual_stack()
    run.open(V6, 22)
    run.closed(V4, 22)
    found = {
        (f.verdict, f.reason, f.target.port)
        for f in run.findings(audit_ports=[22, 23])
        if f.check == "parity.exposure"
    }
    assert found == {("fail", "parity.v6_exposed", 22)}
    assert run.said("parity.exposure") == {("not_applicable", "input.missing")}


def audit(run: Run) -> set[tuple[str, str, int | None]]:
    return {
        (f.verdict, f.reason, f.target.port)
        for f in run.findings(audit_ports=[22, 23])
        if f.check == "parity.exposure"
    }


def test_an_audit_port_shut_over_ipv6_passes_whatever_ipv4_would_say() -> None:
    for shut in ("closed", "rejected"):
        run = dual_stack()
        getattr(run, shut)(V6, 22)
        assert audit(run) == {("pass", "ok", 22)}


def test_an_audit_port_is_shut_after_one_whole_silent_try() -> None:
    run = dual_stack()
    run.silent(V6, 22, tries=1, stage=STAGE_AUDIT)
    run.canaries(round_=1)
    assert audit(run) == {("pass", "ok", 22)}
    short = dual_stack()
    short.silent(V6, 22, tries=1, seconds=3.0, stage=STAGE_AUDIT)
    short.canaries(round_=1)
    assert audit(short) == {("unknown", "not.asked", 22)}


def test_a_silent_audit_port_is_unknown_where_the_vantage_was_lost() -> None:
    run = dual_stack()
    run.silent(V6, 22, tries=1, stage=STAGE_AUDIT)
    run.canaries(alive=[CANARY4], round_=1)
    assert audit(run) == {("unknown", "vantage.broken", 22)}


def test_without_an_ipv6_address_the_audit_fails_once() -> None:
    run = Run.of(system(services=[service("tcp", 1521)]))
    run.named(aaaa=())
    assert audit(run) == {("fail", "reach.no_address", 22)}
    gentle = Run.of(system(services=[service("tcp", 1521)], probe="gentle"))
    gentle.named(aaaa=())
    assert audit(gentle) == {("not_applicable", "input.missing", None)}


def test_a_host_that_accepts_everything_proves_no_open_port() -> None:
    run = ready()
    run.open(V6, RDP)
    run.closed(V4, RDP)
    decoy(run, V6)
    assert run.said("parity.closed_ports", family=6) == {("unknown", "reach.open_everything")}
    assert run.said("parity.exposure") == {("unknown", "reach.open_everything")}


def test_from_vantages_that_are_not_named_nothing_is_said() -> None:
    run = Run.of(system(services=[service("tcp", 1521)], closed_ports=[RDP], vantages=()))
    assert run.said("parity.closed_ports") == {("not_applicable", "input.missing")}


def test_a_host_without_ipv4_has_no_baseline() -> None:
    run = Run.of(system([host(V6)], [service("tcp", 1521)], closed_ports=[RDP]))
    run.open(V6, RDP)
    assert run.said("parity.exposure") == {("not_applicable", "ipv4.not_offered")}
    assert run.said("parity.closed_ports") == {("fail", "exposure.open")}
