"""Further DNS questions: other views, HTTPS records, siblings, reverse names, and DNS64's prefix."""

from ipv6check.model.asked_names import sibling
from ipv6check.model.inventory import Endpoint
from ipv6check.model.task import Task
from ipv6check.plan import Plan, Results
from tests.unit.plan.making import HEAD, MOMENT, RESOLVERS, answer, failed, plan

NEEDS = frozenset({"dns.query", "dns.views", "dns.hints", "dns.reverse", "dns.wildcard", "tcp.connect"})
TWO_VIEWS = HEAD.replace("resolvers: {", 'resolvers: {public: ["203.0.113.153"], ').replace(
    "outside: {resolver: system", "outside: {resolver: public"
)
WEB = """
  - id: web
    name: Web
    hosts: [www.tinhmau.example]
    services: [https]
    vantages: [inside, outside]
"""
PUBLIC = Endpoint("203.0.113.153", 53)


def made(needs: frozenset[str] = NEEDS, systems: str = WEB, head: str = TWO_VIEWS) -> Plan:
    return plan(systems, head=head, needs=needs)


def questions(tasks: tuple[Task, ...], purpose: str | None = None) -> set[tuple[str, str]]:
    return {
        (str(task.params["name"]), str(task.params["type"]))
        for task in tasks
        if task.kind == "dns.query" and task.params.get("purpose") == purpose
    }


def the(tasks: tuple[Task, ...], name: str, rdtype: str, purpose: str | None = None) -> Task:
    return next(
        task
        for task in tasks
        if (task.params.get("name"), task.params.get("type")) == (name, rdtype)
        and task.params.get("purpose") == purpose
    )


def test_another_view_is_only_asked_once_its_resolver_has_answered() -> None:
    planned = made()
    knock = the(planned.initial(), "ipv6check-nxdomain.invalid", "A", "view")
    assert (knock.address, knock.port) == (PUBLIC.address, PUBLIC.port)
    assert not planned.expand(failed(knock, "no_answer"), Results())
    answered = planned.expand(answer(knock, rcode="REFUSED"), Results())
    assert questions(answered, "view") == {("www.tinhmau.example", "A"), ("www.tinhmau.example", "AAAA")}
    assert {task.address for task in answered} == {PUBLIC.address}


def test_what_another_view_says_is_never_contacted() -> None:
    planned = made()
    knock = the(planned.initial(), "ipv6check-nxdomain.invalid", "A", "view")
    (four, six) = planned.expand(answer(knock), Results())
    for task, address in ((four, "198.51.100.80"), (six, "2001:db8::80")):
        results = Results()
        seen = answer(task, address)
        results.record(seen)
        assert planned.expand(seen, results) == ()


def test_a_system_that_is_looked_at_from_here_alone_asks_no_other_view() -> None:
    planned = made(systems=WEB.replace("vantages: [inside, outside]", "vantages: [inside]"))
    assert questions(planned.initial(), "view") == set()


def test_every_resolver_that_is_asked_is_listed() -> None:
    listed = {(c.role, c.host) for c in made().estimate(rate=100).contacts}
    assert ("resolver", PUBLIC.address) in listed


def test_https_records_stand_before_the_name_on_another_port() -> None:
    odd = WEB.replace("services: [https]", "services: [{app: https, port: 8443}, {app: tcp, port: 22}]")
    assert ("www.tinhmau.example", "HTTPS") in questions(made().initial())
    assert ("_8443._https.www.tinhmau.example", "HTTPS") in questions(made(systems=odd).initial())


def test_an_https_records_target_is_looked_up_and_an_alias_is_not() -> None:
    planned = made()
    task = the(planned.initial(), "www.tinhmau.example", "HTTPS")
    seen = answer(task)
    records = [["www.tinhmau.example", "HTTPS", 60, '1 pool.example. ipv6hint="2001:db8::1"']]
    seen.data["answers"].extend(records)  # type: ignore[union-attr]
    assert questions(planned.expand(seen, Results())) == {("pool.example", "AAAA")}
    records[0][3] = "0 pool.example."
    assert questions(planned.expand(seen, Results())) == set()


def test_an_aaaa_answer_asks_for_the_reverse_name_and_a_sibling() -> None:
    planned = made()
    results = Results()
    seen = answer(the(planned.initial(), "www.tinhmau.example", "AAAA"), "2001:db8::80")
    results.record(seen)
    stranger = sibling("www.tinhmau.example", MOMENT)
    reverse = "0.8.0.0." + "0.0.0.0." * 5 + "8.b.d.0.1.0.0.2.ip6.arpa"
    assert questions(planned.expand(seen, results)) == {(reverse, "PTR"), (str(stranger), "AAAA")}
    pointed = answer(the(planned.expand(seen, results), reverse, "PTR"), "host.example.")
    assert questions(planned.expand(pointed, results)) == {("host.example", "AAAA")}


def test_addresses_without_a_reverse_name_are_not_asked_about() -> None:
    planned = made()
    results = Results()
    seen = answer(the(planned.initial(), "www.tinhmau.example", "AAAA"), "::1", "fe80::1")
    results.record(seen)
    assert not [task for task in planned.expand(seen, results) if task.params.get("type") == "PTR"]


def test_a_sibling_is_new_in_every_run_and_never_right_below_a_top_level_domain() -> None:
    later = MOMENT.replace(hour=4)
    assert sibling("www.tinhmau.example", MOMENT) != sibling("www.tinhmau.example", later)
    assert sibling("www.tinhmau.example", MOMENT) == sibling("mail.tinhmau.example", MOMENT)
    assert sibling("tinhmau.example", MOMENT) is None


def test_every_resolver_is_asked_for_its_translators_prefix() -> None:
    asked = [t for t in made(NEEDS | {"dns.nat64"}).initial() if t.params.get("name") == "ipv4only.arpa"]
    assert {task.address for task in asked} == {server.address for server in RESOLVERS}
    assert {task.params["type"] for task in asked} == {"AAAA"}


def test_what_a_translator_would_make_of_an_excluded_address_is_excluded() -> None:
    head = TWO_VIEWS.replace("systems:", "exclude: [198.51.100.7]\nsystems:")
    planned = made(head=head)
    for address, refused in (("2001:db8:64::c633:6407", True), ("2001:db8:64::c633:6408", False)):
        assert (planned.index.permitted(address, True) == "scope.outside") is refused
