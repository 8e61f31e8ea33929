"""How large the record is and what it holds, and what a shorter memory would take from it.

All of it blocks, and raises a RecordError where the record cannot be read.
"""

import time
from pathlib import Path

import msgspec

from app.record.contents import looking_at
from app.record.errors import read_from
from proxy.ledger.store.copies import BESIDE
from proxy.ledger.store.migrations import version_of

_DAY_MS = 24 * 60 * 60 * 1000


class RecordFacts(msgspec.Struct, frozen=True):
    """Of one database."""

    size: int = 0
    """In bytes, with what stands beside the file."""
    exchanges: int = 0
    oldest: int | None = None
    """Milliseconds since 1970."""
    said: int = 0
    """Exchanges whose prompts and answers are kept."""


def record_facts(database: Path) -> RecordFacts:
    """All zero where there is no record yet."""
    if not database.exists():
        return RecordFacts()
    with read_from(database), looking_at(database) as connection:
        if not version_of(connection):
            return RecordFacts(size=_size(database))
        exchanges, oldest = connection.execute("select count(*), min(received) from exchanges").fetchone()
        (said,) = connection.execute("select count(*) from bodies").fetchone()
        return RecordFacts(_size(database), exchanges, oldest, said)


def older_than(database: Path, days: int, now: float | None = None) -> int:
    """About how many exchanges go when only so many days are kept."""
    before = int((time.time() if now is None else now) * 1000) - days * _DAY_MS
    return _counted(database, "select count(*) from exchanges where received < ?", before)


def said_before(database: Path, days: int, now: float | None = None) -> int:
    """About how many kept prompts and answers go when they are kept for so many days."""
    before = int((time.time() if now is None else now) * 1000) - days * _DAY_MS
    return _counted(database, "select count(*) from bodies where kept < ?", before)


def _counted(database: Path, question: str, before: int) -> int:
    if not database.exists():
        return 0
    with read_from(database), looking_at(database) as connection:
        if not version_of(connection):
            return 0
        number: int = connection.execute(question, (before,)).fetchone()[0]
        return number


def _size(database: Path) -> int:
    files = (database, *(Path(f"{database}{suffix}") for suffix in BESIDE))
    return sum(file.stat().st_size for file in files if file.exists())
