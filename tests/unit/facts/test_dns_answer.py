"""Reading one DNS answer: chains, RCODEs, NODATA and what only looks like it."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipv6check.facts.dns_answer import Said, read, truncated
from ipv6check.model.text import JSON

NAME = "www.example"
SOA: list[JSON] = ["example", "SOA", 60, "ns.example. root.example. 1 2 3 4 5"]


def answer(*records: list[JSON], rcode: str = "NOERROR", **more: JSON) -> dict[str, JSON]:
    return {"rcode": rcode, "flags": ["QR", "RA"], "answers": list(records), "authority": [], **more}


def aaaa(data: Mapping[str, JSON]) -> Said:
    return read(data, NAME, "AAAA")


def test_addresses_of_the_asked_owner_are_sorted_and_canonical() -> None:
    said = aaaa(answer([NAME, "AAAA", 1, "2001:DB8:0::2"], [NAME, "AAAA", 1, "2001:db8::1"]))
    assert (said.answer, said.addresses) == ("yes", ("2001:db8::1", "2001:db8::2"))


def test_owners_are_compared_without_case_and_final_dot() -> None:
    assert aaaa(answer(["WWW.Example.", "AAAA", 1, "2001:db8::1"])).answer == "yes"


def test_records_that_hang_elsewhere_are_nobodys() -> None:
    said = aaaa(answer(["evil.example", "AAAA", 1, "2001:db8::1"], authority=[SOA]))
    assert (said.answer, said.failure) == ("no", "dns.nodata")


def test_the_chain_is_followed_in_any_order_of_the_records() -> None:
    said = aaaa(
        answer(
            ["c.example", "AAAA", 1, "2001:db8::1"],
            ["b.example", "CNAME", 1, "c.example."],
            [NAME, "CNAME", 1, "B.example."],
        )
    )
    assert (said.addresses, said.links) == (("2001:db8::1",), 2)
    assert said.chain == (NAME, "b.example", "c.example")


def test_an_answer_of_the_wrong_family_is_none() -> None:
    assert aaaa(answer([NAME, "A", 1, "198.51.100.1"], authority=[SOA])).failure == "dns.nodata"
    assert aaaa(answer([NAME, "AAAA", 1, "198.51.100.1"])).failure == "dns.bad_rdata"


def test_an_rcode_belongs_to_the_last_owner() -> None:
    assert aaaa(answer(rcode="NXDOMAIN")).failure == "dns.nxdomain"
    assert aaaa(answer([NAME, "CNAME", 1, "gone.example"], rcode="NXDOMAIN")).failure == "dns.cname_dangling"
    assert aaaa(answer([NAME, "CNAME", 1, "gone.example"], rcode="NXDOMAIN")).exists


def test_an_answer_cut_by_the_probe_is_not_taken_for_nodata() -> None:
    many = [[f"n{n}.example", "A", 1, "198.51.100.1"] for n in range(64)]
    assert aaaa(answer(*many, more=True)).answer == "unknown"  # type: ignore[arg-type]


def test_truncation_is_read_from_the_flags_alone() -> None:
    assert truncated({"flags": ["QR", "TC"]})
    assert not truncated({"flags": "TC"})
    assert not truncated({})


@pytest.mark.parametrize("rcode", ["SERVFAIL", "REFUSED", "NOTIMP", "FORMERR", "BADVERS", "17", ""])
def test_no_error_is_ever_read_as_no_record(rcode: str) -> None:
    assert aaaa(answer(rcode=rcode)).answer == "unknown"


RECORD = st.one_of(
    st.none(),
    st.text(max_size=4),
    st.lists(st.one_of(st.none(), st.integers(), st.text(max_size=12)), max_size=5),
    st.tuples(
        st.sampled_from([NAME, "b.example", "c.example"]),
        st.sampled_from(["CNAME", "AAAA", "A"]),
        st.integers(),
        st.sampled_from([NAME, "b.example.", "c.example", "2001:db8::1", "::zz"]),
    ).map(list),
)


@given(
    st.lists(RECORD, max_size=8),
    st.sampled_from(["NOERROR", "NXDOMAIN", "SERVFAIL", None, 3]),
    st.one_of(st.none(), st.lists(RECORD, max_size=3)),
)
def test_any_answer_is_read_and_a_yes_has_addresses(records: list[JSON], rcode: JSON, bad: JSON) -> None:
    said = aaaa({"rcode": rcode, "answers": records, "bad_rdata": bad})
    assert (said.answer == "yes") == bool(said.addresses)
    assert (said.failure is None) == (said.answer == "yes")
    assert said.chain[0] == NAME
