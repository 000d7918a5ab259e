"""Every reason reads well in both languages: no key missing, no placeholder left, no text run twice."""

import re
import unicodedata

import pytest

from ipv6check.checks import AUDITS, BUILTIN, texts
from ipv6check.facts import RunWarning
from ipv6check.model.finding import Finding, Target
from ipv6check.model.text import LANGUAGES, Language
from tests.unit.checks.every_reason import findings, warnings

FOUND = findings()
LEFT_OVER = re.compile(r"\{[a-z0-9_]+\}")
# What a template may name without the finding giving it (texts.py fills it in from the target).
ALWAYS = {
    "system",
    "host",
    "vantage",
    "address",
    "port",
    "family",
    "service",
    "both_note",
    "alias_note",
    "expected_note",
    "called_note",
    "prefix",
    "equipment",
    "milestone",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("finding", FOUND, ids=lambda f: f"{f.check}-{f.reason}-{f.verdict}")
def test_a_finding_reads_without_gaps(finding: Finding, language: Language) -> None:
    message, remedy = texts.render(finding, language)
    for text in (message, remedy):
        assert not LEFT_OVER.search(text), text
        assert texts.NOTHING not in text, f"{finding.reason} lacks an argument: {text}"
        assert "None" not in text
    assert message
    if finding.verdict in ("fail", "warn"):
        assert remedy, finding.reason


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("warning", warnings(), ids=lambda w: w.reason)
def test_a_warning_on_the_run_reads_without_gaps(warning: RunWarning, language: Language) -> None:
    text = texts.warned(warning).get(language)
    assert not LEFT_OVER.search(text)
    assert texts.NOTHING not in text


def test_both_languages_have_the_same_keys_and_arguments() -> None:
    vi, en = texts.catalogue("vi"), texts.catalogue("en")
    assert set(vi.reasons) == set(en.reasons)
    assert set(vi.checks) == set(en.checks)
    assert set(vi.phrases) == set(en.phrases)
    for key, entry in vi.reasons.items():
        other = en.reasons[key]
        for part in ("message", "remedy"):
            mine, theirs = getattr(entry, part), getattr(other, part)
            assert texts.placeholders(mine) == texts.placeholders(theirs), key
        assert bool(entry.why) == bool(other.why), key


def test_every_reason_in_the_catalogue_is_one_that_some_finding_gives() -> None:
    given = {f.reason for f in FOUND} | {w.reason for w in warnings()}
    in_catalogue = {key.split("/")[-1].split("@")[0] for key in texts.catalogue("en").reasons}
    assert in_catalogue - given == set()
    assert given - in_catalogue == set()


def test_every_check_has_its_texts() -> None:
    for language in LANGUAGES:
        every = [check.id for check in BUILTIN] + [audit.id for audit in AUDITS]
        assert set(every) == set(texts.catalogue(language).checks)
        for check in every:
            about = texts.about(check, language)
            assert about is not None
            assert about.title
            assert about.why
            assert about.judged


def test_every_warn_and_fail_that_a_person_must_act_on_says_how() -> None:
    for language in LANGUAGES:
        for key, entry in texts.catalogue(language).reasons.items():
            assert entry.title, key
            assert not entry.title.endswith("."), key
            assert entry.message[-1] in ".}", key
            assert not entry.remedy or entry.remedy.endswith((".", "}.")), key


def test_vietnamese_is_nfc_and_has_no_english_sentence_left() -> None:
    english = re.compile(r"\b(the|is|are|was|not|with|which|address of|does)\b", re.IGNORECASE)
    for entry in texts.catalogue("vi").reasons.values():
        for text in (entry.title, entry.message, entry.remedy, entry.why):
            assert unicodedata.is_normalized("NFC", text)
            assert not english.search(re.sub(r"\{[a-z0-9_]+\}", "", text)), text


def finding(reason: str, check: str = "reach.service", **args: object) -> Finding:
    target = Target(
        host="www.example", address="2001:db8::1", family=6, port=443, transport="tcp", app="https"
    )
    return Finding(check=check, system="portal", verdict="fail", reason=reason, target=target, args=args)  # type: ignore[arg-type]


def test_a_strangers_braces_are_text() -> None:
    hostile = "{host}{address}{0}{__class__}%s"
    message, _ = texts.render(
        finding("tls.wrong_name", "tls.valid", names=[hostile], endpoint="e", name="n"), "en"
    )
    assert hostile in message


def test_a_missing_argument_shows_as_nothing_and_raises_nothing() -> None:
    message, _ = texts.render(finding("reach.rejected"), "en")
    assert texts.NOTHING in message


def test_an_unknown_reason_is_shown_as_it_is() -> None:
    assert texts.render(finding("third.party"), "vi") == ("third.party", "")


def test_numbers_and_dates_are_written_as_the_language_does() -> None:
    silent = finding("reach.silent", endpoint="e", tries=3, waited_ms=39_512)
    assert "39.5 s" in texts.render(silent, "en")[0]
    assert "39,5 giây" in texts.render(silent, "vi")[0]
    soon = finding("tls.expires_soon", "tls.valid", endpoint="e", name="n", until="2026-12-05", days=11)
    assert "2026-12-05" in texts.render(soon, "en")[0]
    assert "5/12/2026" in texts.render(soon, "vi")[0]


def test_a_reason_code_among_the_arguments_is_put_in_words() -> None:
    message, _ = texts.render(finding("parity.v6_missing", "parity.service", code="reach.closed"), "vi")
    assert "(bị từ chối kết nối)" in message


def test_a_long_list_is_cut() -> None:
    many = [f"n{n}" for n in range(100)]
    message, _ = texts.render(
        finding("tls.wrong_name", "tls.valid", names=many, endpoint="e", name="n"), "en"
    )
    assert "n7" in message
    assert "n8" not in message
    assert "…" in message


def test_the_hash_of_all_texts_is_stable() -> None:
    assert texts.catalogue_sha256() == texts.catalogue_sha256()
    assert len(texts.catalogue_sha256()) == 64


def test_what_a_template_may_always_name_is_always_there() -> None:
    assert all(texts.named(name, finding("ok"), "en") is not None for name in ALWAYS)
