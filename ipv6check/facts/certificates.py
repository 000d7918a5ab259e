"""What is wrong with the certificate that a server presented, for the name it is asked under.

Names, dates and issuers are strangers' text: bounded here, escaped by the output. A certificate
that cannot be read is a fact of its own, never an error of ours.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from ipv6check.facts.tries import items
from ipv6check.facts.trust import Path, TrustStore, Unparsed, certificate
from ipv6check.inventory.addresses import split_zone
from ipv6check.model.text import JSON

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_SHOWN_NAMES = 5
_LONGEST = 200  # characters of a name that are shown


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing that is wrong with a certificate: a reason code and what its text needs."""

    code: str
    args: Mapping[str, JSON]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a certificate is held against: the name (None: there is none), the address, the time.

    `soon` is how long before its end a certificate should be renewed; `issuers` are certificates
    that the service shows elsewhere (over IPv4).
    """

    name: str | None
    address: str
    moment: datetime
    soon: timedelta
    issuers: tuple[str, ...] = ()


def presented(data: Mapping[str, JSON]) -> tuple[str, ...]:
    """Return the chain of a handshake's data, leaf first, base64; empty if there is none."""
    return tuple(each for each in items(data, "chain") if isinstance(each, str))


def defects(chain: tuple[str, ...], question: Question, trust: TrustStore) -> tuple[Defect, ...]:
    """Return what is wrong, the gravest first; nothing if the certificate is valid.

    `tls.unparsed` stands alone, and `tls.no_roots` says that nothing was there to verify against.
    A chain without a name to compare gets no name defect: the caller knows.
    """
    try:
        leaf = certificate(chain[0])
        path = trust.path(chain, question.issuers)
    except Unparsed as error:
        return (Defect("tls.unparsed", {"detail": f"unparsed certificate: {error}"}),)
    found = [*_dates(leaf, question.moment, path), *_name(leaf, question), *_trust(leaf, path)]
    if not found and leaf.not_valid_after_utc - question.moment < question.soon:
        found.append(Defect("tls.expires_soon", _until(leaf, question.moment)))
    return tuple(found)


def _until(leaf: Certificate, moment: datetime) -> dict[str, JSON]:
    end = leaf.not_valid_after_utc
    return {"until": _day(end), "days": abs((end - moment).days)}


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat() if moment.year < 9999 else f"{moment.year:04}-12-31"


def _dates(leaf: Certificate, moment: datetime, path: Path) -> list[Defect]:
    if leaf.not_valid_after_utc < moment:
        return [Defect("tls.expired", _until(leaf, moment))]
    if leaf.not_valid_before_utc > moment:
        return [Defect("tls.not_yet_valid", {"since": _day(leaf.not_valid_before_utc)})]
    if path.state == "out_of_time":
        # The leaf is in time, so a certificate above it is not.
        return [Defect("tls.expired", {**_until(leaf, moment), "detail": path.detail})]
    return []


def _name(leaf: Certificate, question: Question) -> list[Defect]:
    if question.name is None or matches(leaf, question.name, None):
        return []
    return [Defect("tls.wrong_name", {"name": question.name, "names": shown_names(leaf)})]


def _trust(leaf: Certificate, path: Path) -> list[Defect]:
    args: dict[str, JSON] = {"issuer": leaf.issuer.rfc4514_string()[:_LONGEST], "detail": path.detail}
    code = {
        "incomplete": "tls.incomplete_chain",
        "untrusted": "tls.untrusted",
        "no_roots": "tls.no_roots",
    }.get(path.state)
    return [Defect(code, args)] if code else []


@lru_cache(maxsize=4096)
def matches(leaf: Certificate, name: str | None, address: str | None) -> bool:
    """Whether a certificate is for a name, or else for an address (RFC 9525 §6)."""
    from service_identity import CertificateError, VerificationError
    from service_identity.cryptography import verify_certificate_hostname, verify_certificate_ip_address

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if name is not None:
                verify_certificate_hostname(leaf, name)
            elif address is not None:
                verify_certificate_ip_address(leaf, split_zone(address)[0])
    except (VerificationError, CertificateError, ValueError):
        return False
    return True


def names_address(chain: tuple[str, ...], address: str) -> bool:
    """Whether a readable certificate names an address itself."""
    try:
        return matches(certificate(chain[0]), None, address)
    except Unparsed:
        return False


def names_of(chain: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names that the first certificate of a chain is for; none if it cannot be read."""
    try:
        return tuple(name.lower() for name in _alternative_names(certificate(chain[0])))
    except (Unparsed, IndexError):
        return ()


def _alternative_names(leaf: Certificate) -> list[str]:
    from cryptography import x509

    try:
        extension = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        return [str(each.value) for each in extension.value]
    except (x509.ExtensionNotFound, ValueError):
        return []


def shown_names(leaf: Certificate) -> list[str]:
    """Return some of the names a certificate is for; its subject if it has none."""
    shown = [name[:_LONGEST] for name in _alternative_names(leaf)[:_SHOWN_NAMES]]
    return shown or [leaf.subject.rfc4514_string()[:_LONGEST] or "-"]
