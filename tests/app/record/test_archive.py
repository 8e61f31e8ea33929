"""What comes back as a backup is not believed before it has been looked at."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from app.record import archive
from app.record.archive import NoBackupError, is_backup, opened
from app.record.errors import RecordError
from tests.app.record.made import CONFIG, backup_in, packed, rewritten


def unpacked(file: Path, target: Path) -> None:
    with opened(file) as backup:
        backup.unpack_database(target)


def test_what_was_put_in_comes_out(tmp_path: Path) -> None:
    file = backup_in(tmp_path / "other")
    with opened(file) as backup:
        assert backup.config() == CONFIG.encode()
        backup.unpack_database(tmp_path / "tierwise.db")
        assert (tmp_path / "tierwise.db").stat().st_size == backup.database_size
        assert (tmp_path / "tierwise.db").stat().st_mode & 0o777 == 0o600
    assert is_backup(file)


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"manifest.json": b"{}"},
        {"tierwise.db": b"x", "config.toml": b""},
        {"manifest.json": b"not json", "config.toml": b""},
        {"manifest.json": b'{"program": "other", "format": 1, "created": ""}', "config.toml": b""},
        {"manifest.json": b'{"program": "tierwise", "format": 1, "created": ""}'},
    ],
)
def test_other_zips_are_none(tmp_path: Path, parts: dict[str, bytes | None]) -> None:
    file = packed(tmp_path / "other.zip", parts)
    with pytest.raises(NoBackupError, match=r"other\.zip is no backup of Tierwise"), opened(file):
        pass
    assert not is_backup(file)


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04 cut off", b"SQLite format 3\0"])
def test_other_files_are_none(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "other"
    file.write_bytes(content)
    with pytest.raises(NoBackupError, match="is no backup of Tierwise"), opened(file):
        pass


def test_what_is_not_there_or_no_file(tmp_path: Path) -> None:
    with (
        pytest.raises(RecordError, match="missing cannot be read: No such file"),
        opened(tmp_path / "missing"),
    ):
        pass
    with pytest.raises(NoBackupError, match="is not a file"), opened(tmp_path):
        pass


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "sub/tierwise.db", "other.txt", "C:\\evil"])
def test_a_name_that_is_not_ours_is_refused(tmp_path: Path, name: str) -> None:
    file = rewritten(backup_in(tmp_path / "other"), tmp_path / "evil.zip", **{name: b"x"})
    with pytest.raises(NoBackupError, match="is no backup"), opened(file):
        pass


def test_a_name_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    file = backup_in(tmp_path / "other")
    with zipfile.ZipFile(file, "a") as more, pytest.warns(UserWarning, match="Duplicate"):
        more.writestr("config.toml", "other")
    with pytest.raises(NoBackupError, match="is no backup"), opened(file):
        pass


def test_what_would_fill_the_disk_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    file = rewritten(backup_in(tmp_path / "other"), tmp_path / "bomb.zip", tierwise_db=bytes(50_000_000))
    with pytest.raises(NoBackupError, match="far more than a record ever is"):
        unpacked(file, tmp_path / "tierwise.db")
    assert not (tmp_path / "tierwise.db").exists()


def test_a_disk_without_room_is_told_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = backup_in(tmp_path / "other")
    monkeypatch.setattr(archive, "_SPARE_BYTES", 2**62)
    with pytest.raises(RecordError, match=r"Make room on that disk\."):
        unpacked(file, tmp_path / "tierwise.db")
    assert not (tmp_path / "tierwise.db").exists()


@pytest.mark.parametrize("part", ["manifest.json", "config.toml"])
def test_a_small_part_that_is_large_is_refused(tmp_path: Path, part: str) -> None:
    name = part.replace(".", "_")
    file = rewritten(backup_in(tmp_path / "other"), tmp_path / "large.zip", **{name: b" " * 20_000_000})
    with pytest.raises(NoBackupError, match=f"{part} in .* is larger than it can be"), opened(file) as backup:
        backup.config()


def test_a_byte_that_has_changed_is_noticed(tmp_path: Path) -> None:
    file = backup_in(tmp_path / "other")
    with zipfile.ZipFile(file) as whole:
        info = whole.getinfo("tierwise.db")
    content = bytearray(file.read_bytes())
    content[info.header_offset + 200] ^= 0xFF
    file.write_bytes(content)
    with pytest.raises(NoBackupError, match=r"is damaged: .*Use another backup\."):
        unpacked(file, tmp_path / "tierwise.db")


def test_one_of_a_newer_program_is_left_to_that(tmp_path: Path) -> None:
    manifest: dict[str, Any] = {
        "program": "tierwise",
        "format": 2,
        "version": "9.9",
        "created": "",
        "more": 1,
    }
    file = rewritten(
        backup_in(tmp_path / "other"), tmp_path / "new.zip", manifest_json=json.dumps(manifest).encode()
    )
    with pytest.raises(RecordError, match=r"was made by a newer Tierwise \(9\.9\)"), opened(file):
        pass
