"""What a record holds, in a few numbers, so that people recognise it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from proxy.ledger.store.migrations import check_fits, version_of
from proxy.ledger.store.problems import DamagedError

_STEP = 1024


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """Of one database. `schema` is the version of its tables; 0 where only the tokens are in it yet."""

    schema: int = 0
    exchanges: int = 0
    first: str | None = None
    last: str | None = None


@contextmanager
def looking_at(path: Path) -> Iterator[sqlite3.Connection]:
    """Of any version. Nothing is changed, but that what stands beside the file may be taken over into it."""
    address = f"{path.absolute().as_uri()}?mode=rw"
    with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as connection:
        connection.execute("pragma query_only = 1")
        yield connection


def contents_of(path: Path) -> Contents:
    """It lets the errors of the database through, as does the next one."""
    with looking_at(path) as connection:
        schema = version_of(connection)
        if not schema:
            return Contents()
        exchanges, first, last = connection.execute(
            "select count(*), min(received), max(received) from exchanges"
        ).fetchone()
        return Contents(schema=schema, exchanges=exchanges, first=_date(first), last=_date(last))


def check_whole(path: Path) -> None:
    """Raises what keeps this program from going on with the file."""
    with looking_at(path) as connection:
        schema = version_of(connection)
        found = connection.execute("pragma quick_check(1)").fetchone()[0]
    if found != "ok":
        raise DamagedError(found.splitlines()[-1])
    if schema:
        check_fits(path)


def told(contents: Contents) -> str:
    if not contents.exchanges:
        return "no exchanges"
    plural = "s" if contents.exchanges > 1 else ""
    return f"{contents.exchanges:,} exchange{plural} from {contents.first} to {contents.last}"


def size_told(size: int) -> str:
    kilobytes = size / _STEP
    return f"{kilobytes:,.0f} KB" if kilobytes < _STEP else f"{kilobytes / _STEP:,.1f} MB"


def _date(milliseconds: int | None) -> str | None:
    if milliseconds is None:
        return None
    moment = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=milliseconds)
    return moment.astimezone().date().isoformat()
