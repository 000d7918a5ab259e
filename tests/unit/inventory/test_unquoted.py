"""Addresses that YAML misreads are recognised, corrected, and nothing else on the line is touched."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ipv6check.inventory.addresses import write
from ipv6check.inventory.events import read_nodes
from ipv6check.inventory.nodes import Journal, SourceFile, plain
from ipv6check.inventory.unquoted import correct, misread_key


@pytest.mark.parametrize(
    ("line", "corrected", "column"),
    [
        ("- 2001:db8::", '- "2001:db8::"', 3),
        ("a: 2001:db8::  # why", 'a: "2001:db8::"  # why', 4),
        ("a: [::1, 2001:db8::]", 'a: ["::1", "2001:db8::"]', 5),
        ("- {host: ::1, x: y}", '- {host: "::1", x: y}', 10),
        ("- [::1]:53", '- "[::1]:53"', 3),
        ("a: [2001:db8::1]:53", 'a: "[2001:db8::1]:53"', 4),
        ("prefix: ::/0", 'prefix: "::/0"', 9),
        ("- ::ffff:198.51.100.1", '- "::ffff:198.51.100.1"', 3),
    ],
)
def test_a_misread_address_is_quoted(line: str, corrected: str, column: int) -> None:
    assert correct(line) == (corrected, column)


@pytest.mark.parametrize(
    "line",
    [
        "", "a: b", "hosts:", "face:", "- dead:beef", "a: 2001:db8::1", "- 22:22", '- "2001:db8::"',
        "a: '::1'",
        "# 2001:db8::", "x: y # ::1", "- http://a.example:80/", "abc: [1, 2]", "- :",
        "key: value::", "- ab:cd:",
    ],
)  # fmt: skip
def test_what_is_no_misread_address_is_left_alone(line: str) -> None:
    assert correct(line) is None


def test_a_key_that_lost_its_last_colon_is_known() -> None:
    assert misread_key("2001:db8:") == "2001:db8::"
    assert misread_key(":") == "::"
    assert misread_key("hosts") is None
    assert misread_key("2001:db8") is None


ADDRESS = st.integers(0, 2**128 - 1).flatmap(
    lambda n: st.sampled_from([n, n >> 64 << 64, n >> 96 << 96, n & 0xFFFF, 0])
)


@given(
    ADDRESS,
    st.sampled_from(["- {}", "a: {}", "a: [{}]", "a: {{b: {}}}", "a: [x, {}, y]", "- {{b: {}, c: d}}"]),
)
def test_any_address_anywhere_is_read_as_itself_or_refused_with_the_right_line(value: int, form: str) -> None:
    address = write(6, value)
    line = form.format(address)
    journal = Journal([SourceFile("f.yaml", "f.yaml", Path(), b"", line + "\n")])
    node = read_nodes(journal, 0)
    assert node is not None
    quoted = form.format(f'"{address}"')
    assert plain(node) == yaml.load(quoted, Loader=yaml.BaseLoader)
    for error in journal.errors:
        assert (error.line, error.column) == (1, line.index(address) + 1)
        assert error.hint == quoted
