"""The last guard before a socket: what it lets through, and what never passes it."""

from __future__ import annotations

import pytest

from ipv6check.net.permission import NotPermitted, anyone, guard

TARGET, STRANGER, SERVER, RESOLVER = "3fff:1::1", "3fff:2::1", "3fff:3::53", "3fff:4::53"


def scope(address: str) -> str | None:
    return None if address == TARGET else "scope.outside"


def servers(address: str) -> str | None:
    return None if address == SERVER else "scope.outside"


def test_a_target_in_scope_may_be_asked_on_every_port_but_the_printers() -> None:
    permitted = guard(scope)
    for port in (1, 443, 9099, 9108, 65535, None):
        permitted(TARGET, port)


@pytest.mark.parametrize("port", [None, 53, 443])
def test_a_stranger_is_refused_with_the_reason_and_the_address(port: int | None) -> None:
    with pytest.raises(NotPermitted) as refused:
        guard(scope)(STRANGER, port)
    assert refused.value.data == {"detail": "scope.outside", "address": STRANGER, "port": port}


@pytest.mark.parametrize("port", range(9100, 9108))
def test_nobody_permits_a_printers_port(port: int) -> None:
    for permitted in (guard(scope), guard(scope, [(TARGET, None), (TARGET, port)]), anyone):
        with pytest.raises(NotPermitted, match=r"not_permitted|port\.never") as refused:
            permitted(TARGET, port)
        assert refused.value.data["detail"] == "port.never"


def test_a_resolver_is_permitted_on_the_port_it_is_named_with_alone() -> None:
    permitted = guard(scope, [(RESOLVER, 53)])
    permitted(RESOLVER, 53)
    for port in (443, 5353, None):
        with pytest.raises(NotPermitted):
            permitted(RESOLVER, port)


def test_a_name_server_is_permitted_on_port_53_alone() -> None:
    permitted = guard(scope, (), servers)
    permitted(SERVER, 53)
    for address, port in ((SERVER, 443), (SERVER, None), (STRANGER, 53)):
        with pytest.raises(NotPermitted):
            permitted(address, port)
