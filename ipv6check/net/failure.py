"""What can go wrong on the network: one vocabulary, one exception, and errno read by it.

The words are those of docs/observations.md. errno alone never tells local from remote, nor one
family from the other (the same prohibition is EACCES over IPv6 and EHOSTUNREACH over IPv4): where
an ICMP error came, that decides (`errqueue.py` reads it). A probe that could not do what it was
asked raises `Failed`; anything else it raises is our own bug.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ipv6check.model.text import JSON

CLOSED: Final = "closed"
REJECTED: Final = "rejected"
SILENT: Final = "silent"
UNREACHABLE: Final = "unreachable"
LOCAL: Final = "local"
OVERLOADED: Final = "overloaded"
NO_PRIVILEGE: Final = "no_privilege"
SLOW: Final = "slow"
NO_GREETING: Final = "no_greeting"
EOF: Final = "eof"
RESET: Final = "reset"
PROTOCOL: Final = "protocol"
TLS_ALERT: Final = "tls_alert"
TOO_LARGE: Final = "too_large"
MALFORMED: Final = "malformed"
NO_ANSWER: Final = "no_answer"
NOT_PERMITTED: Final = "not_permitted"
OUTSIDE_SCHEDULE: Final = "schedule.outside"
TIME_OVER: Final = "time.over"
TARGET_GONE: Final = "target.gone"
UNWELCOME: Final = "unwelcome"

WORDS: Final = frozenset(
    "closed rejected silent unreachable local overloaded no_privilege slow no_greeting eof reset "
    "protocol tls_alert too_large malformed no_answer not_permitted unwelcome".split()
)
SKIPS: Final = frozenset({OUTSIDE_SCHEDULE, TIME_OVER, TARGET_GONE})

# Our own limits: never the target's failure, always tried again.
OVERLOAD_ERRNOS: Final = frozenset(
    {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL, errno.EAGAIN}
)

# What a socket says of the peer or of the path when no ICMP error is at hand.
_BY_ERRNO: Final[Mapping[int, str]] = MappingProxyType(
    {
        errno.ECONNREFUSED: CLOSED,
        errno.ETIMEDOUT: SILENT,
        errno.ECONNRESET: RESET,
        errno.ECONNABORTED: RESET,
        errno.EPIPE: RESET,
        errno.ENETUNREACH: UNREACHABLE,
        errno.EHOSTUNREACH: UNREACHABLE,
        errno.EHOSTDOWN: UNREACHABLE,
        errno.EACCES: REJECTED,
        errno.ENOPROTOOPT: REJECTED,
        errno.EPROTO: UNREACHABLE,
    }
)

# What a refusal by our own system means; anything else is named by its errno.
_LOCAL_DETAIL: Final[Mapping[int, str]] = MappingProxyType(
    {
        errno.ENETUNREACH: "no_route",
        errno.EHOSTUNREACH: "unreachable_route",
        errno.EACCES: "prohibited",
        errno.EPERM: "prohibited",
        errno.EINVAL: "blackhole_route",
        errno.EADDRNOTAVAIL: "no_source",
        errno.EAFNOSUPPORT: "no_family",
        errno.ENODEV: "no_interface",
        errno.ENETDOWN: "interface_down",
    }
)


class Failed(Exception):
    """A question was not answered. `word` is one of `WORDS`; `data` goes into the observation."""

    def __init__(self, word: str, data: Mapping[str, JSON] | None = None) -> None:
        super().__init__(word, data)
        self.word = word
        self.data: Mapping[str, JSON] = data if data is not None else {}

    def __str__(self) -> str:
        detail = self.data.get("detail") or self.data.get("errno")
        return f"{self.word} ({detail})" if detail else self.word


def errno_name(number: int) -> str:
    """Return the symbolic name (`ECONNREFUSED`), or `errno N` for one without a name."""
    return errno.errorcode.get(number, f"errno {number}")


def is_overload(number: int) -> bool:
    """Say whether this errno means that our own descriptors, ports or buffers ran out."""
    return number in OVERLOAD_ERRNOS


def local_detail(number: int) -> str:
    """Return what a refusal by our own system means (`no_route`, `prohibited`, `blackhole_route`, …)."""
    return _LOCAL_DETAIL.get(number, errno_name(number))


def local_failure(error: OSError) -> Failed:
    """Classify an error of our own socket calls, before or without an answer from anybody.

    Descriptors, buffers and ports that ran out are `overloaded`; everything else (no route, no
    source address, local policy) is `local`.
    """
    return classify_oserror(error, sync=True)


def classify_oserror(error: OSError, *, sync: bool = False) -> Failed:
    """Turn an OSError without an ICMP error behind it into a Failed, with `errno` in its data.

    `sync` says that the call itself refused, before any packet could have come back: then all but
    ECONNREFUSED is our own trouble (`sync: true`, `detail`).
    """
    number = error.errno or 0
    data: dict[str, JSON] = {"errno": errno_name(number)}
    if is_overload(number):
        return Failed(OVERLOADED, data)
    word = _BY_ERRNO.get(number, LOCAL)
    if sync and word != CLOSED:
        return Failed(LOCAL, {**data, "sync": True, "detail": local_detail(number)})
    if word == LOCAL:
        data["detail"] = local_detail(number)
    return Failed(word, data)
