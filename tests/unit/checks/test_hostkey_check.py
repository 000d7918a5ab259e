"""parity.hostkey: the same keys over both families, others, and none."""

from __future__ import annotations

from typing import Any

from tests.unit.judging_builder import V4, V6, Run, host, service, system

SECOND6, SECOND4 = "2001:db8:10::81", "198.51.100.81"


def ssh(*hosts: str) -> Run:
    run = Run.of(system([*(host(each) for each in hosts)], [service("ssh")]))
    for address in hosts:
        run.open(address, 22)
        run.talk("ssh.greeting", address, 22, {}, banner="SSH-2.0-x")
    return run


def shows(run: Run, address: str, key: str | None, word: str | None = None) -> None:
    data: dict[str, Any] = {"type": key and "ssh-ed25519", "fingerprint": key, "offered": []}
    run.talk("ssh.hostkey", address, 22, {}, word, **({} if word else data))


def said(**keys: str | None) -> set[tuple[str, str]]:
    run = ssh(V6, V4)
    shows(run, V6, keys["six"])
    shows(run, V4, keys["four"])
    return run.said("parity.hostkey")


def test_the_same_key_passes_and_another_warns() -> None:
    assert said(six="SHA256:a", four="SHA256:a") == {("pass", "ok")}
    assert said(six="SHA256:a", four="SHA256:b") == {("warn", "ssh.hostkey_differs")}


def test_several_machines_with_the_same_keys_on_both_families_pass() -> None:
    run = ssh(V6, V4, SECOND6, SECOND4)
    for address, key in ((V6, "a"), (V4, "b"), (SECOND6, "b"), (SECOND4, "a")):
        shows(run, address, f"SHA256:{key}")
    assert run.said("parity.hostkey") == {("pass", "ok")}


def test_a_strange_key_is_unknown_while_a_key_of_ipv4_is() -> None:
    run = ssh(V6, V4, SECOND4)
    shows(run, V6, "SHA256:a")
    shows(run, V4, "SHA256:b")
    shows(run, SECOND4, None, "slow")
    assert run.said("parity.hostkey") == {("unknown", "reach.slow")}


def test_a_key_that_was_not_seen_is_unknown_and_one_that_cannot_be_is_not_compared() -> None:
    run = ssh(V6, V4)
    shows(run, V6, None, "slow")
    shows(run, V4, "SHA256:a")
    assert run.said("parity.hostkey") == {("unknown", "reach.slow")}
    assert said(six=None, four="SHA256:a") == {("not_applicable", "ssh.no_key")}
    assert ssh(V6, V4).said("parity.hostkey") == {("unknown", "not.asked")}


def test_without_one_family_there_is_nothing_to_compare() -> None:
    run = ssh(V6)
    shows(run, V6, "SHA256:a")
    assert run.said("parity.hostkey") == {("not_applicable", "ipv4.not_offered")}
    run = Run.of(system(services=[service("ssh")]))
    run.named(aaaa=())
    run.open(V4, 22)
    assert run.said("parity.hostkey") == {("fail", "reach.no_address")}
