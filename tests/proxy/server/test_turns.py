"""How many requests sessions still have before them, with a record that is asked beside the requests."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from proxy.ledger.ledger import Ledger
from proxy.money.remaining import USUAL, USUAL_STAY
from proxy.server.choosing.turns import Turns
from tests.proxy.ledger.made import CONFIG, NOW, attempt, exchange, filled

HOUR = 3600.0


class Clock:
    at = 0.0

    def __call__(self) -> float:
        return self.at


def record(folder: Path, length: int) -> Ledger:
    """Twenty conversations of so many requests, each of which came down to SIMPLE with its last two."""
    tiers = ["COMPLEX"] * (length - 2) + ["SIMPLE"] * 2
    exchanges = (
        exchange(attempt(tier=tier), session=f"s{talk}", received=NOW - HOUR + second)
        for talk in range(20)
        for second, tier in enumerate(tiers)
    )
    folder.mkdir(exist_ok=True)
    return Ledger(filled(folder / "tierwise.db", exchanges), folder, CONFIG)


@asynccontextmanager
async def turns_of(steady: Clock | None = None) -> AsyncIterator[Turns]:
    turns = Turns(lambda: NOW, steady or Clock())
    try:
        yield turns
    finally:
        await turns.stop()


async def all_looked() -> None:
    async with asyncio.timeout(10):
        await asyncio.gather(*(asyncio.all_tasks() - {asyncio.current_task()}))


async def test_until_the_record_has_answered_the_usual_is_expected(tmp_path: Path) -> None:
    async with turns_of() as turns:
        turns.look_soon(record(tmp_path, 6))
        assert turns.remaining.expected(0) == USUAL
        await all_looked()
        assert turns.remaining.expected(0) == 6
        assert turns.remaining.expected_stay("SIMPLE") == 2


async def test_the_record_is_asked_again_after_ten_minutes(tmp_path: Path) -> None:
    steady = Clock()
    first, then = record(tmp_path / "first", 6), record(tmp_path / "then", 9)
    async with turns_of(steady) as turns:
        turns.look_soon(first)
        await all_looked()
        for at, expected in ((599.0, 6), (600.0, 9)):
            steady.at = at
            turns.look_soon(then)
            await all_looked()
            assert turns.remaining.expected(0) == expected


async def test_what_was_known_stays_known_when_the_record_cannot_be_read(tmp_path: Path) -> None:
    steady = Clock()
    async with turns_of(steady) as turns:
        turns.look_soon(record(tmp_path, 6))
        await all_looked()
        steady.at = 600.0
        turns.look_soon(Ledger(tmp_path / "none.db", tmp_path, CONFIG))
        await all_looked()
        assert turns.remaining.expected(0) == 6


async def test_without_a_record_the_usual_is_expected(tmp_path: Path) -> None:
    async with turns_of() as turns:
        turns.look_soon(Ledger(tmp_path / "none.db", tmp_path, CONFIG))
        await all_looked()
        assert turns.remaining.expected_run(0, "SIMPLE") == USUAL_STAY


async def test_stopping_waits_for_no_answer(tmp_path: Path) -> None:
    async with turns_of() as turns:
        turns.look_soon(record(tmp_path, 6))
        await turns.stop()
        assert turns.remaining.expected(0) == USUAL
