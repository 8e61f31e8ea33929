"""Asks the record for the pages; one that has not been begun yet is answered for by an empty one."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import TypeVar

from proxy.ledger.ledger import Ledger, LedgerError
from proxy.ledger.store.migrations import STEPS

T = TypeVar("T")


async def ask(ledger: Ledger, question: Callable[[sqlite3.Connection], T]) -> T:
    """LedgerError where there is a record that cannot be read, or none because it cannot be begun."""
    try:
        return await ledger.ask(question)
    except LedgerError as error:
        if not isinstance(error.__cause__, FileNotFoundError):
            raise
        if problem := ledger.condition.problem:
            raise LedgerError(problem) from error
        return await asyncio.to_thread(_of_an_empty_one, question)


def _of_an_empty_one(question: Callable[[sqlite3.Connection], T]) -> T:
    with closing(sqlite3.connect(":memory:")) as connection:
        for step in STEPS:
            connection.executescript(step())
        return question(connection)
