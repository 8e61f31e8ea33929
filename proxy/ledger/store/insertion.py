"""Adds many rows with few statements.

Python gives the interpreter away with every statement, and gets it back when nobody else computes. With a
statement for each row a busy loop would stretch a transaction to seconds, and the file is locked meanwhile.
"""

import sqlite3
from collections.abc import Sequence
from functools import cache
from itertools import chain

Row = Sequence[object]


_SIZES = (256, 32, 4, 1)
"""Few different ones, so that every statement is prepared once; the largest stays below 32,766 values."""


def insert(
    connection: sqlite3.Connection,
    table: str,
    columns: tuple[str, ...],
    rows: Sequence[Row],
    otherwise: str = "",
) -> None:
    """All of the rows; `otherwise` says what is done about one that is there already."""
    place = 0
    for size in _SIZES:
        while len(rows) - place >= size:
            values = tuple(chain.from_iterable(rows[place : place + size]))
            connection.execute(_statement(table, columns, size, otherwise), values)
            place += size


@cache
def _statement(table: str, columns: tuple[str, ...], size: int, otherwise: str) -> str:
    """Of 30 KB, whose digest SQLite's module keeps its statements by, so it is always the same object."""
    marks = f"({', '.join('?' * len(columns))})"
    values = ", ".join([marks] * size)
    return f"insert into {table} ({', '.join(columns)}) values {values} {otherwise}"  # noqa: S608 -- constants
