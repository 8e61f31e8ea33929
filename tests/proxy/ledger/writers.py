"""Writers at work on real files, and other processes that get in their way."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from proxy.exchange import Attempt
from proxy.ledger.accounting import Accounting
from proxy.ledger.record import Record, recorded
from proxy.ledger.scribe import Settled
from proxy.ledger.store.database import Database
from proxy.ledger.writer import Writer
from tests.proxy.ledger import made

SECONDS = 30.0
"""What nothing takes that works."""

_HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("begin exclusive")
print("locked", flush=True)
sys.stdin.read()
"""


def writer_on(
    path: Path, on_written: Callable[[Sequence[Settled], int], None] = lambda _batch, _first: None
) -> Writer:
    """One that is not started yet; what it sets aside stands in `copies` beside the file."""
    return Writer(
        Database(path),
        path.parent / "copies",
        made.CONFIG,
        lambda config: Accounting(config, made.catalogue()),
        on_written,
        lambda _scribe, _config: True,
        lambda: made.NOW,
    )


@contextmanager
def writing(path: Path, **others: Any) -> Iterator[Writer]:
    writer = writer_on(path, **others)
    writer.start()
    try:
        yield writer
    finally:
        writer.stop(SECONDS)


def put(writer: Writer, count: int, **overrides: Any) -> list[str]:
    """The ids of as many new exchanges."""
    exchanges = [made.exchange(**overrides) for _ in range(count)]
    for each in exchanges:
        writer.put(recorded(each))
    return [each.id for each in exchanges]


def settle(writer: Writer) -> None:
    """Until all that was put is written, which must work at once."""
    writer.ask(lambda _scribe: None).result(SECONDS)


def look_again(writer: Writer) -> None:
    """A round that began before the last event of the test may still be under way; this waits for its end."""
    writer.ask(lambda _scribe: None).exception(SECONDS)


def settle_in_the_end(writer: Writer) -> None:
    """Until all that was put is written; every question makes it try again."""
    deadline = time.monotonic() + SECONDS
    while (error := writer.ask(lambda _scribe: None).exception(SECONDS)) is not None:
        if time.monotonic() > deadline:
            raise AssertionError(f"it is never written again: {writer.problem}") from error


def trouble(writer: Writer) -> str:
    """What the user is told once it has been tried again, which must fail."""
    error = writer.ask(lambda _scribe: None).exception(SECONDS)
    assert error is not None, "nothing is wrong"
    return writer.problem


def ids_in(path: Path) -> list[int]:
    return [number for (number,) in rows_in(path, "select id from exchanges order by seq")]


def rows_in(path: Path, question: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(question).fetchall()


def assert_sums_fit(path: Path) -> None:
    """What was summed up is what is there: no transaction was done by half."""
    of_rows = rows_in(path, "select count(*), total(cost), total(ended) from exchanges")
    of_sums = rows_in(path, "select total(requests), total(cost), total(duration) from quarters")
    assert of_sums == of_rows
    assert rows_in(path, "select count(*) from tries") == rows_in(path, "select total(tries) from exchanges")
    assert rows_in(path, "pragma quick_check") == [("ok",)]


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another program holds the file."""
    command = [sys.executable, "-c", _HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"locked\n"
        yield
        holder.communicate(timeout=SECONDS)


def a_record(*attempts: Attempt, **overrides: Any) -> Record:
    return recorded(made.exchange(*attempts, **overrides))
