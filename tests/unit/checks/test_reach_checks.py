"""reach.service, reach.ipv4 and the parity of services: what each way to answer amounts to."""

import pytest

from ipv6check.model.text import JSON
from tests.unit.judging_builder import (
    V4,
    V6,
    Run,
    decoy,
    dual_stack,
    host,
    service,
    system,
)

OTHER6, OTHER4 = "2001:db8:20::81", "198.51.100.81"
PORT = 1521


def test_open_on_both_families_passes_everything() -> None:
    run = dual_stack()
    run.pointed()
    run.open(V6, PORT)
    run.open(V4, PORT)
    # Whether its name servers answer rightly is unknown: nobody declared their zone.
    verdicts = {(f.check, f.verdict) for f in run.findings() if f.check != "ns.aaaa"}
    assert {verdict for _, verdict in verdicts} == {"pass", "not_applicable"}
    assert {("reach.service", "pass"), ("reach.ipv4", "pass"), ("parity.service", "pass")} <= verdicts
    assert ("parity.offer", "pass") in verdicts


def rst(run: Run, address: str) -> None:
    run.closed(address, PORT)


def drop(run: Run, address: str) -> None:
    run.silent(address, PORT)


def reject(run: Run, address: str) -> None:
    run.rejected(address, PORT, offender="2001:db8:ff::1")


def no_route(run: Run, address: str) -> None:
    run.rejected(address, PORT, offender="2001:db8:ff::1", word="unreachable")


FILTERS = {
    "reach.closed": rst, "reach.silent": drop, "reach.rejected": reject, "reach.unreachable": no_route,
}  # fmt: skip


@pytest.mark.parametrize("code", FILTERS)
def test_dead_over_ipv6_alone_fails_with_its_own_code_and_parity_follows(code: str) -> None:
    run = dual_stack()
    FILTERS[code](run, V6)
    run.open(V4, PORT)
    run.canaries(round_=1)
    reach, parity = run.one("reach.service"), run.one("parity.service")
    assert (reach.verdict, reach.reason) == ("fail", code)
    assert (parity.verdict, parity.reason) == ("fail", "parity.v6_missing")
    assert reach.target.address == V6
    assert reach.root is None
    assert run.said("reach.ipv4") == {("pass", "ok")}
    assert run.said("parity.offer") == {("not_applicable", "ipv6.not_offered")}


def test_parity_failure_names_the_reach_finding_as_its_root() -> None:
    from ipv6check.model.identity import finding_id

    run = dual_stack()
    rst(run, V6)
    run.open(V4, PORT)
    assert run.one("parity.service").root == finding_id(run.one("reach.service"))


def test_a_rejection_names_the_router_that_says_no() -> None:
    run = dual_stack()
    reject(run, V6)
    run.open(V4, PORT)
    assert run.one("reach.service").args["offender"] == "2001:db8:ff::1"


def test_rst_on_both_families_is_down_and_blames_no_family() -> None:
    run = dual_stack()
    rst(run, V6)
    rst(run, V4)
    assert run.said("reach.service") == {("fail", "reach.down")}
    assert run.said("reach.ipv4") == {("fail", "reach.down")}
    assert run.said("parity.service") == {("not_applicable", "ipv4.not_offered")}


@pytest.mark.parametrize("first", [drop, reject])
@pytest.mark.parametrize("second", [drop, reject, rst])
def test_filtered_over_ipv6_with_ipv4_not_open_may_be_this_vantage(first, second) -> None:  # type: ignore[no-untyped-def]
    run = dual_stack()
    first(run, V6)
    second(run, V4)
    run.canaries(round_=1)
    assert run.said("reach.service") == {("unknown", "reach.filtered_here")}


def test_silent_over_both_families_fails_nothing() -> None:
    run = dual_stack()
    drop(run, V6)
    drop(run, V4)
    run.canaries(round_=1)
    assert "fail" not in {f.verdict for f in run.findings()}
    assert run.said("reach.ipv4") == {("unknown", "reach.filtered_here")}


def test_no_route_on_both_families_is_no_filter() -> None:
    run = dual_stack()
    no_route(run, V6)
    no_route(run, V4)
    run.canaries(round_=1)
    assert run.said("reach.service") == {("fail", "reach.unreachable")}


def test_silence_over_ipv6_fails_where_no_ipv4_is_offered() -> None:
    run = Run.of(system(services=[service("tcp", PORT)]))
    run.named(a=())
    drop(run, V6)
    run.canaries(round_=1)
    assert run.said("reach.service") == {("fail", "reach.silent")}


def test_ipv4_rejected_and_ipv6_open_warns_of_the_missing_offer() -> None:
    run = dual_stack(closed_ports=[])
    run.open(V6, PORT)
    reject(run, V4)
    assert run.said("reach.ipv4") == {("fail", "reach.rejected")}
    assert run.said("parity.offer") == {("warn", "parity.v4_missing")}
    assert run.said("parity.service") == {("pass", "ok")}
    assert run.said("parity.exposure") == {("not_applicable", "input.missing")}


def test_one_dead_address_of_two_is_partial_and_names_it() -> None:
    run = Run.of(system(services=[service("tcp", PORT)]))
    run.named(aaaa=(V6, OTHER6))
    run.open(V6, PORT)
    run.closed(OTHER6, PORT)
    run.open(V4, PORT)
    finding = run.one("reach.service")
    assert (finding.verdict, finding.reason) == ("fail", "reach.partial")
    assert finding.args["dead"] == [f"[{OTHER6}]:{PORT}"]
    assert run.said("parity.service") == {("pass", "ok")}


def test_one_unknown_address_of_two_leaves_the_service_unknown() -> None:
    run = Run.of(system(services=[service("tcp", PORT)]))
    run.named(aaaa=(V6, OTHER6))
    run.open(V6, PORT)
    run.silent(OTHER6, PORT, tries=2)
    assert run.said("reach.service") == {("unknown", "not.asked")}


def test_a_silent_standby_host_is_expected_and_does_not_count() -> None:
    run = Run.of(system([V6, V4, host(OTHER6, role="standby")], [service("tcp", PORT)]))
    run.open(V6, PORT)
    run.open(V4, PORT)
    run.silent(OTHER6, PORT)
    assert run.said("reach.service", host=OTHER6) == {("not_applicable", "host.standby")}
    assert run.said("reach.service", host=V6) == {("pass", "ok")}
    assert run.said("parity.service") == {("pass", "ok")}


def test_a_standby_host_that_answers_hides_no_dead_active_one() -> None:
    run = Run.of(system([V6, V4, host(OTHER6, role="standby")], [service("tcp", PORT)]))
    run.closed(V6, PORT)
    run.open(V4, PORT)
    run.open(OTHER6, PORT)
    assert run.said("parity.service") == {("fail", "parity.v6_missing")}


def test_pairs_are_compared_each_for_itself() -> None:
    hosts = [host(V6, pair="a"), host(V4, pair="a"), host(OTHER6, pair="b"), host(OTHER4, pair="b")]
    run = Run.of(system(hosts, [service("tcp", PORT)]))
    run.open(V6, PORT)
    run.open(V4, PORT)
    run.closed(OTHER6, PORT)
    run.open(OTHER4, PORT)
    assert run.said("parity.service", host=V6) == {("pass", "ok")}
    assert run.said("parity.service", host=OTHER6) == {("fail", "parity.v6_missing")}


def test_a_service_that_no_ipv6_host_of_the_pair_offers_is_missing() -> None:
    hosts = [host(V6, services=("tcp",)), host(V4)]
    run = Run.of(system(hosts, [service("tcp", PORT), service("tcp", 8080, id="tcp:8080")]))
    run.open(V6, PORT)
    run.open(V4, PORT)
    run.open(V4, 8080)
    assert run.said("parity.service", port=8080) == {("fail", "parity.v6_missing")}
    assert run.said("parity.service", port=PORT) == {("pass", "ok")}


def test_each_family_may_have_a_port_of_its_own() -> None:
    run = Run.of(system(services=[service("tcp", {4: 8443, 6: 443})]))
    run.named()
    run.open(V6, 443)
    run.open(V4, 8443)
    assert run.said("parity.service") == {("pass", "ok")}
    assert run.said("reach.service", port=443) == {("pass", "ok")}
    assert run.said("reach.ipv4", port=8443) == {("pass", "ok")}


def test_a_service_of_one_family_is_not_compared() -> None:
    run = Run.of(system(services=[service("tcp", PORT, families=(6,))]))
    run.named()
    run.open(V6, PORT)
    assert run.said("parity.service") == {("not_applicable", "not.declared")}
    assert run.said("reach.ipv4") == {("not_applicable", "not.declared")}
    assert run.said("reach.service") == {("pass", "ok")}


def test_a_port_range_is_compared_port_by_port() -> None:
    ports = {4: (5001, 5002), 6: (5001, 5002)}
    run = Run.of(system(services=[service("tcp", ports=ports)]))
    run.named()
    for port in ports[4]:
        run.open(V4, port)
    run.open(V6, 5001)
    run.closed(V6, 5002)
    parity = run.one("parity.service")
    assert (parity.verdict, parity.args["at"]) == ("fail", [5002])
    assert run.said("reach.service") == {("fail", "reach.partial")}


def test_of_a_long_port_range_only_what_was_asked_counts() -> None:
    many = tuple(range(16384, 16485))
    run = Run.of(system(services=[service("tcp", ports={4: many, 6: many})]))
    run.named()
    for address in (V6, V4):
        for port in (*many[:3], many[-1]):
            run.open(address, port)
    assert run.said("reach.service") == {("pass", "ok")}
    assert run.said("parity.service") == {("pass", "ok")}


def test_printer_ports_are_never_asked_and_never_judged() -> None:
    run = Run.of(system(services=[service("tcp", 9100)]))
    run.named()
    assert run.said("reach.service") == {("not_applicable", "probe.excludes")}


def test_open_after_lost_tries_passes_and_keeps_the_loss() -> None:
    run = dual_stack()
    run.open(V6, PORT, silent_first=2)
    run.open(V4, PORT)
    finding = run.one("reach.service")
    assert (finding.verdict, finding.args["stability"]) == ("pass", "loss")


def test_a_random_port_open_too_leaves_a_plain_port_unproven() -> None:
    run = dual_stack()
    run.open(V6, PORT)
    decoy(run, V6)
    run.open(V4, PORT)
    assert run.said("reach.service") == {("unknown", "reach.open_everything")}
    assert run.said("parity.service") == {("unknown", "reach.open_everything")}


def test_a_service_that_speaks_is_proven_even_where_every_port_is_open() -> None:
    run = Run.of(system(services=[service("ssh", 22)]))
    run.named()
    run.open(V6, 22)
    run.talk("ssh.greeting", V6, 22, {}, banner="SSH-2.0-test")
    decoy(run, V6)
    assert run.said("reach.service") == {("pass", "ok")}


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("no_greeting", ("fail", "reach.no_banner")),
        ("eof", ("fail", "reach.no_banner")),
        ("reset", ("fail", "reach.no_banner")),
        ("protocol", ("fail", "reach.protocol")),
        ("malformed", ("fail", "reach.protocol")),
        ("slow", ("unknown", "reach.slow")),
        ("too_large", ("pass", "ok")),
        ("overloaded", ("pass", "ok")),
        ("silent", ("pass", "ok")),
    ],
)
def test_what_the_application_says_decides(word: str, said: tuple[str, str]) -> None:
    run = Run.of(system(services=[service("ssh", 22)]))
    run.named()
    run.open(V6, 22)
    run.talk("ssh.greeting", V6, 22, {}, word)
    run.open(V4, 22)
    run.talk("ssh.greeting", V4, 22, {}, banner="SSH-2.0-test")
    assert run.said("reach.service") == {said}


@pytest.mark.parametrize(
    ("word", "said"),
    [
        (None, ("pass", "ok")),
        ("no_greeting", ("fail", "reach.no_banner")),
        ("protocol", ("fail", "reach.protocol")),
        ("unwelcome", ("pass", "ok")),
        ("slow", ("unknown", "reach.slow")),
    ],
)
def test_the_first_words_of_any_application_decide(word: str | None, said: tuple[str, str]) -> None:
    run = Run.of(system(services=[service("ldap", 389)]))
    run.named()
    run.open(V6, 389)
    params: dict[str, JSON] = {"app": "ldap", "tls": False, "sni": None, "name": ""}
    run.talk("app.greeting", V6, 389, params, word, detail="root DSE")
    assert run.said("reach.service") == {said}


def test_what_another_app_was_asked_at_the_same_port_is_not_this_ones_answer() -> None:
    run = Run.of(system(services=[service("ldap", 389)]))
    run.named()
    run.open(V6, 389)
    run.talk("app.greeting", V6, 389, {"app": "imap", "tls": False, "sni": None, "name": ""}, "protocol")
    assert run.said("reach.service") == {("pass", "ok")}


def test_a_server_that_may_turn_strangers_away_proves_nothing_where_every_port_is_open() -> None:
    run = Run.of(system(services=[service("oracle", 1521)]))
    run.named()
    run.open(V6, 1521)
    run.talk("app.greeting", V6, 1521, {"app": "oracle", "tls": False, "sni": None, "name": ""}, "unwelcome")
    decoy(run, V6)
    assert run.said("reach.service") == {("unknown", "reach.open_everything")}


def test_a_crash_of_the_probe_is_ours_and_takes_nothing_from_an_open_port() -> None:
    run = Run.of(system(services=[service("ssh", 22)]))
    run.named()
    run.open(V6, 22)
    task = run.connect_task(V6, 22)
    run.say(task, "crashed", None, {"traceback": "…"}, attempt=2)
    assert run.said("reach.service") == {("pass", "ok")}


def test_a_crash_alone_is_unknown() -> None:
    run = dual_stack()
    run.fails(V6, PORT, "", "crashed")
    assert run.said("reach.service") == {("unknown", "internal.crashed")}


@pytest.mark.parametrize(
    ("word", "outcome", "reason"),
    [
        ("overloaded", "failed", "vantage.overloaded"),
        ("no_privilege", "failed", "vantage.no_privilege"),
        ("not_permitted", "failed", "scope.outside"),
        ("schedule.outside", "skipped", "schedule.outside"),
        ("time.over", "skipped", "time.over"),
        ("target.gone", "skipped", "not.asked"),
    ],
)
def test_what_is_our_own_trouble_is_unknown(word: str, outcome: str, reason: str) -> None:
    run = dual_stack()
    run.fails(V6, PORT, word, outcome)  # type: ignore[arg-type]
    run.open(V4, PORT)
    assert run.said("reach.service") == {("unknown", reason)}
    assert run.said("parity.service") == {("unknown", reason)}
