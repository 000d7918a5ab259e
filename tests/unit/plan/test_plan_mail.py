"""Questions about mail: only to the DNS, only for mail domains, and never without end."""

from __future__ import annotations

from ipv6check.model.task import make_task
from ipv6check.plan import Results
from tests.unit.plan.making import EVERYTHING, answer, expand, find, observe, plan, shown

NEEDS = EVERYTHING | {"dns.mail"}
SYSTEM = """
- id: mail
  hosts: ["2001:db8::25"]
  services: [smtp]
  mail_domains: [mail.example]
  mail_senders: ["2001:db8::25"]
"""


def asked(name: str, rdtype: str) -> str:
    return f"dns.query 198.51.100.53 53 {name} {rdtype}"


def test_a_mail_domain_is_asked_for_mx_and_spf() -> None:
    lines = shown(plan(SYSTEM, needs=NEEDS).initial())
    assert {asked("mail.example", each) for each in ("MX", "TXT", "A", "AAAA")} <= set(lines)
    assert not [line for line in shown(plan(SYSTEM).initial()) if "mail.example" in line]
    without = SYSTEM.replace('  mail_senders: ["2001:db8::25"]\n', "")
    assert asked("mail.example", "TXT") not in shown(plan(without, needs=NEEDS).initial())


def test_an_exchange_is_looked_up_and_never_contacted() -> None:
    made = plan(SYSTEM, needs=NEEDS)
    mx = find(made.initial(), asked("mail.example", "MX"))
    follows = expand(made, answer(mx, "mail.example MX 10_mx.example.".replace("10_", "")))
    assert follows == ()  # no preference: not an MX record
    seen = observe(
        mx, data={"rcode": "NOERROR", "flags": [], "answers": [["mail.example", "MX", 60, "10 MX.example."]]}
    )
    follows = expand(made, seen)
    assert shown(follows) == [asked("mx.example", "A"), asked("mx.example", "AAAA")]
    assert expand(made, answer(find(follows, asked("mx.example", "AAAA")), "2001:db8::26")) == ()


def test_an_spf_record_leads_to_what_it_names() -> None:
    made = plan(SYSTEM, needs=NEEDS)
    task = find(made.initial(), asked("mail.example", "TXT"))
    record = (
        '"v=spf1 include:a.example a:b.example//64 " "mx ip6:2001:db8::/32 include:%{d}.x redirect=c.example"'
    )
    follows = expand(
        made, observe(task, data={"rcode": "NOERROR", "answers": [["mail.example", "TXT", 60, record]]})
    )
    assert shown(follows) == [
        asked("a.example", "TXT"),
        asked("b.example", "A"),
        asked("b.example", "AAAA"),
        asked("mail.example", "MX"),
        asked("c.example", "TXT"),
    ]


def test_includes_that_never_end_have_a_bound() -> None:
    made, results = plan(SYSTEM, needs=NEEDS), Results()
    waiting = [find(made.initial(), asked("mail.example", "TXT"))]
    number = 0
    while waiting:
        task = waiting.pop()
        number += 1
        record = f'"v=spf1 include:d{number}.example include:e{number}.example"'
        name = str(task.params["name"])
        seen = observe(task, data={"rcode": "NOERROR", "answers": [[name, "TXT", 60, record]]})
        waiting += expand(made, seen, results)
    assert number < 40


def test_who_we_are_is_asked_only_after_a_refusal() -> None:
    made = plan(SYSTEM, needs=NEEDS)
    task = make_task(
        "smtp.greeting", vantage="inside", family=6, address="2001:db8::25", port=25, transport="tcp"
    )
    for code, count in ((220, 0), (450, 0), (554, 1)):
        follows = expand(made, observe(task, data={"code": code, "ehlo_code": None, "source": "2001:db8::2"}))
        assert len(follows) == count
    assert follows[0].params["type"] == "PTR"
    name = str(follows[0].params["name"])
    assert name.endswith("8.b.d.0.1.0.0.2.ip6.arpa")
    pointed = expand(
        made, observe(follows[0], data={"rcode": "NOERROR", "answers": [[name, "PTR", 60, "us.example."]]})
    )
    assert shown(pointed) == [asked("us.example", "AAAA")]
