"""`address-plan` as a person and a script meet it: the tree, proposals on stdout alone, one line an error."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rich.cells import cell_len

from ipv6check.cli import cli

PLAN = """version: 1
organization: {id: tinh-mau}
address_plan:
  - {prefix: "2001:db8:100::/48", use: allocation, name: VNNIC}
  - {prefix: "2001:db8:100:1000::/52", use: site, site: dc1, name: {vi: Trung tâm dữ liệu, en: Data centre}}
  - {prefix: "2001:db8:100:1000::/64", use: subnet, site: dc1, vlan: 10}
  - {prefix: "2001:db8:100:8000::/49", use: reserved}
sites: [{id: dc1}]
systems:
  - id: portal
    site: dc1
    hosts: ["2001:db8:100:1000::80", "2001:db8:100:1001::80", "2001:db8:7::7"]
    services: [https]
"""


@pytest.fixture
def plan(tmp_path: Path) -> str:
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN)
    return str(path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ("address-plan", *arguments))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_tree_shows_every_prefix_in_its_place_within_80_columns(plan: str, language: str) -> None:
    done = run(plan, "--lang", language)
    assert done.exit_code == 0
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert all(cell_len(line) <= 80 for line in lines)
    shown = [line for line in lines if line.lstrip().startswith("2001:db8:")]
    assert [len(line) - len(line.lstrip()) for line in shown] == [0, 2, 4, 2]
    assert "2001:db8:7::7" in lines[1]  # outside the plan
    allocation = shown[0].split()
    assert allocation[0] == "2001:db8:100::/48"
    assert allocation[1] in ("6%", "7%", "6.2%", "6,2%")
    assert allocation[2:4] == ["1", "2"]


def test_a_proposal_is_all_of_stdout_and_the_file_stays_as_it_is(plan: str) -> None:
    done = run(plan, "--next", "/64", "--site", "dc1", "--lang", "en")
    assert done.exit_code == 0
    # 1000 is a subnet, and an address in use lies in 1001 though nobody planned it.
    assert done.stdout == "2001:db8:100:1002::/64\n"
    assert 'add to address_plan: - {prefix: "2001:db8:100:1002::/64", use: subnet, site: dc1}' in done.stderr
    assert Path(plan).read_text() == PLAN


@pytest.mark.parametrize(
    ("arguments", "prefix"),
    [
        (("--next", "64"), "2001:db8:100::/64"),
        (("--next", "/52"), "2001:db8:100::/52"),
        (("--next", "/64", "--system", "portal"), "2001:db8:100:1002::/64"),
        (("--next", "/64", "--in", "2001:db8:100:2000::/52"), "2001:db8:100:2000::/64"),
        (("--next", "/64", "--in", "2001:db8:100:1000::/52", "--sparse"), "2001:db8:100:1800::/64"),
    ],
)
def test_where_and_how_it_looks(plan: str, arguments: tuple[str, ...], prefix: str) -> None:
    assert run(plan, *arguments).stdout == f"{prefix}\n"


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--next", "/129"), "not a prefix length: write /64"),
        (("--next", "-1"), "not a prefix length"),
        (("--next", "/64", "--site", "dc2"), 'no site "dc2"; did you mean "dc1"?'),
        (("--next", "/64", "--in", "2001:db8:100::1/48"), "the prefix is 2001:db8:100::/48"),
        (("--next", "/64", "--in", "2001:db8:999::/48"), "lies in no prefix of the plan"),
        (("--next", "/64", "--in", "2001:db8:100:8000::/52"), "which is a reserved"),
        (("--next", "/48"), "no room for a /48"),
        (("--next", "/64", "--site", "dc1", "--system", "portal"), "name one place only"),
        (("--sparse",), "where and how --next looks"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line_and_exit_2(
    plan: str, arguments: tuple[str, ...], why: str
) -> None:
    done = run(plan, *arguments, "--lang", "en")
    assert done.exit_code == 2
    assert done.stdout == ""
    assert why in done.stderr.splitlines()[-1]


def test_an_inventory_without_a_plan_says_what_to_declare(tmp_path: Path) -> None:
    path = tmp_path / "bare.yaml"
    path.write_text("version: 1\norganization: {id: a}\nsystems: []\n")
    done = run(str(path), "--lang", "en")
    assert done.exit_code == 2
    assert "declares no address_plan; add" in done.stderr


def test_an_invalid_inventory_shows_its_errors(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(PLAN.replace("2001:db8:100::/48", "2001:db8:100::1/48"))
    done = run(str(path))
    assert done.exit_code == 2
    assert f"{path}:4:14: " in done.stderr
    assert "2001:db8:100::/48" in done.stderr


def test_a_hostile_name_reaches_no_terminal_raw(tmp_path: Path) -> None:
    path = tmp_path / "hostile.yaml"
    path.write_text(PLAN.replace("VNNIC", '"\\u202e\\u001b[31mred"'))
    for arguments in ((), ("--next", "/64")):
        done = run(str(path), *arguments)
        assert "\x1b" not in done.output
        assert "\u202e" not in done.output
