"""What can stand in the way of the record, as sentences."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import peewee

from app.errors import UserError
from proxy.ledger.store import problems
from proxy.ledger.store.problems import NewerError, Trouble, cause_of, trouble_of

T = TypeVar("T")

_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


class RecordError(UserError):
    """The record, or a copy of it, cannot be read or written."""

    kind = "record"


class NoRecordError(RecordError):
    """Nothing was ever recorded here."""

    kind = "no_record"


class InUseError(RecordError):
    """Somebody works with what is wanted."""

    kind = "in_use"


class DamagedError(RecordError):
    """What is in the file is not to be saved."""

    kind = "damaged"


@contextmanager
def read_from(path: Path) -> Iterator[None]:
    """Errors of the database at this path become sentences."""
    try:
        yield
    except FileNotFoundError as error:
        raise NoRecordError(
            f"There is no record in {path.parent} yet. It begins with the first request."
        ) from error
    except NewerError as error:
        raise RecordError(f"{path} was written by a newer Tierwise ({error}). Use that version.") from error
    except (sqlite3.Error, peewee.PeeweeException, problems.DamagedError) as raised:
        cause = cause_of(raised)
        if trouble_of(cause) is Trouble.DAMAGED:
            raise DamagedError(f"The record {path} is damaged: {cause}.") from raised
        if getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            raise RecordError("There is no room on the disk for a copy of the record.") from raised
        if getattr(cause, "sqlite_errorcode", None) in _BUSY:
            raise InUseError(f"Another program has {path} open. Let it end, and try again.") from raised
        raise RecordError(f"The record {path} cannot be read now: {cause}.") from raised


def each_read_from(path: Path, values: Iterable[T]) -> Iterator[T]:
    """The same for what is read while it is used."""
    with read_from(path):
        yield from values
