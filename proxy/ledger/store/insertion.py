"""Adds many rows with few statements.

Python gives the interpreter away with every statement, and gets it back when nobody else computes. With a
statement for each row a busy loop would stretch a transaction to seconds, and the file is locked meanwhile.
"""

import sqlite3
from collections.abc import Sequence
from itertools import chain

Row = Sequence[object]


_SIZES = (256, 32, 4, 1)
"""Few different ones, so that every statement is prepared once; the largest stays below 32,766 values."""


def insert(
    connection: sqlite3.Connection,
    table: str,
    columns: Sequence[str],
    rows: Sequence[Row],
    otherwise: str = "",
) -> None:
    """All of the rows; `otherwise` says what is done about one that is there already."""
    place = 0
    for size in _SIZES:
        statement = _statement(table, columns, size, otherwise)
        while len(rows) - place >= size:
            connection.execute(statement, tuple(chain.from_iterable(rows[place : place + size])))
            place += size


def _statement(table: str, columns: Sequence[str], size: int, otherwise: str) -> str:
    marks = f"({', '.join('?' * len(columns))})"
    values = ", ".join([marks] * size)
    return f"insert into {table} ({', '.join(columns)}) values {values} {otherwise}"  # noqa: S608 -- constants
