"""Whose trouble it is: what a vantage's canaries, sources, routers and controls mask, and what not."""

from collections.abc import Callable
from typing import Any

import pytest

from ipv6check.model.inventory import Canary, Endpoint
from tests.unit.judging_builder import CANARY4, CANARY6, START, V4, V6, Run, dual_stack, service, system

PORT = 1521
SERVICES = [service("tcp", PORT)]
ALIVE4 = [CANARY4]


def named(**more: Any) -> Run:
    run = Run.of(system(services=SERVICES), **more)
    run.named()
    run.open(V4, PORT)
    return run


def state(run: Run) -> tuple[str, str, str | None]:
    (found,) = run.facts().vantages
    return found.ipv4, found.ipv6, found.reason


def without_ipv6() -> Run:
    run = Run.of(system(services=SERVICES), working=False)
    run.source(6, None)
    run.source(4, "203.0.113.2")
    run.canaries(alive=ALIVE4)
    run.named()
    return run


def test_a_vantage_without_ipv6_knows_nothing_of_it_and_says_so() -> None:
    run = without_ipv6()
    run.fails(V6, PORT, "local", errno="ENETUNREACH", detail="no_route")
    run.open(V4, PORT)
    assert state(run) == ("ok", "none", "vantage.no_ipv6")
    assert run.said("reach.service") == {("unknown", "vantage.no_ipv6")}
    assert run.said("parity.service") == {("unknown", "vantage.no_ipv6")}
    assert run.said("reach.ipv4") == {("pass", "ok")}
    assert run.said("naming.aaaa") == {("pass", "ok")}
    assert "fail" not in {f.verdict for f in run.findings()}


def test_what_was_not_even_asked_for_want_of_ipv6_is_unknown_for_that() -> None:
    run = without_ipv6()
    run.open(V4, PORT)
    assert run.said("reach.service") == {("unknown", "vantage.no_ipv6")}


def test_a_link_local_source_is_no_ipv6() -> None:
    run = Run.of(system(services=SERVICES), working=False)
    run.source(6, "fe80::2%v0", scope="link_local")
    run.source(4, "203.0.113.2")
    run.canaries(alive=ALIVE4)
    run.named()
    run.silent(V6, PORT)
    run.open(V4, PORT)
    assert state(run) == ("ok", "none", "vantage.no_ipv6")
    assert run.said("reach.service") == {("unknown", "vantage.no_ipv6")}


def test_a_ula_source_whose_canary_answers_sees_enough_to_blame_a_dead_target() -> None:
    run = Run.of(system(services=SERVICES), working=False)
    run.source(6, "fd5a:1b2c:3d4e:1::2", scope="unique_local")
    run.source(4, "203.0.113.2")
    run.canaries()
    run.named()
    run.open(V4, PORT)
    run.silent(V6, PORT)
    run.canaries(round_=1)
    assert run.said("reach.service") == {("fail", "reach.silent")}
    assert state(run) == ("ok", "ok", None)


def test_without_ipv4_an_answer_over_ipv6_still_stands() -> None:
    run = Run.of(system(services=SERVICES), working=False)
    run.source(6, "2001:db8:1::2")
    run.source(4, None)
    run.canaries(alive=[CANARY6])
    run.named()
    run.open(V6, PORT)
    run.fails(V4, PORT, "local", errno="ENETUNREACH", detail="no_route")
    assert run.said("reach.service") == {("pass", "ok")}
    assert run.said("parity.service") == {("pass", "ok")}
    assert run.said("reach.ipv4") == {("unknown", "vantage.no_ipv4")}
    assert run.said("parity.offer") == {("unknown", "vantage.no_ipv4")}


def test_a_dead_target_is_blamed_even_where_ipv4_cannot_be_seen() -> None:
    run = Run.of(system(services=SERVICES), working=False)
    run.source(6, "2001:db8:1::2")
    run.source(4, None)
    run.canaries(alive=[CANARY6])
    run.named()
    run.silent(V6, PORT)
    run.fails(V4, PORT, "local", errno="ENETUNREACH", detail="no_route")
    run.canaries(alive=[CANARY6], round_=1)
    assert run.said("reach.service") == {("fail", "reach.silent")}


def test_a_dead_canary_and_nobody_else_is_a_broken_vantage() -> None:
    run = Run.of(system(services=SERVICES), working=False)
    run.source(6, "2001:db8:1::2")
    run.source(4, "203.0.113.2")
    run.canaries(alive=ALIVE4)
    run.named()
    run.open(V4, PORT)
    run.silent(V6, PORT)
    run.canaries(alive=ALIVE4, round_=1)
    assert state(run) == ("ok", "broken", "vantage.broken")
    assert run.said("reach.service") == {("unknown", "vantage.broken")}


def test_lost_in_mid_run_what_answered_stands_and_what_failed_after_is_unknown() -> None:
    other = system([V4, "2001:db8:30::1"], SERVICES, id="other")
    run = Run.of(system(services=SERVICES), other)
    run.named()
    run.open(V4, PORT)
    run.open("2001:db8:30::1", PORT)
    run.silent(V6, PORT)
    run.canaries(alive=ALIVE4, round_=1)
    assert state(run) == ("ok", "broken", "vantage.broken")
    assert run.said("reach.service") == {("unknown", "vantage.broken")}
    others = {(f.verdict, f.reason) for f in run.findings("other") if f.check == "reach.service"}
    assert others == {("pass", "ok")}


def test_a_silence_before_the_last_good_answer_was_the_targets_own() -> None:
    other = system([V4, "2001:db8:30::1"], SERVICES, id="other")
    run = Run.of(system(services=SERVICES), other)
    run.named()
    run.open(V4, PORT)
    run.silent(V6, PORT)
    run.open("2001:db8:30::1", PORT)
    run.wait(300)
    run.canaries(alive=ALIVE4, round_=1)
    assert run.said("reach.service") == {("fail", "reach.silent")}


def test_an_outage_that_healed_masks_what_failed_in_it() -> None:
    run = named()
    run.wait(30)
    run.silent(V6, PORT)
    run.canaries(alive=ALIVE4, round_=1)
    run.wait(300)
    run.canaries(round_=2)
    assert run.said("reach.service") == {("unknown", "vantage.broken")}
    assert state(run)[1] == "ok"
    assert "vantage.canary_lost" in {warning.reason for warning in run.facts().warnings}


def test_a_canary_that_fails_long_after_says_nothing_of_an_earlier_silence() -> None:
    run = named()
    run.silent(V6, PORT)
    run.canaries(round_=1)
    run.wait(300)
    run.canaries(alive=ALIVE4, round_=2)
    assert run.said("reach.service") == {("fail", "reach.silent")}


def test_a_canary_asked_more_than_a_minute_later_is_no_witness_if_it_answers_afterwards() -> None:
    run = named()
    run.silent(V6, PORT)
    run.wait(120)
    run.canaries(alive=ALIVE4, round_=1)
    run.canaries(round_=2)
    assert run.said("reach.service") == {("fail", "reach.silent")}


def test_a_stale_canary_masks_nothing_and_is_a_warning_on_the_run() -> None:
    other = system([V4, "2001:db8:30::1"], SERVICES, id="other")
    run = Run.of(system(services=SERVICES), other, working=False)
    run.source(6, "2001:db8:1::2")
    run.source(4, "203.0.113.2")
    run.canaries(alive=ALIVE4)
    run.named()
    run.open(V4, PORT)
    run.open("2001:db8:30::1", PORT)
    run.silent(V6, PORT)
    run.canaries(alive=ALIVE4, round_=1)
    assert run.said("reach.service") == {("fail", "reach.silent")}
    (warning,) = run.facts().warnings
    assert (warning.reason, warning.args["address"]) == ("vantage.stale_canary", CANARY6)
    assert state(run)[1] == "ok"


def test_an_answer_on_our_own_link_is_no_proof_of_the_way_beyond() -> None:
    neighbour = system([V4, "2001:db8:1::99"], SERVICES, id="neighbour")
    run = Run.of(system(services=SERVICES), neighbour, working=False)
    run.source(6, "2001:db8:1::2")
    run.source(4, "203.0.113.2")
    run.canaries(alive=ALIVE4)
    run.named()
    run.open("2001:db8:1::99", PORT)
    run.silent(V6, PORT)
    run.open(V4, PORT)
    run.canaries(alive=ALIVE4, round_=1)
    assert run.said("reach.service") == {("unknown", "vantage.broken")}


def test_a_rst_is_an_answer_and_stands_whatever_the_canary_says() -> None:
    run = named(working=False)
    run.canaries(alive=ALIVE4)
    run.closed(V6, PORT)
    run.canaries(alive=ALIVE4, round_=1)
    assert run.said("reach.service") == {("fail", "reach.closed")}


def test_an_open_port_is_open_whatever_the_canary_says() -> None:
    run = named(working=False)
    run.source(6, None)
    run.canaries(alive=[])
    run.open(V6, PORT)
    run.canaries(alive=[], round_=1)
    assert run.said("reach.service") == {("pass", "ok")}


def test_a_canary_vouches_for_its_prefixes_only() -> None:
    canaries = (Canary(address=CANARY6, prefixes=("2001:db8:20::/48",)), Canary(address=CANARY4))
    run = Run.of(system(services=SERVICES), canaries=canaries, working=False)
    run.source(6, "2001:db8:1::2")
    run.canaries(alive=ALIVE4)
    run.named()
    run.open(V4, PORT)
    run.silent(V6, PORT)
    run.canaries(alive=ALIVE4, round_=1)
    assert run.said("reach.service") == {("unknown", "vantage.unverified")}


def test_who_answers_elsewhere_does_not_make_a_prefixes_own_canary_stale() -> None:
    canaries = (Canary(address=CANARY6, prefixes=("2001:db8:10::/48",)), Canary(address=CANARY4))
    other = system([V4, "2001:db8:30::1"], SERVICES, id="other")
    run = Run.of(system(services=SERVICES), other, canaries=canaries, working=False)
    run.source(6, "2001:db8:1::2")
    run.source(4, "203.0.113.2")
    run.canaries(alive=ALIVE4)
    run.named()
    run.open(V4, PORT)
    run.open("2001:db8:30::1", PORT)
    run.silent(V6, PORT)
    run.canaries(alive=ALIVE4, round_=1)
    assert run.said("reach.service") == {("unknown", "vantage.broken")}
    assert not run.facts().warnings


def test_a_dead_canary_of_one_site_masks_that_site_though_others_answer() -> None:
    canaries = (Canary(address=CANARY6, prefixes=("2001:db8:10::/48",)), Canary(address=CANARY4))
    other = system([V4, "2001:db8:30::1"], SERVICES, id="other")
    run = Run.of(system(services=SERVICES), other, canaries=canaries)
    run.named()
    run.open(V4, PORT)
    run.silent(V6, PORT)
    run.canaries(alive=ALIVE4, round_=1)
    run.open("2001:db8:30::1", PORT)
    assert run.said("reach.service") == {("unknown", "vantage.broken")}


def test_silence_with_no_canary_and_no_answer_at_all_is_unverified() -> None:
    run = Run.of(system(services=SERVICES), canaries=())
    run.named()
    run.open(V4, PORT)
    run.silent(V6, PORT)
    assert run.said("reach.service") == {("unknown", "vantage.unverified")}
    assert state(run) == ("ok", "unverified", "vantage.unverified")


def test_one_answer_over_a_family_verifies_it_without_any_canary() -> None:
    other = system([V4, "2001:db8:30::1"], SERVICES, id="other")
    run = Run.of(system(services=SERVICES), other, canaries=())
    run.named()
    run.open(V4, PORT)
    run.closed("2001:db8:30::1", PORT)
    run.silent(V6, PORT)
    assert run.said("reach.service") == {("fail", "reach.silent")}


def test_an_icmp_error_verifies_nothing() -> None:
    run = Run.of(system(services=SERVICES), canaries=())
    run.named()
    run.open(V4, PORT)
    run.rejected(V6, PORT, offender="2001:db8:ff::1")
    assert run.said("reach.service") == {("unknown", "vantage.unverified")}


def far_systems(networks: int) -> Run:
    far = [f"2001:db8:a{n}::1" for n in range(networks)]
    run = Run.of(system([*far, V4], SERVICES), canaries=())
    for address in far:
        run.rejected(address, PORT, offender="2001:db8:1::1", word="unreachable")
    run.open(V4, PORT)
    return run


def test_our_next_hop_that_turns_several_networks_away_is_no_route_of_ours() -> None:
    assert far_systems(3).said("reach.service") == {("unknown", "vantage.no_route")}


def test_two_networks_are_too_few_to_blame_our_next_hop() -> None:
    assert far_systems(2).said("reach.service") == {("unknown", "vantage.unverified")}


def test_somebody_beyond_the_next_hop_clears_it() -> None:
    far = [f"2001:db8:a{n}::1" for n in range(3)]
    run = Run.of(system([*far, "2001:db8:b::1", V4], SERVICES), canaries=())
    for address in far:
        run.rejected(address, PORT, offender="2001:db8:1::1", word="unreachable")
    run.open("2001:db8:b::1", PORT)
    run.open(V4, PORT)
    assert ("fail", "reach.unreachable") in run.said("reach.service")


def test_a_stranger_that_turns_several_networks_away_is_the_targets_way_in() -> None:
    far = [f"2001:db8:a{n}::1" for n in range(3)]
    run = Run.of(system([*far, V4], SERVICES))
    for address in far:
        run.rejected(address, PORT, offender="2001:db8:fe::1")
    run.open(V4, PORT)
    run.canaries(round_=1)
    assert run.said("reach.service") == {("fail", "reach.rejected")}


CONTROL = Endpoint("2001:db8:50::25", PORT)


@pytest.mark.parametrize("how", ["silent", "closed", "rejected"])
def test_a_port_whose_control_cannot_be_reached_either_is_blocked_on_our_side(how: str) -> None:
    run = Run.of(system(services=SERVICES), controls=(CONTROL,))
    run.named()
    run.open(V4, PORT)
    getattr(run, how)(V6, PORT)
    getattr(run, how)(CONTROL.address, PORT)
    run.canaries(round_=1)
    assert run.said("reach.service") == {("unknown", "vantage.port_blocked")}


def test_a_control_that_answers_leaves_the_blame_where_it_is() -> None:
    run = Run.of(system(services=SERVICES), controls=(CONTROL,))
    run.named()
    run.open(V4, PORT)
    run.silent(V6, PORT)
    run.open(CONTROL.address, PORT)
    run.canaries(round_=1)
    assert run.said("reach.service") == {("fail", "reach.silent")}


def test_another_target_on_the_same_port_clears_a_dead_control() -> None:
    other = system([V4, "2001:db8:30::1"], SERVICES, id="other")
    run = Run.of(system(services=SERVICES), other, controls=(CONTROL,))
    run.named()
    run.open(V4, PORT)
    run.open("2001:db8:30::1", PORT)
    run.silent(V6, PORT)
    run.silent(CONTROL.address, PORT)
    run.canaries(round_=1)
    assert run.said("reach.service") == {("fail", "reach.silent")}


def shunning(witness: Callable[[Run], None]) -> Run:
    run = Run.of(system(services=[service("tcp", PORT), service("ssh", 22)]))
    run.named()
    run.open(V6, 22)
    run.open(V4, 22)
    run.open(V4, PORT)
    run.silent(V6, PORT)
    witness(run)
    run.canaries(round_=1)
    return run


def test_a_host_that_no_longer_answers_where_it_did_shuns_us() -> None:
    run = shunning(lambda run: run.silent(V6, 22, round_=2))
    assert run.said("reach.service", port=PORT) == {("unknown", "target.shunned")}
    assert run.said("reach.service", port=22) == {("pass", "ok")}


def test_a_host_that_still_answers_where_it_did_is_silent_on_the_other_port_only() -> None:
    run = shunning(lambda run: run.open(V6, 22, round_=2))
    assert run.said("reach.service", port=PORT) == {("fail", "reach.silent")}


def test_local_policy_is_our_own_way_out() -> None:
    run = dual_stack()
    run.fails(V6, PORT, "local", errno="EPERM", detail="prohibited")
    run.open(V4, PORT)
    assert run.said("reach.service") == {("unknown", "vantage.no_route")}


def test_a_vantage_that_took_no_part_is_in_no_list() -> None:
    run = Run.of(system(services=SERVICES))
    assert [each.name for each in run.facts().vantages] == ["inside"]
    assert run.now > START


def test_a_local_resolvers_answers_verify_no_family() -> None:
    run = Run.of(system(services=SERVICES), canaries=())
    local = Endpoint("::1", 53)
    run.answers("www.example", "A", V4, server=local)
    run.answers("www.example", "AAAA", V6, server=local)
    run.silent(V6, PORT)
    run.open(V4, PORT)
    assert run.said("reach.service") == {("unknown", "vantage.unverified")}
