"""The pins of the last run are there when the door opens, unless the record keeps it closed for too long."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from proxy.ledger.ledger import Ledger
from tests.proxy.server.choosing_stage import Cast, cast, pool, result_of

TURNS = {"routes": [pool("A/m", "B/m", tactic="round_robin")]}
IN_TURN = {"one": "A/m", "two": "B/m", "three": "A/m"}


@asynccontextmanager
async def ledger_in(folder: Path, players: Cast) -> AsyncIterator[Ledger]:
    ledger = Ledger(folder / "tierwise.db", folder / "copies", players.config(**TURNS), players.now)
    ledger.start()
    try:
        yield ledger
    finally:
        await ledger.stop()


async def last_run(players: Cast, folder: Path) -> None:
    async with ledger_in(folder, players) as ledger, players.running(ledger, **TURNS) as stage:
        assert {name: (await stage.ask(session=name)).served for name in IN_TURN} == IN_TURN


def busy(ledger: Ledger) -> threading.Event:
    """Until it is set, nothing is read from the record and nothing written."""
    is_free = threading.Event()
    ledger.change(lambda _scribe: is_free.wait(10))
    return is_free


async def test_the_door_opens_when_they_are_back(tmp_path: Path) -> None:
    async with cast(A="Hello", B="Hello") as players:
        await last_run(players, tmp_path)
        async with ledger_in(tmp_path, players) as ledger:
            asyncio.get_running_loop().call_later(0.3, busy(ledger).set)
            async with players.running(ledger, **TURNS) as stage:
                for name in ("two", "three", "one"):
                    answer = await stage.ask(result_of("toolu_1"), session=name)
                    assert (answer.served, answer.source) == (IN_TURN[name], "affinity")


async def test_those_that_come_too_late_fill_in_what_was_not_written_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("proxy.server.choosing.keeping._RESTORE_SECONDS", 0.05)
    async with cast(A="Hello", B="Hello") as players:
        await last_run(players, tmp_path)
        async with ledger_in(tmp_path, players) as ledger:
            is_free = busy(ledger)
            async with players.running(ledger, **TURNS) as stage:
                assert (await stage.ask(session="two")).served == "A/m"
                is_free.set()
                async with asyncio.timeout(5):
                    while len(stage.pins()) < len(IN_TURN):  # noqa: ASYNC110 -- nobody tells when they are
                        await asyncio.sleep(0)
                for name, service in {**IN_TURN, "two": "A/m"}.items():
                    answer = await stage.ask(session=name)
                    assert (answer.served, answer.source) == (service, "affinity")


async def test_a_record_that_cannot_be_opened_keeps_no_door_closed(tmp_path: Path) -> None:
    (tmp_path / "tierwise.db").mkdir()
    async with cast(A="Hello", B="Hello") as players, ledger_in(tmp_path, players) as ledger:
        begin = time.monotonic()
        async with players.running(ledger, **TURNS) as stage:
            assert time.monotonic() - begin < 0.9
            assert [(await stage.ask()).served for _ in range(2)] == ["A/m", "A/m"]
