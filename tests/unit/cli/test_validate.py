"""`validate` and `schema` as a person meets them: streams, exit codes, both languages."""

import json
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

from ipv6check.cli import cli

VALID = """version: 1
organization: {id: test}
systems:
  - {id: portal, hosts: [www.a.example], services: [https]}
"""
BROKEN = VALID + "scoop: []\nunits: [{id: u, parent: w}]\n"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


@pytest.fixture
def valid(tmp_path: Path) -> str:
    path = tmp_path / "valid.yaml"
    path.write_text(VALID)
    return str(path)


@pytest.fixture
def broken(tmp_path: Path) -> str:
    path = tmp_path / "broken.yaml"
    path.write_text(BROKEN)
    return str(path)


def test_a_valid_inventory_is_summed_up_on_stdout_and_exits_0(valid: str) -> None:
    done = run("validate", valid, "--lang", "en")
    assert done.exit_code == 0
    assert done.stderr == ""
    first, counts, *rest = done.stdout.splitlines()
    assert first == f"{valid}: valid (0 warnings)"
    assert counts == "  systems: 1 · hosts: 1 · services: 1 · vantages: 1"
    assert rest[0].startswith("  Checks that are off")
    at = next(n for n, line in enumerate(rest) if "ns.chain (everywhere)" in line)
    assert "declare `dns_roots`" in rest[at + 1]


def test_every_error_goes_to_stderr_with_its_position_and_the_exit_is_2(broken: str) -> None:
    done = run("validate", broken)
    assert done.exit_code == 2
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert lines[0] == f'{broken}:5:1: unknown key "scoop"; did you mean "scope"?'
    assert lines[1:3] == ["    scoop: []", "    ^"]
    assert (
        lines[3] == f'{broken}:6:24: there is no unit "w"; did you mean "u"?'
        or "there is no unit" in lines[3]
    )
    assert "Traceback" not in done.stderr


def test_one_broken_inventory_of_several_is_enough_for_exit_2(valid: str, broken: str) -> None:
    done = run("validate", valid, broken, "--lang", "en")
    assert done.exit_code == 2
    assert f"{valid}: valid" in done.stdout
    assert f"{broken}: 2 errors, 0 warnings" in done.stderr


def test_warnings_go_to_stderr_and_change_no_exit_code(tmp_path: Path) -> None:
    path = tmp_path / "i.yaml"
    path.write_text(VALID + "scope: []\n")
    done = run("validate", str(path), "--lang", "en")
    assert done.exit_code == 0
    assert f"{path}:5:1: warning: an empty scope" in done.stderr or f"{path}:5:8: warning:" in done.stderr
    quiet = run("validate", str(path), "--quiet")
    assert quiet.stderr == ""
    assert quiet.exit_code == 0


def test_the_summary_is_vietnamese_unless_asked_otherwise(valid: str) -> None:
    done = run("validate", valid)
    assert "hợp lệ" in done.stdout
    assert "để bật: khai báo `dns_roots`" in done.stdout


def test_a_file_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    done = run("validate", str(tmp_path / "absent.yaml"))
    assert done.exit_code == 2
    assert done.stderr.splitlines()[0].endswith("absent.yaml:1:1: there is no such file")


def test_without_an_inventory_it_is_a_usage_error() -> None:
    assert run("validate").exit_code == 2


def test_no_control_character_of_a_file_or_its_name_is_printed(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[2Jb.yaml"
    path.write_text(VALID + '"\\e]0;x\\a": 1\n')
    done = run("validate", str(path))
    assert done.exit_code == 2
    assert "\x1b" not in done.output
    (tmp_path / "c.yaml").write_text(VALID + '"\\e]0;x\\a": 1\n')
    assert "\x1b" not in run("validate", str(tmp_path / "c.yaml")).output


@pytest.mark.parametrize("subject", ["inventory", "results"])
def test_schemas_are_printed_as_json_schema(subject: str) -> None:
    done = run("schema", subject)
    assert done.exit_code == 0
    jsonschema.Draft202012Validator.check_schema(json.loads(done.stdout))


def test_a_schema_of_something_else_is_a_usage_error() -> None:
    assert run("schema", "nonsense").exit_code == 2


@pytest.mark.parametrize(("language", "label"), [("vi", "cảnh báo"), ("en", "warning")])
def test_an_address_plan_that_overlaps_or_repeats_is_warned_of_at_its_line(
    tmp_path: Path, language: str, label: str
) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(
        VALID
        + """address_plan:
  - {prefix: "2001:db8::/48", use: allocation}
  - {prefix: "2001:db8:0:1::/64", use: subnet}
  - {prefix: "2001:db8:0:1:8000::/68", use: subnet}
  - {prefix: "2001:db8:0:1::/64", use: subnet}
  - {prefix: "3fff::/64", use: subnet}
"""
    )
    done = run("validate", str(path), "--lang", language)
    assert done.exit_code == 0
    lines = done.stderr.splitlines()
    assert [line.split(": ")[0].split(":")[1] for line in lines] == ["8", "9", "10"]
    assert all(f": {label}: " in line for line in lines)
    assert [line.rpartition("(")[2] for line in lines] == [
        "plan.overlap)",
        "plan.duplicated)",
        "plan.orphan)",
    ]
    assert "(3 " in done.stdout.splitlines()[0]


def test_an_exception_for_a_prefix_that_nobody_planned_is_warned_of(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(
        VALID
        + """address_plan: [{prefix: "2001:db8::/48", use: allocation}]
accept:
  - {prefix: "2001:db8::/48", check: plan.nested, why: w, owner: o, expires: 2027-01-31}
  - {prefix: "2001:db8::/47", check: plan.nested, why: w, owner: o, expires: 2027-01-31}
"""
    )
    done = run("validate", str(path), "--lang", "en")
    assert done.exit_code == 0
    (first, *_) = done.stderr.splitlines()
    assert first.startswith(f"{path}:8:5: warning: 2001:db8::/47 is no prefix of the `address_plan`")
