"""`import` as a person meets it: drafts, one line for what goes wrong, nothing overwritten."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ipv6check.cli import cli
from ipv6check.inventory import load
from ipv6check.inventory.formatting import format_text

TABLE = """Tên hệ thống,Máy chủ,Cổng,Phụ thuộc,Hết hạn
Cổng TTĐT,www.tinhmau.example,443,ocsp.ca.example,31/12/2026
"""


def called(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(cli, ["import", *arguments], input=text)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "hệ thống.csv"
    path.write_text(TABLE)
    return path


def test_the_draft_goes_to_stdout_and_the_counts_to_stderr(table: Path) -> None:
    done = called("csv", str(table), "--lang", "en")
    assert done.exit_code == 0
    assert done.stdout.startswith("# A draft that `ipv6check import csv` made of hệ thống.csv.")
    assert done.stderr == "stdout: 1 systems, 0 pieces of equipment, 0 prefixes; 2 remarks to review\n"
    assert format_text(done.stdout) == done.stdout


def test_the_draft_goes_to_a_file_that_validates_and_is_never_replaced_unasked(
    table: Path, tmp_path: Path
) -> None:
    draft = tmp_path / "draft.yaml"
    assert called("csv", str(table), "-o", str(draft)).exit_code == 0
    assert load(draft).inventory is not None
    before = draft.read_bytes()
    again = called("csv", str(table), "-o", str(draft))
    assert again.exit_code == 2
    assert again.stderr == f"{draft}: is there already; nothing was written (--force replaces it)\n"
    assert draft.read_bytes() == before
    assert called("csv", str(table), "-o", str(draft), "--force", "--lang", "en").exit_code == 0
    assert draft.read_bytes() != before


def test_a_source_that_is_refused_leaves_no_file(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text("x,y\n1,2\n")
    draft = tmp_path / "draft.yaml"
    done = called("csv", str(source), "-o", str(draft))
    assert done.exit_code == 2
    assert done.stderr.startswith(f"{source}:1:1: none of its first 30 rows names known columns")
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == [source]


def test_stdin_is_a_source() -> None:
    done = called("hosts", "-", text="www.tinhmau.example 443\n")
    assert done.exit_code == 0
    assert "www.tinhmau.example" in done.stdout


def test_columns_are_mapped_by_their_headers(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text("Node = chính;Bí danh\na.example;x\n")
    done = called("csv", str(source), "--map", "Node = chính=host", "--map", "Bí danh=name")
    assert done.exit_code == 0
    assert "- a.example" in done.stdout


def test_an_executable_inventory_is_read_as_text_and_never_run(tmp_path: Path) -> None:
    script = tmp_path / "inventory.py"
    trace = tmp_path / "ran"
    script.write_text(f'#!/bin/sh\ntouch {trace}\necho \'{{"all": {{"hosts": ["a.example"]}}}}\'\n')
    script.chmod(0o755)
    done = called("ansible", str(script))
    assert done.exit_code == 2
    assert "scripts are never run" in done.stderr
    assert not trace.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["csv", "no-such.csv"], "no-such.csv: there is no such file"),
        (["csv", "."], ".: is a folder"),
        (["csv", "https://a.example/x.csv"], "only netbox takes a URL"),
        (["csv", "x", "--delimiter", "ab"], "--delimiter is one character"),
        (["csv", "x", "--axfr", "::1"], "--axfr goes with the format zone only"),
        (["zone", "a b", "--axfr", "::1"], "is no host name"),
        (["zone", "a.example", "--axfr", "::1]:x"], "is no host name"),
        (["netbox", "http://netbox.example/"], "a token would cross the network"),
        (["netbox", "https://user:pass@netbox.example/"], "without a user"),
        (["netbox", "https://netbox.example:99999/"], "not a URL"),
        (["netbox", "https://netbox.example/", "--ca", "/dev/null"], "holds no certificates"),
    ],
)
def test_wrong_use_is_told_in_one_line_and_contacts_nobody(arguments: list[str], said: str) -> None:
    done = called(*arguments)
    assert done.exit_code == 2, done.output
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert "pass" not in done.stderr.split("without")[0]


def test_wrong_options_and_formats_are_told_by_the_command_line() -> None:
    assert called("csv", "x", "--map", "host").exit_code == 2
    assert called("excel", "x").exit_code == 2


def test_a_fifo_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    assert "is not a regular file" in called("hosts", str(fifo)).stderr


def test_the_draft_is_not_everybodys_to_read(table: Path, tmp_path: Path) -> None:
    called("csv", str(table), "-o", str(tmp_path / "d.yaml"))
    assert stat.S_IMODE((tmp_path / "d.yaml").stat().st_mode) & 0o007 == 0


@pytest.mark.parametrize("secret", ["nokey", "a:b", "hmac-wrong:a:Zm9v", "a:b:c:d"])
def test_a_wrong_tsig_key_is_told_without_showing_it(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPV6CHECK_TSIG", secret)
    done = called("zone", "a.example", "--axfr", "127.0.0.1:1")
    assert done.exit_code == 2
    assert done.stderr.startswith("IPV6CHECK_TSIG: not a TSIG key")
    assert secret not in done.stderr


def test_reading_a_table_loads_neither_the_network_nor_the_judging_side() -> None:
    code = (
        "import sys; from ipv6check.inventory.importers import read, Options\n"
        "read('csv', b'host\\na.example\\n', Options())\n"
        "assert not {'dns', 'openpyxl', 'ruamel', 'scapy'} & set(sys.modules), sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
