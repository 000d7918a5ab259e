"""The lab's own small certificate authority, made anew for each run in a folder of the run's."""

from __future__ import annotations

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_DAY = timedelta(days=1)


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Sample Province (lab)"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


class Authority:
    """A certificate authority in memory. `folder` takes what `ssl` insists on reading from files."""

    def __init__(self, folder: Path, now: datetime | None = None) -> None:
        self.folder = folder
        self.now = now or datetime.now(UTC)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._count = 0
        public = self._key.public_key()
        self.certificate = (
            x509.CertificateBuilder()
            .subject_name(_name("Lab Root CA"))
            .issuer_name(_name("Lab Root CA"))
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.now - 400 * _DAY)
            .not_valid_after(self.now + 400 * _DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .sign(self._key, hashes.SHA256())
        )

    @property
    def pem(self) -> bytes:
        """The root certificate as PEM."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def context(
        self, name: str, *, days: int = 200, self_signed: bool = False, client_certificate: bool = False
    ) -> ssl.SSLContext:
        """Return a server's context with a certificate for `name`.

        `days` is the time left (negative: expired that long ago); `self_signed` leaves this authority
        out; `client_certificate` demands one of the client (mTLS).
        """
        key = ec.generate_private_key(ec.SECP256R1())
        subject = _name(name)
        public = key.public_key()
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject if self_signed else self.certificate.subject)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.now - 300 * _DAY)
            .not_valid_after(self.now + days * _DAY)
            .add_extension(x509.SubjectAlternativeName([_alternative(name)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(
                    public if self_signed else self._key.public_key()
                ),
                critical=False,
            )
            .sign(key if self_signed else self._key, hashes.SHA256())
        )
        return self._load(key, certificate, client_certificate)

    def _load(
        self, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate, client_certificate: bool
    ) -> ssl.SSLContext:
        self._count += 1
        file = self.folder / f"server-{self._count}.pem"
        file.touch(mode=0o600)
        file.write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        if client_certificate:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(cadata=self.pem.decode("ascii"))
        return context
