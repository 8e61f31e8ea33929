"""What a gateway remembers over a restart: what was spent is what the record says, and never twice."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest

from proxy.config import Config
from proxy.exchange import Exchange, Origin
from proxy.ledger.ledger import Ledger
from proxy.secret import Secret
from proxy.server import bookkeeping as module
from proxy.server.bookkeeping import Bookkeeping
from proxy.upstream.outward import Outward
from proxy.wire.canonical import UNKNOWN
from tests.fakes.provider import fake_provider, whole
from tests.proxy.configured import configured
from tests.proxy.gateway_fixture import KnownSecrets, Recorded
from tests.proxy.ledger.made import CONFIG, attempt, exchange, failed, filled
from tests.proxy.server.dashboard.stage import dashboard
from tests.proxy.talk import ASKED, GOOD

COST = (20 * 1 + 30_000 * 0.1 + 1_000 * 1.25 + 800 * 5) / 1e6
"""Of one usual exchange, in dollars."""
NOON = 1_779_969_600.0
"""2026-05-28, 12:00 UTC."""


@asynccontextmanager
async def books(
    folder: Path,
    now: Callable[[], float] = lambda: NOON,
    origin: Origin = Origin.CLIENT,
    config: Config = CONFIG,
) -> AsyncIterator[tuple[Bookkeeping, Ledger]]:
    ledger = Ledger(folder / "tierwise.db", folder / "copies", config, now)
    ledger.start()
    kept = Bookkeeping(ledger, Outward(config, KnownSecrets()), Recorded(), origin, now)
    await kept.start()
    try:
        yield kept, ledger
    finally:
        await kept.stop()
        await ledger.stop()


async def settled(ledger: Ledger) -> None:
    """Until everything that was recorded is written and heard of, and the record has been looked at."""
    await asyncio.sleep(0)
    await asyncio.wrap_future(ledger.change(lambda _scribe: None))


def spent(kept: Bookkeeping) -> tuple[float | None, float | None]:
    told = kept.budgets()
    return told["daily"]["spent_usd"], told["monthly"]["spent_usd"]


def times(daily: int, monthly: int) -> Any:
    return pytest.approx((daily * COST, monthly * COST))


def at(days_before: float = 0.0, **more: Any) -> Exchange:
    return exchange(received=NOON - days_before * 86_400, **more)


async def test_spending_goes_on_where_the_record_ends(tmp_path: Path) -> None:
    filled(tmp_path / "tierwise.db", [at(), at(), at(days_before=3), at(days_before=40)])
    async with books(tmp_path) as (kept, ledger):
        await settled(ledger)
        assert spent(kept) == times(2, 3)
        kept.record(at())
        await settled(ledger)
        assert spent(kept) == times(3, 4)


async def test_what_nobody_knows_the_cost_of_is_told_as_unknown_and_stays_so_over_a_restart(
    tmp_path: Path,
) -> None:
    def told(kept: Bookkeeping) -> list[tuple[float | None, float]]:
        both = [kept.budgets()[name] for name in ("daily", "monthly")]
        return [(each["spent_usd"], each["unknown"]) for each in both]

    unpriced = attempt("openai/a-model-without-a-price")
    known = pytest.approx(COST)
    async with books(tmp_path) as (kept, ledger):
        await settled(ledger)
        assert told(kept) == [(0.0, 0), (0.0, 0)]
        kept.record(exchange(unpriced, received=NOON))
        kept.record(at(days_before=1))
        await settled(ledger)
        assert told(kept) == [(None, 1), (known, 1)]
    async with books(tmp_path) as (kept, ledger):
        await settled(ledger)
        assert told(kept) == [(None, 1), (known, 1)]


async def test_what_was_spent_is_unknown_until_the_record_is_read() -> None:
    kept = Bookkeeping(None, Outward(CONFIG, KnownSecrets()), Recorded(), Origin.CLIENT, lambda: NOON)
    assert kept.budgets()["daily"]["spent_usd"] is None


async def test_a_restart_changes_no_sum(tmp_path: Path) -> None:
    sums = []
    for _ in range(3):
        async with books(tmp_path) as (kept, ledger):
            for _ in range(2):
                kept.record(at())
                kept.record(failed(received=NOON))
                kept.record(at(days_before=2))
            await settled(ledger)
            sums.append(spent(kept))
    assert sums == [times(2, 4), times(4, 8), times(6, 12)]


async def test_what_other_attempts_have_cost_is_spent_also_where_the_answer_has_no_price(
    tmp_path: Path,
) -> None:
    """The sum of the record and the one that grows here are the same."""
    paid = attempt("anthropic/claude-haiku-4-5", status=200, outcome="failed")
    unpriced = at()
    unpriced.attempts = [paid, attempt("openai/a-model-without-a-price")]
    unpriced.serving = unpriced.attempts[-1]
    async with books(tmp_path) as (kept, ledger):
        await settled(ledger)
        kept.record(unpriced)
        await settled(ledger)
        grown = spent(kept)
    async with books(tmp_path) as (kept, ledger):
        await settled(ledger)
        restored = spent(kept)
    assert grown == restored == times(1, 1)


@pytest.mark.parametrize("before", [0, 1, 500, 2300])
async def test_what_is_recorded_while_the_record_is_read_counts_once(tmp_path: Path, before: int) -> None:
    filled(tmp_path / "tierwise.db", [at() for _ in range(20)])
    async with books(tmp_path) as (kept, ledger):
        for _ in range(before):
            kept.record(at())
        await asyncio.sleep(0)
        for _ in range(10):
            kept.record(at())
        await settled(ledger)
        await settled(ledger)
        assert spent(kept) == times(30 + before, 30 + before)


async def test_nothing_counts_twice_whenever_it_is_looked_at_again(tmp_path: Path) -> None:
    """As after the record was priced anew, in the midst of traffic."""
    async with books(tmp_path) as (kept, ledger):
        for n in range(200):
            kept.record(at())
            if n % 20 == 0:
                kept._look_again()
                await asyncio.sleep(0)
        await settled(ledger)
        await settled(ledger)
        assert spent(kept) == times(200, 200)


async def test_probes_and_tests_and_subscriptions_are_not_spent(tmp_path: Path) -> None:
    own = attempt(key="client:claude-code")
    subscribed = at(attempts=[own], serving=own, credential=Secret("sk-ant-oat-made-up"))
    async with books(tmp_path) as (kept, ledger):
        kept.record(at(origin=Origin.PROBE))
        kept.record(at(origin=Origin.TEST))
        kept.record(subscribed)
        await settled(ledger)
        assert spent(kept) == (0, 0)


async def test_an_answer_that_nobody_counted_costs_nobody_knows_what(tmp_path: Path) -> None:
    async with books(tmp_path) as (kept, ledger):
        await settled(ledger)
        kept.record(at(attempts=[attempt(usage=UNKNOWN)]))
        await settled(ledger)
        assert spent(kept) == (None, None)


async def test_what_clients_ask_of_a_demo_is_the_demos(tmp_path: Path) -> None:
    async with books(tmp_path, origin=Origin.DEMO) as (kept, ledger):
        kept.record(at())
        await settled(ledger)
        assert spent(kept) == times(1, 1)
        assert kept.counters.total == 1
        with closing(sqlite3.connect(tmp_path / "tierwise.db")) as connection:
            words = "select word from exchanges join words on words.id = origin"
            assert connection.execute(words).fetchall() == [("demo",)]


async def test_a_record_that_cannot_be_opened_yet_is_read_when_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_AGAIN_SECONDS", 0.01)
    path = tmp_path / "tierwise.db"
    path.mkdir()
    async with books(tmp_path) as (kept, ledger):
        with pytest.raises(Exception):  # noqa: B017, PT011 -- whatever it is, it was tried by then
            await settled(ledger)
        assert spent(kept) == (None, None)
        kept.record(at())
        made = tmp_path / "made.db"
        filled(made, [at(), at()])
        path.rmdir()
        made.rename(path)
        async with asyncio.timeout(20):
            while spent(kept) != times(3, 3):  # noqa: ASYNC110 -- nobody is told of it
                await asyncio.sleep(0.01)


async def test_a_damaged_record_takes_nothing_away_from_what_was_spent(tmp_path: Path) -> None:
    """The numbers of the new one begin anew, and its exchanges count all the same."""
    path = tmp_path / "tierwise.db"
    filled(path, [at() for _ in range(5)])
    async with books(tmp_path) as (kept, ledger):
        await settled(ledger)
        path.unlink()
        kept.record(at())
        await settled(ledger)
        kept.record(at())
        await settled(ledger)
        assert spent(kept) == times(7, 7)


async def test_midnight_begins_a_new_day_and_the_first_a_new_month(tmp_path: Path) -> None:
    now = [NOON]
    async with books(tmp_path, lambda: now[0]) as (kept, ledger):
        kept.record(at())
        await settled(ledger)
        now[0] = NOON + 86_400
        assert spent(kept) == times(0, 1)
        now[0] = NOON + 5 * 86_400
        assert spent(kept) == (0, 0)


async def test_a_clock_that_steps_back_over_midnight_loses_nothing(tmp_path: Path) -> None:
    now = [NOON]
    async with books(tmp_path, lambda: now[0]) as (kept, ledger):
        kept.record(at())
        await settled(ledger)
        now[0] = NOON - 86_400
        kept.record(exchange(received=now[0]))
        await settled(ledger)
        assert spent(kept) == times(1, 2)
        now[0] = NOON
        assert spent(kept) == times(1, 2)


async def test_allowances_are_known_again_after_a_restart(tmp_path: Path) -> None:
    reset = str(int(time.time() + 3000))
    told = whole(
        GOOD,
        anthropic_ratelimit_unified_5h_utilization="0.42",
        anthropic_ratelimit_unified_5h_reset=reset,
    )
    async with fake_provider(told) as fake:
        config = configured(
            providers={"p": {"kind": "anthropic-compatible", "base_url": fake.url, "key": "none"}},
            tiers={"COMPLEX": {"services": ["p/m"]}},
        )
        async with dashboard(tmp_path, config) as here:
            await here.ask(ASKED)
            first = await here.page("/api/quota")
        async with dashboard(tmp_path, config) as here:
            await here.written()
            second = await here.page("/api/quota")
    assert first["providers"][0]["windows"]
    assert second["providers"] == first["providers"]


async def test_allowances_that_cannot_be_read_are_left_out_and_nothing_else_is(tmp_path: Path) -> None:
    path = filled(tmp_path / "tierwise.db", [at()])
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("insert into state values ('allowances', ?, 0)", (b"no json {",))
    async with books(tmp_path) as (kept, ledger):
        await settled(ledger)
        assert spent(kept) == times(1, 1)
        kept.record(at())
        await settled(ledger)
        assert spent(kept) == times(2, 2)


async def test_without_a_record_exchanges_are_counted_all_the_same() -> None:
    line = Recorded()
    kept = Bookkeeping(None, Outward(CONFIG, KnownSecrets()), line, Origin.CLIENT)
    await kept.start()
    kept.record(exchange())
    kept.end_streams()
    await kept.stop()
    assert (kept.counters.total, len(line.exchanges), spent(kept)) == (1, 1, (None, None))


async def test_what_is_under_way_counts_as_what_is_usual_until_it_is_over(tmp_path: Path) -> None:
    async with books(tmp_path) as (kept, ledger):
        first, second = at(), at()
        kept.begun(first, first.attempts[0].service)
        assert kept.budgets()["in_flight_usd"] == 0  # nobody knows yet what is usual
        kept.record(first)
        await settled(ledger)
        kept.begun(second, second.attempts[0].service)
        assert kept.budgets()["in_flight_usd"] == pytest.approx(COST)
        await kept._recall(ledger)  # as after prices have changed
        assert kept.budgets()["in_flight_usd"] == pytest.approx(COST)
        kept.record(second)
        assert kept.budgets()["in_flight_usd"] == 0
