"""The catalogue and the profile put in words, line by line: for `explain` and `checks`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from ipv6check.checks import AUDITS, BUILTIN, texts
from ipv6check.cli.settings import current, terminal_width
from ipv6check.inventory.problems import visible
from ipv6check.locale import words
from ipv6check.model.profile import CheckProfile, Profile
from ipv6check.model.text import Language, Text
from ipv6check.profiles import vocabulary
from ipv6check.report.lines import pad, paint, wrap

IDS = (*(each.id for each in BUILTIN), *(each.id for each in AUDITS))
"""Every check, in the order of the catalogue."""

_WHY = Text("Vì sao có phép kiểm tra này", "Why this check exists")
_JUDGED = Text("Đánh giá thế nào", "How it is judged")
_WEIGHT = Text(
    "Trọng số {weight}, mức độ khi không đạt: {severity} (hồ sơ đánh giá {profile})",
    "Weight {weight}, severity of a fail: {severity} (profile {profile})",
)
_PARAMS = Text("Ngưỡng", "Thresholds")
_REASONS = Text("Mã lý do", "Reason codes")
_SHARED = Text(
    "Các mã chung cho biết vì sao chưa xác định được (ví dụ vantage.no_ipv6): xem lệnh checks.",
    "Codes that any check may give say why something is unknown (vantage.no_ipv6, for instance): see checks.",
)
_GIVEN_BY = Text("Có ở các phép kiểm tra", "Given by")
_ANY = Text(
    "mọi phép kiểm tra: cho biết vì sao chưa xác định được", "any check: it says why something is unknown"
)
_RUN = Text("cảnh báo chung của lần quét", "a warning about the run as a whole")
_TODO = Text("Cần làm gì", "What to do")
_SAYS = Text("Nội dung thông báo", "What it says")
_MATTERS = Text("Vì sao quan trọng", "Why it matters")
_ALL = Text(
    "Các phép kiểm tra, trọng số và mức độ theo hồ sơ đánh giá {profile}. Xem từng mục: "
    "ipv6check explain TÊN",
    "The checks, with weight and severity by the profile {profile}. For each: ipv6check explain NAME",
)
_SHARED_TITLE = Text(
    "Mã lý do chung: vì sao chưa xác định được", "Codes that any check may give: why something is unknown"
)


def _strong(text: str) -> str:
    return paint(text, "strong", current().colored(sys.stdout))


def everything(rules: Profile, language: Language) -> Iterator[str]:
    """Yield every check, and the codes that any check may give."""
    yield from wrap(_ALL.get(language).format(profile=visible(rules.name)), terminal_width())
    yield from table(IDS, rules, language)
    yield ""
    yield _strong(_SHARED_TITLE.get(language))
    for code in vocabulary.SHARED:
        if keys(code, language):
            yield from _named(code, texts.title(code, language))


def table(ids: Iterable[str], rules: Profile, language: Language) -> Iterator[str]:
    """Yield some checks by area, each with its weight and severity."""
    area = ""
    for check_id in ids:
        if check_id.partition(".")[0] != area:
            area = check_id.partition(".")[0]
            yield ""
            yield _strong(area)
        about = texts.about(check_id, language)
        own = rules.checks.get(check_id)
        weighed = f" ({_number(own, language)}, {_severity(own, language)})" if own else ""
        yield from _named(check_id, f"{about.title if about else check_id}{weighed}")


def _named(code: str, text: str) -> Iterator[str]:
    """Yield a code and its text in two columns."""
    column = 28
    yield from wrap(
        text,
        terminal_width(),
        f"  {pad(code, column)}" if len(code) < column else f"  {code}  ",
        " " * (column + 2),
    )


def check(check_id: str, rules: Profile, language: Language) -> Iterator[str]:
    """Yield all that is known of one check, and of the codes it gives."""
    about = texts.about(check_id, language)
    if about is None:
        return
    yield from wrap(f"{check_id} · {about.title}", terminal_width())
    for title, text in ((_WHY, about.why), (_JUDGED, about.judged)):
        yield from _paragraph(title, text, language)
    own = rules.checks.get(check_id)
    if own is not None:
        values = {"weight": _number(own, language), "severity": _severity(own, language)}
        yield ""
        yield from wrap(_WEIGHT.get(language).format(profile=visible(rules.name), **values), terminal_width())
        if own.params:
            shown = ", ".join(f"{key} = {value}" for key, value in own.params.items())
            yield from wrap(f"{_PARAMS.get(language)}: {shown}", terminal_width())
    yield ""
    yield _strong(_REASONS.get(language))
    for code in vocabulary.CHECKS.get(check_id, ()):
        if keys(code, language):
            entry = texts.catalogue(language).entry(code, check_id)
            severity = own.reasons.get(code) if own else None
            note = f" ({words(language)[f'severity.{severity}']})" if severity else ""
            yield from _named(code, f"{entry.title}{note}")
            yield from wrap(entry.remedy, terminal_width(), " " * 30)
    yield from wrap(_SHARED.get(language), terminal_width())


def reason(code: str, language: Language) -> Iterator[str]:
    """Yield all that is known of one code; it must have texts."""
    catalogue = texts.catalogue(language)
    yield from wrap(f"{code} · {catalogue.reasons[keys(code, language)[0]].title}", terminal_width())
    yield from _paragraph(_GIVEN_BY, _givers(code, language), language)
    for key in keys(code, language):
        entry = catalogue.reasons[key]
        says = entry.message if key == code else f"[{key}] {entry.message}"
        yield from _paragraph(_SAYS, says, language)
        yield from _paragraph(_TODO, entry.remedy, language)
        yield from _paragraph(_MATTERS, entry.why, language)


def _givers(code: str, language: Language) -> str:
    if code in vocabulary.SHARED:
        return _ANY.get(language)
    givers = [each for each in IDS if code in vocabulary.CHECKS.get(each, ())]
    return ", ".join(givers) or _RUN.get(language)


def keys(code: str, language: Language) -> list[str]:
    """Return the keys of the catalogue that are about a code: its general texts first."""
    found = [key for key in texts.catalogue(language).reasons if key.split("/")[-1].split("@")[0] == code]
    return sorted(found, key=lambda key: (key != code, key))


def _paragraph(title: Text, text: str, language: Language) -> Iterator[str]:
    if text:
        yield ""
        yield _strong(title.get(language))
        yield from wrap(text, terminal_width(), "  ")


def _number(own: CheckProfile, language: Language) -> str:
    text = f"{float(own.weight):g}"
    return text.replace(".", ",") if language == "vi" else text


def _severity(own: CheckProfile, language: Language) -> str:
    return words(language)[f"severity.{own.severity}"]
