"""Import directions of docs/architecture.md, read from the source without running it."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "ipv6check"

# What each part may import of the project, besides itself.
ALLOWED = {
    "model": set(),
    "codec": {"model"},
    "locale": {"model"},
    "inventory": {"model", "codec"},
    "addressplan": {"model", "inventory"},
    "plan": {"model", "inventory", "probes.needs"},
    "store": {"model", "codec", "inventory", "history"},
    "raw": set(),
    "net": {"model", "inventory", "raw.messages"},
    "fetch": {"model", "inventory"},  # the two importers that contact a server; nothing but cli knows it
    "probes": {"model", "net"},
    "scan": {"model", "net", "probes", "plan", "store", "inventory"},
    "facts": {"model", "inventory", "addressplan"},
    "checks": {"model", "facts", "inventory", "addressplan"},
    "profiles": {"model", "inventory", "checks"},
    "score": {"model"},
    "roadmap": {"model"},
    "history": {"model"},
    "judge": {
        *("model", "codec", "facts", "checks", "score", "profiles", "inventory", "addressplan", "roadmap"),
    },
    "report": {"model", "locale", "judge", "checks.texts"},
    "lab": {"model"},
    "cli": {
        *("model", "codec", "locale", "inventory", "plan", "store", "net", "probes", "scan", "facts"),
        *("checks", "profiles", "score", "roadmap", "history", "judge", "report", "lab", "fetch"),
        "addressplan",
    },
}
PURE = (
    *("model", "addressplan", "facts", "checks", "profiles", "score", "roadmap", "judge", "report"),
    *("history", "locale", "plan"),
)
EXAMPLES = {"www.tinhmau.example"}  # the name that help texts and interface.md use for any portal
FORBIDDEN_IN_PURE = {"asyncio", "socket", "ssl", "select", "selectors", "threading", "subprocess", "time"}
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}


def modules() -> list[Path]:
    return sorted(ROOT.rglob("*.py"))


def part(path: Path) -> str:
    return path.relative_to(ROOT).with_suffix("").parts[0]


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            assert node.module
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_each_module_imports_only_what_its_part_may(path: Path) -> None:
    own = part(path)
    if own in {"__init__", "__main__"}:
        return
    for name in imports(path):
        if not name.startswith("ipv6check."):
            continue
        inner = name.removeprefix("ipv6check.")
        if inner.split(".")[0] in {own, "__version__"}:
            continue
        allowed = ALLOWED[own]
        assert any(inner == a or inner.startswith(a + ".") for a in allowed), f"{path.name} imports {name}"


@pytest.mark.parametrize(
    "path", [p for p in modules() if part(p) in PURE], ids=lambda p: str(p.relative_to(ROOT))
)
def test_pure_parts_import_no_network_and_read_no_clock(path: Path) -> None:
    roots = {name.split(".")[0] for name in imports(path)}
    assert not roots & FORBIDDEN_IN_PURE
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert (node.value.id, node.attr) not in CLOCKS, f"{path.name}:{node.lineno} reads a clock"


def test_only_the_lab_and_the_demo_command_know_the_lab() -> None:
    knowing = {
        str(p.relative_to(ROOT))
        for p in modules()
        if part(p) != "lab" and any(name.startswith("ipv6check.lab") for name in imports(p))
    }
    assert knowing <= {"cli/demo.py"}


def constants(path: Path) -> set[object]:
    return {node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant)}


@pytest.mark.parametrize(
    "path", [p for p in modules() if part(p) != "lab"], ids=lambda p: str(p.relative_to(ROOT))
)
def test_nothing_outside_the_lab_knows_its_ports_names_or_addresses(path: Path) -> None:
    demo = (ROOT / "lab" / "demo.yaml").read_text(encoding="utf-8")
    ports = set(re.findall(r"\b240[0-9]{2}\b", demo))
    names = set(re.findall(r"\b[a-z0-9-]+\.tinhmau\.exampl?e?l?\b", demo)) - EXAMPLES
    assert len(ports) > 20
    assert len(names) > 20
    for value in constants(path):
        words = set(re.findall(r"[\w.-]+", str(value)))
        assert not words & (ports | names | {"lab-ca.pem"}), path


def test_msgspec_is_known_to_the_codec_alone() -> None:
    assert {str(p.relative_to(ROOT)) for p in modules() if "msgspec" in imports(p)} <= {"codec.py"}


@pytest.mark.parametrize(
    "path",
    [p for p in modules() if p.parent.name == "importers"],
    ids=lambda p: p.name,
)
def test_importers_read_bytes_and_contact_nobody(path: Path) -> None:
    used = imports(path)
    assert not {name.split(".")[0] for name in used} & (FORBIDDEN_IN_PURE | {"http", "urllib3", "requests"})
    assert not any(name.startswith(("dns.query", "dns.resolver", "ipv6check.fetch")) for name in used)


def test_only_the_import_command_fetches() -> None:
    knowing = {
        str(p.relative_to(ROOT))
        for p in modules()
        if part(p) != "fetch" and any(name.startswith("ipv6check.fetch") for name in imports(p))
    }
    assert knowing <= {"cli/importing.py"}
