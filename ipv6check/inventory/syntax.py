"""libyaml's complaints in words that say what to write instead."""

from __future__ import annotations

import yaml

from ipv6check.inventory.nodes import SourceFile, pack

# The first row whose text occurs in libyaml's problem (or context) speaks.
_SAYINGS = (
    (
        "mapping values are not allowed",
        "a second ': ' on one line, or indentation that does not fit: put text that contains ': ' in "
        "quotes, align the line with its neighbours, and leave a space after each ':'",
    ),
    ("found character that cannot start any token", ""),  # by the character: see _strange_start
    ("found unexpected ':'", "a ':' where a list or { } goes on: put the value in quotes"),
    ("while scanning a quoted scalar", "this quote is never closed: add the closing quote"),
    (
        "did not find expected ',' or ']'",
        "this list is never closed: add ',' between its items and ']' at its end",
    ),
    (
        "did not find expected ',' or '}'",
        "this mapping is never closed: add ',' between its keys and '}' at its end",
    ),
    (
        "did not find expected '-' indicator",
        "the list ends here without need: begin each item of it with '- ', at the same indentation",
    ),
    (
        "did not find expected key",
        "a key is expected here: align it with the other keys of its mapping",
    ),
    ("could not find expected ':'", "a key without its ':': write `key: value`"),
    (
        "found unknown escape character",
        "an unknown escape in double quotes: use single quotes, or \\\\ for a backslash",
    ),
    ("invalid Unicode character escape code", "this escape is no character: delete it"),
    ("did not find expected node content", "a value is expected here: put it in quotes"),
    ("did not find expected tab or space", "a space is missing here"),
    (
        "while scanning a directive",
        "directives (lines beginning with %) are not needed: delete the line",
    ),
    ("found undefined tag handle", "tags are not allowed: write the value alone"),
    (
        "did not find expected <document start>",
        "more text after the end of the document: an inventory file has one document",
    ),
    (
        "block sequence entries are not allowed",
        "a list cannot begin on this line: put it on the next one",
    ),
)


def explain(error: yaml.MarkedYAMLError, file: SourceFile, number: int) -> tuple[int, str, str]:
    """Return position, message and (empty) hint of a syntax error in the file of that number."""
    problem, context = error.problem or "", error.context or ""
    mark = error.problem_mark or error.context_mark
    # "Never closed" is best shown where it was opened.
    unclosed = "end of stream" in problem or "expected ','" in problem
    if unclosed and error.context_mark is not None:
        mark = error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    character = file.line(line)[column - 1 : column]
    return pack(number, line, column), _say(problem, context, character), ""


def _say(problem: str, context: str, character: str) -> str:
    for key, saying in _SAYINGS:
        if key in problem or key in context:
            return saying or _strange_start(character)
    return f"this is not YAML: {problem or context or 'nothing can be read here'}"


def _strange_start(character: str) -> str:
    if character == "\t":
        return "a tab: YAML is indented with spaces; replace the tab"
    return f'a value cannot begin with "{character}": put it in quotes'
