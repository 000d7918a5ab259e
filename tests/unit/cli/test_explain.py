"""`explain` and `checks`: every check and every code can be asked about, in both languages."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result
from rich.cells import cell_len

from ipv6check.checks import texts
from ipv6check.cli import cli
from ipv6check.cli.explaining import IDS
from ipv6check.model.text import LANGUAGES, Language

CODES = sorted({key.split("/")[-1].split("@")[0] for key in texts.catalogue("en").reasons})


def run(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "80", "NO_COLOR": "1"}).invoke(cli, arguments)


def shown(*arguments: str) -> str:
    done = run(*arguments)
    assert done.exit_code == 0, done.output
    assert all(cell_len(line) <= 80 for line in done.output.splitlines())
    return " ".join(done.output.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_check_says_why_how_and_what_to_do(language: Language) -> None:
    for check in IDS:
        text = shown("explain", check, "--lang", language)
        about = texts.about(check, language)
        assert about is not None
        for part in (about.title, about.why, about.judged):
            assert " ".join(part.split()) in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_says_what_it_means_and_what_to_do(language: Language) -> None:
    for code in CODES:
        text = shown("explain", code, "--lang", language)
        entry = texts.catalogue(language).entry(code)
        assert entry.title in text, code
        assert " ".join(entry.remedy.split()) in text, code


def test_an_area_lists_its_checks() -> None:
    text = shown("explain", "reach", "--lang", "en")
    assert "reach.service" in text and "reach.stable" in text and "parity.service" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_lists_every_check_with_weight_and_severity(language: Language) -> None:
    text = shown("checks", "--lang", language)
    assert all(check in text for check in IDS)
    assert "(5, Critical)" in text or language == "vi"
    assert "vantage.no_ipv6" in text


def test_a_code_says_which_checks_give_it() -> None:
    text = shown("explain", "reach.silent", "--lang", "en")
    assert "reach.service, reach.ipv4" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_that_is_none_ends_with_2_and_the_nearest(language: Language) -> None:
    done = run("explain", "reach.sevice", "--lang", language)
    assert done.exit_code == 2
    assert "'reach.service'" in done.output
    assert len(done.output.splitlines()) == 1


def test_a_hostile_name_is_shown_harmless() -> None:
    assert "\x1b" not in run("explain", "\x1b[2J", "--lang", "en").output


def test_another_profile_is_read_and_a_missing_one_is_an_error() -> None:
    assert run("checks", "--profile", "no-such-profile").exit_code == 2
    assert run("explain", "reach.service", "--profile", "no-such-profile").exit_code == 2
