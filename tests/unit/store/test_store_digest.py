"""The digest beside results.json: written system by system, and the same as of the whole."""

from __future__ import annotations

from ipv6check import codec
from ipv6check.judge.results import results
from tests.unit.judge.cases import case, finding, inventory, system


def test_a_digest_in_pieces_is_that_of_the_whole() -> None:
    declared = inventory(system(), system("mail"))
    made = results(case(declared, finding(), finding(of="mail")))
    plain = {**made, "systems": list(made["systems"])}  # type: ignore[arg-type]
    whole = codec.encode_past(codec.convert_past(plain))
    assert b"".join(codec.past_parts(made)) == b"".join(codec.past_parts(plain)) == whole
    assert codec.convert_past(made) == codec.convert_past(plain) == codec.decode_past(whole)


def test_sums_alone_have_no_findings() -> None:
    made = results(case(inventory(system()), finding()))
    (found,) = codec.convert_past(made, findings=False).systems
    assert (found.id, found.findings) == ("portal", ())


def test_the_digest_of_nothing_is_one() -> None:
    made = results(case(inventory()))
    assert codec.decode_past(b"".join(codec.past_parts(made))).systems == ()
