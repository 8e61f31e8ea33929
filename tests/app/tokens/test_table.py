"""The hashes in the database, and what becomes of them when it does not work."""

import asyncio
import logging
import sqlite3
from collections.abc import Iterator

import pytest

from app.home import Home
from app.keyring.store import Keyring
from app.tokens.issued import TokenError
from proxy.secret import Secret
from tests.app.keyring.backends import (
    MemoryBackend,
    keyring_on,
    locked,
    no_keyring,
)
from tests.app.tokens.started import started, tokens_on


@pytest.fixture(params=["corrupt", "locked", "a folder"])
def broken_database(request: pytest.FixtureRequest, home: Home) -> Iterator[None]:
    holder = None
    if request.param == "corrupt":
        home.database.write_bytes(b"no database" * 1000)
    elif request.param == "a folder":
        home.database.mkdir()
    else:
        holder = sqlite3.connect(home.database, isolation_level=None)
        holder.execute("create table other (id)")
        holder.execute("begin exclusive")
    yield
    if holder is not None:
        holder.close()


@pytest.mark.usefixtures("broken_database")
@pytest.mark.parametrize("with_keyring", [True, False])
def test_a_broken_database_stops_nothing(
    with_keyring: bool, home: Home, backend: MemoryBackend, caplog: pytest.LogCaptureFixture
) -> None:
    def keyring() -> Keyring:
        return keyring_on(backend) if with_keyring else no_keyring()

    with caplog.at_level(logging.WARNING):
        before = started(home, keyring())
        issued = asyncio.run(before.issue("claude-code@work"))
        after = started(home, keyring())
    asyncio.run(after.stop())

    assert after.client_of(issued.reveal()) == "claude-code@work"
    assert after.is_admin(before.admin.reveal())
    assert after.client_of(before.default_client.reveal()) == "sdk"
    assert "cannot be used for the list of valid tokens" in after.notices()[0]
    assert "tokens are checked from memory" in caplog.text
    with pytest.raises(TokenError, match="Revoke it once more"):
        asyncio.run(after.revoke("claude-code@work"))
    assert after.client_of(issued.reveal()) is None


def test_a_database_that_works_again_gets_what_it_missed_and_gives_what_it_has(
    home: Home, backend: MemoryBackend
) -> None:
    known = asyncio.run(started(home, keyring_on(backend)).issue("codex"))
    home.database.rename(home.root / "away")
    home.database.mkdir()
    tokens = tokens_on(home, keyring_on(locked()))

    async def recover() -> Secret:
        await tokens.start()
        assert tokens.client_of(known.reveal()) is None
        issued = await tokens.issue("claude-code")
        home.database.rmdir()
        (home.root / "away").rename(home.database)
        await tokens.stop()
        return issued

    issued = asyncio.run(recover())

    assert tokens.client_of(known.reveal()) == "codex"
    assert not any("list of valid tokens" in notice for notice in tokens.notices())
    for path in home.run.iterdir():
        path.unlink()
    assert started(home, no_keyring()).client_of(issued.reveal()) == "claude-code"


def test_the_database_holds_hashes_and_leaves_the_rest_of_the_file_alone(
    home: Home, backend: MemoryBackend
) -> None:
    with sqlite3.connect(home.database) as ledger:
        ledger.execute("pragma user_version = 7")
        ledger.execute("create table exchange (id)")
    ledger.close()

    tokens = started(home, keyring_on(backend))

    with sqlite3.connect(home.database) as database:
        tables = {name for (name,) in database.execute("select name from sqlite_schema where type = 'table'")}
        assert tables == {"exchange", "tokens"}
        assert database.execute("pragma user_version").fetchone() == (7,)
        assert database.execute("pragma journal_mode").fetchone() == ("wal",)
        rows = database.execute("select * from tokens").fetchall()
    database.close()
    assert tokens.admin.reveal() not in repr(rows)
    assert {(row[1], row[2]) for row in rows} == {("admin", "admin"), ("sdk", "client")}
