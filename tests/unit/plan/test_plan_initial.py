"""What is asked before any answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ipv6check.model.task import STAGE_CLOSED, STAGE_CONVERSATIONS, STAGE_SERVICES, Task
from ipv6check.plan import Plan
from tests.unit.plan.making import MOMENT, find, plan, shown

WEB = """
- id: portal
  hosts: [www.tinhmau.example]
  services: [https]
"""
LITERALS = """
- id: mixed
  hosts:
  - {host: "2001:db8:100:10::80", name: www.tinhmau.example}
  - {host: 198.51.100.80, name: www.tinhmau.example}
  services: [https, http, smtp, ssh, imaps, ldap, {app: dns, transport: udp, zones: [tinhmau.example]}]
  closed_ports: [3389]
"""


def contacts(made: Plan, address: str) -> list[Task]:
    """Return what sends something to the address."""
    return [t for t in made.initial() if t.address == address and t.kind != "vantage.source"]


def test_a_declared_name_is_looked_up_in_both_families_and_nothing_is_connected() -> None:
    assert shown(plan(WEB).initial()) == [
        "vantage.source 198.51.100.1 0",
        "vantage.source 2001:db8::1 0",
        "vantage.canary 2001:db8:100:1::1 0",
        "vantage.canary 198.51.100.1 443 0",
        "dns.query 198.51.100.53 53 ipv6check-nxdomain.invalid A",
        "dns.query 2001:db8:100::53 53 ipv6check-nxdomain.invalid A",
        "dns.query 198.51.100.53 53 www.tinhmau.example A",
        "dns.query 198.51.100.53 53 www.tinhmau.example AAAA",
    ]


def test_a_question_carries_the_view_and_how_it_is_asked() -> None:
    task = find(plan(WEB).initial(), "dns.query 198.51.100.53 53 www.tinhmau.example AAAA")
    assert task.params == {
        "name": "www.tinhmau.example",
        "type": "AAAA",
        "view": "internal",
        "rd": True,
        "cd": False,
        "edns": True,
    }
    assert (task.transport, task.family, task.stage) == ("udp", 4, 1)


def test_literals_get_their_services_with_the_conversations_of_each_app() -> None:
    lines = shown(plan(LITERALS).initial())
    v6 = [line for line in lines if "2001:db8:100:10::80" in line]
    assert v6[1:] == [
        "tcp.connect 2001:db8:100:10::80 443",
        "tls.handshake 2001:db8:100:10::80 443 https www.tinhmau.example",
        "http.get 2001:db8:100:10::80 443 www.tinhmau.example / fetch=1 hop=0",
        "tcp.connect 2001:db8:100:10::80 80",
        "http.get 2001:db8:100:10::80 80 / fetch=1 hop=0",
        "tcp.connect 2001:db8:100:10::80 25",
        "smtp.greeting 2001:db8:100:10::80 25 smtp",
        "tcp.connect 2001:db8:100:10::80 22",
        "ssh.greeting 2001:db8:100:10::80 22",
        "tcp.connect 2001:db8:100:10::80 993",
        "tls.handshake 2001:db8:100:10::80 993 imaps www.tinhmau.example",
        "app.greeting 2001:db8:100:10::80 993 imaps www.tinhmau.example",
        "tcp.connect 2001:db8:100:10::80 389",
        "app.greeting 2001:db8:100:10::80 389 ldap",
        "udp.exchange 2001:db8:100:10::80 53 tinhmau.example dns",
        "tcp.connect 2001:db8:100:10::80 3389",
    ]
    assert "tcp.connect 198.51.100.80 3389" in lines


def test_ipv4_pages_are_fetched_twice_and_ipv6_pages_once() -> None:
    lines = shown(plan(LITERALS).initial())
    assert sum("http.get 198.51.100.80 443" in line for line in lines) == 2
    assert sum("http.get 2001:db8:100:10::80 443" in line for line in lines) == 1


def test_a_conversation_waits_for_its_connection() -> None:
    tasks = plan(LITERALS).initial()
    connect = find(tasks, "tcp.connect 2001:db8:100:10::80 443")
    for kind in ("tls.handshake", "http.get"):
        talk = find(tasks, f"{kind} 2001:db8:100:10::80 443")
        assert (talk.parent, talk.stage) == (connect.id, STAGE_CONVERSATIONS)
    assert (connect.parent, connect.stage) == (None, STAGE_SERVICES)
    assert find(tasks, "tcp.connect 198.51.100.80 3389").stage == STAGE_CLOSED


def test_a_literal_without_a_name_is_fetched_without_sni_by_its_address() -> None:
    tasks = plan("- {id: bare, hosts: ['2001:db8::9'], services: [https]}").initial()
    params = find(tasks, "http.get").params
    assert (params["sni"], params["host"]) == (None, "2001:db8::9")


def test_equal_questions_of_two_systems_are_asked_once() -> None:
    systems = WEB + WEB.replace("id: portal", "id: second")
    assert plan(systems).initial() == plan(WEB).initial()


@pytest.mark.parametrize(
    "change",
    ["goal: ipv4-only", "goal: retired", "probe: none", "vantages: [outside]", "exposure: internal"],
)
def test_a_system_that_is_not_asked_about_from_here_gets_no_task(change: str) -> None:
    vantage = "outside" if change.startswith("exposure") else "inside"
    made = plan(WEB.rstrip() + f"\n  {change}\n", vantage=vantage)
    assert not [line for line in shown(made.initial()) if "www" in line]


def test_dns_only_systems_are_looked_up_and_never_contacted() -> None:
    systems = "- {id: s, hosts: [a.example, 198.51.100.9], services: [https], probe: dns-only}"
    lines = shown(plan(systems).initial())
    assert "dns.query 198.51.100.53 53 a.example A" in lines
    assert not [line for line in lines if "198.51.100.9" in line and not line.startswith("vantage.source")]


def test_only_the_selected_systems_are_asked_about() -> None:
    systems = WEB + "- {id: other, hosts: [other.example], services: [https]}\n"
    lines = shown(plan(systems, system_ids=["other"]).initial())
    assert any("other.example" in line for line in lines)
    assert not any("www" in line for line in lines)


def test_a_literal_out_of_scope_is_not_contacted() -> None:
    lines = shown(plan("- {id: s, hosts: ['3fff::1', 203.0.113.1], services: [https]}").initial())
    assert not [line for line in lines if "3fff::1" in line or "203.0.113.1" in line]


def test_printer_ports_are_never_probed() -> None:
    systems = """
- id: s
  hosts: [198.51.100.9]
  services: [{app: tcp, ports: 9098-9109}]
  closed_ports: [9101]
"""
    ports = {task.port for task in plan(systems).initial() if task.kind == "tcp.connect"}
    assert ports == {9098, 9099, 9108, 9109}


def test_of_many_ports_the_first_three_and_the_last_are_probed() -> None:
    systems = "- {id: s, hosts: [198.51.100.9], services: [{app: rtp, ports: 16384-16484, transport: udp}]}"
    made = plan(systems)
    assert [t.port for t in made.initial() if t.kind == "udp.exchange"] == [16384, 16385, 16386, 16484]
    assert [(s.system, s.declared, s.probed) for s in made.estimate(rate=200).sampled] == [("s", 101, 4)]


def test_sixteen_ports_are_all_probed() -> None:
    systems = "- {id: s, hosts: [198.51.100.9], services: [{app: tcp, ports: 2000-2015}]}"
    assert sum(t.kind == "tcp.connect" for t in plan(systems).initial()) == 16


def test_a_port_a_family() -> None:
    systems = (
        "- {id: s, hosts: [198.51.100.9, '2001:db8::9'], services: [{app: tcp, port: {4: 8443, 6: 443}}]}"
    )
    lines = [line for line in shown(plan(systems).initial()) if line.startswith("tcp")]
    assert lines == ["tcp.connect 198.51.100.9 8443", "tcp.connect 2001:db8::9 443"]


def test_closed_ports_are_tried_only_from_the_vantages_they_are_closed_to() -> None:
    systems = """
- id: s
  hosts: [198.51.100.9]
  services: [https]
  closed_ports: [{port: 22, from: [outside]}]
"""
    assert "tcp.connect 198.51.100.9 22" not in shown(plan(systems).initial())
    assert "tcp.connect 198.51.100.9 22" in shown(plan(systems, vantage="outside").initial())


def test_gentle_systems_make_their_tasks_gentle_for_everybody() -> None:
    systems = """
- {id: a, hosts: [198.51.100.9], services: [http]}
- {id: b, hosts: [198.51.100.9], services: [https], probe: gentle}
"""
    tasks = contacts(plan(systems, system_ids=["a"]), "198.51.100.9")
    assert tasks and all(task.gentle for task in tasks)


def test_a_window_bounds_every_contact_and_no_lookup() -> None:
    systems = """
- id: night
  hosts: [a.example, 198.51.100.9]
  services: [https]
  windows: [{days: mon-fri, from: "22:00", to: "05:00"}]
"""
    at_night = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)  # 23:00 in Vietnam
    made = plan(systems, moment=at_night)
    by_night = contacts(made, "198.51.100.9")
    assert by_night and all(t.until == at_night + timedelta(hours=6) for t in by_night)
    assert all(t.until is None for t in made.initial() if t.kind == "dns.query")
    by_day = contacts(plan(systems), "198.51.100.9")
    assert by_day and all(t.until is not None and t.until <= MOMENT for t in by_day)


def test_the_windows_of_all_systems_at_an_address_bind() -> None:
    systems = """
- {id: a, hosts: [198.51.100.9], services: [http]}
- {id: b, hosts: [198.51.100.9], services: [https], windows: [{days: mon-fri, from: "22:00", to: "05:00"}]}
"""
    tasks = contacts(plan(systems), "198.51.100.9")
    assert tasks and all(t.until is not None and t.until <= MOMENT for t in tasks)


def test_only_what_somebody_will_read_is_asked() -> None:
    made = plan(LITERALS, needs=frozenset({"dns.query"}))
    assert {t.kind for t in made.initial()} == {"vantage.source", "vantage.canary", "dns.query"}
    made = plan(LITERALS, needs=frozenset({"http.get"}))
    assert {"tcp.connect", "http.get"} <= {t.kind for t in made.initial()}
    assert not {"tls.handshake", "smtp.greeting", "udp.exchange"} & {t.kind for t in made.initial()}
    assert plan(LITERALS, needs=frozenset()).initial() == ()


def test_without_a_resolver_no_name_is_asked() -> None:
    assert not [t for t in plan(WEB, resolvers=()).initial() if t.kind == "dns.query"]


def test_the_source_is_asked_towards_the_widest_scope_that_is_probed() -> None:
    head = "version: 1\norganization: {id: o, name: o}\nsystems:\n"
    named = plan("- {id: s, hosts: [a.example, '::1'], services: [https]}", head=head, vantage="local")
    assert "vantage.source 2000:: 0" in shown(named.initial())
    loop = plan("- {id: s, hosts: ['::1', 127.0.0.1], services: [https]}", head=head, vantage="local")
    assert {"vantage.source ::1 0", "vantage.source 127.0.0.1 0"} <= set(shown(loop.initial()))


def test_an_unknown_vantage_is_an_error() -> None:
    with pytest.raises(KeyError):
        plan(WEB, vantage="nowhere")
