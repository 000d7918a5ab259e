"""What each errno means: our own trouble is never the target's failure."""

from __future__ import annotations

import errno

import pytest

from ipv6check.net.failure import WORDS, classify_oserror, local_failure

TARGETS = {"closed", "silent", "reset", "unreachable", "rejected"}


@pytest.mark.parametrize("name", ["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM", "EADDRNOTAVAIL", "EAGAIN"])
def test_descriptors_ports_and_buffers_that_ran_out_are_our_own_overload(name: str) -> None:
    error = OSError(getattr(errno, name), "")
    for failed in (classify_oserror(error), local_failure(error)):
        assert (failed.word, failed.data["errno"]) == ("overloaded", name)


@pytest.mark.parametrize(
    ("name", "detail"),
    [
        ("EPERM", "prohibited"),
        ("ENETDOWN", "interface_down"),
        ("EINVAL", "blackhole_route"),
        ("EAFNOSUPPORT", "no_family"),
        ("ENODEV", "no_interface"),
        ("EIO", "EIO"),
    ],
)
def test_what_only_our_own_system_says_is_local_whenever_it_comes(name: str, detail: str) -> None:
    error = OSError(getattr(errno, name), "")
    for failed in (classify_oserror(error), local_failure(error)):
        assert (failed.word, failed.data["detail"]) == ("local", detail)


@pytest.mark.parametrize("name", ["ENETUNREACH", "EHOSTUNREACH", "EACCES"])
def test_what_a_router_may_say_too_is_local_where_the_call_itself_refused(name: str) -> None:
    error = OSError(getattr(errno, name), "")
    assert local_failure(error).word == "local"
    assert classify_oserror(error).word in TARGETS


def test_every_errno_there_is_has_a_word_and_no_unknown_one_is_the_targets() -> None:
    blamed = set()
    for number in (*errno.errorcode, 0, 9999):
        failed = classify_oserror(OSError(number, ""))
        assert failed.word in WORDS
        if failed.word in TARGETS:
            blamed.add(errno.errorcode[number])
    assert blamed == {
        *("ECONNREFUSED", "ETIMEDOUT", "ECONNRESET", "ECONNABORTED", "EPIPE", "ENETUNREACH"),
        *("EHOSTUNREACH", "EHOSTDOWN", "EACCES", "ENOPROTOOPT", "EPROTO"),
    }
