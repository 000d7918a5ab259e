"""Foreign hosts that a page, a certificate or the inventory names: asked of the DNS, never contacted."""

from __future__ import annotations

import pytest

from ipv6check.model.task import Task
from ipv6check.model.text import JSON
from tests.unit.plan.making import HEAD, answer, expand, observe, plan, show, shown

WEB = """
- id: portal
  hosts: ["2001:db8:100:10::80"]
  services: [https]
"""
RESOLVER = "dns.query 198.51.100.53 53"


def task(kind: str) -> Task:
    return next(each for each in plan(WEB).initial() if each.kind == kind)


def asked(kind: str, **data: JSON) -> list[str]:
    return shown(expand(plan(WEB), observe(task(kind), data=data)))


def test_what_a_page_loads_is_looked_up() -> None:
    references: JSON = {"hosts": ["cdn.example"], "literals": [], "more": False}
    assert asked("http.get", status=200, references=references) == [
        f"{RESOLVER} cdn.example A",
        f"{RESOLVER} cdn.example AAAA",
    ]


def test_what_a_certificate_names_is_looked_up() -> None:
    assert asked("tls.handshake", revocation=["ocsp.example"]) == [
        f"{RESOLVER} ocsp.example A",
        f"{RESOLVER} ocsp.example AAAA",
    ]


def test_an_address_found_for_a_foreign_host_is_contacted_by_nobody() -> None:
    made = plan(WEB)
    references: JSON = {"hosts": ["cdn.example"]}
    first = expand(made, observe(task("http.get"), data={"status": 200, "references": references}))
    for question in first:
        record = "2001:db8::9" if question.params["type"] == "AAAA" else "198.51.100.9"
        assert expand(made, answer(question, record)) == ()


@pytest.mark.parametrize(
    "hosts",
    [None, "cdn.example", [7], ["-"], ["UPPER.example"], ["198.51.100.1"], ["a b"], ["x" * 300], [["a"]], {}],
)
def test_what_is_no_list_of_names_asks_nothing(hosts: JSON) -> None:
    assert asked("tls.handshake", revocation=hosts) == []
    assert asked("http.get", status=200, references={"hosts": hosts}) == []
    assert asked("http.get", status=200, references=hosts) == []


def test_a_page_cannot_make_us_ask_without_end() -> None:
    hosts: JSON = [f"h{n}.example" for n in range(500)]
    assert len(asked("http.get", status=200, references={"hosts": hosts})) == 64


def test_outside_hosts_are_looked_up_through_systems_and_equipment() -> None:
    head = HEAD.replace(
        "systems:",
        "equipment: [{id: fw, kind: firewall, depends_on: [{host: update.example}]}]\nsystems:",
    )
    made = plan(
        "- {id: portal, hosts: [www.tinhmau.example], services: [https], depends_on: [sso]}\n"
        "- {id: sso, hosts: ['2001:db8:100:10::81'], services: [https],"
        " depends_on: [portal, {equipment: fw}, {host: ocsp.example}, {host: 198.51.100.9}]}\n",
        head=head,
        system_ids=["portal"],
    )
    lines = [show(each) for each in made.initial() if each.kind == "dns.query"]
    for name in ("ocsp.example", "update.example"):
        assert f"{RESOLVER} {name} AAAA" in lines
    assert not any("198.51.100.9 " in line or "2001:db8:100:10::81" in line for line in lines)
