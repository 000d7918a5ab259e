"""`format`: one style, and never a word, a value or a comment less."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from ipv6check.cli import cli
from ipv6check.inventory.formatting import CannotFormat, comments, format_text

UNTIDY = """# Đầu tệp
version:   1
organization: {id: tinh-mau,   name: 'Tỉnh Mẫu'}   # tổ chức
scope:
- 2001:db8:100::/48   # vùng địa chỉ
- 198.51.100.0/24
include: [systems.yaml]

# cuối tệp
"""
TIDY = """# Đầu tệp
version: 1
organization: {id: tinh-mau, name: 'Tỉnh Mẫu'}     # tổ chức
scope:
  - "2001:db8:100::/48" # vùng địa chỉ
  - 198.51.100.0/24
include: [systems.yaml]

# cuối tệp
"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


@pytest.fixture
def inventory(tmp_path: Path) -> Path:
    path = tmp_path / "inventory.yaml"
    path.write_text(UNTIDY)
    (tmp_path / "systems.yaml").write_text("systems:\n- {id: a, depends_on: [{system: b}]}\n- id: b\n")
    return path


def test_it_tidies_the_file_and_what_it_includes(inventory: Path) -> None:
    os.chmod(inventory, 0o604)
    assert run("format", str(inventory)).exit_code == 0
    assert inventory.read_text() == TIDY
    assert inventory.stat().st_mode & 0o777 == 0o604
    included = inventory.with_name("systems.yaml").read_text()
    assert included == "systems:\n  - {id: a, depends_on: [{system: b}]}\n  - id: b\n"


def test_check_tells_what_would_change_and_changes_nothing(inventory: Path) -> None:
    done = run("format", "--check", "--lang", "en", str(inventory))
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        f"{inventory}: would change",
        f"{inventory.with_name('systems.yaml')}: would change",
    ]
    assert inventory.read_text() == UNTIDY


def test_what_is_tidy_stays_and_exits_0(inventory: Path) -> None:
    run("format", str(inventory))
    before = inventory.stat().st_mtime_ns
    assert run("format", "--check", str(inventory)).exit_code == 0
    assert run("format", str(inventory)).exit_code == 0
    assert inventory.stat().st_mtime_ns == before


def test_broken_yaml_is_told_with_its_line_and_nothing_is_written(inventory: Path) -> None:
    inventory.with_name("systems.yaml").write_text("systems: [\n")
    done = run("format", str(inventory))
    assert done.exit_code == 2
    assert f"{inventory.with_name('systems.yaml')}:2:1: " in done.stderr
    assert inventory.read_text() == UNTIDY


@pytest.mark.parametrize(
    "line",
    [
        "a: NO",
        "a: 0123",
        "a: 22:22",
        "a: 1_000",
        "a: 0x1F",
        "a: 1e3",
        "a: 2026-12-31",
        "a: ~",
        "a: null",
        "a: .inf",
        "a: +1",
        'a: "NO"',
        "a: 'x'",
        "a: |\n  hai\n  dòng",
        "a: >-\n  gập\n  dòng",
        "a: =",
        "a: <<",
        "a: 12e03",
        "a: 7.40",
    ],
)
def test_values_stay_the_text_that_they_are(line: str) -> None:
    assert format_text(line + "\n") == line + "\n"


def test_addresses_are_put_in_quotes_and_only_they() -> None:
    text = "a: [2001:db8::1, ::1/128, a::b.example, 22:22, https:8443, '::1', 198.51.100.1]\n"
    with pytest.raises(CannotFormat):
        format_text(text)  # `::1` bare is no YAML
    text = text.replace("::1/128", "fe80::1%eth0")
    assert format_text(text) == (
        """a: ["2001:db8::1", "fe80::1%eth0", a::b.example, 22:22, https:8443, '::1', 198.51.100.1]\n"""
    )


def test_line_ends_blanks_and_a_byte_order_mark_go(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("\ufeffversion: 1  \r\norganization: {id: a}\r\n\r\n".encode())
    assert run("format", str(path)).exit_code == 0
    assert path.read_bytes() == b"version: 1\norganization: {id: a}\n"


def test_comments_are_found_wherever_they_stand() -> None:
    text = 'a: "# không" # có\n# dòng\nb: [1, # trong\n  2]\nc: |\n  # văn bản\nd: 1#2\n'
    assert comments(text) == ["# có", "# dòng", "# trong"]


LINES = st.lists(
    st.sampled_from(
        [
            "a: 1",
            "b:",
            "  - x",
            "- y",
            "  c: {d: e} # f",
            "# g",
            "",
            "    # h",
            "l: [1,",
            "  2] # m",
            "n: |",
            "   p",
            "q: 'r # s'",
            "t: 2001:db8::1",
            "u: # v",
            "  - w: x",
            "    y: z # z",
            "\t",
            "A: &a 1",
            "B: *a",
            "C: !d e",
            "---",
            "? k",
        ]
    ),
    max_size=10,
)


@given(LINES)
def test_it_keeps_every_comment_or_leaves_the_file_alone(lines: list[str]) -> None:
    text = "\n".join(lines)
    try:
        formatted = format_text(text)
    except CannotFormat:
        return
    assert comments(formatted) == comments(text)
    assert format_text(formatted) == formatted
    assert unicodedata.is_normalized("NFC", formatted)
