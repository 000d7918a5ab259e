"""A finding's id: the same from run to run, different for whatever it is about."""

from dataclasses import replace

import pytest

from ipv6check.model.finding import Finding, Target
from ipv6check.model.identity import finding_id

TARGET = Target(host="www.example", address="2001:db8::1", family=6, port=443, transport="tcp", app="https")
FINDING = Finding(
    check="reach.service",
    system="portal",
    verdict="fail",
    reason="reach.closed",
    vantage="inside",
    target=TARGET,
)


def test_it_is_sixteen_hex_digits_and_this_very_one() -> None:
    assert finding_id(FINDING) == finding_id(replace(FINDING))
    assert len(finding_id(FINDING)) == 16
    assert int(finding_id(FINDING), 16) >= 0
    assert finding_id(FINDING) == "5aa67251547752f1"


@pytest.mark.parametrize(
    "other",
    [
        replace(FINDING, verdict="pass", reason="ok"),
        replace(FINDING, args={"tries": 3}),
        replace(FINDING, evidence=("x.1",), root="abc"),
        replace(FINDING, target=replace(TARGET, address="2001:db8::2")),
        replace(FINDING, target=replace(TARGET, family=4)),
    ],
)
def test_what_may_change_from_run_to_run_does_not_change_it(other: Finding) -> None:
    assert finding_id(other) == finding_id(FINDING)


@pytest.mark.parametrize(
    "other",
    [
        replace(FINDING, check="reach.ipv4"),
        replace(FINDING, system="mail"),
        replace(FINDING, vantage="internet"),
        replace(FINDING, target=replace(TARGET, host="mail.example")),
        replace(FINDING, target=replace(TARGET, port=8443)),
        replace(FINDING, target=replace(TARGET, transport="udp")),
        replace(FINDING, target=replace(TARGET, app="http")),
        replace(FINDING, per_family=True),
    ],
)
def test_what_it_is_about_changes_it(other: Finding) -> None:
    assert finding_id(other) != finding_id(FINDING)


def test_the_family_counts_where_the_check_is_per_family() -> None:
    six = replace(FINDING, per_family=True)
    assert finding_id(six) != finding_id(replace(six, target=replace(TARGET, family=4)))
