"""An Ansible inventory into a draft: `ansible-inventory --list` JSON, static YAML, or INI.

A group that names hosts is a system; a host in several is put into the first, the others are remarks.
Values of variables are never copied, but for the host's address, port and connection. Nothing is run: an
inventory script is refused.
"""

from __future__ import annotations

import json
import re

from ipv6check.inventory.importers import loose_yaml
from ipv6check.inventory.importers.ansible_ini import expand, read_ini
from ipv6check.inventory.importers.ansible_tree import Tree
from ipv6check.inventory.importers.draft import Draft, DraftSystem
from ipv6check.inventory.importers.encoding import decode
from ipv6check.inventory.importers.loose_yaml import Value
from ipv6check.inventory.importers.options import Options
from ipv6check.inventory.importers.wording import clean
from ipv6check.inventory.names import canonical_name, is_address
from ipv6check.inventory.problems import Refusal
from ipv6check.inventory.reading import Unreadable

_PORTS = {"ssh": "22", "paramiko": "22", "winrm": "5986", "psrp": "5986"}
_USED = {"ansible_host", "ansible_ssh_host", "ansible_port", "ansible_ssh_port", "ansible_connection"}


def read(content: bytes, options: Options) -> Draft:
    """Read an inventory; raise Unreadable for a script, a playbook, or what is none of the formats."""
    text, _ = decode(content, options.encoding)
    if text.startswith("#!"):
        raise Unreadable(
            "is a script, and scripts are never run: import the output of ansible-inventory --list"
        )
    if text.startswith("$ANSIBLE_VAULT"):
        raise Unreadable("is encrypted with ansible-vault: decrypt it first")
    tree = _tree(text)
    draft = Draft()
    groups = tree.groups_of()
    for host, variables in tree.variables_by_host().items():
        _add_host(draft, host, variables, groups[host])
    if not draft.systems:
        raise Unreadable("names no host")
    return draft


def _tree(text: str) -> Tree:
    """Return the groups and hosts of whichever format this is."""
    if text.lstrip().startswith("{"):
        return _from_json(text)
    if not text.strip():
        raise Unreadable("is empty")
    if _looks_like_ini(text):
        return read_ini(text)
    value = loose_yaml.parse(text)
    if isinstance(value, dict) and value and all(isinstance(v, dict) or v == "" for v in value.values()):
        tree = Tree()
        for name, group in value.items():
            _yaml_group(tree, name, group)
        return tree
    what = "a list, perhaps a playbook" if isinstance(value, list) else "YAML without groups"
    raise Unreadable(f"is {what}: an inventory begins with `all:`, with [group], or with hosts")


def _looks_like_ini(text: str) -> bool:
    """Whether the first line that says something is a section or a host rather than a key of YAML."""
    lines = (line.strip() for line in text.splitlines())
    first = next((line for line in lines if line and line[0] not in "#;"), "")
    return not first.startswith(("---", "{", "%", "- ")) and not re.search(r":(?:\s|\Z)", first)


def _from_json(text: str) -> Tree:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise Unreadable(f"is not whole JSON: {error.msg}", error.lineno, error.colno) from error
    except (ValueError, RecursionError) as error:
        raise Unreadable("is not JSON that can be read: nested too deeply, or a number too long") from error
    if "_meta" not in value and "all" not in value:
        raise Unreadable("is JSON, but no inventory: import the output of ansible-inventory --list")
    meta = value.get("_meta")
    variables = meta.get("hostvars") if isinstance(meta, dict) else None
    tree = Tree()
    for name, group in value.items():
        if name == "_meta":
            continue
        group = {"hosts": group} if isinstance(group, list) else group if isinstance(group, dict) else {}
        hosts, children = group.get("hosts"), group.get("children")
        for child in children if isinstance(children, list) else ():
            tree.add_child(clean(name), clean(child) if isinstance(child, str) else "")
        for host in hosts if isinstance(hosts, list) else ():
            if isinstance(host, str):
                tree.add_host(clean(name), clean(host), {})
    for host, own in variables.items() if isinstance(variables, dict) else ():
        if clean(host) in tree.hosts or not tree.groups:
            tree.add_host("ungrouped", clean(host), own if isinstance(own, dict) else {})
    return tree


def _yaml_group(tree: Tree, name: str, group: Value) -> None:
    """Add a group and all below it, without recursion; a group seen from two sides is one group."""
    waiting: list[tuple[str, Value]] = [(name, group)]
    while waiting:
        at, value = waiting.pop(0)
        tree.group(at)
        if not isinstance(value, dict):
            continue
        hosts, variables, children = value.get("hosts"), value.get("vars"), value.get("children")
        if isinstance(hosts, str) and hosts:
            hosts = {hosts: ""}
        for host, own in hosts.items() if isinstance(hosts, dict) else ():
            for each in expand(clean(host), 1, ""):
                tree.add_host(at, each, own if isinstance(own, dict) else {})
        if isinstance(variables, dict):
            tree.group(at).variables.update(variables)
        for child, below in children.items() if isinstance(children, dict) else ():
            tree.add_child(at, clean(child))
            waiting.append((clean(child), below))


def _add_host(draft: Draft, host: str, variables: dict[str, object], groups: list[str]) -> None:
    system = draft.system(groups[0] if groups else host)
    if len(groups) > 1:
        rest = ", ".join(groups[1:])
        system.remark(f"{host} cũng thuộc nhóm: {rest}", f"{host} is in these groups too: {rest}")
    connection = _plain(variables, "ansible_connection") or "ssh"
    if connection == "local":
        system.remark(
            f"{host}: ansible_connection = local, bỏ qua", f"{host}: ansible_connection = local, left out"
        )
        return
    target = _plain(variables, "ansible_host", "ansible_ssh_host") or host
    added = system.add_host(target, name=host if _is_name(host) and is_address(target) else "")
    service = None
    port = _plain(variables, "ansible_port", "ansible_ssh_port") or _PORTS.get(connection.split(".")[-1], "")
    if port:
        app = "ssh" if connection.split(".")[-1] in ("ssh", "paramiko") else "tcp"
        service = system.add_service(app, port)
    if added is not None and service is not None:
        added.services.add(service)
    _remark_variables(system, variables)


def _remark_variables(system: DraftSystem, variables: dict[str, object]) -> None:
    names = ", ".join(sorted(clean(name, 60) for name in variables if name not in _USED)[:20])
    if names:
        system.remark(f"biến không sao chép giá trị: {names}", f"variables, their values not copied: {names}")


def _plain(variables: dict[str, object], *names: str) -> str:
    """Return the first of some variables that is one text or number, and no template."""
    for name in names:
        value = variables.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and "{{" not in str(value):
            return clean(str(value))
    return ""


def _is_name(text: str) -> bool:
    try:
        canonical_name(text)
    except Refusal:
        return False
    return "." in text
