"""From each version of the tables to the next, whatever happens on the way."""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from app.tokens.table import TokenKind, TokenRow, TokenTable
from proxy.ledger.store.migrations import (
    STEPS,
    Step,
    check_fits,
    check_known,
    is_sound,
    migrate,
    version_of,
)
from proxy.ledger.store.problems import DamagedError, NewerError
from tests.proxy.ledger import made
from tests.proxy.ledger.writers import SECONDS, ids_in, rows_in

_DAY = 86_400.0


def _add_colours() -> str:
    return "alter table exchanges add column colour text;\nupdate exchanges set colour = 'grey';"


def _fail() -> str:
    return "create table half (a);\ninsert into nowhere values (1);"


NEXT: tuple[Step, ...] = (*STEPS, _add_colours)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return made.filled(tmp_path / "tierwise.db", [made.exchange() for _ in range(3)])


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    return tmp_path / "copies"


def _migrate(path: Path, copies: Path, steps: tuple[Step, ...], now: float = made.NOW) -> Path | None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        return migrate(connection, copies, now, steps)


def _version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return version_of(connection)


def test_an_empty_file_gets_all_tables_and_no_copy(tmp_path: Path, copies: Path) -> None:
    path = tmp_path / "new.db"
    path.touch()

    assert _migrate(path, copies, tuple(STEPS)) is None
    assert _version(path) == len(STEPS)
    check_fits(path)
    assert not copies.exists()


def test_a_file_gives_room_back_in_pieces(path: Path) -> None:
    incremental = 2

    assert rows_in(path, "pragma auto_vacuum") == [(incremental,)]


def test_the_list_of_tokens_may_be_there_before(tmp_path: Path, copies: Path) -> None:
    path = tmp_path / "tierwise.db"
    table = TokenTable(path)
    table.load()
    row = TokenRow("abc", "claude-code", TokenKind.CLIENT, 1)
    table.save([row])
    made.filled(path, [made.exchange()])

    assert table.load() == [row]
    assert rows_in(path, "pragma auto_vacuum") == [(2,)]


def test_a_step_keeps_the_rows_and_a_copy_from_before(path: Path, copies: Path) -> None:
    before = ids_in(path)
    copy = _migrate(path, copies, NEXT)

    assert rows_in(path, "select distinct colour from exchanges") == [("grey",)]
    assert (ids_in(path), _version(path)) == (before, 2)
    assert copy is not None
    assert re.fullmatch(r"tierwise-2026-05-2\dT\d\d-\d\d-\d\d\.before-version-2\.db", copy.name)
    assert (ids_in(copy), _version(copy)) == (before, 1)
    assert copy.stat().st_mode & 0o777 == 0o600
    assert list(copies.iterdir()) == [copy]


def test_a_file_of_the_last_version_is_not_copied_again(path: Path, copies: Path) -> None:
    _migrate(path, copies, NEXT)

    assert _migrate(path, copies, NEXT, made.NOW + _DAY) is None
    assert len(list(copies.iterdir())) == 1


def test_a_step_that_fails_leaves_the_file_as_it_was(path: Path, copies: Path) -> None:
    before = ids_in(path)
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        _migrate(path, copies, (*STEPS, _fail))

    assert (ids_in(path), _version(path)) == (before, 1)
    assert rows_in(path, "select name from sqlite_master where name = 'half'") == []
    assert len(list(copies.iterdir())) == 1
    _migrate(path, copies, NEXT)
    assert _version(path) == 2


def test_where_no_copy_can_be_made_no_step_is_taken(path: Path, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        _migrate(path, tmp_path / "no" / "folder", NEXT)

    assert _version(path) == 1


def test_a_script_may_end_without_a_semicolon(path: Path, copies: Path) -> None:
    _migrate(path, copies, (*STEPS, lambda: "create table one (a);\ncreate table two (a)"))

    assert len(rows_in(path, "select 1 from sqlite_master where name in ('one', 'two')")) == 2


_KILLED_ON_THE_WAY = """
import os, sqlite3, sys
from pathlib import Path
from proxy.ledger.store.migrations import STEPS, migrate

def killed():
    os.kill(os.getpid(), 9)

connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.create_function("killed", 0, killed)
second = lambda: "alter table exchanges add column colour text;"
third = lambda: "update exchanges set colour = 'red';\\ncreate table half (a);\\nselect killed();"
migrate(connection, Path(sys.argv[2]), 0.0, (*STEPS, second, third))
"""


def test_what_is_killed_between_two_steps_goes_on_from_there(path: Path, copies: Path) -> None:
    before = ids_in(path)
    command = [sys.executable, "-c", _KILLED_ON_THE_WAY, str(path), str(copies)]
    code = subprocess.run(command, timeout=SECONDS, check=False).returncode
    assert code == -signal.SIGKILL
    assert (_version(path), ids_in(path)) == (2, before)
    assert rows_in(path, "select distinct colour from exchanges") == [(None,)]
    third: Step = lambda: "create table half (a);"  # noqa: E731 -- steps are given as they are released
    copy = _migrate(path, copies, (*NEXT, third))

    assert (_version(path), ids_in(path)) == (3, before)
    assert copy is not None
    assert _version(copy) == 2


_TWO_AT_ONCE = """
import sqlite3, sys
from pathlib import Path
from proxy.ledger.store.migrations import STEPS, migrate

connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20)
print("ready", flush=True)
sys.stdin.readline()
migrate(connection, Path(sys.argv[2]), 0.0, (*STEPS, lambda: "create table once (a);"))
"""


def test_two_processes_that_start_at_once_take_a_step_once(path: Path, copies: Path) -> None:
    command = [sys.executable, "-c", _TWO_AT_ONCE, str(path), str(copies)]
    both = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    for each in both:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    for each in both:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    for each in both:
        each.communicate(timeout=SECONDS)

    assert [each.returncode for each in both] == [0, 0]
    assert _version(path) == 2
    assert rows_in(path, "pragma quick_check") == [("ok",)]


def test_of_the_copies_the_newest_three_are_kept(path: Path, copies: Path) -> None:
    steps = tuple(STEPS)
    for day in range(5):
        steps = (*steps, lambda day=day: f"create table day_{day} (a);")
        _migrate(path, copies, steps, made.NOW + day * _DAY)

    assert sorted(_version(each) for each in copies.iterdir()) == [3, 4, 5]


def test_a_copy_made_after_the_clock_was_set_back_is_kept(path: Path, copies: Path) -> None:
    steps = tuple(STEPS)
    for day in range(5):
        steps = (*steps, lambda day=day: f"create table day_{day} (a);")
        last = _migrate(path, copies, steps, made.NOW - day * _DAY)

    assert last is not None
    assert last.exists()
    assert len(list(copies.iterdir())) == 3


# -- a later version -------------------------------------------------------------------------------


def _of_a_later_version(path: Path, *, journal: str) -> dict[str, bytes]:
    """The bytes of the file, and of the log that a killed program left beside it."""
    source = path.with_name("source.db")
    with closing(sqlite3.connect(source, isolation_level=None)) as connection:
        connection.execute(f"pragma journal_mode = {journal}")
        connection.execute("create table exchanges (what, we, do, not_know)")
        connection.execute("pragma user_version = 99")
        for each in path.parent.glob("source.db*"):
            shutil.copyfile(each, path.with_name(each.name.replace("source", "tierwise")))
    return _bytes_of(path)


def _bytes_of(path: Path) -> dict[str, bytes]:
    """The shared memory beside it is only for those who have it open."""
    return {
        each.name: each.read_bytes() for each in path.parent.glob("tierwise.db*") if "shm" not in each.name
    }


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_a_file_of_a_later_version_is_refused_and_not_touched(
    tmp_path: Path, copies: Path, journal: str
) -> None:
    path = tmp_path / "tierwise.db"
    before = _of_a_later_version(path, journal=journal)
    with pytest.raises(NewerError, match="version 99 of the record, where 1 is the latest that is known"):
        check_known(path)

    assert _bytes_of(path) == before
    assert not copies.exists()


def test_migrating_refuses_it_too(path: Path, copies: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma user_version = 99")
    with pytest.raises(NewerError):
        _migrate(path, copies, NEXT)


# -- looking at a file -----------------------------------------------------------------------------


def test_a_sound_file_is_found_sound(path: Path) -> None:
    check_fits(path)
    check_known(path)
    assert is_sound(path)


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ("drop table latencies", "latencies.bucket is missing"),
        ("alter table tries drop column reported", "tries.reported is missing"),
    ],
)
def test_tables_that_somebody_has_changed_are_damage(path: Path, change: str, missing: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(change)
    with pytest.raises(DamagedError, match=missing):
        check_fits(path)

    assert not is_sound(path)


def test_a_page_of_rubbish_is_damage(path: Path) -> None:
    (page,) = rows_in(path, "select rootpage from sqlite_master where name = 'outcomes'")[0]
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(os.urandom(4096))

    assert not is_sound(path)


def test_what_is_no_database_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "tierwise.db"
    path.write_text("Dear diary, " * 1000)

    assert not is_sound(path)


def test_a_file_that_cannot_be_looked_at_now_is_not_called_damaged(tmp_path: Path) -> None:
    assert is_sound(tmp_path / "nowhere" / "tierwise.db")
    assert is_sound(tmp_path)
