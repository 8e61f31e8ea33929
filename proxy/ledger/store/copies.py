"""Copies of the whole database, made while it is in use, and damaged files that are set aside."""

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

_PAGES_AT_A_TIME = 2000
_PRIVATE = 0o600
BESIDE = ("-wal", "-shm")
"""What belongs to a database file and stands beside it."""


def dated(name: str, what: str, now: float) -> str:
    """A file name that tells when and why, and sorts by time."""
    return f"{name}-{time.strftime('%Y-%m-%dT%H-%M-%S', time.localtime(now))}.{what}.db"


def copy_to(source: sqlite3.Connection, target: Path) -> None:
    """A whole copy as of one moment, or none; writers go on meanwhile."""
    begun = target.with_name(f".{target.name}.{os.getpid()}")
    begun.touch(mode=_PRIVATE)
    try:
        with _one_moment(source), closing(sqlite3.connect(begun)) as copy:
            source.backup(copy, pages=_PAGES_AT_A_TIME)
            copy.execute("pragma journal_mode = delete")
        begun.replace(target)
    except BaseException:
        begun.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def _one_moment(source: sqlite3.Connection) -> Iterator[None]:
    """Without this, every write of another process would make the copying begin anew."""
    if source.in_transaction:
        yield
        return
    source.execute("begin")
    try:
        source.execute("select count(*) from sqlite_master").fetchone()
        yield
    finally:
        source.execute("rollback")


def forget_what_was_said(copy: Path) -> None:
    """Take prompts and answers out of a copy, in which they would never expire, and out of its pages."""
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        has_table = connection.execute("select 1 from sqlite_master where name = 'bodies'").fetchone()
        if has_table and connection.execute("select 1 from bodies limit 1").fetchone():
            connection.execute("delete from bodies")
            connection.execute("vacuum")


def set_aside(path: Path, folder: Path, now: float) -> Path:
    """Move a damaged database out of the way, with what stands beside it."""
    target = _free(folder / dated(path.stem, "damaged", now))
    path.replace(target)
    for suffix in BESIDE:
        with contextlib.suppress(FileNotFoundError):
            Path(f"{path}{suffix}").replace(f"{target}{suffix}")
    return target


def _free(path: Path) -> Path:
    number = 1
    free = path
    while free.exists():
        number += 1
        free = path.with_suffix(f".{number}{path.suffix}")
    return free
