"""The versions of the tables, and the steps from each to the next.

The version stands in the file's `user_version`. A step runs in one transaction with the new number, so a file
is always of one version; a copy is made before the first step. A file of a later version is left alone.
"""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from proxy.ledger.store.copies import copy_to, dated
from proxy.ledger.store.problems import NewerError
from proxy.ledger.store.schema import first_version
from proxy.ledger.store.sums import COLUMNS

Step = Callable[[], str]

STEPS: Sequence[Step] = (lambda: first_version(COLUMNS),)
"""Each makes the next version; a step that was released is never changed again."""

_KEPT_COPIES = 3


def version_of(connection: sqlite3.Connection) -> int:
    return int(connection.execute("pragma user_version").fetchone()[0])


def migrate(
    connection: sqlite3.Connection, copies: Path, now: float, steps: Sequence[Step] = STEPS
) -> Path | None:
    """Bring a file up to the last version; the copy that was made before, if any had to be."""
    version = version_of(connection)
    if version > len(steps):
        raise NewerError(version, len(steps))
    if version == len(steps):
        return None
    copy = None
    if version == 0:
        _prepare_empty(connection)
    else:
        copy = copies / dated("tierwise", f"before-version-{len(steps)}", now)
        copy_to(connection, copy)
        _drop_old_copies(copies)
    for number in range(version, len(steps)):
        _take(connection, steps[number](), number)
    return copy


def _take(connection: sqlite3.Connection, script: str, version: int) -> None:
    """Another process may have been faster, so the version is looked at again under the lock."""
    connection.execute("begin immediate")
    try:
        if version_of(connection) == version:
            for statement in _statements(script):
                connection.execute(statement)
            connection.execute(f"pragma user_version = {version + 1}")
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise


def _prepare_empty(connection: sqlite3.Connection) -> None:
    """Room that is given up goes back to the system in pieces; that must be said before there are tables."""
    connection.execute("pragma auto_vacuum = incremental")
    if connection.execute("select count(*) from sqlite_master").fetchone()[0]:
        connection.execute("vacuum")  # the list of tokens may be there already; it is small


def _statements(script: str) -> list[str]:
    """`executescript` would commit first."""
    statements, begun = [], ""
    for line in script.splitlines():
        begun += line + "\n"
        if sqlite3.complete_statement(begun):
            statements.append(begun)
            begun = ""
    return statements


def _drop_old_copies(copies: Path) -> None:
    ours = sorted(copies.glob("tierwise-*.before-version-*.db"))
    for old in ours[:-_KEPT_COPIES]:
        old.unlink(missing_ok=True)


def check_fits(path: Path) -> None:
    """Raises what keeps a file from being this program's record."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        version = version_of(connection)
        if version > len(STEPS):
            raise NewerError(version, len(STEPS))
        connection.execute("select seq from exchanges limit 1")
        result = connection.execute("pragma quick_check(1)").fetchone()[0]
        if result != "ok":
            raise sqlite3.DatabaseError(str(result))
