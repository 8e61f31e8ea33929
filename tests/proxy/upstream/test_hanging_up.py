"""A client that hangs up: whoever works for it is told at once, wherever the request has come to."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import chain, repeat

import pytest
from aiohttp import web

from proxy.exchange import Exchange, Outcome
from proxy.wire.format import Format
from tests.fakes import faults
from tests.fakes.fault import Fault
from tests.fakes.script import Script, Turn
from tests.fakes.server import FakeLlm
from tests.fakes.serving import Serving
from tests.proxy.matrix.columns import COLUMNS, Column
from tests.proxy.upstream.hearing import Told
from tests.proxy.upstream.stage import BEFORE_WORDS, Stage, staged

SOON = 1.0
"""Seconds; usually it is a few thousandths, but machines that run tests are busy."""
WELL = Turn("All is well here.")
LONG = Turn("This goes on and on. " * 2_000)

every_column = pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.format.value)
whole_and_streamed = pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])


def _column(spoken: Format) -> Column:
    return next(column for column in COLUMNS if column.format is spoken)


@asynccontextmanager
async def asking(stage: Stage, *, streamed: bool) -> AsyncIterator[asyncio.Task[Told]]:
    """A client that waits for its answer; it hangs up at the end of the scope."""
    task = asyncio.create_task(stage.ask(Format.ANTHROPIC, streamed=streamed))
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _arrived(fake: FakeLlm) -> None:
    async with asyncio.timeout(5):
        await fake.arrived.wait()


async def _noticed(fake: FakeLlm) -> None:
    began = time.perf_counter()
    async with asyncio.timeout(SOON):
        await fake.hung_up.wait()
    print(f"noticed after {(time.perf_counter() - began) * 1000:.1f} ms")  # noqa: T201 -- seen with -s


async def _cancelled(stage: Stage) -> Exchange:
    exchange = await stage.ended.next()
    assert exchange.outcome is Outcome.CANCELLED
    assert exchange.failure is None
    assert exchange.closed is not None
    return exchange


@every_column
@whole_and_streamed
async def test_while_it_waits_for_the_first_byte(column: Column, streamed: bool) -> None:
    async with staged(column, faults.hang_before_headers(), WELL) as stage:
        async with asking(stage, streamed=streamed):
            await _arrived(stage.fakes[0])
        await _noticed(stage.fakes[0])
        exchange = await _cancelled(stage)
        assert [attempt.outcome for attempt in exchange.attempts] == [Outcome.CANCELLED]
        assert (exchange.attempts[0].status, exchange.status) == (None, None)
        assert stage.asked == [1, 0]


@every_column
@pytest.mark.parametrize("spoken", [Format.ANTHROPIC, Format.OPENAI_CHAT])
async def test_in_the_middle_of_a_stream(column: Column, spoken: Format) -> None:
    fault = faults.hang_mid_stream(BEFORE_WORDS.get(column.format, 0) + 2)
    async with staged(column, fault, WELL) as stage:
        answer = await stage.post(spoken, streamed=True)
        await answer.content.readany()
        answer.close()
        await _noticed(stage.fakes[0])
        exchange = await _cancelled(stage)
        assert exchange.status == 200
        [attempt] = exchange.attempts
        assert (attempt.outcome, attempt.status) == (Outcome.CANCELLED, 200)
        # The others tell what they charge at the very end.
        assert attempt.usage.input == (10 if column.format is Format.ANTHROPIC else None)
        assert stage.asked == [1, 0]


def _without_end(stuck: asyncio.Event) -> Fault:
    """Sends as fast as it is read; the event is set when it is read no longer."""

    async def happen(serving: Serving) -> web.StreamResponse:
        pieces = serving.pieces(LONG)
        words = BEFORE_WORDS[serving.speech.format]
        response = await serving.begun()
        for piece in chain(pieces[:words], repeat(pieces[words])):
            writing = asyncio.ensure_future(response.write(piece))
            try:
                if not (await asyncio.wait([writing], timeout=0.2))[0]:
                    stuck.set()
                await writing
            finally:
                writing.cancel()
        raise AssertionError("unreachable")

    return Fault("has no end", happen)


@pytest.mark.parametrize("spoken", [Format.ANTHROPIC, Format.OPENAI_CHAT])
async def test_when_it_has_long_stopped_to_read(spoken: Format) -> None:
    """The gateway is then waiting for the client, not for the provider."""
    stuck = asyncio.Event()
    async with staged(_column(spoken), _without_end(stuck)) as stage:
        answer = await stage.post(Format.ANTHROPIC, streamed=True)
        async with asyncio.timeout(20):
            await stuck.wait()
        answer.close()
        await _noticed(stage.fakes[0])
        assert (await _cancelled(stage)).attempts[0].outcome is Outcome.CANCELLED


@whole_and_streamed
@every_column
async def test_while_a_second_service_is_asked(column: Column, streamed: bool) -> None:
    scripts = (faults.server_error(), faults.hang_before_headers(), WELL)
    async with staged(column, *scripts) as stage:
        async with asking(stage, streamed=streamed):
            await _arrived(stage.fakes[1])
        await _noticed(stage.fakes[1])
        exchange = await _cancelled(stage)
        assert [attempt.outcome for attempt in exchange.attempts] == [Outcome.FAILED, Outcome.CANCELLED]
        assert stage.asked == [1, 1, 0]


async def test_while_it_waits_for_a_seat() -> None:
    """It never sat down, so the seat goes to whoever is next, and nobody was asked in vain."""
    gate = asyncio.Event()
    script = Script([faults.drip(gate, Turn("One."), before=4), WELL])
    column = _column(Format.ANTHROPIC)
    async with staged(column, script, of_first={"max_concurrency": 1}) as stage:
        first = await stage.post(Format.ANTHROPIC, streamed=True)
        async with asking(stage, streamed=False) as second:
            await _open_requests(stage, 2)
            async with asking(stage, streamed=False) as third:
                await _open_requests(stage, 3)
                second.cancel()
                exchange = await _cancelled(stage)
                assert [attempt.outcome for attempt in exchange.attempts] == [Outcome.CANCELLED]
                assert exchange.attempts[0].status is None
                assert stage.asked == [1]
                first.close()
                assert (await third).text == WELL.text
        assert stage.asked == [2]


async def _open_requests(stage: Stage, count: int) -> None:
    async with asyncio.timeout(5):
        while True:
            async with stage.running.http.get(stage.running.url + "/api/health") as answer:
                if (await answer.json())["open_requests"] == count:
                    return


async def test_a_try_whether_a_service_has_recovered_is_given_back() -> None:
    """Otherwise nobody would ever try again."""
    recovering = Script([faults.server_error(), faults.hang_before_headers(), Turn("I am back.")])
    column = _column(Format.ANTHROPIC)
    health = {"failures": 1, "open_seconds": 1}
    async with staged(column, recovering, WELL, health=health) as stage:
        sick, well = stage.fakes
        assert (await stage.ask(Format.ANTHROPIC, streamed=False)).text == WELL.text
        assert stage.asked == [1, 1]
        async with asyncio.timeout(10):
            while await _is_answered(stage, sick):
                pass
        await _noticed(sick)
        assert len(sick.asked) == 2
        answer = await stage.ask(Format.ANTHROPIC, streamed=False)
        assert (answer.text, len(sick.asked)) == ("I am back.", 3)
        assert len(well.asked) > 1


async def _is_answered(stage: Stage, sick: FakeLlm) -> bool:
    """By the other one; False once the sick one is tried again, at which the client hangs up."""
    sick.arrived.clear()
    async with asking(stage, streamed=False) as answer:
        tried = asyncio.create_task(sick.arrived.wait())
        await asyncio.wait([answer, tried], return_when=asyncio.FIRST_COMPLETED)
        is_tried = tried.done()
        tried.cancel()
        return not is_tried
