"""Certificate chains verified against roots, at a given moment, without any connection.

In: DER certificates as a server presented them (base64), the system's roots and the inventory's
`trust` (PEM). OpenSSL builds the path (RFC 5280 §6); nothing here looks at names.
"""

from __future__ import annotations

import base64
import binascii
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from OpenSSL.crypto import X509Store

PathState = Literal["trusted", "out_of_time", "incomplete", "untrusted", "no_roots"]
_NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME
_PARTIAL_CHAIN = 0x80000  # X509_V_FLAG_PARTIAL_CHAIN
_LONGEST = 65_536  # bytes of one certificate that are looked at


class Unparsed(ValueError):
    """Bytes that are no certificate one could read."""


@lru_cache(maxsize=4096)
def certificate(encoded: str) -> Certificate:
    """Read one certificate (base64 of DER); Unparsed if it cannot be, whatever is wrong with it."""
    from cryptography import x509

    try:
        der = base64.b64decode(encoded, validate=True)
        if len(der) > _LONGEST:
            raise Unparsed(f"{len(der)} bytes are too many for a certificate")
        with warnings.catch_warnings():
            # Odd but readable certificates warn; what they are is judged, not printed.
            warnings.simplefilter("ignore")
            found = x509.load_der_x509_certificate(der)
            # Parsing is lazy: touch what is read later, so that it fails here or never.
            _ = (found.not_valid_before_utc, found.not_valid_after_utc, found.subject, found.issuer)
            _ = (found.extensions, found.public_bytes)
    except (binascii.Error, ValueError, TypeError, OverflowError) as error:
        # What follows "ParseError" is the parser's own inside, and changes with its version.
        words = str(error).partition(": ParseError")[0]
        raise Unparsed(words[:200] or type(error).__name__) from error
    return found


def _readable(encoded: Iterable[str]) -> list[Certificate]:
    found = []
    for each in encoded:
        try:
            found.append(certificate(each))
        except Unparsed:
            continue  # a broken extra certificate is as good as absent
    return found


@dataclass(frozen=True, slots=True)
class Path:
    """How a chain ends, and OpenSSL's own words for it."""

    state: PathState
    detail: str = ""


@dataclass(slots=True)
class TrustStore:
    """Roots to verify against. `system` and `trust` are PEM, each with any number of certificates."""

    system: Sequence[bytes]
    trust: Sequence[bytes]
    moment: datetime
    _loaded: tuple[list[Certificate], list[Certificate]] | None = None
    _stores: dict[int, X509Store] = field(default_factory=dict)
    _paths: dict[tuple[tuple[str, ...], tuple[str, ...]], Path] = field(default_factory=dict)

    def path(self, chain: tuple[str, ...], issuers: tuple[str, ...] = ()) -> Path:
        """Say whether `chain` (leaf first, not empty) leads to a root; Unparsed if the leaf cannot be read.

        `issuers` are further certificates known from elsewhere: with them a chain that is only
        incomplete is told from one that nobody vouches for.
        """
        key = (chain, issuers)
        if key not in self._paths:
            self._paths[key] = self._path(chain, issuers)
        return self._paths[key]

    def _path(self, chain: tuple[str, ...], issuers: tuple[str, ...]) -> Path:
        leaf, presented = certificate(chain[0]), _readable(chain[1:])
        anchors, intermediates = self._certificates()
        detail = self._verify(leaf, presented, 0)
        if not detail:
            return Path("trusted")
        if not self._verify(leaf, presented, _NO_CHECK_TIME):
            return Path("out_of_time", detail)
        known = [*presented, *_readable(issuers), *intermediates]
        if not self._verify(leaf, known, _NO_CHECK_TIME):
            return Path("incomplete", detail)
        if intermediates and not self._verify(leaf, presented, _PARTIAL_CHAIN):
            # `trust` names an issuing certificate and nothing above it: that is where trust ends.
            return Path("trusted")
        return Path("untrusted" if anchors or intermediates else "no_roots", detail)

    def _certificates(self) -> tuple[list[Certificate], list[Certificate]]:
        """Return the self-signed roots, and what `trust` holds beside them."""
        if self._loaded is None:
            own = _pem(self.trust)
            roots = [each for each in own if each.issuer == each.subject]
            self._loaded = (
                [*_pem(self.system), *roots],
                [each for each in own if each.issuer != each.subject],
            )
        return self._loaded

    def _store(self, flags: int) -> X509Store:
        if flags not in self._stores:
            from OpenSSL.crypto import X509, X509Store

            anchors, intermediates = self._certificates()
            store = X509Store()
            for each in [*anchors, *(intermediates if flags & _PARTIAL_CHAIN else ())]:
                store.add_cert(X509.from_cryptography(each))
            if flags:
                store.set_flags(flags)
            store.set_time(self.moment.astimezone(UTC))
            self._stores[flags] = store
        return self._stores[flags]

    def _verify(self, leaf: Certificate, chain: Sequence[Certificate], flags: int) -> str:
        """Return nothing if the leaf leads to a root, else OpenSSL's words for what is wrong."""
        from OpenSSL.crypto import X509, X509StoreContext, X509StoreContextError

        context = X509StoreContext(
            self._store(flags),
            X509.from_cryptography(leaf),
            chain=[X509.from_cryptography(each) for each in chain],
        )
        try:
            context.verify_certificate()
        except X509StoreContextError as error:
            return str(error)[:200] or "not verified"
        return ""


def _pem(contents: Sequence[bytes]) -> list[Certificate]:
    """Read certificates in PEM; what cannot be read was refused with the inventory, or is no root."""
    from cryptography import x509

    found: list[Certificate] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for content in contents:
            try:
                found += x509.load_pem_x509_certificates(content)
            except ValueError:
                continue
    return found
