"""What the sample document says: units, systems and findings of a fictional province."""

from __future__ import annotations

from ipv6check.model.text import Text

UNITS = (
    ("so-khcn", "Sở Khoa học và Công nghệ", "Department of Science and Technology"),
    ("van-phong", "Văn phòng Ủy ban nhân dân tỉnh", "Office of the People's Committee"),
    ("so-noi-vu", "Sở Nội vụ", "Department of Home Affairs"),
    ("ttpvhcc", "Trung tâm Phục vụ hành chính công", "Public Service Centre"),
    ("xa-an-hoa", "Ủy ban nhân dân xã An Hòa", "An Hoa Commune"),
)

# category, Vietnamese, English, host label
SYSTEMS = (
    ("web-portal", "Cổng thông tin điện tử tỉnh", "Provincial web portal", "www"),
    ("public-service", "Hệ thống giải quyết thủ tục hành chính", "Procedure-handling system", "motcua"),
    ("document-management", "Hệ thống quản lý văn bản và điều hành", "Document management", "qlvb"),
    ("mail", "Hệ thống thư điện tử công vụ", "Official e-mail", "mail"),
    ("dns", "Máy chủ tên miền có thẩm quyền", "Authoritative name servers", "ns1"),
    ("sso", "Hệ thống đăng nhập một lần", "Single sign-on", "sso"),
    ("integration-platform", "Nền tảng tích hợp, chia sẻ dữ liệu", "Integration platform", "lgsp"),
    ("smart-city", "Trung tâm điều hành đô thị thông minh", "Smart-city centre", "ioc"),
    ("digital-signature", "Dịch vụ chữ ký số chuyên dùng", "Digital signatures", "kyso"),
    ("video-conference", "Hội nghị truyền hình", "Video conference", "hop"),
    ("open-data", "Cổng dữ liệu mở", "Open data portal", "data"),
    ("storage", "Hệ thống sao lưu", "Backup", "backup"),
)

# reason → severity of a fail, message, remedy
REASONS: dict[str, tuple[str, Text, Text | None]] = {
    "ok": ("info", Text("Đạt yêu cầu", "Meets the requirement"), None),
    "dns.nodata": (
        "critical",
        Text("{host} không có bản ghi AAAA", "{host} has no AAAA record"),
        Text("Công bố bản ghi AAAA cho {host}.", "Publish an AAAA record for {host}."),
    ),
    "reach.silent": (
        "critical",
        Text(
            "Cổng TCP 443 tại {address} không trả lời sau 3 lần thử trong 31,4 giây",
            "TCP port 443 at {address} did not answer 3 tries in 31.4 s",
        ),
        Text(
            "Mở cổng TCP 443 trên tường lửa cho IPv6, kiểm tra tuyến về {address}.\n\n"
            "nft add rule inet filter input tcp dport 443 accept",
            "Open TCP port 443 for IPv6 on the firewall and check the way back to {address}.\n\n"
            "nft add rule inet filter input tcp dport 443 accept",
        ),
    ),
    "reach.closed": (
        "high",
        Text("Cổng TCP 443 tại {address} đóng (RST)", "TCP port 443 at {address} is closed (RST)"),
        Text("Cho dịch vụ lắng nghe trên [::]:443.", "Let the service listen on [::]:443."),
    ),
    "reach.no_address": (
        "critical",
        Text(
            "Không có địa chỉ IPv6 nào của {host} để kiểm tra", "There is no IPv6 address of {host} to check"
        ),
        None,
    ),
    "parity.v6_missing": (
        "high",
        Text("https có qua IPv4 nhưng không có qua IPv6", "https is offered over IPv4 but not over IPv6"),
        Text("Cung cấp https qua IPv6 như qua IPv4.", "Offer https over IPv6 as over IPv4."),
    ),
    "parity.v6_exposed": (
        "high",
        Text(
            "Cổng TCP 22 mở qua IPv6 nhưng đóng qua IPv4",
            "TCP port 22 is open over IPv6 but closed over IPv4",
        ),
        Text("Chặn cổng TCP 22 trên IPv6.", "Close TCP port 22 over IPv6."),
    ),
    "tls.wrong_name": (
        "high",
        Text("Chứng thư số TLS qua IPv6 không ghi tên {host}", "The TLS certificate over IPv6 lacks {host}"),
        Text("Cài chứng thư số có tên {host}.", "Install a certificate for {host}."),
    ),
    "http.status_differs": (
        "medium",
        Text(
            "IPv6 trả về trạng thái 403, IPv4 trả về 200",
            "Over IPv6 the status is 403, over IPv4 it is 200",
        ),
        Text("Bổ sung danh sách địa chỉ IPv6 được phép.", "Add the IPv6 addresses to the allow-list."),
    ),
    "naming.no_a": (
        "low",
        Text("{host} không còn bản ghi A", "{host} has no A record any more"),
        Text("Giữ bản ghi A cho tới khi thuần IPv6.", "Keep the A record until IPv6-only."),
    ),
    "vantage.no_ipv6": (
        "info",
        Text(
            "Điểm quan sát inside không có IPv6 nên chưa kiểm tra được",
            "Vantage inside has no IPv6, so this could not be checked",
        ),
        Text("Quét lại từ một điểm quan sát có IPv6.", "Scan again from a vantage with IPv6."),
    ),
    "dns.servfail": (
        "info",
        Text(
            "Máy chủ phân giải trả lời SERVFAIL cho {host}",
            "The resolver answered SERVFAIL for {host}",
        ),
        Text("Kiểm tra máy chủ tên miền của vùng.", "Check the zone's name servers."),
    ),
    "input.missing": (
        "info",
        Text(
            "Danh mục không khai báo dữ liệu cần cho kiểm tra này",
            "The inventory does not declare what this check needs",
        ),
        None,
    ),
}

CHECKS = (
    ("naming.resolves", 1),
    ("naming.aaaa", 6),
    ("naming.a", 1),
    ("address.class", 4),
    ("reach.service", 8),
    ("reach.ipv4", 1),
    ("parity.service", 8),
    ("parity.exposure", 4),
    ("tls.valid", 4),
    ("http.status", 3),
    ("http.healthy", 1),
)

# What is wrong with a system of this fault: check → (verdict, reason, check of the root)
FAULTS: dict[str, dict[str, tuple[str, str, str | None]]] = {
    "none": {},
    "no_aaaa": {
        "naming.aaaa": ("fail", "dns.nodata", None),
        **{
            check: ("fail", "reach.no_address", "naming.aaaa")
            for check in ("address.class", "reach.service", "tls.valid", "http.status")
        },
        "parity.service": ("fail", "parity.v6_missing", "naming.aaaa"),
        "parity.exposure": ("not_applicable", "input.missing", None),
    },
    "silent": {
        "reach.service": ("fail", "reach.silent", None),
        "parity.service": ("fail", "parity.v6_missing", "reach.service"),
        "tls.valid": ("fail", "reach.silent", "reach.service"),
        "http.status": ("fail", "reach.silent", "reach.service"),
    },
    "closed": {
        "reach.service": ("fail", "reach.closed", None),
        "parity.service": ("fail", "parity.v6_missing", "reach.service"),
    },
    "exposed": {"parity.exposure": ("fail", "parity.v6_exposed", None)},
    "wrong_name": {"tls.valid": ("fail", "tls.wrong_name", None)},
    "forbidden": {"http.status": ("fail", "http.status_differs", None)},
    "no_a": {"naming.a": ("warn", "naming.no_a", None)},
    "blind": {
        check: ("unknown", "vantage.no_ipv6", None)
        for check in ("reach.service", "parity.service", "parity.exposure", "tls.valid", "http.status")
    },
    "servfail": {
        "naming.aaaa": ("unknown", "dns.servfail", None),
        **{
            check: ("unknown", "dns.servfail", "naming.aaaa")
            for check in (
                "address.class",
                "reach.service",
                "parity.service",
                "tls.valid",
                "http.status",
                "parity.exposure",
            )
        },
    },
}
