"""Which tokens are valid, remembered as SHA-256 hashes in tierwise.db.

The database file is shared with the ledger: this module keeps to its own table and leaves the
schema version of the file alone. A revoked token keeps its row, so that a copy of it that could not be
removed from a locked keyring never becomes valid again.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal

import peewee

from app.errors import UserError

_BUSY_SECONDS = 1.0  # the ledger writes into the same file, for less than half a second at a time

_CREATE = """
create table if not exists tokens (
    hash text primary key,
    client text not null,
    kind text not null check (kind in ('admin', 'client')),
    created integer not null,
    revoked integer not null default 0
) without rowid
"""
_LOAD = "select hash, client, kind, created, revoked from tokens"
_SAVE = """
insert into tokens (hash, client, kind, created, revoked) values (?, ?, ?, ?, ?)
on conflict (hash) do update set revoked = max(revoked, excluded.revoked)
"""

_Execute = Callable[[str, tuple[object, ...]], Iterable[tuple[str, str, str, int, int]]]


class TokenKind(StrEnum):
    ADMIN = "admin"
    CLIENT = "client"


@dataclass(frozen=True, slots=True)
class TokenRow:
    """One token: whose it is, and since when (milliseconds since 1970)."""

    hash: str
    client: str
    kind: TokenKind
    created: int
    revoked: bool = False


class TokenTableError(UserError):
    """The database cannot be read or written now."""

    kind = "database"


class TokenTable:
    """The rows on disk. Every call opens the file anew, so that any thread may make it."""

    def __init__(self, database: Path) -> None:
        self._path = database

    def load(self) -> list[TokenRow]:
        with self._transaction("deferred") as execute:
            execute(_CREATE, ())
            return [_row(*columns) for columns in execute(_LOAD, ())]

    def save(self, rows: Iterable[TokenRow]) -> None:
        """Add what is new, and mark what is revoked."""
        with self._transaction("immediate") as execute:
            for row in rows:
                execute(_SAVE, (row.hash, row.client, row.kind, row.created, row.revoked))

    @contextmanager
    def _transaction(self, lock: Literal["deferred", "immediate"]) -> Iterator[_Execute]:
        database = peewee.SqliteDatabase(
            str(self._path), pragmas={"journal_mode": "wal"}, timeout=_BUSY_SECONDS
        )
        try:
            with database.connection_context(), database.atomic(lock):
                yield database.execute_sql
        except (peewee.PeeweeException, sqlite3.Error, ValueError) as error:
            raise TokenTableError(
                f"{self._path} cannot be used for the list of valid tokens: {error}."
            ) from error


def _row(digest: str, client: str, kind: str, created: int, revoked: int) -> TokenRow:
    return TokenRow(digest, client, TokenKind(kind), created, revoked != 0)


def hash_of(token: str) -> str:
    # Header values arrive with undecodable bytes as lone surrogates, which plain UTF-8 refuses.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
