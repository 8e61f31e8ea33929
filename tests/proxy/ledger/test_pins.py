"""Pins in a real record: what a restart, a kill, a locked file and rows that others wrote do to them."""

import asyncio
import logging
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any, cast

import pytest

from proxy.ledger.ledger import Ledger
from proxy.ledger.pins import KeptPins
from proxy.routing.affinity.affinity import Affinity
from proxy.routing.affinity.threads import Thread
from proxy.routing.affinity.write_behind import NotKeptError, WriteBehind
from tests.guard import REPOSITORY
from tests.proxy.ledger.made import CONFIG
from tests.proxy.ledger.writers import SECONDS, locked, rows_in
from tests.proxy.routing.affinity.made import HAIKU, MOST, OPUS, THREAD, pin

OTHER = Thread("main", "codex", "session-2")

_DOOMED = """
import asyncio, sys, time
from pathlib import Path
from tests.proxy.ledger import test_pins as here

async def main():
    async with here.recording(Path(sys.argv[1])) as ledger:
        affinity, now = here.Affinity(), time.time()
        behind = here.WriteBehind(affinity, here.KeptPins(ledger))
        affinity.put(here.THREAD, "", here.pin(at=now), now, here.MOST)
        await behind.flush(now)
        affinity.put(here.OTHER, "", here.pin(at=now), now, here.MOST)
        print("written", flush=True)
        sys.stdin.read()

asyncio.run(main())
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tierwise.db"


@asynccontextmanager
async def recording(path: Path) -> AsyncIterator[Ledger]:
    ledger = Ledger(path, path.parent / "copies", CONFIG)
    ledger.start()
    try:
        yield ledger
    finally:
        await ledger.stop()


async def restored(path: Path) -> Affinity:
    """What the next run remembers."""
    affinity = Affinity()
    async with recording(path) as ledger:
        behind = WriteBehind(affinity, KeptPins(ledger))
        await behind.restore(time.time())
        await behind.flush(time.time())
    return affinity


async def kept(path: Path, *threads: Thread) -> Affinity:
    """A run that comes to a good end; what it knew then."""
    affinity, now = Affinity(), time.time()
    async with recording(path) as ledger:
        for thread in threads:
            affinity.put(thread, "", pin(at=now), now, MOST)
        await WriteBehind(affinity, KeptPins(ledger)).flush(now)
    return affinity


def written(path: Path, statement: str, *values: Any) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement, values)


async def test_a_restart_forgets_no_pin(path: Path) -> None:
    before, now = Affinity(), time.time()
    async with recording(path) as ledger:
        behind = WriteBehind(before, KeptPins(ledger))
        await behind.restore(now)
        before.put(THREAD, "", pin(HAIKU, now), now, MOST)
        before.put(THREAD, "Ünïcode 🎂", pin(OPUS, now, tier="COMPLEX", score=61.5), now, MOST)
        before.put(OTHER, "", pin(at=now), now, MOST)
        await behind.flush(now)
        before.drop(OTHER, "")
        before.note_answer(THREAD, "", "msg_1", awaits_result=True, prefix=7, warm_until=now + 300)
        await behind.flush(now)

    after = await restored(path)
    assert after.remembered(THREAD) == before.remembered(THREAD) is not None
    assert after.remembered(OTHER) is None
    assert rows_in(path, "select key from pins") == [(THREAD.key.hex(),)]


def test_a_kill_costs_what_was_not_flushed_yet(path: Path) -> None:
    command = [sys.executable, "-c", _DOOMED, str(path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY
    ) as doomed:
        assert doomed.stdout is not None
        assert doomed.stdout.readline() == "written\n"
        doomed.kill()
        assert doomed.wait(SECONDS) != 0
    after = asyncio.run(restored(path))
    assert after.remembered(THREAD) is not None
    assert after.remembered(OTHER) is None


async def test_rows_that_cannot_be_read_go_and_are_not_missed(path: Path) -> None:
    await kept(path, THREAD)
    ahead = int(time.time() + 3600) * 1000
    into = "insert into pins (key, value, written, expires) values (?, ?, 0, ?)"
    for key, value in {"ab" * 16: b"\xc1", "cd" * 16: b"", "ef": b"\x80", "no number": b"\x80"}.items():
        written(path, into, key, value, ahead)
    written(path, into, "01" * 16, "a text", ahead)

    after = await restored(path)
    assert after.remembered(THREAD) is not None
    assert len(after) == 1
    left = {key for (key,) in rows_in(path, "select key from pins")}
    assert left == {THREAD.key.hex(), "no number"}, "what no pin can be called is left to age"


async def test_pins_past_all_use_are_not_brought_back(path: Path) -> None:
    affinity, then = Affinity(), time.time() - 30 * 24 * 3600
    async with recording(path) as ledger:
        affinity.put(THREAD, "", pin(at=then), then, MOST)
        await WriteBehind(affinity, KeptPins(ledger)).flush(then)
    assert len(await restored(path)) == 0
    assert rows_in(path, "select key from pins") == []


async def test_while_the_file_is_locked_pins_wait_and_are_then_kept(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    affinity, now = await kept(path, THREAD), time.time()
    async with recording(path) as ledger:
        behind = WriteBehind(affinity, KeptPins(ledger))
        await behind.restore(now)
        affinity.put(OTHER, "", pin(at=now), now, MOST)
        with locked(path), caplog.at_level(logging.WARNING, "tierwise.affinity"):
            await behind.flush(now)
        assert "Another program holds the record" in caplog.text
        assert affinity.changed == 1
        await behind.flush(now)
        assert affinity.changed == 0
    assert (await restored(path)).remembered(OTHER) is not None


async def test_after_the_end_of_the_record_nothing_is_kept_and_nothing_breaks(path: Path) -> None:
    async with recording(path) as ledger:
        store = KeptPins(ledger)
        await store.save({})
    with pytest.raises(NotKeptError):
        await store.load()


async def test_one_that_cannot_be_written_keeps_all_others_from_it(path: Path) -> None:
    async with recording(path) as ledger:
        store, nothing, ahead = KeptPins(ledger), cast("bytes", None), int(time.time() + 3600) * 1000
        await store.save({b"a" * 16: (b"old", ahead)})
        with pytest.raises(NotKeptError):
            await store.save({b"a" * 16: (b"new", ahead), b"b" * 16: (nothing, ahead)})
        assert rows_in(path, "select key, value from pins") == [((b"a" * 16).hex(), b"old")]
