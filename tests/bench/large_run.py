"""A large run on disk, as a scan of dual-stack web portals would leave it, made without a network.

`python -m tests.bench.large_run FOLDER SYSTEMS`. Of each portal there is a name, ports 80 and 443, a
certificate and a page, on both families; one in ten has no AAAA record, one in 25 refuses port 80.
"""

from __future__ import annotations

import base64
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from ipv6check.inventory import load
from ipv6check.store import create
from tests.lab.certificates import LabAuthority
from tests.unit.judging_builder import Run

_ZONES = 250  # certificates; each is of many portals
_BATCH = 500  # systems whose observations are held before they are written


def inventory(systems: int) -> str:
    """Return the inventory of that many portals."""
    head = (
        "version: 1\norganization: {id: bench, name: Bench}\n"
        "resolvers: {view: [203.0.113.53]}\n"
        "vantages: {inside: {resolver: view, canaries: ['2001:db8:1::1', 203.0.113.1]}}\n"
        "scope: ['2001:db8::/32', 198.18.0.0/15, 203.0.113.0/24]\ntrust: [root.pem]\nsystems:\n"
    )
    return head + "".join(
        f"  - id: s{n}\n    name: {{vi: Cổng thông tin {n}, en: Portal {n}}}\n    category: web-portal\n"
        f"    hosts: [{_name(n)}]\n    services: [https, http]\n"
        for n in range(systems)
    )


def _name(number: int) -> str:
    return f"w{number}.g{number % _ZONES}.bench.example"


def store(root: Path, systems: int) -> Path:
    """Make the run under a folder and return where it is."""
    with tempfile.TemporaryDirectory() as folder:
        authority = LabAuthority(Path(folder))
        file = Path(folder) / "inventory.yaml"
        file.write_text(inventory(systems), encoding="utf-8")
        loaded = load(file).inventory
        assert loaded is not None
        chains = [_chain(authority, f"*.g{zone}.bench.example") for zone in range(min(_ZONES, systems))]
    run = Run.of()
    begun = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
    meta = replace(run.meta, id=f"{begun:%Y%m%dT%H%M%SZ}-abcdef", started=begun)
    run.now = begun
    with create(root, meta, loaded) as stored:
        for number in range(systems):
            _portal(run, number, chains[number % _ZONES])
            if number % _BATCH == _BATCH - 1 or number == systems - 1:
                for observation in run.observations:
                    stored.append(observation)
                stored.flush()
                run.observations.clear()
        return stored.path


def _chain(authority: LabAuthority, name: str) -> tuple[str, ...]:
    pem = authority.leaf(name).chain.read_bytes()
    return tuple(
        base64.b64encode(each.public_bytes(Encoding.DER)).decode()
        for each in x509.load_pem_x509_certificates(pem)
    )


def _portal(run: Run, number: int, chain: tuple[str, ...]) -> None:
    """Tell of one portal."""
    name, six = _name(number), f"2001:db8:10::{number:x}"
    four = f"198.18.{number >> 8}.{number & 255}"
    published = number % 10 != 7
    run.named(name, a=(four,), aaaa=(six,) if published else ())
    for address in (four, six) if published else (four,):
        for port, tls in ((80, False), (443, True)):
            if number % 25 == 3 and address == six and not tls:
                run.closed(address, port)
                continue
            run.open(address, port)
            if tls:
                run.tls(address, chain, name=name, port=port)
            for fetch in (1, 2) if address == four else (1,):
                run.page(address, name=name, port=port, tls=tls, fetch=fetch)


if __name__ == "__main__":
    print(store(Path(sys.argv[1]), int(sys.argv[2])))
