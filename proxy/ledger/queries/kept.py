"""Small things that others keep in the record over a restart, by name."""

import sqlite3

KEEP = (
    "insert into state (name, value, written) values (?, ?, ?) "
    "on conflict (name) do update set value = excluded.value, written = excluded.written"
)


def recalled(connection: sqlite3.Connection, name: str) -> bytes | None:
    found = connection.execute("select value from state where name = ?", (name,)).fetchone()
    return None if found is None else bytes(found[0])
