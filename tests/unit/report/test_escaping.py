"""The quicker escaping is markupsafe's, and it is what the templates use."""

from __future__ import annotations

import markupsafe
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipv6check.report.html.environment import make_environment
from ipv6check.report.html.escaping import Environment, escaped


@given(st.text() | st.integers() | st.none() | st.text().map(markupsafe.Markup))
def test_every_value_is_escaped_as_markupsafe_does(value: object) -> None:
    assert str(escaped(value)) == str(markupsafe.escape(value))


@pytest.mark.parametrize("character", "&<>\"'")
def test_each_character_that_html_minds_is_escaped_in_a_template(character: str) -> None:
    made = make_environment("en", "UTC").from_string(
        "{% macro m(v) %}<i>{{ v }}</i>{% endmacro %}{{ m(v) }}{{ v }}"
    )
    shown = str(markupsafe.escape(character))
    assert made.render(v=character) == f"<i>{shown}</i>{shown}"


def test_a_template_that_turns_escaping_off_is_left_alone() -> None:
    environment = Environment(autoescape=False)
    assert environment.from_string("{{ v }}").render(v="<b>") == "<b>"
