"""Certificates from strangers: odd names, far years, huge chains. Facts or a word come out, no exception."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ipv6check.net.certificate_hosts import revocation_hosts
from ipv6check.probes import tls_handshake
from tests.hostile.conversations import peer
from tests.hostile.conversations.peer import Seen
from tests.lab.certificates import Pair


def make(
    folder: Path,
    *,
    common: str = "www.a.example",
    names: int = 1,
    begin: int = 2000,
    end: int = 2040,
    copies: int = 1,
) -> Pair:
    """Write a self-signed certificate that a careful authority would not; `copies` lengthen the chain."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(begin, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(end, 12, 31, tzinfo=UTC))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName(f"n{number}.a.example") for number in range(names)]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    chain, secret = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) * copies)
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return Pair(chain, secret)


def shake(pair: Pair, scale: float = 0.2) -> Seen:
    async def idle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)

    opened = peer.speaking(idle, peer.server_context(pair))
    params = {"sni": "www.a.example", "app": "https"}
    return peer.ask(tls_handshake.probe, "tls.handshake", opened, params, scale=scale)


@pytest.mark.parametrize(
    "common", ["a\0b.example", "\u202ewww.a.example", "<script>alert(1)</script>", "*.example", "=cmd|x"]
)
def test_a_name_of_any_characters_gives_facts(tmp_path: Path, common: str) -> None:
    found = shake(make(tmp_path, common=common))
    assert found.word is None
    assert found.data["chain"]
    json.dumps(dict(found.data)).encode("utf-8")


@pytest.mark.parametrize(("begin", "end"), [(1950, 9999), (2049, 2050), (9998, 9999)])
def test_years_at_the_ends_of_time_give_facts(tmp_path: Path, begin: int, end: int) -> None:
    assert shake(make(tmp_path, begin=begin, end=end)).word is None


@pytest.mark.parametrize(("names", "copies"), [(2_500, 1), (10_000, 1), (1_000, 40)])
def test_many_names_and_long_chains_are_facts_or_too_large(tmp_path: Path, names: int, copies: int) -> None:
    found = shake(make(tmp_path, names=names, copies=copies))
    assert found.word in {None, "too_large", "protocol"}
    if names == 2_500:
        assert found.word is None


@pytest.mark.parametrize(
    "chain",
    [
        None,
        [],
        ["AAAA"],
        ["not base64!"],
        [""],
        [17],
        "MIIB",
        {"a": "b"},
        ["MIIBAAAA" * 4096],
    ],
)
def test_a_chain_that_is_none_names_no_revocation_hosts(chain: object) -> None:
    assert not revocation_hosts(chain)  # type: ignore[arg-type]
