"""path.icmp and path.extension: ping alone is never a failure, and odd packets are a warning at most."""

from __future__ import annotations

import pytest

from tests.golden.path_recipes import SMALL, crosses, echoes
from tests.unit.judging_builder import V6, Run, service, system

HTTPS = [service("https")]


def alive() -> Run:
    run = Run.of(system(services=HTTPS))
    run.named()
    run.open(V6)
    return run


def test_an_answered_echo_passes() -> None:
    run = alive()
    echoes(run)
    assert run.said("path.icmp") == {("pass", "ok")}


def test_a_filtered_echo_of_a_living_service_passes_and_is_named() -> None:
    run = alive()
    echoes(run, plain="no_answer")
    assert run.said("path.icmp") == {("pass", "icmp.echo_blocked")}
    assert run.said("path.extension") == {("not_applicable", "path.extension_not_tested")}


def test_a_dead_host_is_judged_by_reach_alone() -> None:
    run = Run.of(system(services=HTTPS))
    run.named()
    run.silent(V6)
    run.canaries(round_=1)
    echoes(run, plain="no_answer")
    assert run.said("path.icmp") == {("not_applicable", "not.answering")}


def test_ping_does_not_make_a_dead_service_reachable() -> None:
    run = Run.of(system(services=HTTPS))
    run.named()
    run.silent(V6)
    run.canaries(round_=1)
    echoes(run)
    assert run.said("path.icmp") == {("pass", "ok")}
    assert ("pass", "ok") not in run.said("reach.service")


def test_no_privilege_is_unknown_never_down() -> None:
    run = alive()
    echoes(run, plain="no_privilege")
    for check in ("path.icmp", "path.extension"):
        assert run.said(check) == {("unknown", "vantage.no_privilege")}


def test_a_black_hole_is_filtered_icmp_even_where_ping_is_answered() -> None:
    run = alive()
    crosses(run, "response", word="slow")
    crosses(run, "response", mss=SMALL)
    echoes(run)
    finding = run.one("path.icmp")
    assert (finding.verdict, finding.reason) == ("warn", "icmp.filtered")
    assert finding.root == run.one("path.mtu").root or finding.root is not None


@pytest.mark.parametrize("form", ["fragment", "options"])
def test_a_dropped_form_is_a_warning_that_names_it(form: str) -> None:
    run = alive()
    echoes(run, **{"fragment": None, "options": None, form: "no_answer"})
    finding = run.one("path.extension")
    assert (finding.verdict, finding.reason) == ("warn", "path.extension_dropped")
    assert finding.args["headers"] == [form]


def test_what_was_not_asked_is_not_said_to_pass() -> None:
    run = alive()
    echoes(run, options="")
    finding = run.one("path.extension")
    assert (finding.verdict, finding.args["headers"]) == ("pass", ["fragment"])


def test_fragments_that_vanish_in_a_black_hole_say_nothing_of_fragments() -> None:
    run = alive()
    crosses(run, "response", word="slow")
    crosses(run, "response", mss=SMALL)
    echoes(run, fragment="no_answer", options="")
    assert run.said("path.extension") == {("unknown", "not.asked")}


def test_fragments_asked_after_ipv6_was_lost_say_nothing_of_fragments() -> None:
    run = alive()
    echoes(run, fragment="no_answer", options="no_answer")
    run.canaries(alive=(), round_=1)
    assert run.said("path.extension") == {("unknown", "vantage.broken")}
    assert run.said("path.icmp") == {("pass", "ok")}


def test_a_vantage_that_saw_nobody_cannot_call_ping_filtered() -> None:
    run = Run.of(system(services=HTTPS), canaries=(), working=False)
    run.source(6, "2001:db8:1::2")
    run.named()
    echoes(run, plain="no_answer")
    assert run.said("path.icmp") == {("unknown", "vantage.unverified")}


def test_a_vantage_without_ipv6_says_so() -> None:
    run = Run.of(system(services=HTTPS), working=False)
    run.source(6, None)
    run.named()
    echoes(run, plain="local")
    assert run.said("path.icmp") == {("unknown", "vantage.no_ipv6")}
