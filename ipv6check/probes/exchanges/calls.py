"""SIP and RTSP: OPTIONS, which asks what a server can do and rings nowhere (RFC 3261 §11, RFC 7826 §13.1)."""

from __future__ import annotations

import re
import secrets

from ipv6check.probes.exchanges.exchange import Another, Exchange, Place, line

_SIP = re.compile(rb"SIP/2\.0 [1-6][0-9]{2}\b")
_RTSP = re.compile(rb"RTSP/[12]\.[0-9] [1-5][0-9]{2}\b")
_NAME = re.compile(r"[A-Za-z0-9.-]{1,253}")
_RTSP_OPTIONS = b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n"
_MOST = 16 * 1024


def make(place: Place) -> Exchange:
    """Ask for the options of the server itself."""
    if place.app == "rtsp":
        return Exchange(request=_RTSP_OPTIONS, read=lambda data: line(data, _RTSP, b"RTSP/"))
    return _sip(place)


def _sip(place: Place) -> Exchange:
    call = secrets.token_hex(8)
    scheme = "sips" if place.app == "sips" else "sip"
    over = "TLS" if place.app == "sips" else place.transport.upper()
    host = place.name if _NAME.fullmatch(place.name) else _literal(place.address)
    lines = (
        f"OPTIONS {scheme}:{host}:{place.port} SIP/2.0",
        # rport: the answer comes back to where this came from, whatever the name says (RFC 3581).
        f"Via: SIP/2.0/{over} ipv6check.invalid;branch=z9hG4bK{call};rport",
        "Max-Forwards: 1",
        f"From: <{scheme}:ipv6check@ipv6check.invalid>;tag={call}",
        f"To: <{scheme}:{host}:{place.port}>",
        f"Call-ID: {call}",
        "CSeq: 1 OPTIONS",
        "Accept: application/sdp",
        "Content-Length: 0",
    )

    def read(data: bytes) -> str | None:
        said = line(data, _SIP, b"SIP/")
        if said is None or b"\r\n\r\n" not in data[:_MOST]:
            if place.transport == "udp" or len(data) > _MOST:
                raise Another
            return None
        if call.encode("ascii") not in data[:_MOST]:
            raise Another
        return said

    return Exchange(request="\r\n".join((*lines, "", "")).encode("ascii"), read=read)


def _literal(address: str) -> str:
    return f"[{address.partition('%')[0]}]" if ":" in address else address
