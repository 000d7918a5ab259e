"""The README is true: its inventory is valid, its commands and links exist."""

import re
from pathlib import Path

import pytest

from ipv6check.cli import COMMANDS
from ipv6check.inventory import load

ROOT = Path(__file__).parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_its_inventory_is_valid(tmp_path: Path) -> None:
    (text,) = blocks("yaml")
    file = tmp_path / "inventory.yaml"
    file.write_text(text, encoding="utf-8")
    loaded = load(file)
    assert [str(problem) for problem in (*loaded.errors, *loaded.warnings)] == []


@pytest.mark.parametrize("line", [line for block in blocks("sh") for line in block.splitlines()])
def test_its_commands_exist(line: str) -> None:
    words = line.split("#")[0].split()
    if words[0] == "ipv6check":
        assert words[1] in COMMANDS
        return
    targets = re.findall(r"^([.$()A-Za-z/_]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert words[0] == "make"
    assert words[1].replace(".venv", "$(VENV)") in targets


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#:]+)\)", README))
def test_its_links_lead_somewhere(link: str) -> None:
    assert (ROOT / link).exists()
