"""What a host's state means for scanning, and the command that mends it: pure, in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from ipv6check.model.inventory import FAMILIES
from ipv6check.model.text import Text
from ipv6check.net.host import FamilyState, HostState

Mark = Literal["ok", "note", "bad"]
FEW_DESCRIPTORS: Final = 1024

_SCOPES: Final[Mapping[str, Text]] = {
    "global": Text("toàn cầu", "global"),
    "unique_local": Text("cục bộ duy nhất (ULA)", "unique local (ULA)"),
    "link_local": Text("liên kết cục bộ (link-local)", "link-local"),
    "site_local": Text("cục bộ mạng (site-local, đã bỏ)", "site-local (abolished)"),
    "loopback": Text("vòng lặp (loopback)", "loopback"),
    "private": Text("dùng riêng", "private"),
    "shared": Text("dùng chung của nhà mạng (CGN)", "shared (carrier NAT)"),
    "clat": Text("của bộ chuyển dịch (CLAT)", "a translator's (CLAT)"),
}
_STATES: Final[Mapping[str, Text]] = {
    "deprecated": Text("sắp hết hiệu lực", "deprecated"),
    "tentative": Text("đang kiểm tra trùng lặp", "tentative"),
    "duplicate": Text("bị trùng", "duplicate"),
}
_ADDRESS: Final = Text(
    "Địa chỉ IPv{family}: {address} ({scope}){note}", "IPv{family} address: {address} ({scope}){note}"
)
_NO_ADDRESS: Final = Text("Máy này không có địa chỉ IPv{family}.", "This host has no IPv{family} address.")
_LINK_LOCAL: Final = Text(
    "Máy này chỉ có địa chỉ link-local, nên không liên hệ được ra ngoài mạng của mình qua IPv6.",
    "This host has link-local addresses only, so it reaches nobody beyond its own link over IPv6.",
)
_NO_ROUTE: Final = Text(
    "Có địa chỉ IPv{family} nhưng không có đường ra ({why}).",
    "There are IPv{family} addresses, but no way out ({why}).",
)
_ULA: Final = Text(
    "IPv6 đi ra từ địa chỉ ULA {source}: đích trên Internet không trả lời được; "
    "chỉ điểm kiểm chứng (canary) mới cho biết có quan sát được hay không.",
    "IPv6 leaves from the unique local address {source}: the Internet cannot answer it; "
    "only a canary tells whether it is of use.",
)
_CLAT: Final = Text(
    "IPv4 ở đây qua bộ chuyển dịch (CLAT, {source}): không so sánh được hai giao thức từ máy này.",
    "IPv4 here goes through a translator (CLAT, {source}): the families cannot be compared from this host.",
)
_SEES: Final = Text(
    "IPv{family} đi ra từ {source} qua {gateways}.", "IPv{family} leaves from {source} through {gateways}."
)
_DIRECT: Final = Text("mạng nối trực tiếp", "the link itself")
_RESOLVERS: Final = Text("Máy chủ phân giải của máy: {servers}", "This host's resolvers: {servers}")
_NO_RESOLVER: Final = Text(
    "Máy này không có máy chủ phân giải nào dùng được.", "This host has no resolver of use."
)
_REFUSED: Final = Text(
    "resolv.conf: {words} không phải địa chỉ máy chủ.", "resolv.conf: {words} is no server's address."
)
_PING: Final = Text(
    "Được phép gửi ping (ICMP echo) không cần quyền root.",
    "Pings (ICMP echo) are permitted without privilege.",
)
_NO_PING: Final = Text(
    "Không được phép gửi ping ({error}): điểm kiểm chứng (canary) được thử qua TCP 443, 53, 80.",
    "Pings are not permitted ({error}): canaries are tried over TCP 443, 53 and 80 instead.",
)
_RAW: Final = Text(
    "Được phép dùng socket thô (cho --active-pmtu).", "Raw sockets are permitted (for --active-pmtu)."
)
_NO_RAW: Final = Text(
    "Không được phép dùng socket thô ({error}): không dùng được --active-pmtu, các phép kiểm tra khác vẫn "
    "chạy.",
    "Raw sockets are not permitted ({error}): --active-pmtu cannot be used, everything else can.",
)
_LIMIT: Final = Text(
    "Giới hạn {limit} tệp mở: nhiều nhất {at_once} kết nối cùng lúc.",
    "Limit of {limit} open files: at most {at_once} connections at once.",
)
_CLOCK: Final = Text("Đồng hồ hệ thống được đồng bộ.", "The system clock is kept in step.")
_NO_CLOCK: Final = Text(
    "Đồng hồ hệ thống không được đồng bộ: hạn chứng thư số và khung giờ quét có thể bị đánh giá sai.",
    "Nobody keeps the system clock: the dates of certificates and windows may be judged wrong.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing found: how it is, in words with their values, and the command that mends it, if any."""

    mark: Mark
    text: Text
    values: Mapping[str, object] = field(default_factory=dict)
    mend: str = ""


def diagnose(host: HostState) -> Iterator[Line]:
    """Yield what is found of this host, IPv6 first."""
    for family in sorted(FAMILIES, reverse=True):
        yield from _addresses(host.families[family])
        yield _way_out(host.families[family])
    yield from _names(host)
    yield from _permissions(host)
    yield from _limits(host)


def sees(state: FamilyState) -> bool:
    """Whether packets of a family would leave this host, to somewhere beyond its own link."""
    return state.source is not None


def _addresses(state: FamilyState) -> Iterator[Line]:
    for each in state.addresses:
        if each.scope == "loopback":
            continue
        note = f", {each.interface}" if each.interface else ""
        values = {
            "family": state.family,
            "address": each.address,
            "scope": _SCOPES.get(each.scope, each.scope),
        }
        if each.state == "preferred":
            yield Line(mark="ok", text=_ADDRESS, values={**values, "note": note})
            continue
        device = each.interface or "DEVICE"
        mend = f"ip -6 address show dev {device} dadfailed" if each.state == "duplicate" else ""
        yield Line(
            mark="bad" if mend else "note", text=_with_state(each.state, note), values=values, mend=mend
        )


def _with_state(state: str, note: str) -> Text:
    said = _STATES[state]
    return Text(
        _ADDRESS.vi.replace("{note}", f"{note}, {said.vi}"),
        _ADDRESS.en.replace("{note}", f"{note}, {said.en}"),
    )


def _way_out(state: FamilyState) -> Line:
    family, scopes = state.family, {each.scope for each in state.addresses} - {"loopback"}
    if state.source is not None:
        return _source(state)
    if not scopes:
        mend = (
            "sysctl -w net.ipv6.conf.all.disable_ipv6=0; ip -6 address add ADDRESS/64 dev DEVICE"
            if family == 6
            else "ip address add ADDRESS/24 dev DEVICE"
        )
        return Line(mark="bad", text=_NO_ADDRESS, values={"family": family}, mend=mend)
    if family == 6 and scopes == {"link_local"}:
        mend = "sysctl -w net.ipv6.conf.DEVICE.accept_ra=2   # or: ip -6 address add ADDRESS/64 dev DEVICE"
        return Line(mark="bad", text=_LINK_LOCAL, mend=mend)
    values = {"family": family, "why": state.why_not or "-"}
    return Line(
        mark="bad",
        text=_NO_ROUTE,
        values=values,
        mend=f"ip -{family} route add default via ROUTER dev DEVICE",
    )


def _source(state: FamilyState) -> Line:
    scope = next((each.scope for each in state.addresses if each.address == state.source), "global")
    if scope == "unique_local":
        mend = "ip -6 address add GLOBAL-ADDRESS/64 dev DEVICE"
        return Line(mark="note", text=_ULA, values={"source": state.source}, mend=mend)
    if scope == "clat":
        return Line(mark="note", text=_CLAT, values={"source": state.source})
    gateways: object = ", ".join(state.gateways) or _DIRECT
    return Line(
        mark="ok", text=_SEES, values={"family": state.family, "source": state.source, "gateways": gateways}
    )


def _names(host: HostState) -> Iterator[Line]:
    mend = "echo 'nameserver ADDRESS' >> /etc/resolv.conf"
    if host.resolver_error is not None:
        yield Line(
            mark="bad", text=Text("{error}", "{error}"), values={"error": host.resolver_error}, mend=mend
        )
    elif not host.resolvers:
        yield Line(mark="bad", text=_NO_RESOLVER, mend=mend)
    else:
        yield Line(
            mark="ok", text=_RESOLVERS, values={"servers": ", ".join(e.address for e in host.resolvers)}
        )
    if host.refused:
        yield Line(
            mark="note",
            text=_REFUSED,
            values={"words": ", ".join(host.refused)},
            mend="edit /etc/resolv.conf",
        )


def _permissions(host: HostState) -> Iterator[Line]:
    refused = next((error for error in host.ping.values() if error), None)
    if refused is None:
        yield Line(mark="ok", text=_PING)
    else:
        mend = 'sysctl -w net.ipv4.ping_group_range="0 2147483647"'
        yield Line(mark="note", text=_NO_PING, values={"error": refused}, mend=mend)
    if host.raw is None:
        yield Line(mark="ok", text=_RAW)
    else:
        mend = "sudo ipv6check scan INVENTORY --active-pmtu"
        yield Line(mark="note", text=_NO_RAW, values={"error": host.raw}, mend=mend)


def _limits(host: HostState) -> Iterator[Line]:
    few = 0 <= host.descriptors < FEW_DESCRIPTORS
    values = {"limit": host.descriptors, "at_once": host.at_once}
    yield Line(mark="note" if few else "ok", text=_LIMIT, values=values, mend="ulimit -n 4096" if few else "")
    if host.synchronised is False:
        yield Line(mark="note", text=_NO_CLOCK, mend="timedatectl set-ntp true")
    elif host.synchronised:
        yield Line(mark="ok", text=_CLOCK)
