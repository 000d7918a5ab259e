"""A certificate authority for tests: a root, an intermediate, and leaves with planted faults."""

from __future__ import annotations

import base64
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from tests.unit.judging_builder import START

Key = ec.EllipticCurvePrivateKey


def encoded(certificate: x509.Certificate) -> str:
    """Return a certificate as observations keep it."""
    return base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()


@dataclass(frozen=True)
class Issuer:
    """A certificate and the key that signs with it."""

    certificate: x509.Certificate
    key: Key


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def issue(
    subject: str,
    issuer: Issuer | None = None,
    *,
    ca: bool = False,
    names: tuple[str, ...] = (),
    addresses: tuple[str, ...] = (),
    begin: datetime = START - timedelta(days=30),
    end: datetime = START + timedelta(days=300),
) -> Issuer:
    """Issue a certificate; without an issuer it signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(issuer.certificate.subject if issuer else _name(subject))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    general: list[x509.GeneralName] = [x509.DNSName(name) for name in names]
    general += [x509.IPAddress(ipaddress.ip_address(address)) for address in addresses]
    if general:
        builder = builder.add_extension(x509.SubjectAlternativeName(general), critical=False)
    return Issuer(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key)


@dataclass(frozen=True)
class Authority:
    """A root, an intermediate below it, and what they issue."""

    root: Issuer
    intermediate: Issuer

    @property
    def pem(self) -> bytes:
        """The root, as a system's or an inventory's file holds it."""
        return self.root.certificate.public_bytes(Encoding.PEM)

    @property
    def intermediate_pem(self) -> bytes:
        """The intermediate certificate alone."""
        return self.intermediate.certificate.public_bytes(Encoding.PEM)

    def chain(self, *names: str, whole: bool = True, **more: Any) -> list[str]:
        """Return a leaf for some names, with the intermediate unless it is left out."""
        leaf = issue(names[0] if names else "leaf", self.intermediate, names=names, **more)
        rest = [self.intermediate.certificate] if whole else []
        return [encoded(each) for each in (leaf.certificate, *rest)]


@cache
def authority() -> Authority:
    """Return one authority for the whole session."""
    root = issue("Lab Root", ca=True, end=START + timedelta(days=3650))
    return Authority(root, issue("Lab Intermediate", root, ca=True, end=START + timedelta(days=1800)))
