"""What is asked when nothing else is left."""

from __future__ import annotations

from ipv6check.model.observation import Observation
from ipv6check.model.task import Task
from ipv6check.plan import Plan, Results
from ipv6check.plan.closing import DECOYS
from ipv6check.plan.looks import LOOKS, SAMPLED
from tests.unit.plan.making import failed, find, observe, plan, shown

SYSTEMS = """
- id: web
  hosts: ["2001:db8::80"]
  services: [https, ssh]
  closed_ports: [3389]
"""


def settle(made: Plan, **words: str) -> Results:
    """Settle every connection; by port `p443="silent"` fails, at `<seconds>` if the word has one."""
    results = Results()
    for task in made.initial():
        if task.kind == "tcp.connect":
            word, _, after = words.get(f"p{task.port}", "ok").partition("@")
            results.record(outcome(task, word, float(after or 0)))
    return results


def outcome(task: object, word: str, after: float) -> Observation:
    from ipv6check.model.task import Task

    assert isinstance(task, Task)
    return observe(task, after=after) if word == "ok" else failed(task, word, after=after)


def test_an_open_address_is_asked_at_a_port_nobody_declared_always_the_same() -> None:
    made = plan(SYSTEMS)
    (decoy,) = made.closing(settle(made, p3389="closed"))[:1]
    assert decoy.kind == "tcp.connect" and decoy.address == "2001:db8::80"
    assert decoy.port in DECOYS and decoy.port not in made.index.ports
    assert decoy == plan(SYSTEMS).closing(settle(made, p3389="closed"))[0]


def test_an_address_without_an_open_port_gets_no_decoy() -> None:
    made = plan(SYSTEMS)
    results = settle(made, p443="closed", p22="closed", p3389="closed")
    assert not [task for task in made.closing(results) if task.port in DECOYS]


def test_gentle_hosts_and_loopback_get_no_decoy() -> None:
    gentle = plan(SYSTEMS.rstrip() + "\n  probe: gentle\n")
    assert gentle.closing(settle(gentle)) == ()
    head = "version: 1\norganization: {id: o, name: o}\nsystems:\n"
    local = plan(SYSTEMS.replace("2001:db8::80", "::1"), head=head, vantage="local")
    assert local.closing(settle(local)) == ()


def test_silence_after_an_answer_is_witnessed_at_the_port_that_answered_last() -> None:
    made = plan(SYSTEMS)
    results = settle(made, p443="ok@5", p22="ok@9", p3389="silent@40")
    (decoy,) = made.closing(results)
    results.record(failed(decoy, "silent", after=50))
    (witness,) = made.closing(results)
    assert shown([witness]) == ["tcp.connect 2001:db8::80 22 2"]
    results.record(observe(witness, after=60))
    assert made.closing(results) == ()


def test_silence_before_an_answer_needs_no_witness() -> None:
    made = plan(SYSTEMS)
    results = settle(made, p443="ok@50", p22="silent@40", p3389="closed")
    (decoy,) = made.closing(results)
    results.record(failed(decoy, "silent", after=60))
    assert not [task for task in made.closing(results) if "round" in task.params]


def test_a_silent_decoy_alone_is_no_reason_for_a_witness() -> None:
    made = plan(SYSTEMS)
    results = settle(made, p3389="closed")
    (decoy,) = made.closing(results)
    results.record(failed(decoy, "silent", after=60))
    assert not [task for task in made.closing(results) if "round" in task.params]


def test_a_control_is_asked_where_its_port_failed_and_only_there() -> None:
    mail = plan("- {id: m, hosts: ['2001:db8::80'], services: [smtp]}")
    assert shown(mail.closing(settle(mail, p25="silent"))) == ["tcp.connect 2001:db8:100:1::25 25"]
    assert "tcp.connect 2001:db8:100:1::25 25" not in shown(mail.closing(settle(mail)))
    other = plan("- {id: m, hosts: [198.51.100.80], services: [smtp]}")
    assert other.closing(settle(other, p25="silent")) == ()


def test_a_control_gets_no_decoy_and_no_witness() -> None:
    mail = plan("- {id: m, hosts: ['2001:db8::80'], services: [smtp]}")
    results = settle(mail, p25="silent")
    (control,) = mail.closing(results)
    results.record(observe(control, after=90))
    assert mail.closing(results) == ()


def test_nothing_is_asked_at_the_end_where_no_connection_is_wanted() -> None:
    made = plan(SYSTEMS, needs=frozenset({"dns.query"}))
    assert made.closing(Results()) == ()


def test_the_vantage_is_asked_again_under_a_new_number() -> None:
    made = plan(SYSTEMS)
    again = made.again(3, (6,))
    assert shown(again) == ["vantage.source 2001:db8::80 3", "vantage.canary 2001:db8:100:1::1 3"]
    assert not {task.id for task in again} & {task.id for task in made.initial()}
    assert find(again, "vantage.canary").stage == 0


def finish(made: Plan, results: Results, **words: str) -> list[str]:
    """Let everything that closes the scan happen (looks by `p443="silent"`); return what was asked."""
    asked = []
    while tasks := made.closing(results):
        for task in tasks:
            asked.append(task)
            word = words.get(f"p{task.port}", "ok") if "look" in task.params else "closed"
            results.record(outcome(task, word, 100.0 + len(asked)))
    return shown(asked)


def test_open_declared_ports_are_looked_at_again_over_ipv6_one_look_after_the_other() -> None:
    made = plan(
        "- {id: web, hosts: ['2001:db8::80', 198.51.100.80], services: [https], closed_ports: [3389]}"
    )
    asked = finish(made, settle(made, p3389="closed"))
    looks = [task for task in asked if " 443 " in task]
    assert looks == [f"tcp.connect 2001:db8::80 443 {n}" for n in range(1, LOOKS + 1)]
    assert not [task for task in asked if " 3389 " in task]


def test_a_port_that_refused_is_looked_at_twice_more_over_both_families() -> None:
    made = plan("- {id: web, hosts: ['2001:db8::80', 198.51.100.80], services: [https]}")
    asked = finish(made, settle(made, p443="closed"), p443="closed")
    assert sorted(asked) == sorted(
        f"tcp.connect {address} 443 {n}" for address in ("2001:db8::80", "198.51.100.80") for n in (1, 2)
    )


def test_no_look_follows_a_silent_one_and_then_a_witness_is_asked() -> None:
    made = plan("- {id: web, hosts: ['2001:db8::80'], services: [https]}")
    decoy, look, witness = finish(made, settle(made), p443="silent")
    assert look == "tcp.connect 2001:db8::80 443 1"
    assert witness == f"{decoy} 2"  # the port that answered last


def test_gentle_hosts_and_loopback_are_not_looked_at_again() -> None:
    gentle = plan("- {id: web, hosts: ['2001:db8::80'], services: [https], probe: gentle}")
    assert finish(gentle, settle(gentle)) == []
    head = "version: 1\norganization: {id: o, name: o}\nsystems:\n"
    local = plan("- {id: web, hosts: ['::1'], services: [https]}", head=head, vantage="local")
    assert finish(local, settle(local)) == []


def test_of_many_open_ports_in_one_network_a_sample_is_looked_at_again() -> None:
    hosts = ", ".join(f"'2001:db8::{n:x}'" for n in range(1, 60))
    made = plan(f"- {{id: web, hosts: [{hosts}], services: [https]}}")
    looks = [task for task in finish(made, settle(made)) if " 443 " in task]
    assert len(looks) == SAMPLED * LOOKS
    assert finish(made, settle(made)) == finish(made, settle(made))


def _after_a_silent_witness() -> tuple[Plan, Results, Task]:
    """Return a scan in which one host fell silent altogether, and the one look that follows."""
    made = plan(
        "- {id: a, hosts: ['2001:db8::80'], services: [https], closed_ports: [3389]}\n"
        "- {id: b, hosts: ['2001:db8::81', '2001:db8::82'], services: [http]}"
    )
    results = settle(made, p3389="silent@40")
    for task in made.closing(results):
        results.record(failed(task, "silent", after=80))
    (witness,) = made.closing(results)
    assert "round" in witness.params
    results.record(failed(witness, "silent", after=120))
    (look,) = made.closing(results)
    assert look.params == {"look": 1}
    assert look.address != "2001:db8::80"
    return made, results, look


def test_where_a_witness_and_a_look_elsewhere_are_silent_nobody_of_the_family_is_looked_at_again() -> None:
    made, results, look = _after_a_silent_witness()
    results.record(failed(look, "silent", after=160))
    (witness,) = made.closing(results)
    assert (witness.address, witness.params) == (look.address, {"round": 2})
    results.record(failed(witness, "silent", after=200))
    assert made.closing(results) == ()


def test_a_host_that_shuns_us_keeps_nobody_else_from_further_looks() -> None:
    made, results, look = _after_a_silent_witness()
    results.record(observe(look, after=130))
    assert {task.address for task in made.closing(results)} == {"2001:db8::81", "2001:db8::82"}


def test_our_own_source_address_is_no_answer_from_anybody() -> None:
    made, results, look = _after_a_silent_witness()
    for task in made.again(7):
        if task.kind == "vantage.source":
            results.record(observe(task, after=140))
    assert made.closing(results) == (look,)
