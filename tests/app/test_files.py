"""Atomic writes: all of it or nothing, with permissions and links kept."""

import os
import stat
from pathlib import Path

import pytest

from app import files
from app.files import Patience, write_atomically


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_file_is_private(tmp_path: Path) -> None:
    write_atomically(tmp_path / "new", b"data")
    assert (tmp_path / "new").read_bytes() == b"data"
    assert mode_of(tmp_path / "new") == 0o600


def test_an_existing_file_keeps_its_permissions_unless_told_otherwise(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"old")
    file.chmod(0o644)
    write_atomically(file, b"new")
    assert mode_of(file) == 0o644
    write_atomically(file, b"newer", mode=0o600)
    assert mode_of(file) == 0o600


def test_a_link_keeps_pointing_where_it_did(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target = tmp_path / "real" / "file"
    target.write_bytes(b"old")
    link = tmp_path / "link"
    link.symlink_to(target)
    write_atomically(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_a_failing_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"old")

    def full_disk(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(file, b"new")
    assert file.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file"]  # noqa: PTH208 -- names are what is compared


def test_a_file_that_is_held_for_a_moment_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"old")
    replace, slept = Path.replace, list[float]()

    def held(self: Path, target: Path) -> Path:
        if len(slept) < 2:
            raise PermissionError(13, "held by another program")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", held)
    write_atomically(file, b"new", patience=Patience((0.1, 0.2, 0.4), slept.append))

    assert file.read_bytes() == b"new"
    assert slept == [0.1, 0.2]


def test_a_file_that_stays_held_is_left_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"old")

    def held(_self: Path, _target: Path) -> Path:
        raise PermissionError(13, "held by another program")

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(PermissionError):
        write_atomically(file, b"new", patience=Patience((0.1,), lambda _seconds: None))

    assert file.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file"]  # noqa: PTH208 -- names are what is compared


@pytest.mark.skipif(os.name == "nt", reason="Windows is where patience is needed")
def test_a_refusal_is_meant_elsewhere() -> None:
    assert files.PATIENCE.waits == ()
