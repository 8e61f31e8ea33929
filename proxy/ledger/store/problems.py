"""What can be wrong with the database, by what is to be done about it."""

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


def cause_of(error: BaseException) -> BaseException:
    """peewee wraps the errors of the database in its own."""
    if isinstance(error, peewee.PeeweeException) and error.args and isinstance(error.args[0], BaseException):
        return error.args[0]
    return error


class Trouble(Enum):
    """How to go on."""

    DAMAGED = "damaged"
    """The file is not to be saved; it is set aside and a new one begun."""
    PASSING = "passing"
    """It may be over in a while; what is to be written waits."""
    NEWER = "newer"
    """It belongs to a later version, until that is installed."""


_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_SENTENCES = {
    sqlite3.SQLITE_FULL: "The disk is full, so nothing can be added to the record {path}. Make room on it.",
    sqlite3.SQLITE_READONLY: "The record {path} may not be written to. Give this user the right to.",
    sqlite3.SQLITE_BUSY: "Another program holds the record {path} locked. End that program.",
    sqlite3.SQLITE_LOCKED: "Another program holds the record {path} locked. End that program.",
    sqlite3.SQLITE_CANTOPEN: "The record {path} cannot be opened. Its folder must be there and be yours.",
    sqlite3.SQLITE_IOERR: "The disk refuses to read or write the record {path}.",
}
_WAITING = " What happens meanwhile waits in memory and is written as soon as that works."


def trouble_of(error: BaseException) -> Trouble:
    if isinstance(error, NewerError):
        return Trouble.NEWER
    if isinstance(error, sqlite3.Error) and _code(error) in _DAMAGED:
        return Trouble.DAMAGED
    # A table that is missing from a file of our version was taken out by somebody.
    if isinstance(error, sqlite3.OperationalError) and "no such table" in str(error):
        return Trouble.DAMAGED
    return Trouble.PASSING


def sentence_of(error: BaseException, path: Path) -> str:
    """What the user is told, and what to do."""
    if isinstance(error, NewerError):
        return (
            f"{path} was written by a newer Tierwise ({error}), so nothing is recorded. "
            "Install the newer version again, or move the file away to begin a new record."
        )
    if trouble_of(error) is Trouble.DAMAGED:
        return f"The record {path} is damaged: {error}."
    told = _SENTENCES.get(_code(error)) if isinstance(error, sqlite3.Error) else None
    if told is None:
        told = f"The record {{path}} cannot be written: {error}."
    return told.format(path=path) + _WAITING


def _code(error: sqlite3.Error) -> int:
    """The kind of the error; what else its number says is left off."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
