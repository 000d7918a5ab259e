"""Ansible's INI inventory, with ranges, `:children` and `:vars`, into a tree of groups."""

from __future__ import annotations

import re
import shlex
from itertools import product

from ipv6check.inventory.importers.ansible_tree import Tree
from ipv6check.inventory.importers.wording import clean
from ipv6check.inventory.reading import Unreadable, line_at

MAX_RANGE = 10_000
_SECTION = re.compile(r"\[([^\]:]+)(?::(children|vars))?\]\s*(?:[#;].*)?\Z")
_RANGE = re.compile(r"\[([0-9]+|[a-zA-Z]):([0-9]+|[a-zA-Z])(?::([0-9]+))?\]")
_HOST_IN_BRACKETS = re.compile(r"\[[^\[\]]*:[^\[\]]*\]\S")  # [2001:db8::1]:22, [01:10].a.example
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")


def read_ini(text: str) -> Tree:
    """Read an INI inventory; raise Unreadable at the first line that is none of its kinds."""
    tree = Tree()
    group, kind = "ungrouped", ""
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip()
        if not bare or bare[0] in "#;":
            continue
        found = _SECTION.match(bare)
        if found is not None or (bare.startswith("[") and not _HOST_IN_BRACKETS.match(bare)):
            if found is None:
                raise Unreadable(
                    "is no section: write [group], [group:children] or [group:vars]", number, 1, line
                )
            group, kind = found[1].strip(), found[2] or ""
            tree.group(group)
        elif kind == "children":
            tree.add_child(group, bare.split("#")[0].strip())
        elif kind == "vars":
            key, equals, value = bare.partition("=")
            if not equals:
                raise Unreadable("is no variable: write name=value", number, 1, line_at(text, number))
            tree.group(group).variables[key.strip()] = _unquoted(value.strip())
        else:
            _add_host(tree, group, bare, number, line)
    return tree


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text


def _add_host(tree: Tree, group: str, bare: str, number: int, line: str) -> None:
    try:
        words = shlex.split(bare, comments=True)
    except ValueError as error:
        raise Unreadable(f"a quote is not closed: {error}", number, 1, line) from error
    if not words:
        return
    wrong = next((word for word in words[1:] if not _VARIABLE.match(word)), None)
    if wrong is not None or "=" in words[0]:
        message = (
            f'is neither a host nor a variable: "{clean(wrong or words[0], 40)}"; write host name=value …'
        )
        raise Unreadable(message, number, 1, line)
    variables = dict(word.split("=", 1) for word in words[1:])
    for host in expand(words[0], number, line):
        name, port = _split_port(host)
        tree.add_host(group, name, {**({"ansible_port": port} if port else {}), **variables})


def _split_port(host: str) -> tuple[str, str]:
    found = re.fullmatch(r"\[([^\]]+)\](?::([0-9]+))?|([^:]+):([0-9]+)", host)
    if found is None:
        return host, ""
    return (found[1], found[2] or "") if found[1] else (found[3], found[4])


def expand(pattern: str, number: int, line: str) -> list[str]:
    """Return the hosts of `web[01:10].example`, `db-[a:c]`; Unreadable for too many."""
    parts: list[list[str]] = []
    at, many = 0, 1
    for found in _RANGE.finditer(pattern):
        steps = _steps(found[1], found[2], int(found[3] or 1))
        many *= len(steps)
        if not steps or many > MAX_RANGE:
            raise Unreadable(
                f"the range {found[0]} is empty or names more than {MAX_RANGE} hosts", number, 1, line
            )
        parts += [[pattern[at : found.start()]], steps]
        at = found.end()
    parts.append([pattern[at:]])
    return ["".join(pieces) for pieces in product(*parts)]


def _steps(first: str, last: str, step: int) -> list[str]:
    if first.isdecimal() and last.isdecimal():
        low, high = int(first[:9]), int(last[:9])
        if high - low > MAX_RANGE * step:
            return []
        return [str(n).zfill(len(first)) for n in range(low, high + 1, max(step, 1))]
    if first.isalpha() and last.isalpha():
        return [chr(n) for n in range(ord(first), ord(last) + 1, max(step, 1))]
    return []
