"""The record of a home, opened to be read: whether or not Tierwise runs there."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from app.home import Home
from app.program_name import program_name
from app.record.errors import RecordError, read_from
from proxy.ledger.store.database import Database
from proxy.ledger.store.migrations import STEPS, version_of
from proxy.ledger.store.problems import NewerError


@contextmanager
def reading(home: Home) -> Iterator[sqlite3.Connection]:
    with read_from(home.database), Database(home.database).reading() as connection:
        _check_version(connection, home)
        yield connection


def _check_version(connection: sqlite3.Connection, home: Home) -> None:
    version = version_of(connection)
    if version == 0:  # the list of tokens is in the same file
        raise FileNotFoundError(home.database)
    if version > len(STEPS):
        raise NewerError(version, len(STEPS))
    if version < len(STEPS):
        raise RecordError(
            f"{home.database} is from an older Tierwise. `{program_name()} serve` brings it up to date."
        )
