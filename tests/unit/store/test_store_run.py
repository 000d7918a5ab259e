"""Run folders: made whole, read back, and refused when somebody has been at them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ipv6check import codec
from ipv6check.model.inventory import Inventory, InventoryFile, Organization
from ipv6check.model.observation import Observation
from ipv6check.model.run import RUN_ID, RunMeta
from ipv6check.model.task import make_task
from ipv6check.model.text import Text
from ipv6check.store import StoreError, create, files, new_id, open_run

MOMENT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def inventory(*names: str) -> Inventory:
    """Make an inventory that is only its files."""
    contents = {name: f"# {name}\r\nđúng từng byte\n".encode() for name in names or ("inventory.yaml",)}
    return Inventory(
        organization=Organization(id="o", name=Text.same("o")),
        files=tuple(
            InventoryFile(name=name, content=content, sha256=hashlib.sha256(content).hexdigest())
            for name, content in contents.items()
        ),
    )


def meta(run_id: str = "20261124T030000Z-0a1b2c", vantage: str = "inside") -> RunMeta:
    """Make a run's description."""
    return RunMeta(
        id=run_id,
        started=MOMENT,
        finished=None,
        complete=False,
        tool="ipv6check 0",
        profile="default",
        profile_sha256="",
        catalogue_sha256="",
        inventory_sha256="",
        inventory_main="inventory.yaml",
        vantage=vantage,
    )


def observation(port: int, attempt: int = 1) -> Observation:
    """Make some observation."""
    task = make_task(
        "tcp.connect", vantage="inside", family=6, address="2001:db8::1", port=port, transport="tcp"
    )
    return Observation(
        task=task, attempt=attempt, started=MOMENT, seconds=0.1, outcome="ok", data={"x": "ữ\n"}
    )


def test_a_run_id_is_the_moment_in_utc_and_six_hex_digits() -> None:
    run_id = new_id(datetime.fromisoformat("2026-11-24T10:00:00+07:00"))
    assert run_id.startswith("20261124T030000Z-")
    assert RUN_ID.fullmatch(run_id)
    assert run_id != new_id(MOMENT)


def test_a_run_keeps_the_inventory_byte_for_byte_with_its_hashes(tmp_path: Path) -> None:
    given = inventory("inventory.yaml", "systems/web.yaml")
    with create(tmp_path, meta(), given) as run:
        for entry in given.files:
            assert (run.inventory_folder / entry.name).read_bytes() == entry.content
        sums = (run.inventory_folder / "SHA256SUMS").read_text()
    assert sums == "".join(f"{entry.sha256}  {entry.name}\n" for entry in given.files)
    assert run.path == tmp_path / "runs" / meta().id
    assert not list((tmp_path / "runs").glob(".*"))


def test_what_was_appended_is_read_back(tmp_path: Path) -> None:
    with create(tmp_path, meta(), inventory()) as run:
        for port in (1, 2, 3):
            run.append(observation(port))
        run.sync()
    with open_run(run.path) as again:
        assert list(again.observations()) == [observation(1), observation(2), observation(3)]
        assert again.meta == meta()


def test_latest_names_the_newest_run_by_a_relative_link(tmp_path: Path) -> None:
    create(tmp_path, meta(), inventory()).close()
    create(tmp_path, meta("20261124T030001Z-ffffff"), inventory()).close()
    assert os.readlink(tmp_path / "latest") == "runs/20261124T030001Z-ffffff"
    open_run(tmp_path / "latest").close()


def test_a_second_scan_on_the_same_run_is_refused_and_reading_is_not(tmp_path: Path) -> None:
    with create(tmp_path, meta(), inventory()) as run:
        with pytest.raises(StoreError, match="another scan is writing to this run"):
            open_run(run.path, writing=True)
        open_run(run.path).close()
    open_run(run.path, writing=True).close()


def test_run_json_is_replaced_whole(tmp_path: Path) -> None:
    with create(tmp_path, meta(), inventory()) as run:
        done = replace(meta(), finished=MOMENT, complete=True)
        run.update(done)
        assert codec.decode_run((run.path / "run.json").read_bytes()) == done
        assert open_run(run.path).meta.complete


def test_derived_files_stay_inside_the_run(tmp_path: Path) -> None:
    with create(tmp_path, meta(), inventory()) as run:
        assert run.write("html/vi/index.html", b"x").read_bytes() == b"x"
        with pytest.raises(StoreError, match="leads out"):
            run.write("../../elsewhere", b"x")
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("name", ["../x.yaml", "/etc/x.yaml", "a\nb.yaml", "SHA256SUMS", "a/../../x"])
def test_an_inventory_file_with_a_name_that_leads_out_makes_no_run(tmp_path: Path, name: str) -> None:
    with pytest.raises(StoreError):
        create(tmp_path, meta(), inventory(name))
    assert list((tmp_path / "runs").iterdir()) == []


@pytest.mark.parametrize("vantage", ["../x", "a/b", "", "A B"])
def test_a_vantage_that_cannot_name_a_file_is_refused(tmp_path: Path, vantage: str) -> None:
    with pytest.raises(StoreError):
        create(tmp_path, meta(vantage=vantage), inventory())


def test_an_unknown_run_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        open_run(tmp_path / "nowhere")
    assert str(caught.value) == f"{tmp_path / 'nowhere'}: no such run folder"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not a run of this version"),
        (b"[]", "not a run of this version"),
        (b'{"id": 3}', "not a run of this version"),
        (b"\xff\xfe", "not a run of this version"),
        (b"[" * 100_000, "not a run of this version"),
        (b"x" * (2 << 20), "larger than"),
    ],
)
def test_a_run_json_that_is_none_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    create(tmp_path, meta(), inventory()).close()
    path = tmp_path / "runs" / meta().id
    (path / "run.json").write_bytes(content)
    with pytest.raises(StoreError, match=message):
        open_run(path)


@pytest.mark.parametrize("schema", ["ipv6check/run@2.0", "ipv6check/run@10.1", "other@1.0", ""])
def test_another_schema_is_refused(tmp_path: Path, schema: str) -> None:
    create(tmp_path, replace(meta(), schema=schema), inventory()).close()
    with pytest.raises(StoreError, match="schema"):
        open_run(tmp_path / "runs" / meta().id)


def test_a_later_minor_schema_is_read(tmp_path: Path) -> None:
    create(tmp_path, replace(meta(), schema="ipv6check/run@1.7"), inventory()).close()
    open_run(tmp_path / "runs" / meta().id).close()


def test_an_inventory_changed_after_the_scan_is_noticed(tmp_path: Path) -> None:
    run = create(tmp_path, meta(), inventory())
    run.close()
    (run.inventory_folder / "inventory.yaml").write_bytes(b"other")
    with pytest.raises(StoreError, match="was changed after the scan"):
        open_run(run.path)


def test_a_missing_inventory_file_is_noticed(tmp_path: Path) -> None:
    run = create(tmp_path, meta(), inventory())
    run.close()
    (run.inventory_folder / "inventory.yaml").unlink()
    with pytest.raises(StoreError, match=r"inventory\.yaml: no such file"):
        open_run(run.path)


def test_a_symlink_in_the_place_of_the_observations_is_not_followed(tmp_path: Path) -> None:
    run = create(tmp_path, meta(), inventory())
    run.close()
    victim = tmp_path / "victim"
    victim.write_text("precious")
    run.journal_path.unlink()
    run.journal_path.symlink_to(victim)
    with pytest.raises(StoreError, match="symbolic link"):
        open_run(run.path, writing=True)
    with pytest.raises(StoreError):
        list(open_run(run.path).observations())
    assert victim.read_text() == "precious"


def test_a_fifo_in_the_place_of_a_file_does_not_hang(tmp_path: Path) -> None:
    run = create(tmp_path, meta(), inventory())
    run.close()
    run.journal_path.unlink()
    os.mkfifo(run.journal_path)
    with pytest.raises(StoreError):
        open_run(run.path, writing=True)
    with pytest.raises(StoreError, match="not a regular file"):
        list(open_run(run.path).observations())


def test_a_folder_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="file/runs"):
        create(tmp_path / "file", meta(), inventory())


def test_a_folder_in_the_place_of_latest_stops_before_anything_is_scanned(tmp_path: Path) -> None:
    (tmp_path / "latest" / "x").mkdir(parents=True)
    with pytest.raises(StoreError, match="latest"):
        create(tmp_path, meta(), inventory())


def test_an_atomic_write_leaves_the_old_content_when_the_disk_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "results.json"
    files.write(path, b"old")

    def full(descriptor: int, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(StoreError, match=r"results\.json: no space left"):
        files.write(path, b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["results.json"]


def test_an_atomic_write_replaces_a_planted_symlink_and_not_its_target(tmp_path: Path) -> None:
    victim, path = tmp_path / "victim", tmp_path / "results.json"
    victim.write_text("precious")
    path.symlink_to(victim)
    files.write(path, b"new")
    assert (victim.read_text(), path.read_bytes(), path.is_symlink()) == ("precious", b"new", False)


def test_what_is_written_is_not_for_everybody(tmp_path: Path) -> None:
    with create(tmp_path, meta(), inventory()) as run:
        for path in (run.path / "run.json", run.journal_path):
            assert path.stat().st_mode & 0o007 == 0


def test_a_file_written_in_pieces_is_whole_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    files.write(path, iter((b"one", b"", b"two")))
    assert path.read_bytes() == b"onetwo" == b"".join(files.pieces(path))

    def failing() -> Iterator[bytes]:
        yield b"half"
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        files.write(path, failing())
    assert path.read_bytes() == b"onetwo"
    assert [entry.name for entry in tmp_path.iterdir()] == ["results.json"]


@pytest.mark.parametrize(
    ("content", "same"),
    [
        ((b"one", b"two"), True),
        ((b"onetwo",), True),
        ((b"one",), False),
        ((b"onetwothree",), False),
        ((), False),
    ],
)
def test_a_file_is_compared_with_pieces_of_any_size(
    tmp_path: Path, content: tuple[bytes, ...], same: bool
) -> None:
    path = tmp_path / "results.json"
    path.write_bytes(b"onetwo")
    assert files.holds(path, content) is same
