"""tls.handshake: what a TLS server shows in one permissive handshake; judging it is not our part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ipv6check.model.task import Task
from ipv6check.model.text import JSON
from ipv6check.net.certificate_hosts import revocation_hosts
from ipv6check.net.failure import TLS_ALERT, Failed
from ipv6check.net.net import Net
from ipv6check.net.stream import Stream
from ipv6check.net.tls import SETTLE, TlsStream

# What we offer by ALPN (RFC 7301), so that the answer is worth knowing; other apps have nothing to choose.
_ALPN: Final[Mapping[str, tuple[str, ...]]] = {"https": ("h2", "http/1.1")}


async def probe(task: Task, net: Net) -> Mapping[str, JSON]:
    """Return version, cipher, ALPN, the chain as presented, and whether a client certificate is wanted.

    `revocation` are the hosts that the chain names for OCSP and CRLs.

    A server that ends the handshake only because we show no certificate has answered all the same.
    """
    sni, app = task.params.get("sni"), task.params.get("app")
    stream = await Stream.connect(task, net)
    try:
        return await shake(TlsStream(stream, str(sni) if sni else None, _ALPN.get(str(app), ())), net)
    finally:
        stream.close()


async def shake(tls: TlsStream, net: Net) -> dict[str, JSON]:
    """Shake hands and say goodbye; return what was shown. What a refused handshake showed counts too."""
    try:
        await tls.handshake()
    except Failed as failed:
        shown = facts(tls) if failed.word == TLS_ALERT and tls.client_certificate else {}
        if not shown.get("chain"):
            raise
        return shown
    await tls.settle(min(SETTLE * net.policy_scale, tls.stream.remaining))
    shown = {**facts(tls), **tls.stream.timing()}
    tls.close()
    return shown


def facts(tls: TlsStream) -> dict[str, JSON]:
    """Return what a handshake showed, with the hosts that the chain names for its revocation."""
    shown = tls.facts()
    return {**shown, "revocation": revocation_hosts(shown.get("chain"))}
