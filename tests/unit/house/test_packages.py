"""The list of Debian packages names every external program that the tests and the bench call."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[3]
LIST = ROOT / "tools" / "debian-packages.txt"

# Programs of Debian's essential packages, of Python, or of the project itself.
ALWAYS_THERE = {
    "sh", "true", "false", "sleep", "cat", "kill", "env", "make", "git", "python", "python3", "ipv6check",
    "mount", "umount", "unshare", "id", "test",
}  # fmt: skip
CALLS = {"run", "Popen", "check_output", "check_call", "call", "which", "create_subprocess_exec"}


def programs_listed() -> set[str]:
    lines = (line.split() for line in LIST.read_text().splitlines() if line and not line.startswith("#"))
    return {program for _, programs, *_ in lines for program in programs.split(",")}


def is_call_of_a_program(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or not node.args:
        return False
    called = node.func
    name = (
        called.attr
        if isinstance(called, ast.Attribute)
        else called.id
        if isinstance(called, ast.Name)
        else ""
    )
    return name in CALLS or name in {"spawn", "ns_run", "in_namespace", "execute"}


def first_words(node: ast.Call) -> set[str]:
    """Return the program of a call: its first text, or the first text of its first list."""
    for argument in node.args:
        first = argument.elts[0] if isinstance(argument, ast.List | ast.Tuple) and argument.elts else argument
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            return {first.value.split("/")[-1]}
    return set()


def programs_called() -> dict[str, set[str]]:
    listed = programs_listed()
    called: dict[str, set[str]] = {}
    for path in [*(ROOT / "tests").rglob("*.py"), *(ROOT / "tools").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if is_call_of_a_program(node):
                assert isinstance(node, ast.Call)
                for word in first_words(node):
                    if word in listed or _looks_like_a_program(word):
                        called.setdefault(word, set()).add(path.name)
    return called


def _looks_like_a_program(word: str) -> bool:
    import shutil

    return word.isascii() and word.replace("-", "").isalnum() and shutil.which(word) is not None


def test_every_program_that_tests_and_bench_call_has_its_package_listed() -> None:
    missing = {
        name: files
        for name, files in programs_called().items()
        if name not in programs_listed() | ALWAYS_THERE
    }
    assert not missing, f"add the packages of these programs to tools/debian-packages.txt: {missing}"


def test_the_list_names_each_program_once() -> None:
    lines = [line.split() for line in LIST.read_text().splitlines() if line and not line.startswith("#")]
    programs = [program for _, names, *_ in lines for program in names.split(",")]
    assert sorted(programs) == sorted(set(programs))
