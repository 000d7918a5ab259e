"""The fictional province: what its names say and what listens on each of its ports.

A port below is the one that `demo.yaml` names; the lab puts a free one in its place. The key of
`PORTS` is that number, the value what each family does there (None: closed).
"""

from __future__ import annotations

from dataclasses import dataclass

from ipv6check.lab.nameserver import Owner
from ipv6check.lab.services import Behaviour, Certificate, Closed, Greeting, Mail, Mute, Silent, Web

ZONE = "tinhmau.example"
DNS_PORT = 24000
CANARY_PORT = 24001
NTP_PORT = 24014
_V4, _V6 = ("127.0.0.1",), ("::1",)
_BOTH = Owner(a=_V4, aaaa=_V6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """How one port behaves over IPv4 and over IPv6."""

    v4: Behaviour
    v6: Behaviour


def _web(host: str, title: str, **v6: object) -> Pair:
    """Return a sound HTTPS server on IPv4 and the same on IPv6 but for what `v6` changes."""
    sound = Web(certificate=Certificate(name=f"{host}.{ZONE}"), title=title)
    changed = {"certificate": sound.certificate, "title": title, **v6}
    return Pair(v4=sound, v6=Web(**changed))  # type: ignore[arg-type]  # the keys are Web's own


def _same(behaviour: Behaviour) -> Pair:
    return Pair(v4=behaviour, v6=behaviour)


def _only_v4(host: str, title: str) -> Pair:
    return Pair(v4=Web(certificate=Certificate(name=f"{host}.{ZONE}"), title=title), v6=Closed())


def owners() -> dict[str, Owner]:
    """Return the zone: every name of the province."""
    sound = (
        *(
            "www",
            "ns1",
            "mail",
            "ntp",
            "lgsp",
            "ldap",
            "luutru",
            "motcua",
            "ocsp",
            "camera",
            "hoinghi",
            "soc",
        ),
        *("hoso", "csdl", "qlvb", "dangnhap", "ra", "truc", "ioc", "khodulieu", "daotao", "dvc-cu"),
    )
    zone = {f"{host}.{ZONE}": _BOTH for host in sound}
    faulty = {
        "dichvucong": Owner(a=_V4),
        "gis": Owner(a=_V4, rcode_aaaa="NXDOMAIN"),
        "vpn": Owner(a=_V4, rcode_aaaa="SERVFAIL"),
        "vbpl": Owner(a=_V4, short_aaaa=True),
        "baocao": Owner(cname=f"may-chu-cu.{ZONE}"),
        "hop": Owner(cname=f"hop-a.{ZONE}"),
        "hop-a": Owner(cname=f"hop.{ZONE}"),
        "hiepthanh": Owner(aaaa=_V6),
        "data": Owner(a=_V4, aaaa=("::ffff:127.0.0.1",)),
    }
    zone.update({f"{host}.{ZONE}": owner for host, owner in faulty.items()})
    return zone


def ports(place: dict[int, int]) -> dict[int, Pair]:
    """Return what listens on each TCP port of demo.yaml; `place` maps those to the real ones."""
    return {
        CANARY_PORT: _same(Greeting(line="canary")),
        24010: _web("www", "Cổng thông tin điện tử tỉnh"),
        24012: _same(Mail(name=f"mail.{ZONE}")),
        24013: _web("mail", "Thư điện tử công vụ"),
        24015: _only_v4("lgsp", "LGSP"),
        24016: Pair(v4=Closed(), v6=Web(certificate=Certificate(name=f"lgsp.{ZONE}"), title="LGSP")),
        24017: _same(Greeting(line="ldap")),
        24018: _same(Greeting()),
        24020: _only_v4("dichvucong", "Cổng dịch vụ công"),
        24021: _only_v4("gis", "Bản đồ"),
        24022: _only_v4("vpn", "VPN"),
        24023: _only_v4("vbpl", "Văn bản quy phạm pháp luật"),
        24024: _same(Closed()),
        24025: _same(Closed()),
        24026: _only_v4("motcua.donghai", "Một cửa điện tử xã Đông Hải"),
        24027: _web("hiepthanh", "Phường Hiệp Thành"),
        24028: _same(Closed()),
        24029: _web("data", "Dữ liệu mở"),
        24030: _only_v4("motcua", "Một cửa điện tử"),
        24031: Pair(v4=Web(title="OCSP"), v6=Silent()),
        24032: _same(Closed()),
        24033: Pair(v4=Closed(), v6=Greeting(line="conference")),
        24034: Pair(v4=Greeting(), v6=Mute()),
        24035: _web("hoso", "Lưu trữ hồ sơ", certificate=None),
        24036: _same(Greeting(line="database")),
        24037: Pair(v4=Closed(), v6=Greeting(line="administration")),
        24040: _web("qlvb", "Văn bản", certificate=Certificate(name=f"qlvb.{ZONE}", days=-20)),
        24041: _web("dangnhap", "Đăng nhập", certificate=Certificate(name="old-sso.example")),
        24042: _web("ra", "Chứng thư số", certificate=Certificate(name=f"ra.{ZONE}", self_signed=True)),
        24043: _web("truc", "Trục liên thông", status=403),
        24044: _web("ioc", "IOC", status=302, location="/"),
        24045: _web("khodulieu", "Kho dữ liệu", status=302, location=f"https://127.0.0.1:{place[24045]}/"),
        24046: _same(Web(certificate=Certificate(name=f"daotao.{ZONE}"), title="Đào tạo", status=503)),
        24047: _same(Closed()),
        24050: Pair(v4=Greeting(), v6=Closed()),
    }
