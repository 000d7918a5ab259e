"""The certificate roots an inventory brings along (`trust`): PEM files in its folder or below."""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath

from cryptography import x509

from ipv6check.inventory.includes import Files
from ipv6check.inventory.nodes import Journal, Scalar, Seq, file_of
from ipv6check.inventory.reading import Unreadable
from ipv6check.model.inventory import InventoryFile


def read_trust(journal: Journal, files: Files, node: Seq) -> tuple[InventoryFile, ...]:
    """Read each PEM file named, relative to the file that names it; errors go to the journal."""
    found: dict[str, InventoryFile] = {}
    for item in node.items:
        if not isinstance(item, Scalar):
            continue  # the schema says that it takes a text
        path = PurePosixPath(item.text)
        if path.is_absolute() or ".." in path.parts:
            journal.error(item.at, f'"{item.text}" must name a file in the same folder or below')
            continue
        name = PurePosixPath(journal.files[file_of(item.at)].name).parent / path
        try:
            content = files.content(name)
            _check_pem(content)
        except Unreadable as problem:
            journal.error(item.at, f'"{item.text}" {problem}')
            continue
        if str(name) in found:
            journal.warn(item.at, f'"{item.text}" is named already')
        found[str(name)] = as_file(str(name), content)
    return tuple(found.values())


def as_file(name: str, content: bytes) -> InventoryFile:
    """Return a file as the inventory keeps it, with its hash."""
    return InventoryFile(name=name, content=content, sha256=hashlib.sha256(content).hexdigest())


def _check_pem(content: bytes) -> None:
    """Raise Unreadable unless the content is certificates in PEM, and no private key."""
    if b"PRIVATE KEY-----" in content:
        # Every file of the inventory is copied into each run's folder.
        raise Unreadable("holds a private key: it would be copied into every run; take it out")
    try:
        x509.load_pem_x509_certificates(content)
    except ValueError as error:
        raise Unreadable("holds no certificate in PEM: -----BEGIN CERTIFICATE-----") from error
