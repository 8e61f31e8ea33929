"""A backup is one private file, made whole while the program may run."""

import json
import zipfile
from pathlib import Path

import pytest

from app.home import Home
from app.record.backing_up import back_up
from app.record.errors import DamagedError, NoRecordError, RecordError
from app.tokens.table import TokenTable
from tests.app.record.made import CONFIG, WHEN, count, home_in
from tests.proxy.ledger.made import exchange, write, writing


def test_it_has_the_record_the_configuration_and_what_they_are(tmp_path: Path) -> None:
    home = home_in(tmp_path / "home")
    made = back_up(home, None, WHEN)
    stamp = WHEN.astimezone()
    assert made.file == home.backups / f"tierwise-{stamp:%Y-%m-%dT%H-%M-%S}.zip"
    assert made.file.stat().st_mode & 0o777 == 0o600
    assert made.size == made.file.stat().st_size
    assert list(home.backups.iterdir()) == [made.file]
    with zipfile.ZipFile(made.file) as packed:
        assert sorted(packed.namelist()) == ["config.toml", "manifest.json", "tierwise.db"]
        assert packed.read("config.toml") == CONFIG.encode()
        manifest = json.loads(packed.read("manifest.json"))
        packed.extract("tierwise.db", tmp_path)
    assert (manifest["program"], manifest["created"]) == ("tierwise", stamp.isoformat())
    assert (manifest["record"]["schema"], manifest["record"]["exchanges"]) == (1, 3)
    assert count(tmp_path / "tierwise.db") == 3


def test_what_is_only_in_the_log_of_a_running_one_is_in_it(tmp_path: Path) -> None:
    home = home_in(tmp_path / "home")
    with writing(home.database) as scribe:
        write(scribe, [exchange()])
        assert Path(f"{home.database}-wal").stat().st_size
        made = back_up(home, None, WHEN)
        assert made.manifest.record is not None
        assert made.manifest.record.exchanges == 4


def test_one_after_another_in_the_same_second(tmp_path: Path) -> None:
    home = home_in(tmp_path / "home")
    files = {back_up(home, None, WHEN).file for _ in range(3)}
    assert len(files) == 3
    assert {file.suffix for file in files} == {".zip"}


def test_a_home_that_never_recorded_anything_has_a_configuration(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.prepare()
    home.config.write_text(CONFIG)
    made = back_up(home, None, WHEN)
    assert made.manifest.record is None
    assert made.has_config


def test_a_home_that_has_only_tokens_yet(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.prepare()
    TokenTable(home.database).load()
    made = back_up(home, None, WHEN)
    assert made.manifest.record is not None
    assert made.manifest.record.schema == 0
    assert not made.has_config


def test_an_empty_home_has_nothing_to_back_up_and_stays_empty(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with pytest.raises(NoRecordError, match="nothing to back up"):
        back_up(home, None, WHEN)
    assert not home.root.exists()


def test_where_it_may_go(tmp_path: Path) -> None:
    home = home_in(tmp_path / "home")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert back_up(home, elsewhere, WHEN).file.parent == elsewhere
    mine = elsewhere / "mine.zip"
    assert back_up(home, mine, WHEN).file == mine
    home.config.write_text("")
    back_up(home, mine, WHEN)  # a backup takes the place of one before it
    with zipfile.ZipFile(mine) as packed:
        assert packed.read("config.toml") == b""


def test_where_it_may_not_go(tmp_path: Path) -> None:
    home = home_in(tmp_path / "home")
    letter = tmp_path / "letter.txt"
    letter.write_text("dear")
    with pytest.raises(RecordError, match=r"letter\.txt is there already, and is no backup"):
        back_up(home, letter, WHEN)
    assert letter.read_text() == "dear"
    with pytest.raises(RecordError, match="missing is no folder"):
        back_up(home, tmp_path / "missing" / "file.zip", WHEN)


def test_a_damaged_record_is_said_to_be_damaged(tmp_path: Path) -> None:
    home = home_in(tmp_path / "home")
    home.database.write_bytes(b"something else " * 1000)
    with pytest.raises(DamagedError, match=r"home/tierwise\.db is damaged"):
        back_up(home, None, WHEN)
    assert list(home.backups.iterdir()) == []


def test_no_file_with_a_secret_is_in_it(tmp_path: Path) -> None:
    home = home_in(tmp_path / "home")
    (home.run / "token").write_text("tw-secret")
    with zipfile.ZipFile(back_up(home, None, WHEN).file) as packed:
        assert all(b"tw-secret" not in packed.read(name) for name in packed.namelist())
