"""What a refusal of our own system's means: without an address of the family no port has run out."""

from __future__ import annotations

import errno

import pytest

from ipv6check.net import sources
from ipv6check.net.failure import Failed

NO_ADDRESS = OSError(errno.EADDRNOTAVAIL, "")


def test_no_port_left_is_our_own_overload() -> None:
    failed = sources.refusal(NO_ADDRESS, "127.0.0.1")
    assert (failed.word, failed.data["detail"]) == ("overloaded", "no_port")


@pytest.mark.parametrize("detail", ["no_source", "no_route", "no_family"])
def test_no_source_address_is_local_and_says_why(monkeypatch: pytest.MonkeyPatch, detail: str) -> None:
    def without(address: str) -> str:
        raise Failed("local", {"detail": detail})

    monkeypatch.setattr(sources, "source_for", without)
    failed = sources.refusal(NO_ADDRESS, "2001:db8::1")
    assert (failed.word, failed.data) == ("local", {"errno": "EADDRNOTAVAIL", "detail": detail})


def test_any_other_refusal_is_read_as_ever() -> None:
    failed = sources.refusal(OSError(errno.ENETUNREACH, ""), "2001:db8::1")
    assert (failed.word, failed.data["detail"]) == ("local", "no_route")
    assert sources.refusal(OSError(errno.EMFILE, ""), "2001:db8::1").word == "overloaded"
