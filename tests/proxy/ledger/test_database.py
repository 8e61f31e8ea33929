"""Connections to the file, and what stands beside it."""

import sqlite3
from pathlib import Path

import peewee
import pytest

from proxy.ledger.store.database import Database, connection_of
from tests.proxy.ledger import made
from tests.proxy.ledger.writers import locked, rows_in


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "tierwise.db"


def test_the_file_and_its_folder_are_made_for_this_user_alone(path: Path) -> None:
    Database(path).writer().close()

    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_folder_further_up_is_not_made(tmp_path: Path) -> None:
    """It may be the place of a disk that is not there now."""
    with pytest.raises(FileNotFoundError):
        Database(tmp_path / "disk" / "home" / "tierwise.db").writer()

    assert not (tmp_path / "disk").exists()


def test_what_a_deleted_file_left_behind_is_not_written_into_the_next_one(path: Path) -> None:
    path.parent.mkdir()
    for suffix in ("-wal", "-shm"):
        Path(f"{path}{suffix}").write_bytes(b"of another file")
    database = Database(path)
    database.writer().close()

    assert database.log_identity is None
    assert not Path(f"{path}-shm").exists()


def test_readers_do_not_wait_for_who_writes(path: Path) -> None:
    path.parent.mkdir()
    made.filled(path, [made.exchange()])
    with locked(path), Database(path).reading() as connection:
        assert connection.execute("select count(*) from exchanges").fetchone() == (1,)


def test_all_answers_are_as_of_one_moment(path: Path) -> None:
    path.parent.mkdir()
    made.filled(path, [made.exchange()])
    with Database(path).reading() as connection:
        connection.execute("select count(*) from exchanges").fetchone()
        made.filled(path, [made.exchange()])
        assert connection.execute("select count(*) from exchanges").fetchone() == (1,)
    assert rows_in(path, "select count(*) from exchanges") == [(2,)]


def test_readers_cannot_write(path: Path) -> None:
    path.parent.mkdir()
    made.filled(path, [made.exchange()])
    with (
        Database(path).reading() as connection,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        connection.execute("delete from exchanges")


def test_readers_map_no_file(path: Path) -> None:
    """Whoever shortens a mapped file ends the program that maps it."""
    path.parent.mkdir()
    made.filled(path, [made.exchange()])
    with Database(path).reading() as connection:
        assert connection.execute("pragma mmap_size").fetchone() == (0,)


@pytest.mark.parametrize("content", [None, b""], ids=["no file", "an empty file"])
def test_where_there_is_no_record_yet_there_is_nothing_to_read(path: Path, content: bytes | None) -> None:
    path.parent.mkdir()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FileNotFoundError), Database(path).reading():
        pass

    assert path.exists() is (content is not None)
    assert not content


def test_a_folder_in_its_place_cannot_be_read(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(peewee.OperationalError, match="unable to open"), Database(path).reading():
        pass


def test_the_identity_tells_a_file_from_the_one_that_took_its_place(path: Path) -> None:
    database = Database(path)
    assert (database.identity, database.log_identity) == (None, None)
    writer = database.writer()
    connection_of(writer).execute("create table one (a)")
    before = database.identity, database.log_identity
    assert None not in before
    assert (database.identity, database.log_identity) == before
    other = path.with_name("other.db")
    other.touch()
    other.replace(path)

    assert database.identity not in (None, before[0])
    writer.close()


def test_its_size_counts_what_stands_beside_it(path: Path) -> None:
    database = Database(path)
    writer = database.writer()
    connection_of(writer).execute("create table one (a)")

    assert database.size > path.stat().st_size + 1000
    writer.close()
