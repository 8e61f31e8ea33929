"""Whatever becomes of the file: nothing stops, only so many records wait, and the user is told what to do."""

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.tokens.table import TokenKind, TokenRow, TokenTable
from proxy.ledger.line import MOST_WAITING
from proxy.ledger.rows import number_of
from proxy.ledger.store import database
from proxy.ledger.writer import Writer
from tests.guard import REPOSITORY
from tests.proxy.ledger import made
from tests.proxy.ledger.writers import (
    SECONDS,
    a_record,
    assert_sums_fit,
    ids_in,
    locked,
    look_again,
    put,
    rows_in,
    settle,
    settle_in_the_end,
    trouble,
    writer_on,
    writing,
)

_WAITS = " What happens meanwhile waits in memory and is written as soon as that works."
_PAGE = 4096


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home" / "tierwise.db"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits for no lock."""
    monkeypatch.setattr(database, "_BUSY_SECONDS", 0.01)


def _numbers(ids: list[str]) -> list[int]:
    return [number_of(id_) for id_ in ids]


def _filled(path: Path, count: int = 30) -> list[int]:
    """A closed file with so many exchanges, and their numbers."""
    exchanges = [made.exchange() for _ in range(count)]
    made.filled(path, exchanges)
    return [number_of(each.id) for each in exchanges]


# -- locked ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("impatient")
def test_while_another_program_holds_the_file_records_wait(path: Path) -> None:
    before = _filled(path)
    with writing(path) as writer:
        with locked(path):
            ids = put(writer, 20)
            assert trouble(writer) == (
                f"Another program holds the record {path} locked. End that program.{_WAITS}"
            )
            assert (writer.waiting, writer.written, writer.dropped) == (20, 0, 0)
        settle_in_the_end(writer)

        assert (writer.problem, writer.waiting, writer.written, writer.dropped) == ("", 0, 20, 0)
        assert ids_in(path) == [*before, *_numbers(ids)]
    assert_sums_fit(path)


@pytest.mark.usefixtures("impatient")
def test_what_waits_is_written_without_anybody_asking(path: Path) -> None:
    _filled(path)
    arrived = threading.Event()
    with writing(path, on_written=lambda _batch, _first: arrived.set()) as writer:
        with locked(path):
            put(writer, 1)
            assert trouble(writer)
        assert arrived.wait(SECONDS)


@pytest.mark.usefixtures("impatient")
def test_while_the_file_is_locked_only_so_many_wait_and_the_oldest_are_counted(path: Path) -> None:
    _filled(path)
    record = a_record()
    with writing(path) as writer:
        with locked(path):
            for _ in range(MOST_WAITING + 4000):
                writer.put(record)
            newest = put(writer, 100)
            assert trouble(writer)
            count = MOST_WAITING + 4100
            assert writer.waiting + writer.dropped == count
            assert MOST_WAITING <= writer.waiting <= MOST_WAITING + 1000
        dropped = writer.dropped
        settle_in_the_end(writer)

        assert (writer.written, writer.dropped) == (count - dropped, dropped)
        assert ids_in(path)[-100:] == _numbers(newest)
    assert_sums_fit(path)


def test_the_end_does_not_wait_for_a_locked_file(path: Path) -> None:
    _filled(path)
    writer = writer_on(path)
    writer.start()
    settle(writer)
    with locked(path):
        put(writer, 5)
        began = time.monotonic()
        assert not writer.stop(0.5)
        assert time.monotonic() - began < 1.5
        assert (writer.waiting, writer.written) == (5, 0)
    writer.stop(SECONDS)


@pytest.mark.usefixtures("impatient")
def test_a_new_file_that_is_locked_at_once_is_begun_when_it_is_free(path: Path) -> None:
    path.touch()
    with writing(path) as writer:
        with locked(path):
            ids = put(writer, 3)
            assert trouble(writer).startswith(f"Another program holds the record {path} locked.")
            assert writer.waiting == 3
        settle_in_the_end(writer)

        assert ids_in(path) == _numbers(ids)


# -- gone ------------------------------------------------------------------------------------------


def _delete_file(path: Path) -> None:
    path.unlink()


def _delete_all_files(path: Path) -> None:
    for each in path.parent.glob("tierwise.db*"):
        each.unlink()


def _delete_folder(path: Path) -> None:
    shutil.rmtree(path.parent)


@pytest.mark.parametrize("delete", [_delete_file, _delete_all_files, _delete_folder])
def test_a_file_that_is_deleted_is_begun_anew(path: Path, delete: Callable[[Path], None]) -> None:
    with writing(path) as writer:
        put(writer, 10)
        settle(writer)
        delete(path)
        look_again(writer)
        ids = put(writer, 10)
        settle(writer)

        assert writer.notice == f"{path} was deleted while it was in use, and a new record was begun."
        assert (writer.problem, writer.written, writer.dropped) == ("", 20, 0)
        assert ids_in(path) == _numbers(ids)
        more = put(writer, 1)
        settle(writer)
    assert ids_in(path) == _numbers(ids + more)
    assert_sums_fit(path)


def test_a_disk_that_is_not_there_any_more_is_waited_for(path: Path) -> None:
    with writing(path) as writer:
        put(writer, 1)
        settle(writer)
        moved = path.parent.parent.rename(path.parent.parent.with_name("moved"))
        look_again(writer)
        ids = put(writer, 1)
        assert trouble(writer) == (
            f"The record {path} cannot be opened. Its folder must be there and be yours.{_WAITS}"
        )
        assert (writer.notice, writer.waiting) == ("", 1)
        moved.rename(path.parent.parent)
        settle_in_the_end(writer)

        assert ids_in(path)[-1:] == _numbers(ids)
        assert len(ids_in(path)) == 2
    assert_sums_fit(path)


def test_another_file_in_its_place_is_used_and_stays_whole(path: Path) -> None:
    """The log of the one before stands beside it still, and SQLite would take that for its own."""
    other = path.with_name("other.db")
    theirs = _filled(other, 700)
    with writing(path) as writer:
        put(writer, 300)
        settle(writer)
        other.replace(path)
        look_again(writer)
        ids = put(writer, 5)
        settle(writer)

        assert writer.notice == (
            f"{path} was replaced by another file while it was in use, and that one is used now."
        )
        assert (writer.problem, writer.dropped) == ("", 0)
    assert ids_in(path) == [*theirs, *_numbers(ids)]
    assert_sums_fit(path)


def test_a_log_that_is_deleted_costs_nothing(path: Path) -> None:
    with writing(path) as writer:
        first = put(writer, 20)
        settle(writer)
        Path(f"{path}-wal").unlink()
        look_again(writer)
        second = put(writer, 20)
        settle(writer)

        assert ids_in(path) == _numbers(first + second)
        assert (writer.problem, writer.notice) == ("", "")
    assert_sums_fit(path)


def test_a_folder_in_its_place_is_named(path: Path) -> None:
    path.mkdir()
    with writing(path) as writer:
        ids = put(writer, 2)
        assert (
            trouble(writer) == f"{path} is a folder, where the record should be a file. Move it away.{_WAITS}"
        )
        path.rmdir()
        settle_in_the_end(writer)

        assert ids_in(path) == _numbers(ids)


# -- damaged ---------------------------------------------------------------------------------------


def _diary(path: Path) -> None:
    path.write_text("Dear diary, " * 5000)


def _rubbish_in_front(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(random.Random(1).randbytes(_PAGE))


def _rubbish_in(table: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        ((page,),) = rows_in(path, f"select rootpage from sqlite_master where name = '{table}'")
        with path.open("r+b") as file:
            file.seek((page - 1) * _PAGE)
            file.write(random.Random(1).randbytes(_PAGE))

    write.__name__ = f"rubbish in {table}"
    return write


def _half(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2 // _PAGE * _PAGE)


def _without_a_table(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("drop table quarters")


def _of_another_program(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("create table exchanges (currency, rate)")


_DAMAGES = [
    _diary,
    _rubbish_in_front,
    _half,
    _without_a_table,
    _of_another_program,
    _rubbish_in("exchanges"),
    _rubbish_in("quarters"),
    _rubbish_in("tries"),
    _rubbish_in("words"),
]


@pytest.mark.parametrize("damage", _DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_file_is_set_aside_with_its_date_and_a_new_one_begun(
    path: Path, damage: Callable[[Path], None]
) -> None:
    _filled(path, 300)
    damage(path)
    with writing(path) as writer:
        ids = put(writer, 10)
        settle_in_the_end(writer)

        date = time.strftime("%Y-%m-%dT%H-%M-%S", time.localtime(made.NOW))
        aside = path.parent / "copies" / f"tierwise-{date}.damaged.db"
        assert writer.notice.startswith(f"The record {path} is damaged: ")
        assert writer.notice.endswith(f". It was set aside as {aside}, and a new record was begun.")
        assert (writer.problem, writer.written, writer.dropped) == ("", 10, 0)
        assert aside.exists()
    assert ids_in(path) == _numbers(ids)
    assert_sums_fit(path)


def test_damage_that_only_a_reader_meets_is_looked_for(path: Path) -> None:
    _filled(path, 300)
    _rubbish_in("outcomes")(path)
    with writing(path) as writer:
        settle(writer)
        assert writer.notice == ""
        writer.suspect()
        settle_in_the_end(writer)

        assert "It was set aside as" in writer.notice
        assert ids_in(path) == []


def test_an_unfounded_suspicion_changes_nothing(path: Path) -> None:
    before = _filled(path)
    with writing(path) as writer:
        writer.suspect()
        settle(writer)

        assert (writer.problem, writer.notice) == ("", "")
        assert ids_in(path) == before


def test_two_that_are_damaged_in_the_same_second_are_both_kept(path: Path) -> None:
    for _ in range(2):
        _diary(path)
        with writing(path) as writer:
            settle_in_the_end(writer)
            assert "It was set aside as" in writer.notice

    aside = list((path.parent / "copies").iterdir())
    assert [each.read_text() for each in aside] == ["Dear diary, " * 5000] * 2


def test_a_damaged_file_that_cannot_be_moved_is_left_to_the_user(path: Path) -> None:
    _diary(path)
    copies = path.parent / "copies"
    copies.write_text("a file, where the folder should be")
    with writing(path) as writer:
        ids = put(writer, 3)
        assert trouble(writer) == (
            f"The record {path} is damaged: file is not a database. "
            f"It cannot be moved to {copies} either: File exists. Move it away."
        )
        assert (writer.waiting, writer.notice) == (3, "")
        path.unlink()
        settle_in_the_end(writer)

        assert ids_in(path) == _numbers(ids)


def test_a_log_of_rubbish_is_not_believed(path: Path) -> None:
    before = _filled(path)
    Path(f"{path}-wal").write_bytes(random.Random(1).randbytes(20 * _PAGE))
    with writing(path) as writer:
        ids = put(writer, 5)
        settle_in_the_end(writer)

        assert ids_in(path) == [*before, *_numbers(ids)]
    assert_sums_fit(path)


def _overwrite(path: Path) -> None:
    _rubbish_in_front(path)


def _empty(path: Path) -> None:
    os.truncate(path, 0)


@pytest.mark.parametrize("damage", [_diary, _overwrite, _empty, _half], ids=lambda damage: damage.__name__)
def test_a_file_that_is_damaged_while_it_is_in_use_stops_nothing(
    path: Path, damage: Callable[[Path], None]
) -> None:
    """What was written before may be lost or not; what comes is written."""
    with writing(path) as writer:
        put(writer, 500)
        settle(writer)
        damage(path)
        for _ in range(3):
            put(writer, 500)
            settle_in_the_end(writer)
        assert (writer.waiting, writer.written, writer.dropped) == (0, 2000, 0)
    with writing(path) as writer:
        ids = put(writer, 10)
        settle_in_the_end(writer)
    assert ids_in(path)[-10:] == _numbers(ids)


# -- a later version -------------------------------------------------------------------------------


def test_a_file_of_a_later_version_is_left_alone_until_it_is_moved_away(path: Path) -> None:
    _filled(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma user_version = 99")
    before = path.read_bytes()
    with writing(path) as writer:
        ids = put(writer, 3)
        assert trouble(writer) == (
            f"{path} was written by a newer Tierwise (version 99 of the record, where 1 is the latest that "
            "is known), so nothing is recorded. Install the newer version again, or move the file away to "
            "begin a new record."
        )
        assert path.read_bytes() == before
        assert writer.waiting == 3
        path.rename(path.with_name("newer.db"))
        settle_in_the_end(writer)

        assert ids_in(path) == _numbers(ids)


# -- the disk is full, or may not be written to ----------------------------------------------------


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path]:
    disk = folder / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(disk)]
    with suppress(OSError):
        if subprocess.run(command, capture_output=True, check=False).returncode == 0:
            try:
                yield disk
            finally:
                subprocess.run(["umount", "-l", str(disk)], check=True)
            return
    pytest.skip("only an administrator makes a small disk")


def test_while_the_disk_is_full_records_wait(tmp_path: Path) -> None:
    with _small_disk(tmp_path) as disk:
        path = disk / "tierwise.db"
        with writing(path) as writer:
            before = put(writer, 10)
            settle(writer)
            ballast = disk / "ballast"
            with suppress(OSError), ballast.open("wb", buffering=0) as file:
                while True:
                    file.write(bytes(1024))
            waiting = put(writer, 400)
            assert trouble(writer) == (
                f"The disk is full, so nothing can be added to the record {path}. Make room on it.{_WAITS}"
            )
            assert (writer.waiting, writer.written, writer.dropped) == (400, 10, 0)
            ballast.unlink()
            settle_in_the_end(writer)

            assert ids_in(path) == _numbers(before + waiting)
        assert_sums_fit(path)


def _in_another_process(scenario: str, *arguments: str) -> Any:
    """What a scenario of this module prints, in a process that it may spoil for itself."""
    code = f"import tests.proxy.ledger.test_faults as these; these.{scenario}(*{arguments!r})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def file_may_not_grow(folder: str) -> None:
    import resource  # there is none on Windows

    path = Path(folder, "tierwise.db")
    with writing(path) as writer:
        before = put(writer, 10)
        settle(writer)
        unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
        log = Path(f"{path}-wal").stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (log + 2 * _PAGE, unlimited[1]))
        waiting = put(writer, 400)
        problem = trouble(writer)
        states = [writer.waiting, writer.written, writer.dropped]
        resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
        settle_in_the_end(writer)
        assert ids_in(path) == _numbers(before + waiting)
    assert_sums_fit(path)
    sys.stdout.write(json.dumps([problem, states]))


@pytest.mark.skipif(sys.platform == "win32", reason="no limits there")
def test_while_the_file_may_not_grow_records_wait(tmp_path: Path) -> None:
    problem, states = _in_another_process("file_may_not_grow", str(tmp_path))

    assert problem == f"The disk refuses to read or write the record {tmp_path}/tierwise.db.{_WAITS}"
    assert states == [400, 10, 0]


def no_rights(folder: str, of_file: str, of_folder: str) -> None:
    """Rights do not bind an administrator, so this goes on as somebody who has none."""
    path = Path(folder, "tierwise.db")
    made.catalogue()  # while it may still be read
    if os.geteuid() == 0:
        os.chown(folder, 65534, 65534)
        os.setuid(65534)
    with writing(path) as writer:
        before = put(writer, 10)
        settle(writer)
    path.chmod(int(of_file, 8))
    path.parent.chmod(int(of_folder, 8))
    with writing(path) as writer:
        waiting = put(writer, 10)
        problem = trouble(writer)
        states = [writer.waiting, writer.written, writer.dropped]
        path.parent.chmod(0o700)
        path.chmod(0o600)
        settle_in_the_end(writer)
        assert ids_in(path) == _numbers(before + waiting)
    assert_sums_fit(path)
    sys.stdout.write(json.dumps([problem, states]))


@pytest.mark.skipif(sys.platform == "win32", reason="other rights there")
@pytest.mark.parametrize(
    ("of_file", "of_folder"), [("400", "700"), ("400", "500"), ("600", "500"), ("000", "700")]
)
def test_without_the_right_to_write_records_wait(of_file: str, of_folder: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        problem, states = _in_another_process("no_rights", folder, of_file, of_folder)

        assert problem == (
            f"The record {folder}/tierwise.db may not be written to. Give this user the right to.{_WAITS}"
        )
        assert states == [10, 0, 0]


# -- others in the same file -----------------------------------------------------------------------


def test_the_list_of_tokens_can_be_written_at_any_time(path: Path) -> None:
    """Who writes there waits for 0.3 seconds only: from the first moment of the file, and under full load."""
    table = TokenTable(path)
    table.load()
    record = a_record()
    writer = writer_on(path)
    over = threading.Event()

    def fill() -> None:
        while not over.is_set():
            if writer.waiting < 3000:
                writer.put(record)

    filling = threading.Thread(target=fill)
    filling.start()
    writer.start()
    rows = [TokenRow(str(number), "claude-code", TokenKind.CLIENT, number) for number in range(150)]
    try:
        for row in rows:
            table.save([row])
            table.load()
        while writer.written < 2000:
            table.load()
    finally:
        over.set()
        filling.join(SECONDS)

    assert writer.stop(SECONDS)
    assert sorted(table.load(), key=lambda row: row.created) == rows
    assert (writer.problem, writer.dropped) == ("", 0)


# -- anything in any order -------------------------------------------------------------------------


class Mischief:
    """A writer, and all that can be done to its file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.put_so_far = 0
        self.writer: Writer = writer_on(path)
        self._lock: sqlite3.Connection | None = None

    def put(self) -> None:
        put(self.writer, 7)
        self.put_so_far += 7

    def spoilt(self) -> None:
        put(self.writer, 2, status=2**70)
        self.put_so_far += 2

    def lock(self) -> None:
        self.unlock()
        with suppress(sqlite3.Error):
            self._lock = sqlite3.connect(self.path, isolation_level=None, timeout=0)
            self._lock.execute("begin immediate")

    def unlock(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def delete(self) -> None:
        self.path.unlink(missing_ok=True)

    def corrupt(self) -> None:
        self.unlock()
        _diary(self.path)

    def try_again(self) -> None:
        self.writer.ask(lambda _scribe: None).exception(SECONDS)

    def suspect(self) -> None:
        self.writer.suspect()


_DEEDS = [name for name in vars(Mischief) if not name.startswith("_")]


@pytest.mark.usefixtures("impatient")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=st.lists(st.sampled_from(_DEEDS), max_size=12))
def test_every_record_is_written_waits_or_is_counted_as_lost(deeds: list[str]) -> None:
    """Written ones may be in a file that was taken away."""
    with tempfile.TemporaryDirectory() as folder:
        mischief = Mischief(Path(folder, "tierwise.db"))
        writer = mischief.writer
        writer.start()
        for deed in deeds:
            getattr(mischief, deed)()
            mischief.try_again()
            assert writer.written + writer.waiting + writer.dropped == mischief.put_so_far
        mischief.unlock()
        mischief.suspect()  # as any reader does: who has a file open need not see what became of it
        settle_in_the_end(writer)
        mischief.put()
        settle(writer)

        assert writer.written + writer.dropped == mischief.put_so_far
        assert (writer.problem, writer.waiting) == ("", 0)
        assert writer.stop(SECONDS)
        assert len(ids_in(mischief.path)) >= 7
        assert_sums_fit(mischief.path)
