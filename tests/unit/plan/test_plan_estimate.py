"""Whom a scan would contact, why, and how much that is."""

from __future__ import annotations

from ipv6check.plan.looks import LOOKS
from tests.unit.plan.making import MOMENT, plan

SYSTEMS = """
- id: portal
  hosts: [www.tinhmau.example, "2001:db8::80", 203.0.113.9]
  services: [https]
- id: sso
  hosts: [www.tinhmau.example]
  services: [https]
- id: night
  hosts: [198.51.100.7]
  services: [ssh]
  windows: [{days: mon-fri, from: "22:00", to: "05:00"}]
"""


def test_every_contact_says_who_declared_it_and_where() -> None:
    made = plan(SYSTEMS)
    contacts = {contact.host: contact for contact in made.estimate(rate=200).contacts}
    assert contacts["198.51.100.53"].role == "resolver"
    assert contacts["2001:db8:100:1::1"].role == "canary"
    assert contacts["2001:db8:100:1::25"].role == "control"
    name = contacts["www.tinhmau.example"]
    assert [(system, source.file.endswith(".yaml")) for system, source in name.why] == [
        ("portal", True),
        ("sso", True),
    ]
    assert name.family is None
    assert [(transport, port) for transport, port, _ in name.ports] == [("tcp", 443)]
    assert contacts["2001:db8::80"].ports == (("tcp", 443, ("tcp.connect", "tls.handshake", "http.get")),)


def test_a_literal_that_may_not_be_contacted_is_shown_with_the_reason() -> None:
    contacts = {c.host: c for c in plan(SYSTEMS).estimate(rate=200).contacts}
    assert (contacts["203.0.113.9"].refused, contacts["203.0.113.9"].ports) == ("scope.outside", ())


def test_packets_and_seconds_count_names_as_one_address_of_each_family() -> None:
    told = plan("- {id: s, hosts: [a.example], services: [https]}").estimate(rate=200)
    assert (told.names, told.literals, told.ports) == (1, 0, 1)
    assert told.probes["tcp.connect"] == 2
    assert told.probes["http.get"] == 3
    looks = 4 * LOOKS  # more looks at one port over IPv6, where it is open
    # The first fetch of each family shows the handshake by the way.
    assert told.packets == looks + sum(
        {"vantage.canary": 4, "dns.query": 2, "tcp.connect": 4, "http.get": 18}.get(k, 0) * n
        for k, n in told.probes.items()
    )
    assert told.seconds > plan("- {id: s, hosts: [a.example], services: [https]}").estimate(rate=0).seconds


def test_a_handshake_without_a_fetch_takes_packets_of_its_own() -> None:
    inventory = "- {id: s, hosts: [a.example], services: [https]}"
    both = plan(inventory).estimate(rate=200)
    alone = plan(inventory, needs=frozenset({"tls.handshake"})).estimate(rate=200)
    ldaps = plan("- {id: s, hosts: [a.example], services: [ldaps]}").estimate(rate=200)
    assert both.probes["tls.handshake"] == alone.probes["tls.handshake"] == ldaps.probes["tls.handshake"] == 2
    per_family = {"tcp.connect": 4, "tls.handshake": 14}
    assert alone.packets >= sum(per_family[kind] * 2 for kind in per_family)


def test_systems_whose_window_is_closed_are_named() -> None:
    assert plan(SYSTEMS).estimate(rate=200).closed_windows == ("night",)
    assert plan(SYSTEMS, moment=MOMENT.replace(hour=16)).estimate(rate=200).closed_windows == ()
