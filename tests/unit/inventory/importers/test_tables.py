"""CSV and xlsx as offices save them, and as somebody hostile would."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Iterable
from datetime import date, datetime

import openpyxl
import pytest

from ipv6check.inventory.importers import Options, read
from ipv6check.inventory.reading import Unreadable
from tests.unit.inventory.importers.drafting import drafted, offers, only

TABLE = """PHỤ LỤC I. DANH MỤC HỆ THỐNG THÔNG TIN,,,,,,
STT,Tên hệ thống,Đơn vị chủ quản,Tên miền,Cổng (TCP),Mức độ quan trọng,Thời hạn,Ghi chú
1,Cổng thông tin điện tử tỉnh,Văn phòng UBND,www.a.example,"80, 443",Rất quan trọng,31/12/2026,Nền cũ
2,Thư điện tử công vụ,Sở Khoa học và Công nghệ,mail.tinhmau.example,25,Cao,,
"""


def book(sheets: dict[str, Iterable[Iterable[object]]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_vietnamese_headers_are_recognised_below_a_title() -> None:
    text, inventory = drafted("csv", TABLE)
    portal, mail = inventory.systems
    assert portal.name.vi == "Cổng thông tin điện tử tỉnh"
    assert (portal.criticality, portal.deadline) == ("critical", date(2026, 12, 31))
    assert offers(portal) == {"http/tcp:80", "https/tcp:443"}
    assert (portal.category, mail.category) == ("web-portal", "mail")
    assert [unit.name.vi for unit in inventory.units] == ["Văn phòng UBND", "Sở Khoa học và Công nghệ"]
    assert "# chưa ánh xạ: Ghi chú = Nền cũ" in text
    assert "# category: đoán theo tên" in text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found_out(encoding: str, delimiter: str) -> None:
    rows = "Tên hệ thống,Máy chủ,Cổng\nCổng dịch vụ công,dvc.tinhmau.example,443\n".replace(",", delimiter)
    _, inventory = drafted("csv", rows.encode(encoding))
    assert only(inventory).name.vi == "Cổng dịch vụ công"
    assert offers(only(inventory)) == {"https/tcp:443"}


def test_windows_1258_is_read_into_composed_letters_and_said_to_be_a_guess() -> None:
    # windows-1258 has ê and ư whole, and the tones as letters of their own.
    source = "Tên hê\u0323 thô\u0301ng,Máy chu\u0309\nThư điê\u0323n tư\u0309,a.example\n"
    text, inventory = drafted("csv", source.encode("cp1258"))
    assert only(inventory).name.vi == "Thư điện tử"
    assert "windows-1258" in text


def test_decomposed_text_becomes_nfc() -> None:
    _, inventory = drafted("csv", unicodedata.normalize("NFD", TABLE))
    assert inventory.systems[0].name.vi == "Cổng thông tin điện tử tỉnh"


def test_rows_of_one_name_are_one_system_whose_hosts_say_what_they_offer() -> None:
    _, inventory = drafted(
        "csv", "Hệ thống;Địa chỉ;Cổng\nQLVB;2001:db8::80;443\nQLVB;203.0.113.9;5432\nQLVB;203.0.113.9/24;\n"
    )
    system = only(inventory)
    assert {host.address: host.services for host in system.hosts} == {
        "2001:db8::80": ("https",),
        "203.0.113.9": ("postgresql",),
    }


def test_the_persons_own_mapping_wins_and_ignores() -> None:
    options = Options(columns={"Nút": "host", "Ghi chú": "ignore", "Tên": "name"})
    text, inventory = drafted("csv", "Nút,Tên,Ghi chú\na.example,Hệ A,bí ẩn\n", options)
    assert only(inventory).hosts[0].name == "a.example"
    assert "bí ẩn" not in text


def test_a_column_of_passwords_is_not_copied() -> None:
    text, _ = drafted("csv", "host,Mật khẩu,api_token\na.example,hunter2,t0ps3cret\n")
    assert "hunter2" not in text and "t0ps3cret" not in text
    assert "cột Mật khẩu: không sao chép" in text


def test_needs_become_systems_devices_hosts_or_remarks() -> None:
    rows = """Mã,Hệ thống,Máy chủ,Phụ thuộc
a,Hệ A,a.example,"b, Hệ A; ocsp.ca.example; trời"
b,Hệ B,b.example,a.example
"""
    text, inventory = drafted("csv", rows)
    first, second = inventory.systems
    assert [(need.kind, need.target) for need in first.depends_on] == [
        ("system", "b"),
        ("host", "ocsp.ca.example"),
    ]
    assert [(need.kind, need.target) for need in second.depends_on] == [("system", "a")]
    assert "depends_on = trời" in text


def test_names_that_leave_nothing_for_an_id_get_one_each() -> None:
    _, inventory = drafted("csv", "Hệ thống,Máy chủ\n国,a.example\n家,b.example\nItem 2,c.example\n")
    assert [system.id for system in inventory.systems] == ["item", "item-2", "item-2-2"]


def test_a_list_of_devices_becomes_equipment() -> None:
    rows = (
        "Tên thiết bị,Loại thiết bị,Hãng,Model,Phiên bản,IP quản trị,Hết hỗ trợ,Hỗ trợ IPv6\n"
        "Tường lửa lõi,Tường lửa,HãngA,X-1,7.0,10.0.0.1,01/05/2027,Một phần\n"
    )
    text, inventory = drafted("csv", rows)
    (device,) = inventory.equipment
    assert (device.id, device.kind, device.vendor, device.os_version) == (
        "tuong-lua-loi",
        "firewall",
        "HãngA",
        "7.0",
    )
    assert device.management == ("10.0.0.1",)
    assert device.end_of_support == date(2027, 5, 1)
    assert "Hỗ trợ IPv6 = Một phần" in text
    assert not inventory.systems


def test_a_workbook_with_dates_numbers_and_several_sheets() -> None:
    content = book(
        {
            "Bìa": [["DANH MỤC"]],
            "Hệ thống": [
                ["STT", "Tên hệ thống", "Máy chủ", "Cổng", "Thời hạn"],
                [1, "Một cửa điện tử", "motcua.tinhmau.example", 8443.0, datetime(2026, 12, 31)],
                [None, None, None, None, None],
            ],
            "Thiết bị": [["Thiết bị", "Hãng"], ["SW-1", "HãngB"]],
        }
    )
    text, inventory = drafted("xlsx", content)
    system = only(inventory)
    assert offers(system) == {"tcp/tcp:8443"}
    assert system.deadline == date(2026, 12, 31)
    assert [device.id for device in inventory.equipment] == ["sw-1"]
    assert "trang tính Bìa: bỏ qua" in text


def test_the_annex_of_an_official_plan_with_merged_headers_and_numbered_columns() -> None:
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    for row in (
        ["PHỤ LỤC II"],
        ["DANH MỤC HỆ THỐNG CHUYỂN ĐỔI IPv6"],
        ["STT", "Tên hệ thống", "Đơn vị chủ quản", "Địa chỉ", None, "Cổng", "Mật khẩu quản trị"],
        [None, None, None, "IPv4", "IPv6"],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"],
        ["I", "Khối văn phòng"],
        [1, "Cổng TTĐT", "Văn phòng", "203.0.113.9", "2001:db8::9", "80\n443", "hunter2"],
    ):
        sheet.append(row)
    sheet.merge_cells("A1:G1")
    sheet.merge_cells("D3:E3")
    out = io.BytesIO()
    made.save(out)
    text, inventory = drafted("xlsx", out.getvalue())
    assert [host.address for host in only(inventory).hosts] == ["203.0.113.9", "2001:db8::9"]
    assert offers(only(inventory)) == {"http/tcp:80", "https/tcp:443"}
    assert "I | Khối văn phòng" in text
    assert "hunter2" not in text


def test_one_sheet_can_be_named() -> None:
    content = book({"A": [["host"], ["a.example"]], "B": [["host"], ["b.example"]]})
    _, inventory = drafted("xlsx", content, Options(sheet="B"))
    assert only(inventory).hosts[0].name == "b.example"
    with pytest.raises(Unreadable, match='no sheet "C"'):
        read("xlsx", content, Options(sheet="C"))


def refused(format_name: str, content: bytes, options: Options | None = None) -> str:
    with pytest.raises(Unreadable) as caught:
        read(format_name, content, options or Options())
    return f"{caught.value.line}: {caught.value}"


def test_five_hundred_columns_are_refused() -> None:
    wide = ",".join(f"c{n}" for n in range(500))
    assert "has 500 columns" in refused("csv", f"host\n{wide}\n".encode())
    assert "500 columns" in refused(
        "csv", f"host\n{'x,' * 40}\n{'a' * 5}\n".encode() + b"\n" * 40 + wide.encode()
    )
    assert "has 500 columns" in refused("xlsx", book({"S": [["host"], range(500)]}))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b" \n \n", "is empty"),
        (b"host\n", "no row of data"),
        (b"x;y\n1;2\n", "--map HEADER=FIELD"),
        (b"PK\x03\x04rest", "import it as xlsx"),
        (b"\xd0\xcf\x11\xe0rest", "old Office file"),
        (b"%PDF-1.7", "is a PDF"),
        (b"host\na\x00b\n", "is not text"),
        (b"host\n\xff\x8d\x90\n", "name its encoding with --encoding"),
        (b'host\n"' + b"x" * 200_000, "is not CSV"),
    ],
)
def test_what_is_no_table_is_refused_in_one_line(content: bytes, said: str) -> None:
    message = refused("csv", content)
    assert said in message
    assert "\n" not in message


def test_wrong_mappings_and_encodings_are_told() -> None:
    assert 'no field "hosst"; did you mean "host"?' in refused(
        "csv", b"a\nb\n", Options(columns={"a": "hosst"})
    )
    assert 'no column is called "b"' in refused("csv", b"host\nx\n", Options(columns={"b": "name"}))
    assert 'no encoding of text "zip"' in refused("csv", b"host\nx\n", Options(encoding="zip"))
    assert "byte 0xff" in refused("csv", b"host\nx\n\xff", Options(encoding="utf-8"))


def bomb(part: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(part, content)
    return out.getvalue()


def test_a_zip_bomb_is_refused_before_it_is_kept() -> None:
    assert "unpacks to 200 MiB" in refused("xlsx", bomb("xl/workbook.xml", b"0" * (200 << 20)))


def test_a_workbook_with_a_document_type_is_refused() -> None:
    content = book({"S": [["host"], ["a.example"]]})
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename == "xl/workbook.xml":
                data = data.replace(b"<workbook", b'<!DOCTYPE x [<!ENTITY a "b">]><workbook', 1)
            new.writestr(part, data)
    assert "DTD" in refused("xlsx", out.getvalue())


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"<html>", bomb("a.txt", b"x")])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    assert "workbook" in refused("xlsx", content)


def test_names_with_markup_or_paths_stay_text() -> None:
    rows = "Mã;Hệ thống;Máy chủ\n../../etc/passwd;<script>alert(1)</script>;../../etc/passwd\n"
    text, inventory = drafted("csv", rows)
    system = only(inventory)
    assert system.id == "etc-passwd"
    assert system.name.vi == "<script>alert(1)</script>"
    assert not system.hosts
    assert "chưa dùng được: host = ../../etc/passwd" in text
