"""SPF as RFC 7208 reads it, out of answers already seen; doubt is never a no."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ipv6check.facts.mail_records import Records, exchanges, strings
from ipv6check.facts.spf import LOOKUPS, UNEVALUATED, covers

SENDER = "2001:db8:10::25"
DOMAIN = "mail.example"


class Zone:
    """Answers by name and type; what is not there is NODATA, what is None is unknown."""

    def __init__(self, **answers: object) -> None:
        self.answers = answers

    def __call__(self, name: str, rdtype: str) -> Records:
        key = f"{rdtype}_{name}"
        if key not in self.answers:
            return Records(name=name, type=rdtype, answer="no", failure="dns.nodata")
        values = self.answers[key]
        if values is None:
            return Records(name=name, type=rdtype, answer="unknown", failure="dns.servfail")
        found = values if isinstance(values, tuple) else (str(values),)
        if rdtype == "TXT":
            found = tuple(f'"{each}"' for each in found)
        return Records(name=name, type=rdtype, answer="yes", values=found)


def judged(record: str, **more: object) -> tuple[str, str]:
    found = covers(DOMAIN, SENDER, Zone(**{f"TXT_{DOMAIN}": record}, **more))
    return found.answer, found.failure


@pytest.mark.parametrize(
    ("record", "more", "expected"),
    [
        ("v=spf1 ip6:2001:db8:10::/48 -all", {}, "yes"),
        ("v=spf1 ip6:2001:db8:10::25 -all", {}, "yes"),
        ("V=SPF1 IP6:2001:DB8:10::25", {}, "yes"),
        ("v=spf1 ip4:198.51.100.0/24 -all", {}, "no"),
        ("v=spf1 ip4:198.51.100.0/24", {}, "no"),
        ("v=spf1 +all", {}, "yes"),
        ("v=spf1 ~all", {}, "no"),
        ("v=spf1 -ip6:2001:db8:10::25 +all", {}, "no"),
        ("v=spf1 ?ip6:2001:db8:10::25 +all", {}, "no"),
        ("v=spf1 a -all", {f"AAAA_{DOMAIN}": SENDER}, "yes"),
        ("v=spf1 a -all", {f"A_{DOMAIN}": "198.51.100.25"}, "no"),
        ("v=spf1 a:out.example//64 -all", {"AAAA_out.example": "2001:db8:10::1"}, "yes"),
        ("v=spf1 a:out.example/24 -all", {"AAAA_out.example": "2001:db8:10::1"}, "no"),
        ("v=spf1 mx -all", {f"MX_{DOMAIN}": "10 mx.example.", "AAAA_mx.example": SENDER}, "yes"),
        ("v=spf1 include:p.example -all", {"TXT_p.example": f"v=spf1 ip6:{SENDER} -all"}, "yes"),
        ("v=spf1 include:p.example -all", {"TXT_p.example": "v=spf1 -all"}, "no"),
        ("v=spf1 redirect=p.example", {"TXT_p.example": f"v=spf1 ip6:{SENDER} -all"}, "yes"),
        ("v=spf1 redirect=p.example -all", {"TXT_p.example": f"v=spf1 ip6:{SENDER}"}, "no"),
        ("v=spf1 ip6:nonsense ip6:2001:db8:10::25", {}, "yes"),
        ("v=spf1 exp=e.example ip6:2001:db8:10::25", {}, "yes"),
    ],
)
def test_a_record_is_evaluated(record: str, more: dict[str, object], expected: str) -> None:
    assert judged(record, **more) == (expected, "")


@pytest.mark.parametrize(
    ("record", "more", "why"),
    [
        ("v=spf1 exists:%{i}.example -all", {}, UNEVALUATED),
        ("v=spf1 ptr -all", {}, UNEVALUATED),
        ("v=spf1 include:%{d}.example -all", {}, UNEVALUATED),
        ("v=spf1 include:none.example -all", {}, UNEVALUATED),
        ("v=spf1 include:p.example -all", {"TXT_p.example": None}, "dns.servfail"),
        ("v=spf1 a -all", {f"AAAA_{DOMAIN}": None}, "dns.servfail"),
        ("v=spf1 redirect=mail.example", {}, UNEVALUATED),
    ],
)
def test_what_cannot_be_evaluated_is_doubt(record: str, more: dict[str, object], why: str) -> None:
    assert judged(record, **more) == ("unknown", why)


def test_doubt_does_not_take_away_what_is_covered() -> None:
    assert judged(f"v=spf1 exists:%{{i}}.example ip6:{SENDER} -all") == ("yes", "")


def test_without_a_record_there_is_none_and_without_an_answer_it_is_unknown() -> None:
    assert covers(DOMAIN, SENDER, Zone(**{f"TXT_{DOMAIN}": "something else"})).failure == "spf.none"
    assert covers(DOMAIN, SENDER, Zone(**{f"TXT_{DOMAIN}": "v=spf10 +all"})).failure == "spf.none"
    found = covers(DOMAIN, SENDER, Zone(**{f"TXT_{DOMAIN}": None}))
    assert (found.answer, found.failure) == ("unknown", "dns.servfail")


def test_lookups_have_a_bound() -> None:
    asked = []

    def look(name: str, rdtype: str) -> Records:
        asked.append(name)
        number = len(asked)
        return Records(name=name, type=rdtype, answer="yes", values=(f'"v=spf1 include:d{number}.example"',))

    found = covers(DOMAIN, SENDER, look)
    assert (found.answer, found.failure) == ("unknown", UNEVALUATED)
    assert len(asked) == LOOKUPS + 1


@given(st.text(max_size=200))
@example("\\¹")  # a digit for Python's isdigit, not for int
def test_no_record_breaks_the_reader(text: str) -> None:
    covers(DOMAIN, SENDER, Zone(**{f"TXT_{DOMAIN}": f"v=spf1 {text}"}))


def test_records_are_read_as_zone_files_write_them() -> None:
    txt = Records(name="x", type="TXT", answer="yes", values=('"v=spf1 " "a\\"b\\059"', "unquoted"))
    assert strings(txt) == ('v=spf1 a"b;', "")
    mx = Records(name="x", type="MX", answer="yes", values=("20 B.example.", "10 a.example.", "0 .", "junk"))
    assert exchanges(mx) == ((0, ""), (10, "a.example"), (20, "b.example"))
