"""v6only.*: without IPv4, natively or through NAT64, and everything behind it."""

import pytest

from ipv6check.checks.texts import render
from ipv6check.model.inventory import Dependency
from tests.unit.checks.every_outside_reason import MAPPED, depending, device, translated
from tests.unit.judging_builder import V4, V6, Run, dual_stack, service, system

HTTPS = [service("https")]


def of_system(target: str) -> Dependency:
    return Dependency(kind="system", target=target)


def test_a_service_that_answers_over_ipv6_is_ready_natively() -> None:
    run = dual_stack()
    run.open(V6, 1521)
    finding = run.one("v6only.ready")
    assert (finding.verdict, finding.reason, finding.args["how"]) == ("pass", "ok", "native")


def test_a_name_without_ipv6_that_answers_through_nat64_is_ready_and_says_so() -> None:
    finding = translated().one("v6only.ready")
    assert (finding.verdict, finding.reason) == ("pass", "v6only.through_nat64")
    assert finding.args["endpoints"] == [f"[{MAPPED}]:443"]


def test_a_translator_that_does_not_answer_is_not_ready() -> None:
    assert ("pass", "v6only.through_nat64") not in translated(answers=False).said("v6only.ready")


def test_a_dead_service_is_not_ready_and_follows_from_its_reach_finding() -> None:
    run = dual_stack()
    run.closed(V6, 1521)
    run.open(V4, 1521)
    finding = run.one("v6only.ready")
    assert (finding.verdict, finding.reason) == ("fail", "v6only.not_ready")
    assert finding.root == run.one("reach.service").root or finding.root is not None


def test_a_redirect_to_ipv4_is_not_ready() -> None:
    run = Run.of(system(services=HTTPS))
    run.named()
    run.open(V6)
    run.page(V6, 302, f"https://{V4}/")
    assert run.said("v6only.ready") == {("fail", "v6only.not_ready")}


def test_a_blind_vantage_leaves_it_unknown() -> None:
    run = Run.of(system(services=HTTPS), working=False)
    run.source(6, None)
    run.named()
    run.fails(V6, 443, "local", detail="no_route")
    assert {verdict for verdict, _ in run.said("v6only.ready")} == {"unknown"}


def test_an_outside_host_without_ipv6_blocks() -> None:
    run = depending(Dependency(kind="host", target="ocsp.example"))
    run.named("ocsp.example", aaaa=())
    finding = run.one("v6only.dependencies")
    assert (finding.verdict, finding.reason) == ("fail", "v6only.blocked_by")
    assert finding.args["blockers"] == ["ocsp.example"]


def test_an_ipv4_literal_blocks_without_being_asked() -> None:
    run = depending(Dependency(kind="host", target="198.51.100.9"))
    assert run.said("v6only.dependencies") == {("fail", "v6only.blocked_by")}


def test_equipment_blocks_by_what_the_inventory_says() -> None:
    need = Dependency(kind="equipment", target="fw")
    for given, expected in (
        ({"forwarding": "no", "management": "yes"}, ("fail", "v6only.blocked_by")),
        ({"forwarding": "yes", "management": "no"}, ("pass", "ok")),
        ({"forwarding": "partial"}, ("unknown", "v6only.not_established")),
        ({}, ("unknown", "v6only.not_established")),
    ):
        assert depending(need, devices=(device("fw", **given),)).said("v6only.dependencies") == {expected}


@pytest.mark.parametrize("optional", ["logging", "inspection", "vpn"])
def test_a_device_that_does_something_in_part_is_said_to_do_so_and_not_to_be_undeclared(
    optional: str,
) -> None:
    need = Dependency(kind="equipment", target="fw")
    given = {"forwarding": "yes", "filtering": "yes", optional: "partial"}
    finding = depending(need, devices=(device("fw", **given),)).one("v6only.dependencies")
    assert (finding.reason, finding.args["code"]) == ("v6only.not_established", "equipment.partial")
    assert "does IPv6 in part" in render(finding, "en")[0]
    assert "đáp ứng IPv6 một phần" in render(finding, "vi")[0]


def chain(last: str) -> Run:
    """Return portal → middle → last; middle works, last answers over `last`."""
    names = {"middle": "2001:db8:20::1", "last": "2001:db8:30::1"}
    systems = [system(services=HTTPS, depends_on=(of_system("middle"),))]
    systems.append(
        system([names["middle"], "198.51.100.21"], HTTPS, id="middle", depends_on=(of_system("last"),))
    )
    systems.append(
        system([names["last"], "198.51.100.31"], HTTPS, id="last", depends_on=(of_system("portal"),))
    )
    run = Run.of(*systems)
    run.named()
    run.open(V6)
    run.open(names["middle"])
    (run.open if last == "open" else run.closed)(names["last"])
    return run


def test_a_dependency_of_a_dependency_blocks_and_the_path_is_told() -> None:
    finding = chain("closed").one("v6only.dependencies")
    assert (finding.verdict, finding.reason) == ("fail", "v6only.blocked_by")
    assert finding.args["blockers"] == ["last"]
    assert finding.args["path"] == "middle → last"


def test_a_circle_of_working_systems_passes() -> None:
    assert chain("open").said("v6only.dependencies") == {("pass", "ok")}


def test_a_system_that_stays_on_ipv4_blocks() -> None:
    old = system([V4], HTTPS, id="old", goal="ipv4-only")
    run = Run.of(system(services=HTTPS, depends_on=(of_system("old"),)), old)
    assert run.said("v6only.dependencies") == {("fail", "v6only.blocked_by")}


def test_a_system_nobody_asked_is_not_established() -> None:
    other = system(["2001:db8:20::1"], HTTPS, id="other")
    run = Run.of(system(services=HTTPS, depends_on=(of_system("other"),)), other)
    assert run.said("v6only.dependencies") == {("unknown", "v6only.not_established")}


def test_a_system_that_depends_on_nothing_gives_no_input() -> None:
    assert Run.of(system(services=HTTPS)).said("v6only.dependencies") == {("not_applicable", "input.missing")}
