"""Where a certificate says that its revocation can be asked: the hosts of its OCSP and CRL URLs.

In: a chain as a server presented it (base64 DER, leaf first). Out: host names and literals. The
certificates are a stranger's: what cannot be read names no host.
"""

from __future__ import annotations

import base64
import binascii
import functools
import warnings
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from ipv6check.model.text import JSON

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

MOST_CERTIFICATES: Final = 4
MOST_HOSTS: Final = 8
_LONGEST: Final = 512  # characters of a URL


def revocation_hosts(chain: JSON) -> list[JSON]:
    """Return the hosts of the chain's OCSP responders and CRL distribution points, sorted, at most 8.

    RFC 5280 §4.2.1.13 and §4.2.2.1. Only http(s) URLs count: nobody fetches the others.
    """
    found: set[str] = set()
    if isinstance(chain, Sequence) and not isinstance(chain, str):
        for each in chain[:MOST_CERTIFICATES]:
            found.update(_hosts(str(each)))
    hosts: list[JSON] = [*sorted(found)]
    return hosts[:MOST_HOSTS]


@functools.lru_cache(maxsize=256)
def _hosts(encoded: str) -> frozenset[str]:
    """Return the hosts that one certificate names: an issuer's is read once, not with every leaf."""
    return frozenset(host for url in _urls(encoded) if (host := _host(url)) is not None)


def _urls(encoded: str) -> Iterator[str]:
    """Yield the URLs that one certificate names; none if it cannot be read."""
    from cryptography import x509

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            certificate = x509.load_der_x509_certificate(base64.b64decode(encoded, validate=True))
            yield from [*_ocsp(certificate), *_crls(certificate)]
    except (ValueError, binascii.Error):
        return


def _ocsp(certificate: Certificate) -> Iterator[str]:
    from cryptography import x509
    from cryptography.x509.oid import AuthorityInformationAccessOID

    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess)
    except x509.ExtensionNotFound:
        return
    for description in access.value:
        location = description.access_location
        ocsp = description.access_method == AuthorityInformationAccessOID.OCSP
        if ocsp and isinstance(location, x509.UniformResourceIdentifier):
            yield location.value


def _crls(certificate: Certificate) -> Iterator[str]:
    from cryptography import x509

    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints)
    except x509.ExtensionNotFound:
        return
    for point in points.value:
        for name in point.full_name or ():
            if isinstance(name, x509.UniformResourceIdentifier):
                yield name.value


def _host(url: str) -> str | None:
    if len(url) > _LONGEST or not url.isascii():
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or any(c.isspace() or c in "/@" for c in host):
        return None
    return host.lower().removesuffix(".")
