"""The hosts of OCSP and CRL URLs, out of any certificate a server may present."""

import base64

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID
from hypothesis import given
from hypothesis import strategies as st

from ipv6check.net.certificate_hosts import revocation_hosts
from tests.unit.judging_builder import START


def certificate(ocsp: list[str], crl: list[str], issuers: list[str] | None = None) -> str:
    """Return a certificate that names these URLs, base64."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(START)
        .not_valid_after(START.replace(year=2030))
    )
    access = [(AuthorityInformationAccessOID.OCSP, url) for url in ocsp]
    access += [(AuthorityInformationAccessOID.CA_ISSUERS, url) for url in issuers or []]
    if access:
        described = [x509.AccessDescription(how, x509.UniformResourceIdentifier(url)) for how, url in access]
        builder = builder.add_extension(x509.AuthorityInformationAccess(described), critical=False)
    if crl:
        points = [
            x509.DistributionPoint([x509.UniformResourceIdentifier(url)], None, None, None) for url in crl
        ]
        builder = builder.add_extension(x509.CRLDistributionPoints(points), critical=False)
    made = builder.sign(key, hashes.SHA256())
    return base64.b64encode(made.public_bytes(Encoding.DER)).decode()


def test_ocsp_and_crl_hosts_of_the_whole_chain_are_found_once() -> None:
    leaf = certificate(["http://OCSP.example/"], ["http://crl.example/a.crl", "http://crl.example/b.crl"])
    middle = certificate(["http://ocsp2.example:8080/x"], [])
    assert revocation_hosts([leaf, middle]) == ["crl.example", "ocsp.example", "ocsp2.example"]


def test_issuers_and_other_schemes_are_not_asked_for_revocation() -> None:
    odd = certificate(["ldap://ldap.example/x"], ["ldap:///CN=x"], ["http://aia.example/ca.cer"])
    assert revocation_hosts([odd]) == []


@pytest.mark.parametrize("chain", [None, "text", [], ["MAA="], ["%%%"], [7], [["x"]]])
def test_what_is_no_chain_names_no_host(chain: object) -> None:
    assert revocation_hosts(chain) == []  # type: ignore[arg-type]


@given(st.lists(st.binary(max_size=200).map(lambda raw: base64.b64encode(raw).decode()), max_size=3))
def test_any_bytes_are_read_without_error(chain: list[str]) -> None:
    assert revocation_hosts(list(chain)) == []
