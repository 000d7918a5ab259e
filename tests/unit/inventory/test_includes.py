"""Several files make one inventory."""

from collections.abc import Callable
from pathlib import Path

from ipv6check.inventory import Loaded, load_folder
from ipv6check.model.inventory import (
    Inventory,
    Source,
)

Read = Callable[[str], Loaded]


def valid(loaded: Loaded) -> Inventory:
    assert loaded.inventory is not None, [str(e) for e in loaded.errors]
    assert loaded.errors == ()
    return loaded.inventory


def messages(loaded: Loaded) -> list[str]:
    return [problem.message for problem in loaded.warnings]


class TestIncludes:
    def test_lists_are_joined_in_order_and_mappings_united(self, tmp_path: Path, read: Read) -> None:
        (tmp_path / "systems").mkdir()
        (tmp_path / "systems" / "b.yaml").write_text(
            "version: 1\nsystems: [{id: b, unit: u, hosts: [b.example]}]\n"
        )
        (tmp_path / "systems" / "a.yaml").write_text("systems: [{id: a, unit: u, hosts: [a.example]}]\n")
        (tmp_path / "systems" / ".a.yaml").write_text("an editor's lock\n")
        (tmp_path / "units.yaml").write_text(
            "units: [{id: u}]\nscope: [198.51.100.0/24]\n"
            "resolvers: {x: [198.51.100.1]}\ninclude: [more/*.yaml]\n"
        )
        (tmp_path / "more").mkdir()
        (tmp_path / "more" / "sites.yaml").write_text("sites: [{id: dc1}]\n")
        found = valid(
            read("""include: [units.yaml, systems/*.yaml]
scope: ["2001:db8::/32"]
resolvers: {y: ["2001:db8::1"]}
systems: [{id: main, unit: u, site: dc1, hosts: [main.example]}]
""")
        )
        assert [s.id for s in found.systems] == ["main", "a", "b"]
        assert found.scope == ("2001:db8::/32", "198.51.100.0/24")
        assert list(found.resolvers) == ["y", "x"]
        assert [f.name for f in found.files] == [
            "inventory.yaml", "units.yaml", "more/sites.yaml", "systems/a.yaml", "systems/b.yaml",
        ]  # fmt: skip
        assert found.systems[1].source == Source("systems/a.yaml", 1, 11)

    def test_a_run_keeps_the_files_and_their_hash(self, tmp_path: Path, read: Read) -> None:
        (tmp_path / "x.yaml").write_text("sites: [{id: dc1}]\r\n# đuôi\n")
        found = valid(read("include: [x.yaml]\nsystems: [{id: a, hosts: [a.example]}]\n"))
        copy = tmp_path / "copy"
        copy.mkdir()
        for file in found.files:
            (copy / file.name).write_bytes(file.content)
        again = valid(load_folder(copy, "inventory.yaml"))
        assert again == found
        assert again.sha256 == found.sha256

    def test_a_pattern_may_match_the_file_it_stands_in(self, tmp_path: Path, read: Read) -> None:
        (tmp_path / "b.yaml").write_text("sites: [{id: dc1}]\n")
        assert len(valid(read("include: ['*.yaml']\nsystems: [{id: a, hosts: [a.example]}]\n")).files) == 2

    def test_the_same_file_twice_is_read_once_and_remarked(self, tmp_path: Path, read: Read) -> None:
        (tmp_path / "b.yaml").write_text("sites: [{id: dc1}]\n")
        loaded = read("include: [b.yaml, ./b.yaml]\nsystems: [{id: a, hosts: [a.example]}]\n")
        assert len(valid(loaded).sites) == 1
        assert any("included already" in message for message in messages(loaded))

    def test_an_error_in_an_included_file_is_told_there(self, tmp_path: Path, read: Read) -> None:
        (tmp_path / "units.yaml").write_text(
            "units:\n  - {id: u}\n  - {id: v, parent: w}\nscope_dns: named\n"
        )
        loaded = read("include: [units.yaml]\nscope_dns: named\nunits: [{id: u}]\n")
        assert [(Path(e.file).name, e.line, e.column) for e in loaded.errors] == [
            ("units.yaml", 2, 10), ("units.yaml", 3, 21), ("units.yaml", 4, 1),
        ]  # fmt: skip
        assert "line 5 of" in loaded.errors[0].message

    def test_trust_is_kept_beside(self, tmp_path: Path, read: Read) -> None:
        (tmp_path / "ca").mkdir()
        pem = _certificate()
        (tmp_path / "ca" / "root.pem").write_bytes(pem)
        (tmp_path / "x.yaml").write_text("sites: [{id: dc1}]\n")
        found = valid(
            read("trust: [ca/root.pem]\ninclude: [x.yaml]\nsystems: [{id: a, hosts: [a.example]}]\n")
        )
        assert found.trust == ("ca/root.pem",)
        assert [f.name for f in found.files] == ["inventory.yaml", "x.yaml", "ca/root.pem"]
        assert found.files[2].content == pem


def _certificate() -> bytes:
    from datetime import UTC, datetime

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test root")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1)
    builder = builder.not_valid_before(datetime(2026, 1, 1, tzinfo=UTC)).not_valid_after(
        datetime(2030, 1, 1, tzinfo=UTC)
    )
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
