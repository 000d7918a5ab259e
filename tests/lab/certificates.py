"""A certificate authority for the lab: a root, an intermediate, and leaves with one thing wrong each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Issuer:
    """A certificate that signs, and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Pair:
    """Files of a server: the chain it presents, and its key."""

    chain: Path
    key: Path


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _names(name: str) -> x509.SubjectAlternativeName:
    return x509.SubjectAlternativeName([x509.DNSName(name)])


def _broken_names() -> x509.UnrecognizedExtension:
    entry = b"\x87\x05\xc6\x33\x64\x07\x00"  # GeneralName [7], an OCTET STRING
    return x509.UnrecognizedExtension(x509.SubjectAlternativeName.oid, bytes((0x30, len(entry))) + entry)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


class LabAuthority:
    """Root and intermediate; `leaf` writes a server's files into `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = datetime.now(UTC)
        self.root = self._issuer("Lab root", None)
        self.intermediate = self._issuer("Lab intermediate", self.root)
        self.root_file = folder / "root.pem"
        self.root_file.write_bytes(_pem(self.root.certificate))

    def _issuer(self, common: str, parent: Issuer | None) -> Issuer:
        key = ec.generate_private_key(ec.SECP256R1())
        signer = parent or Issuer(None, key)  # type: ignore[arg-type]  # a root has no issuer but itself
        builder = (
            x509.CertificateBuilder()
            .subject_name(_name(common))
            .issuer_name(parent.certificate.subject if parent else _name(common))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.now - 300 * _DAY)
            .not_valid_after(self.now + 3000 * _DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.key.public_key()), critical=False
            )
        )
        return Issuer(builder.sign(signer.key, hashes.SHA256()), key)

    def leaf(
        self,
        name: str,
        *,
        begin: int = -200,
        end: int = 200,
        self_signed: bool = False,
        through_intermediate: bool = True,
        send_intermediate: bool = True,
        ocsp: Sequence[str] = (),
        unreadable: bool = False,
    ) -> Pair:
        """Write a certificate for `name`, valid from `begin` to `end` days from now.

        `unreadable`: it is for an address of five bytes (RFC 5280 §4.2.1.6). Servers show it all the same.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        issuer = self.intermediate if through_intermediate else self.root
        signer = key if self_signed else issuer.key
        builder = (
            x509.CertificateBuilder()
            .subject_name(_name(name))
            .issuer_name(_name(name) if self_signed else issuer.certificate.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.now + begin * _DAY)
            .not_valid_after(self.now + end * _DAY)
            .add_extension(_broken_names() if unreadable else _names(name), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
            )
        )
        if ocsp:
            places = [x509.UniformResourceIdentifier(url) for url in ocsp]
            access = [x509.AccessDescription(AuthorityInformationAccessOID.OCSP, place) for place in places]
            builder = builder.add_extension(x509.AuthorityInformationAccess(access), critical=False)
        certificate = builder.sign(signer, hashes.SHA256())
        chain = _pem(certificate)
        if through_intermediate and send_intermediate and not self_signed:
            chain += _pem(self.intermediate.certificate)
        return self._write(name, chain, key)

    def _write(self, name: str, chain: bytes, key: ec.EllipticCurvePrivateKey) -> Pair:
        number = len(list(self.folder.glob("*.key")))
        pair = Pair(self.folder / f"{number}-{name}.pem", self.folder / f"{number}-{name}.key")
        pair.chain.write_bytes(chain)
        pair.key.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return pair
