"""`accept add` and `accept list`: the file stays byte for byte but for the exception, or stays as it was."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ipv6check.inventory import load
from ipv6check.inventory.additions import adds_one, with_entry
from tests.unit.cli.stored import ipv6check

HEAD = """\
# Danh mục của tỉnh — viết tay
version: 1
organization: {id: tinh-mau, name: "Tỉnh Mẫu"}   # giữ nguyên chú thích này
systems:
  - id: portal
    name: Cổng thông tin
    hosts: [www.tinhmau.example]
    services: [https]
"""
GIVEN = ("--system", "portal", "--check", "reach.service", "--owner", "so-khcn", "--expires", "2099-01-31")
WHY = "Chờ đấu thầu: gói 3 # quý I"


@pytest.mark.parametrize(
    "accept",
    [
        "",
        "accept: []\n",
        "accept: [ ]   # chưa có\n",
        "accept: [{system: portal, check: tls.valid, why: a, owner: b, expires: 2099-01-01}]  # dòng\n",
        "accept:\n  # đã biết\n  - system: portal\n    check: tls.valid\n    why: |\n      hai\n      dòng\n"
        "    owner: b   # ai\n    expires: 2099-01-01\n\n# phần sau\nexclude: ['2001:db8::/64']\n",
        "accept:\n- {system: portal, check: tls.valid, why: a,\n   owner: b, expires: 2099-01-01}\n"
        "exclude: []\n",
        "accept:\n  - system: portal\n    check: tls.valid\n    why: a\n    owner: b\n"
        "    expires: 2099-01-01",
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_an_exception_is_added_and_everything_else_stays(tmp_path: Path, accept: str, newline: str) -> None:
    path = tmp_path / "inventory.yaml"
    path.write_bytes((HEAD + accept).replace("\n", newline).encode())
    path.chmod(0o664)
    before = load(path).inventory
    result = ipv6check("accept", "add", path, *GIVEN, "--why", WHY, "--port", "443")
    assert result.exit_code == 0, result.output
    loaded = load(path)
    assert loaded.inventory is not None and before is not None
    added = loaded.inventory.accept[-1]
    assert (added.system, added.check, added.why, added.port) == ("portal", "reach.service", WHY, 443)
    assert len(loaded.inventory.accept) == len(before.accept) + 1
    text = path.read_bytes().decode()
    for line in (HEAD + accept).splitlines():
        if "accept:" not in line:
            assert line in text
    assert "#" not in accept or accept.partition("#")[2].splitlines()[0] in text
    assert text.count("\r\n") == (text.count("\n") if newline == "\r\n" else 0)
    assert path.stat().st_mode & 0o777 == 0o664
    assert os.listdir(tmp_path) == ["inventory.yaml"]


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ((*GIVEN[:-1], "2001-01-01"), "is past already"),
        (("--system", "portel", *GIVEN[2:]), "portel"),
        ((*GIVEN[:3], "no.such", *GIVEN[4:]), "no.such"),
        ((*GIVEN, "--host", "mail.example"), "mail.example"),
        ((*GIVEN, "--vantage", "moon"), "moon"),
        (GIVEN[2:], "name one of --system"),
        ((*GIVEN[:-1], "soon"), "soon"),
    ],
)
def test_what_does_not_fit_is_told_and_leaves_the_file_as_it_was(
    tmp_path: Path, args: tuple[str, ...], told: str
) -> None:
    path = tmp_path / "inventory.yaml"
    path.write_text(HEAD, encoding="utf-8")
    result = ipv6check("accept", "add", path, *args, "--why", "x")
    assert result.exit_code == 2
    assert told in result.stderr and "Traceback" not in result.output
    assert ".new" not in result.stderr
    assert path.read_text(encoding="utf-8") == HEAD
    assert os.listdir(tmp_path) == ["inventory.yaml"]


def test_an_alias_is_left_to_a_hand() -> None:
    with pytest.raises(ValueError, match="by hand"):
        with_entry("a: &x [1]\naccept: *x\n", "accept", {"system": "a"})


def test_a_key_of_that_name_further_down_is_not_the_list() -> None:
    made = with_entry("a: {accept: [1]}\nb:\n  accept: [2]\n", "accept", {"system": "x"})
    assert made.endswith("\naccept:\n  - system: x\n")
    assert adds_one("a: {accept: [1]}\nb:\n  accept: [2]\n", made, "accept")


def test_a_link_to_an_inventory_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.yaml", tmp_path / "inventory.yaml"
    real.write_text(HEAD, encoding="utf-8")
    link.symlink_to("real.yaml")
    assert ipv6check("accept", "add", link, *GIVEN, "--why", "x").exit_code == 0
    assert link.is_symlink() and "reach.service" in real.read_text(encoding="utf-8")


def test_the_list_says_how_long_each_holds(tmp_path: Path) -> None:
    path = tmp_path / "inventory.yaml"
    entries = [("tls.valid", "2027-01-01"), ("http.content", "2026-12-01"), ("reach.service", "2026-11-01")]
    path.write_text(
        HEAD
        + "accept:\n"
        + "".join(
            f"  - {{system: portal, check: {check}, why: w, owner: o, expires: {day}}}\n"
            for check, day in entries
        ),
        encoding="utf-8",
    )
    lines = ipv6check("accept", "list", path, "--as-of", "2026-11-25").stdout.splitlines()
    heads = [line for line in lines if line.startswith("2")]
    assert heads == [
        "2026-11-01  EXPIRED, counts again (-24 days)",
        "2026-12-01  EXPIRES SOON (6 days)",
        "2027-01-01  in force (37 days)",
    ]
    path.write_text(HEAD, encoding="utf-8")
    assert "There are no exceptions." in ipv6check("accept", "list", path).stdout
