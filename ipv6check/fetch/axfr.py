"""A zone transfer (RFC 5936) from the server named, as zone file text that `importers.zone` reads."""

from __future__ import annotations

import time

import dns.exception
import dns.message
import dns.name
import dns.rdatatype
import dns.tsig
import dns.tsigkeyring
import dns.xfr
import dns.zone

from ipv6check.fetch import RemoteTrouble
from ipv6check.fetch.line import Line, Server, open_line
from ipv6check.inventory.importers.wording import clean

SECONDS = 60.0
MAX_BYTES = 64 * 1024 * 1024

Key = tuple[dns.name.Name, dns.tsig.Key]


def read_key(text: str) -> dns.tsig.Key:
    """Read a TSIG key, `[algorithm:]name:secret` (secret in base64); raise ValueError without naming it."""
    parts = text.split(":")
    if len(parts) not in (2, 3):
        raise ValueError("not a TSIG key: write [algorithm:]name:secret")
    algorithm, name, secret = parts if len(parts) == 3 else ("hmac-sha256", *parts)
    try:
        ring = dns.tsigkeyring.from_text({name: (algorithm, secret)})
        (key,) = ring.values()
    except (dns.exception.DNSException, ValueError, NotImplementedError) as error:
        raise ValueError("not a TSIG key: write [algorithm:]name:secret, the secret in base64") from error
    if not isinstance(key, dns.tsig.Key) or key.algorithm not in dns.tsig.mac_sizes:
        raise ValueError("not a TSIG key: its algorithm is not known; for instance hmac-sha256")
    return key


def fetch(server: Server, origin: str, key: dns.tsig.Key | None = None) -> bytes:
    """Return the zone as text; raise RemoteTrouble if the server refuses, breaks off or sends nonsense."""
    zone = dns.zone.Zone(dns.name.from_text(origin), relativize=False)
    query = dns.message.make_query(zone.origin or "", dns.rdatatype.AXFR)
    if key is not None:
        query.use_tsig(key)
    try:
        with open_line(server, time.monotonic() + SECONDS) as line:
            wire = query.to_wire()
            line.send(len(wire).to_bytes(2, "big") + wire)
            _receive(line, zone, query, server)
    except dns.xfr.TransferError as error:
        refused = f"{server} refuses to transfer {origin} ({clean(str(error), 80)})"
        raise RemoteTrouble(f"{refused}: does it allow this host?") from error
    except (dns.exception.DNSException, ValueError, KeyError, IndexError) as error:
        said = clean(f"{type(error).__name__}: {error}", 120)
        raise RemoteTrouble(f"{server}: its transfer of {origin} cannot be used ({said})") from error
    return b"$ORIGIN %s\n" % str(zone.origin).encode() + zone.to_text(relativize=False).encode()


def _receive(line: Line, zone: dns.zone.Zone, query: dns.message.Message, server: Server) -> None:
    """Put every message of the answer into the zone."""
    received, context, done = 0, None, False
    with dns.xfr.Inbound(zone, dns.rdatatype.AXFR) as inbound:
        while not done:
            size = int.from_bytes(line.receive_exactly(2), "big")
            received += size
            if received > MAX_BYTES:
                raise RemoteTrouble(f"{server} sends more than {MAX_BYTES >> 20} MiB")
            message = dns.message.from_wire(
                line.receive_exactly(size),
                keyring=query.keyring,
                request_mac=query.mac,
                xfr=True,
                origin=zone.from_wire_origin(),
                tsig_ctx=context,
                multi=received > size,
                one_rr_per_rrset=True,
            )
            if message.id != query.id:
                raise RemoteTrouble(f"{server} answers another question than was asked")
            done = inbound.process_message(message)
            context = message.tsig_ctx
        if query.keyring and not message.had_tsig:
            raise RemoteTrouble(f"{server} does not sign its transfer, though the key asks for it")
