"""What a scan says to a person beside its counts: few sentences, in both languages."""

from __future__ import annotations

from ipv6check.model.inventory import Family
from ipv6check.model.text import Text

INTERRUPTED = Text(
    "Đang dừng: chờ các câu hỏi đang dở kết thúc (ngắt lần nữa để dừng ngay).",
    "Stopping: waiting for what is under way (interrupt again to stop at once).",
)
TIME_OVER = Text(
    "Đã hết thời gian cho phép (--max-time): phần còn lại được bỏ qua.",
    "--max-time is used up: what has not been asked is skipped.",
)
CRASHED = Text(
    "Lỗi nội bộ khi hỏi {what}: kết quả là không rõ, vết lỗi được lưu cùng quan sát.",
    "Internal error while asking {what}: the result is unknown, the traceback is kept with the observation.",
)
LEFT_OUT = Text(
    "{name}: chỉ kiểm tra {kept} địa chỉ đầu, bỏ qua {left} địa chỉ.",
    "{name}: only the first {kept} addresses are probed, {left} are left out.",
)
NO_SOURCE = Text(
    "Điểm quan sát này không có địa chỉ IPv{family} dùng được: kết quả IPv{family} sẽ là không rõ.",
    "This vantage has no usable IPv{family} address: findings over IPv{family} will be unknown.",
)
CANARY_SILENT = Text(
    "Điểm kiểm chứng {address} không trả lời qua IPv{family}.",
    "The canary {address} does not answer over IPv{family}.",
)


def fill(text: Text, **values: str | int | Family | None) -> Text:
    """Return the text with its blanks filled."""
    return Text(text.vi.format(**values), text.en.format(**values))
