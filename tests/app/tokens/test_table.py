"""The hashes in the database, and what becomes of them when it does not work."""

import asyncio
import logging
import sqlite3
import threading
from collections.abc import Iterable, Iterator

import pytest

from app.home import Home
from app.keyring.entries import SERVICE
from app.keyring.store import Keyring
from app.tokens.issued import TokenError
from app.tokens.table import TokenRow, TokenTable
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
    with pytest.raises(TokenError, match="revoke the token once more"):
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


async def test_what_a_busy_database_does_not_take_is_written_later(
    home: Home, backend: MemoryBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: asyncio.Queue[tuple[float, asyncio.Event]] = asyncio.Queue()

    async def pause(seconds: float) -> None:
        over = asyncio.Event()
        await pauses.put((seconds, over))
        await over.wait()

    def save(table: TokenTable, rows: Iterable[TokenRow]) -> None:
        really_save(table, rows)
        saved.set()

    really_save, saved = TokenTable.save, threading.Event()
    tokens = tokens_on(home, keyring_on(backend), pause=pause)
    await tokens.start()
    busy = sqlite3.connect(home.database, isolation_level=None)
    busy.execute("begin immediate")
    await tokens.issue("claude-code")
    assert "list of valid tokens" in tokens.notices()[0]

    asked = []
    for _ in range(3):
        seconds, over = await pauses.get()
        asked.append(seconds)
        over.set()
    seconds, over = await pauses.get()
    busy.close()
    monkeypatch.setattr(TokenTable, "save", save)
    over.set()
    await asyncio.to_thread(saved.wait)

    assert asked == [1.0, 2.0, 4.0]
    assert "claude-code" in {row.client for row in TokenTable(home.database).load()}
    await tokens.stop()
    assert tokens.notices() == []
    assert pauses.empty()
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_stopping_ends_the_attempts_to_write(home: Home, backend: MemoryBackend) -> None:
    home.database.mkdir()
    tokens = tokens_on(home, keyring_on(backend))
    await tokens.start()

    await tokens.stop()

    assert asyncio.all_tasks() == {asyncio.current_task()}


def test_a_token_that_was_given_away_but_never_written_is_found_again(
    home: Home, backend: MemoryBackend
) -> None:
    tokens = started(home, keyring_on(backend))
    issued = asyncio.run(tokens.issue("claude-code"))
    revoked = asyncio.run(tokens.issue("codex"))
    asyncio.run(tokens.revoke("codex"))
    backend.values[SERVICE, f"home-{home.mark}/token/codex"] = revoked.reveal()
    with sqlite3.connect(home.database) as database:
        database.execute("delete from tokens where client = 'claude-code'")
    database.close()

    again = started(home, keyring_on(backend))

    assert again.client_of(issued.reveal()) == "claude-code"
    assert again.client_of(revoked.reveal()) is None
    assert "claude-code" in {row.client for row in TokenTable(home.database).load()}


def test_a_token_revoked_while_the_database_is_away_stays_revoked_when_it_is_back(
    home: Home, backend: MemoryBackend
) -> None:
    token = asyncio.run(started(home, keyring_on(backend)).issue("codex"))
    home.database.rename(home.root / "away")
    home.database.mkdir()
    tokens = started(home, keyring_on(locked()))

    with pytest.raises(TokenError, match="could not be written down"):
        asyncio.run(tokens.revoke("codex"))
    home.database.rmdir()
    (home.root / "away").rename(home.database)
    asyncio.run(tokens.stop())

    for each in (tokens, started(home, keyring_on(backend))):
        assert each.client_of(token.reveal()) is None


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
