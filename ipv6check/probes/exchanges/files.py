"""SMB: the negotiation of a dialect (MS-SMB2, MS-CIFS §2.2.4.52). NFS: the null procedure (RFC 5531)."""

from __future__ import annotations

import os

from ipv6check.probes.exchanges.exchange import BIGGEST, Another, Exchange, Place, expect, number

# One request that servers of SMB 1 and of every later dialect understand (MS-SMB2 §3.3.5.3.1).
_DIALECTS = b"".join(b"\x02" + each + b"\0" for each in (b"NT LM 0.12", b"SMB 2.002", b"SMB 2.???"))
_SMB1_HEADER = b"\xffSMB\x72" + bytes(4) + b"\x18\x53\xc8" + bytes(12) + b"\xff\xff\x2f\x4b\0\0\0\0"
_SMB2_DIALECT = 4 + 64 + 4  # offset of DialectRevision: NetBIOS and SMB 2 headers, sizes and security mode

_NFS, _NFS_VERSION = 100003, 3
_LAST_FRAGMENT = 0x80000000
_ACCEPTED, _DENIED = 0, 1
_STATES = {
    0: "success",
    2: "another version",
    3: "null is unavailable",
    4: "garbage arguments",
    5: "system error",
}


def make(place: Place) -> Exchange:
    """Negotiate (smb) or call nothing (nfs); no share is opened, nothing is mounted."""
    if place.app == "smb":
        body = _SMB1_HEADER + b"\0" + len(_DIALECTS).to_bytes(2, "little") + _DIALECTS
        # A server set to the newest dialects alone may close on this one.
        return Exchange(request=len(body).to_bytes(4, "big") + body, read=_read_smb, may_hang_up=True)
    identity = os.urandom(4)
    call = identity + b"".join(each.to_bytes(4, "big") for each in (0, 2, _NFS, _NFS_VERSION, 0, 0, 0, 0, 0))

    def read(reply: bytes) -> str | None:
        if reply[:4] != identity:
            raise Another
        return _read_rpc(reply)

    def read_framed(data: bytes) -> str | None:
        mark = number(data, 0, 4)
        if mark is None:
            return None
        length = mark & ~_LAST_FRAGMENT
        if not 12 <= length <= BIGGEST:
            raise Another
        return read(data[4 : 4 + length]) if len(data) >= 4 + length else None

    if place.transport == "udp":
        return Exchange(request=call, read=read)
    return Exchange(request=(_LAST_FRAGMENT | len(call)).to_bytes(4, "big") + call, read=read_framed)


def _read_smb(data: bytes) -> str | None:
    if data[:1] == b"\x83":  # a negative answer of the NetBIOS session service (RFC 1002 §4.3.4)
        return "session refused"
    if not expect(data, b"\0"):
        return None
    protocol = data[4:8]
    if protocol and not (b"\xfeSMB".startswith(protocol) or b"\xffSMB".startswith(protocol)):
        raise Another
    if data[4:8] == b"\xffSMB" and len(data) >= 9:
        return "SMB 1"
    if data[4:8] != b"\xfeSMB" or len(data) < _SMB2_DIALECT + 2:
        return None
    return f"SMB dialect 0x{int.from_bytes(data[_SMB2_DIALECT : _SMB2_DIALECT + 2], 'little'):04x}"


def _read_rpc(reply: bytes) -> str:
    """Read a whole RPC reply (RFC 5531 §9)."""
    kind, state = number(reply, 4, 4), number(reply, 8, 4)
    if kind != 1 or state not in (_ACCEPTED, _DENIED):
        raise Another
    if state == _DENIED:
        return "denied"
    verifier = number(reply, 16, 4)
    accepted = None if verifier is None or verifier > 400 else number(reply, 20 + verifier, 4)
    if accepted not in _STATES:
        raise Another  # 1: some other program's portmapper
    return _STATES[accepted]
