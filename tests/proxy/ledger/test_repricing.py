"""History that is priced anew is as if the new prices had always been there."""

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest

from proxy.config import Config
from proxy.exchange import Attempt, Exchange, Origin, Outcome, Purpose
from proxy.ledger.ledger import Ledger
from proxy.ledger.repricing import Progress, Repricing
from proxy.ledger.scribe import Scribe
from proxy.ledger.store.database import Database
from proxy.ledger.store.sums import DIMENSIONS, SUMS
from proxy.money.catalogue import FILE, Catalogue
from proxy.wire.canonical import UNKNOWN, Usage
from resources import resource
from tests.proxy.ledger.made import (
    CONFIG,
    NOW,
    USAGE,
    attempt,
    catalogue,
    config_of,
    exchange,
    failed,
    filled,
    refused,
    writing,
)

OPUS = "anthropic/claude-opus-4-8"
HAIKU = "anthropic/claude-haiku-4-5"
DEAR = config_of(prices={HAIKU: {"input": 10.0, "output": 50.0}}, savings={"reference": OPUS})
UNCOMPARED = config_of()
RENTED = "openai/qwen-rented"
RENTED_PRICED = config_of(prices={RENTED: {"input": 1.0, "output": 2.0}}, savings={"reference": OPUS})
PASSED_ON_PRICED = config_of(
    prices={"ollama/passed-on": {"input": 1.0, "output": 2.0}}, savings={"reference": OPUS}
)

_MONEY = (
    "flags, cost, other_cost, p.word, baseline, baseline_alike, c.word from exchanges "
    "left join words p on p.id = price_source left join words c on c.id = compared_with"
)


TOLD = 19 * 40
"""Exchanges of the story."""


def broken() -> Attempt:
    """By a server here that had passed it on, in the middle of its answer."""
    return attempt("ollama/passed-on", leaves=True, outcome=Outcome.FAILED, status=200, usage=UNKNOWN)


def story() -> Iterator[Exchange]:
    """Some of everything that can happen, over two hours of a few sessions."""
    marked = Usage(
        input=12, cache_read=0, cache_write=40_000, cache_write_1h=10_000, output=900, reasoning=300
    )
    happenings: Sequence[Callable[[], Exchange]] = (
        lambda: exchange(attempt(OPUS, usage=marked)),
        exchange,
        lambda: exchange(refused(), attempt(OPUS)),
        lambda: exchange(refused(usage=Usage(input=500, output=3)), attempt(HAIKU)),
        lambda: exchange(attempt(HAIKU, key="one", outcome=Outcome.CANCELLED), attempt(HAIKU, key="two")),
        lambda: exchange(attempt("ollama/qwen3-coder:30b", usage=Usage(input=31_000, output=700))),
        lambda: exchange(attempt("ollama/qwen3-coder:30b", usage=UNKNOWN)),
        failed,
        lambda: exchange(attempt(RENTED)),
        lambda: exchange(attempt(RENTED, usage=Usage(input=9, output=8, cost_usd=0.123456789))),
        lambda: exchange(attempt(HAIKU, purpose=Purpose.CASCADE), attempt(OPUS), requested_model="auto"),
        lambda: exchange(requested_model="no-such-model", streamed=False, session=None),
        lambda: exchange(requested_model=None, cache_seconds=3600),
        lambda: exchange(
            attempt(usage=Usage(input=9, output=None), outcome=Outcome.CANCELLED), outcome=Outcome.CANCELLED
        ),
        lambda: exchange(attempt("gone/model", usage=USAGE)),
        lambda: exchange(attempt("ollama/passed-on", usage=USAGE, leaves=True)),
        lambda: exchange(broken(), attempt(HAIKU)),
        lambda: exchange(attempt("ollama/gpt-oss:120b-cloud", usage=USAGE)),
        lambda: exchange(origin=Origin.DEMO),
    )
    for number in range(len(happenings) * 40):
        made = happenings[(number * 7 + number // 16) % len(happenings)]()
        made.received = NOW + number * 11.0
        if made.session is not None:
            made.session = f"session-{number % 3}"
        yield made


class Aside:
    """The thread that writes, without the thread: what is to be done is done at once."""

    def __init__(self, scribe: Scribe) -> None:
        self.scribe = scribe

    def change(self, work: Callable[[Scribe], Any]) -> "Future[Any]":
        future: Future[Any] = Future()
        future.set_result(work(self.scribe))
        return future


async def repriced(path: Path, config: Config, prices: Catalogue | None = None) -> Progress | None:
    """Do all of it; what was told at the beginning."""
    with writing(path) as scribe:
        repricing = Repricing(Aside(scribe).change, lambda: prices or catalogue())
        repricing.begin(config)
        told = await repricing.begun()
        await repricing.ended()
    return told


def looked_up(path: Path, question: str) -> list[tuple[Any, ...]]:
    with Database(path).reading() as connection:
        return connection.execute(question).fetchall()


def money(path: Path) -> list[tuple[Any, ...]]:
    return looked_up(path, f"select seq, {_MONEY} order by seq")


def spent_on_tries(path: Path) -> list[tuple[Any, ...]]:
    return looked_up(path, "select seq, place, cost from tries order by seq, place")


def summed(path: Path) -> list[tuple[Any, ...]]:
    """By the words of what they are summed by, which have other numbers in another file."""
    names = ", ".join(f"(select word from words where id = {name})" for name in DIMENSIONS)
    return looked_up(
        path, f"select quarter, {names}, {', '.join(SUMS)} from quarters order by 1, 2, 3, 4, 5, 6"
    )


async def test_under_an_unchanged_configuration_nothing_changes(tmp_path: Path) -> None:
    path = filled(tmp_path / "tierwise.db", story())
    before = money(path), spent_on_tries(path), summed(path)
    told = await repriced(path, CONFIG)
    assert told is not None
    assert told.total == TOLD
    assert (money(path), spent_on_tries(path), summed(path)) == before


@pytest.mark.parametrize(
    "later",
    [DEAR, UNCOMPARED, RENTED_PRICED, PASSED_ON_PRICED],
    ids=["dear", "uncompared", "rented", "passed on"],
)
async def test_history_is_as_if_the_new_prices_had_always_been_there(tmp_path: Path, later: Config) -> None:
    path = filled(tmp_path / "tierwise.db", story())
    (tmp_path / "other").mkdir()
    other = filled(tmp_path / "other" / "tierwise.db", story(), later)
    assert money(path) != money(other)
    await repriced(path, later)
    assert money(path) == money(other)
    assert spent_on_tries(path) == spent_on_tries(other)
    assert summed(path) == summed(other)
    await repriced(path, CONFIG)
    assert money(path) == money(filled(tmp_path / "again.db", story()))


async def test_a_price_that_was_missing_prices_what_went_before(tmp_path: Path) -> None:
    usage = Usage(input=2_000_000, output=1_000_000)
    path = filled(tmp_path / "tierwise.db", [exchange(attempt(RENTED, usage=usage), requested_model="auto")])
    assert looked_up(path, "select sum(unpriced), sum(cost), sum(compared) from quarters") == [(1, 0, 0)]
    await repriced(path, RENTED_PRICED)
    assert looked_up(
        path,
        "select cost, price from (select cost, p.word price from exchanges "
        "join words p on p.id = price_source)",
    ) == [(4_000_000_000, "user")]
    assert looked_up(path, "select sum(unpriced), sum(cost), sum(compared) from quarters") == [
        (0, 4_000_000_000, 1)
    ]


async def test_quarters_whose_rows_are_partly_gone_keep_what_those_were(tmp_path: Path) -> None:
    """Two exchanges of one quarter, of which the older one was deleted for its age."""
    path = filled(tmp_path / "tierwise.db", [exchange(), exchange(session="session-2")])
    ((both,),) = looked_up(path, "select sum(cost) from quarters")
    with writing(path) as scribe:
        scribe.connection.execute("delete from exchanges where seq = 1")
        scribe.connection.execute("delete from tries where seq = 1")
    await repriced(path, DEAR)
    ((anew,),) = looked_up(path, "select cost from exchanges")
    ((requests, cost),) = looked_up(path, "select sum(requests), sum(cost) from quarters")
    assert anew != both // 2
    assert (requests, cost) == (2, both // 2 + anew)


async def test_what_is_no_longer_configured_has_kept_its_price(tmp_path: Path) -> None:
    exchanges = [
        exchange(attempt(HAIKU)),
        exchange(refused("openai/gpt-5", usage=Usage(input=1_000, output=0)), attempt(HAIKU)),
        exchange(attempt("ollama/qwen3"), session="session-2"),
        exchange(attempt("openai/no-price"), session="session-3"),
        exchange(attempt(HAIKU), requested_model="openai/gpt-5", session="session-4"),
        exchange(attempt(HAIKU), requested_model=RENTED, session="session-5"),
    ]
    path = filled(tmp_path / "tierwise.db", exchanges, RENTED_PRICED)
    before = money(path), spent_on_tries(path), summed(path)
    only = Config(
        providers={"anthropic": CONFIG.providers["anthropic"]},
        savings=RENTED_PRICED.savings,
        prices=RENTED_PRICED.prices,
    )
    await repriced(path, only)
    assert (money(path), spent_on_tries(path), summed(path)) == before


async def test_prices_that_hold_already_are_not_looked_at_again(tmp_path: Path) -> None:
    path = filled(tmp_path / "tierwise.db", story())
    assert await repriced(path, DEAR) == Progress(0, TOLD)
    assert await repriced(path, DEAR) is None
    assert await repriced(path, CONFIG) == Progress(0, TOLD)


async def test_newer_prices_that_come_with_the_program_price_history_anew(tmp_path: Path) -> None:
    path = filled(tmp_path / "tierwise.db", [exchange()])
    await repriced(path, CONFIG)
    data = resource(FILE).read_bytes().replace(catalogue().date.encode(), b"2099-01-01", 1)
    assert await repriced(path, CONFIG, Catalogue(data)) == Progress(0, 1)


async def test_an_empty_record_has_nothing_to_price(tmp_path: Path) -> None:
    assert await repriced(filled(tmp_path / "tierwise.db", []), CONFIG) is None


async def test_a_run_that_did_not_end_is_done_by_the_next_start(tmp_path: Path) -> None:
    path = filled(tmp_path / "tierwise.db", story())
    await repriced(path, CONFIG)
    with writing(path) as scribe:
        aside, steps = Aside(scribe), 0

        def change(work: Callable[[Scribe], Any]) -> "Future[Any]":
            nonlocal steps
            steps += 1
            if steps > 2:
                raise RuntimeError("the ledger has ended")
            return aside.change(work)

        cut = Repricing(change, catalogue)
        cut.begin(DEAR)
        await cut.ended()
    half = looked_up(path, "select sum(cost), (select sum(cost) from quarters) from exchanges")
    assert half[0][0] == half[0][1]
    assert await repriced(path, CONFIG) == Progress(0, TOLD)
    assert money(path) == money(filled(tmp_path / "other.db", story()))


async def test_trouble_with_the_file_is_got_over(tmp_path: Path) -> None:
    path = filled(tmp_path / "tierwise.db", story())
    with writing(path) as scribe:
        aside, calls = Aside(scribe), 0

        def change(work: Callable[[Scribe], Any]) -> "Future[Any]":
            nonlocal calls
            calls += 1
            if calls == 3:
                future: Future[Any] = Future()
                future.set_exception(sqlite3.OperationalError("database is locked"))
                return future
            return aside.change(work)

        repricing = Repricing(change, catalogue, again_seconds=0.0)
        repricing.begin(DEAR)
        await repricing.ended()
    assert money(path) == money(filled(tmp_path / "other.db", story(), DEAR))


async def test_the_sums_stay_true_while_it_goes_on(tmp_path: Path) -> None:
    path = filled(tmp_path / "tierwise.db", story())
    sums_along: list[tuple[int, int]] = []
    with writing(path) as scribe:
        aside = Aside(scribe)

        def change(work: Callable[[Scribe], Any]) -> "Future[Any]":
            done = aside.change(work)
            asked = "select sum(cost), (select sum(cost) from quarters) from exchanges"
            sums_along.append(scribe.connection.execute(asked).fetchone())
            return done

        repricing = Repricing(change, catalogue)
        repricing.begin(DEAR)
        await repricing.ended()
    assert all(rows == quarters for rows, quarters in sums_along)
    assert len({rows for rows, _ in sums_along}) > 3


# -- in a ledger that is in use ----------------------------------------------------------------------


@asynccontextmanager
async def in_use(path: Path, config: Config) -> AsyncIterator[Ledger]:
    ledger = Ledger(path, path.parent, config)
    ledger.start()
    try:
        yield ledger
    finally:
        await ledger.stop()


async def test_records_are_written_between_two_chunks(tmp_path: Path) -> None:
    path = filled(tmp_path / "tierwise.db", story())
    ends: list[int] = []
    progress: list[int] = []
    async with in_use(path, CONFIG) as ledger:
        repricing = Repricing(ledger.change, lambda: ledger.catalogue, lambda: ends.append(1))
        written: list[int] = []

        def change(work: Callable[[Scribe], Any]) -> "Future[Any]":
            ledger.record(exchange(session=f"new-{len(written)}"))
            written.append(ledger.condition.written)
            progress.append(0 if repricing.progress is None else repricing.progress.done)
            return ledger.change(work)

        repricing = Repricing(change, lambda: ledger.catalogue, lambda: ends.append(1))
        ledger.reconfigured(DEAR)
        repricing.begin(DEAR)
        await repricing.ended()
        await ledger.settled()
        assert ends == [1]
        assert repricing.progress is None
        assert all(before < after for before, after in pairwise(written))
        assert progress[1:] == sorted(progress[1:])
        asked = "select count(*), sum(cost), (select sum(cost) from quarters) from exchanges"
        count, rows, quarters = await ledger.ask(lambda connection: connection.execute(asked).fetchone())
    assert count == TOLD + len(written)
    assert rows == quarters


async def test_the_last_of_several_changes_holds(tmp_path: Path) -> None:
    path = filled(tmp_path / "tierwise.db", story())
    async with in_use(path, CONFIG) as ledger:
        repricing = Repricing(ledger.change, lambda: ledger.catalogue)
        for config in (CONFIG, DEAR, UNCOMPARED, CONFIG, DEAR):
            repricing.begin(config)
        await repricing.begun()
        for config in (UNCOMPARED, DEAR):
            repricing.begin(config)
            assert await repricing.begun() == Progress(0, TOLD)
        repricing.begin(msgspec.structs.replace(DEAR, version=1))
        assert repricing.progress is not None, "what is being done for these prices goes on"
        await repricing.ended()
    assert money(path) == money(filled(tmp_path / "other.db", story(), DEAR))


async def test_a_stop_in_the_middle_leaves_the_writer_well(tmp_path: Path) -> None:
    path = filled(tmp_path / "tierwise.db", story())
    async with in_use(path, CONFIG) as ledger:
        repricing = Repricing(ledger.change, lambda: ledger.catalogue)
        repricing.begin(DEAR)
        await repricing.begun()
        await repricing.stop()
        ledger.record(exchange())
        await ledger.settled()
        assert ledger.condition.ok
        assert ledger.condition.written == 1
    assert await repriced(path, CONFIG) == Progress(0, TOLD + 1)
