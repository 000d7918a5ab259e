"""Files no inventory should be: each ends in one clear line with a position, never in a traceback."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from ipv6check.inventory import Problem, load, load_folder
from ipv6check.inventory.reading import MAX_BYTES

HEAD = "version: 1\norganization: {id: test}\n"
SYSTEM = "systems:\n  - {id: a, hosts: [www.a.example], services: [https]}\n"


def only_error(path: Path) -> Problem:
    loaded = load(path)
    assert loaded.inventory is None
    assert len(loaded.errors) == 1, [str(e) for e in loaded.errors]
    assert "\n" not in str(loaded.errors[0])
    return loaded.errors[0]


def write(folder: Path, content: bytes | str, name: str = "inventory.yaml") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    ("content", "line", "column", "says"),
    [
        ((HEAD + SYSTEM).encode("utf-16"), 1, 1, "UTF-16"),
        ((HEAD + SYSTEM).encode("utf-16-le"), 1, 2, "U+0000"),
        ((HEAD + "# Tỉnh\n").encode() + "# Đông Hà".encode("cp1258"), 4, 3, "is not UTF-8"),
        (HEAD.encode() + b"# caf\xe9\n", 3, 6, "is not UTF-8"),
        (HEAD + "x: a\x00b\n", 3, 5, "U+0000"),
        (HEAD + "x: a\x1b[31mb\n", 3, 5, "U+001B"),
        (HEAD + "x: a\x9bb\n", 3, 5, "U+009B"),
        (HEAD + "x: a\ufeffb\n", 3, 5, "U+FEFF"),
        ("", 1, 1, "is empty"),
        ("# only a comment\n", 1, 1, "is empty"),
        ("- a\n- b\n", 1, 1, "is a list"),
        ("just words\n", 1, 1, "is one text"),
    ],
)
def test_text_that_is_no_yaml_is_refused_at_its_place(
    tmp_path: Path, content: bytes | str, line: int, column: int, says: str
) -> None:
    error = only_error(write(tmp_path, content))
    assert (error.line, error.column) == (line, column)
    assert says in error.message


@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r"])
def test_every_line_ending_is_read_and_counted_alike(tmp_path: Path, ending: str) -> None:
    text = (HEAD + SYSTEM + "nonsense: 1\n").replace("\n", ending)
    error = only_error(write(tmp_path, text))
    assert (error.line, error.column) == (5, 1)


def test_a_byte_order_mark_of_utf8_is_accepted_and_not_counted(tmp_path: Path) -> None:
    path = write(tmp_path, b"\xef\xbb\xbf" + (HEAD + SYSTEM).encode())
    loaded = load(path)
    assert loaded.inventory is not None
    assert loaded.inventory.files[0].content == path.read_bytes()


def test_no_control_character_of_a_file_reaches_what_is_printed(tmp_path: Path) -> None:
    error = only_error(write(tmp_path, HEAD + "\x1b]0;pwned\x07: x\n"))
    assert error.show().replace("\n", "").isprintable()
    assert "\\x1b" in error.excerpt


def test_bidirectional_overrides_are_made_visible(tmp_path: Path) -> None:
    error = only_error(write(tmp_path, HEAD + SYSTEM + "a\u202eb\u200b: x\n"))
    assert "\u202e" not in error.show()
    assert "\\u202e" in error.message


def test_a_folder_is_no_inventory(tmp_path: Path) -> None:
    assert "is a folder" in only_error(tmp_path).message


def test_a_fifo_does_not_hang(tmp_path: Path) -> None:
    path = tmp_path / "pipe.yaml"
    os.mkfifo(path)
    assert "not a regular file" in only_error(path).message


def test_a_device_is_no_inventory() -> None:
    assert "not a regular file" in only_error(Path("/dev/zero")).message


def test_an_absent_file_is_told(tmp_path: Path) -> None:
    assert "no such file" in only_error(tmp_path / "absent.yaml").message


def test_a_loop_of_symbolic_links_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").symlink_to("b.yaml")
    (tmp_path / "b.yaml").symlink_to("a.yaml")
    assert "loop" in only_error(tmp_path / "a.yaml").message


def test_a_name_with_control_characters_is_refused_and_shown_escaped(tmp_path: Path) -> None:
    error = only_error(write(tmp_path, HEAD + SYSTEM, "a\x1b[2J.yaml"))
    assert "rename it" in error.message
    assert "\x1b" not in str(error)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become somebody else")
def test_an_unreadable_file_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD)
    path.chmod(0)
    os.seteuid(65534)
    try:
        error = only_error(path)
    finally:
        os.seteuid(0)
    assert "permission denied" in error.message


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(500 * 1024 * 1024)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "too large" in only_error(path).message
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 50 * 1024, "kibibytes"
    assert path.stat().st_size > MAX_BYTES


@pytest.mark.parametrize("bracket", ["[", "{", "- ", "a: {"])
def test_deep_nesting_neither_crashes_nor_takes_long(tmp_path: Path, bracket: str) -> None:
    path = write(tmp_path, HEAD + "x: " + bracket * 200_000)
    program = (
        "import sys, pathlib, ipv6check.inventory as i; print(i.load(pathlib.Path(sys.argv[1])).errors[0])"
    )
    command = [sys.executable, "-c", program, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # a crash is no exit 0
    assert f"{path}:3:" in done.stdout


def test_fifty_levels_are_read(tmp_path: Path) -> None:
    errors = load(write(tmp_path, HEAD + "x: " + "[" * 49 + "]" * 49)).errors
    assert [e.message.split(";")[0] for e in errors] == ['unknown key "x"']


def test_an_alias_bomb_expands_to_nothing(tmp_path: Path) -> None:
    rows = ["a0: &a0 [lol, lol]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 31)]
    loaded = load(write(tmp_path, HEAD + "\n".join(rows) + "\n"))
    assert loaded.inventory is None
    assert any("aliases are not allowed" in e.message for e in loaded.errors)


def test_a_node_that_contains_itself_is_refused(tmp_path: Path) -> None:
    loaded = load(write(tmp_path, HEAD + "scope: &a [*a]\n"))
    assert {e.line for e in loaded.errors} == {3}


def test_a_line_without_end_is_shown_in_part(tmp_path: Path) -> None:
    error = only_error(write(tmp_path, HEAD + "x" * 1_000_000 + ": 1\n"))
    assert max(len(line) for line in error.show().splitlines()) < 800


@pytest.mark.parametrize("main", ["../x.yaml", "/etc/passwd", "..", "a/b.yaml", ""])
def test_a_run_cannot_name_a_file_outside_its_folder(tmp_path: Path, main: str) -> None:
    loaded = load_folder(tmp_path, main)
    assert loaded.inventory is None
    assert "not the name of a file" in loaded.errors[0].message


class TestIncludes:
    def test_a_link_out_of_the_folder_is_refused(self, tmp_path: Path) -> None:
        outside = write(tmp_path, "sites: [{id: dc1}]\n", "outside.yaml")
        inside = tmp_path / "inside"
        inside.mkdir()
        (inside / "link.yaml").symlink_to(outside)
        error = only_error(write(inside, HEAD + SYSTEM + "include: [link.yaml]\n"))
        assert "outside the inventory's folder" in error.message
        assert (error.line, error.column) == (5, 11)

    def test_a_file_named_like_the_main_one_is_no_way_out(self, tmp_path: Path) -> None:
        outside = write(tmp_path, "sites: [{id: dc1}]\n", "inventory.yaml")
        inside = tmp_path / "inside"
        (inside / "sub").mkdir(parents=True)
        (inside / "sub" / "inventory.yaml").symlink_to(outside)
        error = only_error(write(inside, HEAD + SYSTEM + "include: [sub/inventory.yaml]\n"))
        assert "outside the inventory's folder" in error.message

    @pytest.mark.parametrize("pattern", ["/etc/passwd", "../x.yaml", "sub/../../x.yaml", "**/../../*.yaml"])
    def test_a_pattern_that_climbs_is_refused(self, tmp_path: Path, pattern: str) -> None:
        error = only_error(write(tmp_path, HEAD + SYSTEM + f"include: ['{pattern}']\n"))
        assert "same folder or below" in error.message

    def test_a_circle_is_told_with_its_members(self, tmp_path: Path) -> None:
        write(tmp_path, "include: [b.yaml]\n", "a.yaml")
        write(tmp_path, "include: [a.yaml]\n", "b.yaml")
        error = only_error(write(tmp_path, HEAD + SYSTEM + "include: [a.yaml]\n"))
        assert error.file.endswith("b.yaml")
        assert "a.yaml → b.yaml → a.yaml" in error.message

    def test_what_an_included_fifo_says_is_never_waited_for(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.yaml")
        error = only_error(write(tmp_path, HEAD + SYSTEM + "include: [pipe.yaml]\n"))
        assert "not a regular file" in error.message

    def test_bytes_that_are_no_text_are_told_in_the_included_file(self, tmp_path: Path) -> None:
        write(tmp_path, b"sites:\n  - {id: \xff}\n", "sites.yaml")
        error = only_error(write(tmp_path, HEAD + SYSTEM + "include: [sites.yaml]\n"))
        assert (Path(error.file).name, error.line, error.column) == ("sites.yaml", 2, 10)

    def test_a_file_that_cannot_be_parsed_does_not_make_its_ids_unknown(self, tmp_path: Path) -> None:
        write(tmp_path, "units: [{id: so-khcn}\n", "units.yaml")
        text = HEAD + "include: [units.yaml]\nsystems: [{id: a, unit: so-khcn, hosts: [www.a.example]}]\n"
        error = only_error(write(tmp_path, text))
        assert Path(error.file).name == "units.yaml"


class TestTrust:
    @pytest.mark.parametrize("path", ["/etc/ssl/certs/ca-certificates.crt", "../ca.pem"])
    def test_a_certificate_outside_is_refused(self, tmp_path: Path, path: str) -> None:
        error = only_error(write(tmp_path, HEAD + SYSTEM + f"trust: [{path}]\n"))
        assert "same folder or below" in error.message

    def test_what_is_no_certificate_is_refused(self, tmp_path: Path) -> None:
        write(tmp_path, "hello\n", "ca.pem")
        assert "no certificate" in only_error(write(tmp_path, HEAD + SYSTEM + "trust: [ca.pem]\n")).message

    def test_a_private_key_never_gets_into_a_run(self, tmp_path: Path) -> None:
        write(tmp_path, "-----BEGIN EC PRIVATE KEY-----\n", "ca.pem")
        assert "private key" in only_error(write(tmp_path, HEAD + SYSTEM + "trust: [ca.pem]\n")).message
