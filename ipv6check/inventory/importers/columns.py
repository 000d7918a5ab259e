"""The words of tables: which field a header means, and which value a cell means, in both languages.

All are folded (`wording.fold`): lower case, no diacritics. Data only, but for the two look-ups.
"""

from __future__ import annotations

from collections.abc import Mapping

from ipv6check.inventory.importers.wording import fold

IGNORE = "ignore"

HEADERS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "ma", "ma so", "ma he thong", "ma httt", "ma thiet bi", "ma tai san", "system id", "code"),
    "name": (
        "name", "ten", "ten he thong", "he thong", "ten httt", "httt", "he thong thong tin", "ung dung",
        "ten he thong thong tin", "ten ung dung", "ten phan mem", "phan mem", "ten dich vu", "system",
        "system name", "application", "title",
    ),
    "device": ("ten thiet bi", "thiet bi", "device", "device name", "equipment"),
    "unit": (
        "don vi", "don vi chu quan", "don vi quan ly", "don vi van hanh", "don vi su dung", "co quan",
        "co quan don vi", "chu quan", "unit", "department", "organisation", "organization", "tenant",
    ),
    "site": ("dia diem", "vi tri", "noi dat", "noi lap dat", "dia diem dat", "site", "location"),
    "owner": (
        "nguoi phu trach", "can bo phu trach", "phu trach", "dau moi", "nguoi quan tri", "can bo quan tri",
        "quan tri vien", "bo phan phu trach", "owner", "responsible", "administrator",
    ),
    "contact": ("lien he", "email", "e mail", "dien thoai", "so dien thoai", "contact", "phone"),
    "category": ("loai", "loai he thong", "nhom", "nhom he thong", "phan loai", "category", "type"),
    "kind": ("loai thiet bi", "chung loai thiet bi", "nhom thiet bi", "device type", "kind", "role"),
    "criticality": (
        "muc do quan trong", "do quan trong", "quan trong", "muc quan trong", "criticality", "importance",
    ),
    "exposure": ("pham vi", "pham vi truy cap", "vung", "vung mang", "mang", "exposure", "zone"),
    "goal": ("muc tieu", "muc tieu ipv6", "goal", "target"),
    "deadline": (
        "thoi han", "thoi han hoan thanh", "han hoan thanh", "ngay hoan thanh", "deadline", "due", "due date",
    ),
    "phase": ("giai doan", "phase"),
    "host": (
        "host", "hosts", "hostname", "host name", "may chu", "ten may chu", "ten mien", "domain", "fqdn",
        "domain name", "dns name", "server", "dia chi may chu", "ten mien dia chi", "dia chi", "address",
        "ip", "dia chi ip", "ip address", "ip may chu", "dia chi ip may chu", "ipv4", "dia chi ipv4",
        "ipv4 address", "ipv6", "dia chi ipv6", "ipv6 address",
    ),
    "planned": (
        "ipv6 du kien", "dia chi ipv6 du kien", "ipv6 quy hoach", "dia chi ipv6 quy hoach", "ipv6 cap phat",
        "planned", "planned ipv6", "planned address",
    ),
    "port": ("cong", "cong dich vu", "cong ket noi", "cong tcp", "so cong", "port", "ports", "tcp port"),
    "service": ("dich vu", "giao thuc", "giao thuc ung dung", "service", "services", "app", "protocol"),
    "url": ("url", "duong dan", "lien ket", "dia chi truy cap", "dia chi web", "website", "link"),
    "depends_on": (
        "phu thuoc", "phu thuoc vao", "he thong lien quan", "he thong phu thuoc", "ket noi den", "depends on",
        "dependencies", "depends",
    ),
    "vendor": ("hang", "hang san xuat", "nha san xuat", "vendor", "manufacturer"),
    "model": ("model", "dong may", "kieu may", "chung loai", "kieu", "ma hieu"),
    "os": ("he dieu hanh", "os", "firmware", "operating system", "platform"),
    "os_version": ("phien ban", "phien ban phan mem", "phien ban he dieu hanh", "os version", "version"),
    "end_of_support": (
        "het ho tro", "ngay het ho tro", "thoi han ho tro", "han ho tro", "end of support", "eos", "eol",
    ),
    "management": ("ip quan tri", "dia chi quan tri", "dia chi ip quan tri", "management", "management ip"),
    IGNORE: ("stt", "tt", "so thu tu", "no", "order", "row"),
}  # fmt: skip

FIELDS: tuple[str, ...] = tuple(HEADERS)
_BY_HEADER = {word: field for field, words in HEADERS.items() for word in words}

# Field to value to the words that mean it; a value always means itself.
VALUES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "criticality": {
        "critical": ("nghiem trong", "rat quan trong", "dac biet quan trong", "rat cao", "thiet yeu"),
        "high": ("cao", "quan trong"),
        "normal": ("trung binh", "binh thuong", "thong thuong", "vua", "medium"),
        "low": ("thap", "it quan trong"),
    },
    "exposure": {
        "internet": ("cong khai", "public", "ngoai", "dmz", "mang internet"),
        "wan": ("tslcd", "mang truyen so lieu chuyen dung", "mang tslcd", "mang dien rong", "mang wan"),
        "internal": ("noi bo", "lan", "mang noi bo", "mang lan", "inside", "private", "trong"),
    },
    "goal": {
        "dual-stack": ("song song ipv4 ipv6", "song song", "ipv4 ipv6", "dual stack"),
        "ipv6-only": ("thuan ipv6", "chi ipv6", "ipv6 only"),
        "ipv4-only": ("chi ho tro ipv4", "chi ipv4", "ipv4 only"),
        "retired": ("ngung hoat dong", "da ngung hoat dong", "dung hoat dong", "thu hoi", "decommissioned"),
    },
    "kind": {
        "host": ("may chu", "server"),
        "switch": ("bo chuyen mach", "chuyen mach", "thiet bi chuyen mach"),
        "router": ("bo dinh tuyen", "dinh tuyen", "thiet bi dinh tuyen", "core router", "edge router"),
        "firewall": ("tuong lua", "waf", "ips", "utm", "thiet bi bao mat"),
        "load-balancer": ("can bang tai", "thiet bi can bang tai", "load balancer"),
        "storage": ("luu tru", "thiet bi luu tru", "san", "nas", "tu dia"),
        "cpe": ("modem", "thiet bi dau cuoi"),
    },
}  # fmt: skip

# Words in a category's cell, or in a system's name, and the category; the first that occurs decides.
CATEGORY_WORDS: tuple[tuple[str, str], ...] = (
    ("cong dich vu cong", "public-service"), ("dich vu cong", "public-service"),
    ("thu tuc hanh chinh", "public-service"), ("mot cua", "public-service"),
    ("du lieu mo", "open-data"), ("open data", "open-data"),
    ("cong thong tin", "web-portal"), ("trang thong tin", "web-portal"), ("cong ttdt", "web-portal"),
    ("trang ttdt", "web-portal"), ("website", "web-portal"), ("portal", "web-portal"),
    ("van ban", "document-management"), ("thu dien tu", "mail"), ("mail", "mail"),
    ("ten mien", "dns"), ("dns", "dns"), ("dang nhap", "sso"), ("dinh danh", "sso"), ("sso", "sso"),
    ("ldap", "ldap"), ("active directory", "ldap"), ("danh ba", "ldap"), ("ntp", "ntp"),
    ("thoi gian chuan", "ntp"), ("lgsp", "integration-platform"), ("tich hop", "integration-platform"),
    ("truc lien thong", "integration-platform"), ("chu ky so", "digital-signature"),
    ("hoi nghi truyen hinh", "video-conference"), ("truc tuyen", "video-conference"), ("vpn", "vpn"),
    ("do thi thong minh", "smart-city"), ("ioc", "smart-city"), ("camera", "smart-city"),
    ("giam sat", "monitoring"), ("soc", "monitoring"), ("syslog", "monitoring"), ("sao luu", "storage"),
    ("luu tru", "storage"), ("co so du lieu", "database"), ("csdl", "database"), ("database", "database"),
)  # fmt: skip


def field_of(header: str) -> str | None:
    """Return the field a header means, or None."""
    folded = fold(header)
    found = _BY_HEADER.get(folded)
    if found is None and "(" in header:  # "Cổng dịch vụ (TCP/UDP)"
        found = _BY_HEADER.get(fold(header.split("(")[0]))
    return found


def value_of(field: str, cell: str) -> str | None:
    """Return the value of a field that takes one of a few words, or None if the cell is none of them."""
    folded = fold(cell)
    for value, words in VALUES[field].items():
        if folded == fold(value) or folded in words:
            return value
    return None


def category_in(text: str) -> str | None:
    """Return the category that a cell or a name speaks of, or None."""
    folded = f" {fold(text)} "
    for words, category in CATEGORY_WORDS:
        if f" {words} " in folded:
            return category
    return None
