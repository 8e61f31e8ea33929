"""What can be wrong with the database, by what is to be done about it."""

import errno
import os
import sqlite3
from enum import Enum
from pathlib import Path

import peewee


class NewerError(Exception):
    """The file was written by a later version of this program."""

    def __init__(self, found: int, known: int) -> None:
        super().__init__(f"version {found} of the record, where {known} is the latest that is known")
        self.found = found
        self.known = known


class DamagedError(Exception):
    """Somebody has looked, and the file is damaged."""


def cause_of(error: BaseException) -> BaseException:
    """peewee wraps the errors of the database in its own."""
    inner = getattr(error, "orig", None) if isinstance(error, peewee.PeeweeException) else None
    return inner if isinstance(inner, BaseException) else error


class Trouble(Enum):
    """How to go on."""

    DAMAGED = "damaged"
    """The file is not to be saved; it is set aside and a new one begun."""
    PASSING = "passing"
    """It may be over in a while; what is to be written waits."""
    NEWER = "newer"
    """It belongs to a later version, until that is installed."""


_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_FOREIGN_TABLES = ("no such table", "no such column", "has no column named", "already exists")
"""Somebody has changed the tables, or the file is another program's."""

_FULL = "The disk is full, so nothing can be added to the record {path}. Make room on it."
_FORBIDDEN = "The record {path} may not be written to. Give this user the right to."
_LOCKED = "Another program holds the record {path} locked. End that program."
_UNREACHABLE = "The record {path} cannot be opened. Its folder must be there and be yours."
_REFUSED = "The disk refuses to read or write the record {path}."
_FOLDER = "{path} is a folder, where the record should be a file. Move it away."

_SENTENCES = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _FORBIDDEN,
    sqlite3.SQLITE_PERM: _FORBIDDEN,
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_CANTOPEN: _UNREACHABLE,
    sqlite3.SQLITE_IOERR: _REFUSED,
}
_SYSTEM_SENTENCES = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EROFS: _FORBIDDEN,
    errno.EACCES: _FORBIDDEN,
    errno.EPERM: _FORBIDDEN,
    errno.ENOENT: _UNREACHABLE,
    errno.ENOTDIR: _UNREACHABLE,
    errno.EEXIST: _UNREACHABLE,
    errno.EIO: _REFUSED,
}
_WAITING = " What happens meanwhile waits in memory and is written as soon as that works."


def trouble_of(error: BaseException) -> Trouble:
    if isinstance(error, NewerError):
        return Trouble.NEWER
    if isinstance(error, DamagedError):
        return Trouble.DAMAGED
    if isinstance(error, sqlite3.Error) and _code(error) in _DAMAGED:
        return Trouble.DAMAGED
    if isinstance(error, sqlite3.OperationalError) and any(sign in str(error) for sign in _FOREIGN_TABLES):
        return Trouble.DAMAGED
    return Trouble.PASSING


def is_about_the_file(error: BaseException) -> bool:
    """Or else it is about what was to be done with it."""
    if isinstance(error, OSError | MemoryError | NewerError | DamagedError):
        return True
    # Of the database's errors only these two classes are; the others refuse a value or a statement.
    return isinstance(error, sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError


def sentence_of(error: BaseException, path: Path) -> str:
    """What the user is told, and what to do."""
    if isinstance(error, NewerError):
        return (
            f"{path} was written by a newer Tierwise ({error}), so nothing is recorded. "
            "Install the newer version again, or move the file away to begin a new record."
        )
    if trouble_of(error) is Trouble.DAMAGED:
        return f"The record {path} is damaged: {_last_line(error)}."
    return _told(error, path).format(path=path, error=error) + _WAITING


def _told(error: BaseException, path: Path) -> str:
    told = None
    if isinstance(error, sqlite3.Error):
        told = _SENTENCES.get(_code(error))
    elif isinstance(error, OSError):
        told = _SYSTEM_SENTENCES.get(error.errno or 0)
    if told is None:
        return "The record {path} cannot be written: {error}."
    if told in (_UNREACHABLE, _REFUSED) and path.is_dir():
        return _FOLDER
    # SQLite needs a second file beside the first, so a folder that is read-only looks like one that is gone.
    if told is _UNREACHABLE and path.exists() and not _is_ours(path):
        return _FORBIDDEN
    return told


def _is_ours(path: Path) -> bool:
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def _code(error: sqlite3.Error) -> int:
    """The kind of the error; what else its number says is left off."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _last_line(error: BaseException) -> str:
    """SQLite tells where, and then what."""
    return (str(error).splitlines() or ["no more is known"])[-1]
