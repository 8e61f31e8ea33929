"""A program runs from its start to the wished-for end, and signals are such a wish."""

import asyncio
import os
import signal
from collections.abc import Iterator

import pytest

from app.ending import End, EndWished
from app.running import Running, ending_on_signals, heeding_signals, left_on_signals


class Pretended:
    """A program whose start the test can hold up."""

    def __init__(self, order: list[str]) -> None:
        self.stop_requested = asyncio.Event()
        self.may_start = asyncio.Event()
        self.starting = asyncio.Event()
        self._order = order

    async def start(self) -> None:
        self.starting.set()
        try:
            await self.may_start.wait()
        except asyncio.CancelledError:
            self._order.append("start undone")
            raise
        self._order.append("started")

    async def stop(self) -> None:
        await asyncio.sleep(0)
        self._order.append("stopped")


@pytest.fixture(autouse=True)
def own_handlers() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


async def test_its_own_wish_to_stop_ends_it_and_the_last_moment_runs_before_it_stops() -> None:
    order: list[str] = []
    end = End(lambda: order.append("last moment runs"))
    program = Pretended(order)
    program.may_start.set()
    async with Running(program, end):
        program.stop_requested.set()
        await end.wished()
    assert order == ["started", "last moment runs", "stopped"]


async def test_a_block_that_simply_ends_stops_it_with_the_last_moment_running() -> None:
    order: list[str] = []
    program = Pretended(order)
    program.may_start.set()
    async with Running(program, End(lambda: order.append("last moment runs"))):
        pass
    assert order == ["started", "last moment runs", "stopped"]


async def test_a_wish_during_the_start_undoes_it() -> None:
    order: list[str] = []
    end = End(lambda: None)
    program = Pretended(order)

    async def wish_midway() -> None:
        await program.starting.wait()
        end.wish()

    wishing = asyncio.ensure_future(wish_midway())
    with pytest.raises(EndWished):
        async with Running(program, end):
            order.append("never")
    await wishing
    assert order == ["start undone"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_during_the_start_ends_it_quietly(number: signal.Signals) -> None:
    order: list[str] = []
    end = End(lambda: None)
    program = Pretended(order)

    async def signal_midway() -> None:
        await program.starting.wait()
        os.kill(os.getpid(), number)

    signalling = asyncio.ensure_future(signal_midway())
    with heeding_signals(end):
        async with Running(program, end):
            order.append("never")
    await signalling
    assert order == ["start undone"]


async def test_the_handlers_of_before_are_back_afterwards() -> None:
    heard: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: heard.append(number))
    with heeding_signals(End(lambda: None)):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    assert heard == [signal.SIGTERM]


def test_before_there_is_a_loop_a_signal_is_a_wish_and_interrupts_nothing() -> None:
    with ending_on_signals() as end:
        end._last_moment = lambda: None
        os.kill(os.getpid(), signal.SIGTERM)
        assert end.is_wished
        os.kill(os.getpid(), signal.SIGINT)
    os.kill(os.getpid(), signal.SIGTERM)


def test_a_block_without_any_wish_leaves_signals_as_they_were() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with ending_on_signals() as end, left_on_signals(end):
        pass
    assert signal.getsignal(signal.SIGTERM) is before


def test_plain_waiting_is_left_at_once() -> None:
    order: list[str] = []
    end = End(lambda: None)

    def wait() -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        order.append("never")

    with pytest.raises(SystemExit) as left, left_on_signals(end):
        wait()
    assert left.value.code == 0
    with pytest.raises(SystemExit), left_on_signals(end):
        order.append("never")
    assert order == []
