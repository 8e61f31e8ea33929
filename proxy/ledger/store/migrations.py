"""The versions of the tables, and the steps from each to the next.

The version stands in the file's `user_version`. A step runs in one transaction with the new number, so a file
is always of one version; a copy is made before the first step. A file of a later version is left alone.
"""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from proxy.ledger.store.copies import copy_to, dated
from proxy.ledger.store.problems import DamagedError, NewerError, Trouble, trouble_of
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
        copies.mkdir(mode=0o700, exist_ok=True)
        copy = copies / dated("tierwise", f"before-version-{len(steps)}", now)
        copy_to(connection, copy)
        _drop_old_copies(copies, copy)
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
        if connection.in_transaction:
            connection.execute("rollback")
        raise


def _prepare_empty(connection: sqlite3.Connection) -> None:
    """Room that is given up goes back to the system in pieces. A file with a log has a page already, and

    takes that over only when it is written anew; but for the list of tokens it is empty.
    """
    connection.execute("pragma auto_vacuum = incremental")
    connection.execute("vacuum")


def _statements(script: str) -> list[str]:
    """`executescript` would commit first."""
    statements, begun = [], ""
    for line in script.splitlines():
        begun += line + "\n"
        if sqlite3.complete_statement(begun):
            statements.append(begun)
            begun = ""
    return [*statements, begun] if begun.strip() else statements


def _drop_old_copies(copies: Path, newest: Path) -> None:
    """By the dates in their names, except for the one just made: the clock may have been set back."""
    others = sorted(each for each in copies.glob("tierwise-*.before-version-*.db") if each != newest)
    for old in others[: 1 - _KEPT_COPIES]:
        old.unlink(missing_ok=True)


def check_known(path: Path) -> None:
    """Refuses a file of a later version before anything is written to it, be it only how it is opened."""
    if path.is_file() and path.stat().st_size:
        with _looking(path) as connection:
            check_version(connection)


def check_fits(path: Path) -> None:
    """Raises what keeps a file from being this program's record."""
    with _looking(path) as connection, closing(sqlite3.connect(":memory:")) as fresh:
        check_version(connection)
        for number, step in enumerate(STEPS):
            _take(fresh, step(), number)
        if missing := _columns(fresh) - _columns(connection):
            raise DamagedError("{}.{} is missing".format(*min(missing)))
        result = connection.execute("pragma quick_check(1)").fetchone()[0]
        if result != "ok":
            raise DamagedError(str(result))


def is_sound(path: Path) -> bool:
    try:
        check_fits(path)
    except (sqlite3.Error, DamagedError, NewerError) as error:
        return trouble_of(error) is not Trouble.DAMAGED
    return True


def _looking(path: Path) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True))


def check_version(connection: sqlite3.Connection) -> None:
    """Refuses what a later version has made."""
    version = version_of(connection)
    if version > len(STEPS):
        raise NewerError(version, len(STEPS))


def _columns(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    question = (
        "select m.name, c.name from sqlite_master m, pragma_table_info(m.name) c where m.type = 'table'"
    )
    return set(connection.execute(question))
