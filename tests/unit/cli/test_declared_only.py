"""`scan --declared-only`: an inventory judged before anybody is asked."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path
from typing import Any, NoReturn

import jsonschema
import pytest

from tests.unit.cli.stored import GOLDEN, GOOD, RESET, ipv6check, store

INVENTORY = """version: 1
organization: {id: test}
scope: ["2001:db8::/32", 198.51.100.0/24]
resolvers: {own: ["198.51.100.53"]}
vantages:
  inside: {resolver: own, sees: [internet], canaries: ["2001:db8::1"]}
  outside: {resolver: own, sees: [internet]}
equipment:
  - {id: router, kind: router, ipv6: {forwarding: "no"}}
systems:
  - {id: named, hosts: [www.a.example], services: [https, {app: dns, zones: [a.example]}]}
  - {id: old, hosts: [198.51.100.7], services: [https], depends_on: [{equipment: router}]}
  - {id: far, hosts: ["2001:db9::1"], services: [https]}
  - {id: ready, hosts: ["2001:db8::7", 198.51.100.8], services: [https], depends_on: [old]}
"""


@pytest.fixture
def inventory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An inventory of two vantages, and a host on which nobody may open a socket."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "__new__", refuse)
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "inventory.yaml"
    path.write_text(INVENTORY)
    return path


def results(root: Path = Path("reports")) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((root / "latest" / "results.json").read_text())
    return found


def findings(judged: dict[str, Any], system: str) -> list[tuple[str, str, str]]:
    (entry,) = (each for each in judged["systems"] if each["id"] == system)
    return [(f["check"], f["verdict"], f["reason"]) for f in entry["findings"]]


def test_nobody_is_asked_and_no_vantage_need_be_named(inventory: Path) -> None:
    done = ipv6check("scan", inventory, "--declared-only")
    assert done.exit_code == 0, done.output
    assert "4 systems are declared; none of them has been asked yet" in done.stdout
    assert "Nobody was asked." in done.stdout
    assert "Levels reached" not in done.stdout
    judged = results()
    assert judged["observations"] == {}
    assert judged["run"]["declared_only"] is True
    assert (judged["run"]["partial"], judged["run"]["complete"]) == (True, True)
    assert judged["run"]["vantages"] == []
    schema = json.loads(ipv6check("schema", "results").stdout)
    assert [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(judged)] == []


def test_only_what_is_declared_can_fail(inventory: Path) -> None:
    ipv6check("scan", inventory, "--declared-only")
    judged = results()
    assert ("naming.aaaa", "fail", "addr.none_declared") in findings(judged, "old")
    for system in ("named", "ready"):
        failing = [f for f in findings(judged, system) if f[1] == "fail" and f[0] != "v6only.dependencies"]
        assert failing == []
    unknown = {reason for entry in judged["systems"] for f in entry["findings"] for reason in [f["reason"]]
               if f["verdict"] == "unknown"}  # fmt: skip
    assert unknown == {"not.asked", "scope.outside"}


def test_the_roadmap_begins_with_the_equipment_that_others_wait_for(inventory: Path) -> None:
    ipv6check("scan", inventory, "--declared-only")
    waves = results()["roadmap"]
    assert waves[0]["equipment"] == ["router"]
    assert "old" in waves[1]["systems"]
    page = Path("reports/latest/html/vi/roadmap.html").read_text()
    assert "router" in page
    assert "chưa hỏi hệ thống nào" in Path("reports/latest/html/vi/index.html").read_text()


def test_judged_and_reported_again_it_says_the_same(inventory: Path) -> None:
    ipv6check("scan", inventory, "--declared-only")
    before = results()
    done = ipv6check("judge", "reports/latest", "-o", "again.json")
    assert done.exit_code == 0, done.output
    again = json.loads(Path("again.json").read_text())
    assert again["systems"] == before["systems"]
    assert again["roadmap"] == before["roadmap"]


def test_it_is_no_baseline_and_no_night_of_the_trend(inventory: Path) -> None:
    earlier = store(Path("reports"), GOOD, 0)
    ipv6check("scan", GOLDEN / GOOD / "inventory.yaml", "--declared-only")
    declared = Path("reports/latest").resolve()
    later = store(Path("reports"), RESET, 1)
    refused = ipv6check("judge", later, "--baseline", declared)
    assert refused.exit_code == 2, refused.output
    assert "partial" in refused.stderr
    assert "since" not in text(declared / "html/en/index.html")
    done = ipv6check("history", "--json")
    assert done.exit_code == 0, done.output
    usable = {point["id"]: point["usable"] for point in json.loads(done.stdout)["runs"]}
    assert usable == {earlier.name: True, later.name: True}
    assert "asked nobody" in done.stderr
    for pair in ((earlier, declared), (declared, later)):
        told = ipv6check("diff", *pair)
        assert told.exit_code == 2
        assert "nobody was asked in this run" in told.stderr


def test_a_finding_that_waits_for_an_answer_does_not_say_that_there_was_none(inventory: Path) -> None:
    ipv6check("scan", inventory, "--declared-only")
    said = [f["message"]["en"] for entry in results()["systems"] for f in entry["findings"]]
    assert [line for line in said if "does not answer" in line or "did not answer" in line] == []


def text(page: Path) -> str:
    """What a page says, without its tags."""
    return re.sub(r"<[^>]+>", " ", page.read_text())


@pytest.mark.parametrize("option", [["--active-pmtu"], ["--baseline", "reports/latest"]])
def test_what_needs_an_answer_is_refused_beside_it(inventory: Path, option: list[str]) -> None:
    done = ipv6check("scan", inventory, "--declared-only", *option)
    assert done.exit_code == 2
    assert "asks nobody" in done.stderr
    assert not Path("reports").exists()


def test_a_selection_and_a_profile_still_count(inventory: Path) -> None:
    done = ipv6check("scan", inventory, "--declared-only", "--system", "old", "--vantage", "outside")
    assert done.exit_code == 0, done.output
    judged = results()
    assert [s["id"] for s in judged["systems"] if s["scanned"]] == ["old"]
    assert judged["run"]["vantage"] == "outside"
    assert "limited to: old" in done.stdout.replace("\n    ", " ")


def test_a_vantage_that_is_not_declared_is_still_a_mistake(inventory: Path) -> None:
    done = ipv6check("scan", inventory, "--declared-only", "--vantage", "moon")
    assert done.exit_code == 2
    assert "no vantage 'moon'" in done.stderr
