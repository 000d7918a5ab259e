"""address.class: each range of addresses, beside the exposure and the scope."""

from typing import Any

import pytest

from tests.unit.judging_builder import V4, V6, Run, service, system


def fresh(**more: Any) -> Run:
    return Run.of(system(services=[service("tcp", 1521)], **more))


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("::ffff:192.0.2.1", "addr.v4mapped"),
        ("fe80::1", "addr.linklocal"),
        ("::1", "addr.loopback"),
        ("::", "addr.unspecified"),
        ("ff02::1", "addr.multicast"),
        ("3fff::1", "addr.documentation"),
        ("2002:c633:6401::1", "addr.6to4"),
        ("2001:0:1::1", "addr.teredo"),
        ("fec0::1", "addr.site_local"),
        ("100::1", "addr.discard"),
        ("64:ff9b::c633:6450", "addr.nat64"),
        ("5f00::1", "addr.reserved"),
        ("fd12:3456:789a::1", "addr.ula_public"),
    ],
)
def test_an_address_of_the_wrong_range_fails_with_its_class(address: str, code: str) -> None:
    run = fresh()
    run.named(aaaa=(address,))
    finding = run.one("address.class")
    assert (finding.verdict, finding.reason, finding.target.address) == ("fail", code, address)
    assert run.said("naming.aaaa") == {("pass", "ok")}
    assert not {("fail", "reach.silent"), ("pass", "ok")} & run.said("reach.service")


def test_an_address_that_nobody_can_reach_is_as_good_as_none() -> None:
    from ipv6check.model.identity import finding_id

    run = fresh()
    run.named(aaaa=("::ffff:192.0.2.1",))
    reach = run.one("reach.service")
    assert (reach.verdict, reach.reason) == ("fail", "reach.no_address")
    assert reach.root == finding_id(run.one("address.class"))


def test_an_unusable_address_beside_a_good_one_is_the_address_checks_finding_alone() -> None:
    run = fresh()
    run.named(aaaa=("fe80::1", V6))
    run.open(V6, 1521)
    run.open(V4, 1521)
    assert run.said("address.class") == {("fail", "addr.linklocal")}
    assert run.said("reach.service") == {("pass", "ok")}


@pytest.mark.parametrize("address", ["2001:db8:10::80", "::1", "fd00:1::1"])
def test_an_explicit_scope_excuses_laboratories(address: str) -> None:
    run = Run.of(
        system(services=[service("tcp", 1521)]),
        scope=("2001:db8::/32", "::1/128", "fd00:1::/48", "198.51.100.0/24"),
    )
    run.named(a=(), aaaa=(address,))
    assert run.said("address.class") == {("pass", "ok")}


def test_a_ula_beside_an_a_record_warns_inside() -> None:
    run = fresh(exposure="internal")
    run.named(aaaa=("fd12:3456:789a::1",))
    assert run.said("address.class") == {("warn", "addr.ula_prefers_v4")}
    alone = fresh(exposure="internal")
    alone.named(a=(), aaaa=("fd12:3456:789a::1",))
    assert alone.said("address.class") == {("pass", "ok")}


def test_more_than_sixteen_addresses_get_a_notice() -> None:
    many = tuple(f"2001:db8:10::{n:x}" for n in range(1, 501))
    run = fresh()
    run.named(aaaa=many)
    for address in sorted(many)[:16]:
        run.open(address, 1521)
    finding = run.one("address.class")
    assert (finding.verdict, finding.args["left_out"]) == ("pass", 484)
    assert run.said("reach.service") == {("pass", "ok")}
