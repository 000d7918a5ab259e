"""Escaping in less time: the same characters as markupsafe's, without an object for each text.

A page has a thousand texts, nearly all without a character that HTML minds. A jinja2 that generates its code
in another way goes on escaping as it always does.
"""

from __future__ import annotations

import re

import jinja2
import markupsafe
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame

_SPECIAL = re.compile(r"[&<>\"']")


def escaped(value: object) -> str:
    """Return a value as text for HTML; what is markup already stays as it is."""
    if type(value) is str and _SPECIAL.search(value) is None:
        return value
    return markupsafe.escape(value)


class _Generator(CodeGenerator):
    def _output_child_pre(
        self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.escaped(")
        else:
            super()._output_child_pre(node, frame, finalize)


class Environment(jinja2.Environment):
    """An environment whose templates escape by `escaped`."""

    code_generator_class = _Generator
    escaped = staticmethod(escaped)
