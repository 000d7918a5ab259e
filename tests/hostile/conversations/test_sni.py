"""TLS servers that go by the name asked for: another certificate for strangers, or an alert."""

from __future__ import annotations

import asyncio
import base64
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from ipv6check.model.text import JSON
from ipv6check.probes import tls_handshake
from tests.hostile.conversations import peer
from tests.hostile.conversations.peer import Seen
from tests.lab.certificates import LabAuthority

OURS, OTHERS = "www.a.example", "default.a.example"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> LabAuthority:
    folder: Path = tmp_path_factory.mktemp("sni")
    return LabAuthority(folder)


def shaken(authority: LabAuthority, sni: str | None, *, strangers: bool) -> Seen:
    """Ask a server for a name; it shows those who name another one a default, or turns them away."""
    named = peer.server_context(authority.leaf(OURS))
    default = peer.server_context(authority.leaf(OTHERS))

    def choose(connection: ssl.SSLObject, name: str | None, context: ssl.SSLContext) -> int | None:
        if name == OURS:
            connection.context = named
            return None
        return None if strangers else ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME

    async def idle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)

    default.sni_callback = choose
    params: dict[str, JSON] = {"sni": sni, "app": "https"}
    return peer.ask(tls_handshake.probe, "tls.handshake", peer.speaking(idle, default), params, scale=0.2)


def shown(seen: Seen) -> str:
    """Return the common name of the certificate that came first."""
    chain = seen.data["chain"]
    assert isinstance(chain, list)
    certificate = x509.load_der_x509_certificate(base64.b64decode(str(chain[0])))
    return str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


def test_the_name_is_asked_for_and_its_certificate_seen(authority: LabAuthority) -> None:
    assert shown(shaken(authority, OURS, strangers=True)) == OURS


def test_without_a_name_the_default_is_seen(authority: LabAuthority) -> None:
    assert shown(shaken(authority, None, strangers=True)) == OTHERS


def test_a_server_that_turns_strangers_away_is_an_alert_or_an_end_and_no_silence(
    authority: LabAuthority,
) -> None:
    # asyncio's server may close before its alert has left.
    assert shaken(authority, "www.b.example", strangers=False).word in {"tls_alert", "eof"}
