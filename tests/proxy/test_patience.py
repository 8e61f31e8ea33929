"""The deadline of an attempt: which limit struck, and an interruption that never raises."""

import asyncio
from collections.abc import Callable

import pytest

from proxy.upstream.patience import Limit, Patience


async def wait_for_ever(patience: Patience, arrange: Callable[[], object]) -> None:
    async with patience.scope:
        arrange()
        await asyncio.Event().wait()


async def test_the_limit_that_strikes_is_remembered() -> None:
    patience = Patience(total=0)

    def arrange() -> None:
        patience.wait_for(Limit.FIRST_BYTE, 100)
        patience.wait_for(Limit.IDLE, 0.01)

    with pytest.raises(TimeoutError):
        await wait_for_ever(patience, arrange)
    assert (patience.limit, patience.seconds) == (Limit.IDLE, 0.01)


async def test_the_total_wins_where_it_comes_first() -> None:
    patience = Patience(total=0.01)

    def arrange() -> None:
        patience.begin()
        patience.wait_for(Limit.FIRST_BYTE, 100)
        patience.rest()

    with pytest.raises(TimeoutError):
        await wait_for_ever(patience, arrange)
    assert (patience.limit, patience.seconds) == (Limit.TOTAL, 0.01)


async def test_no_limit_is_none() -> None:
    patience = Patience(total=0)
    async with patience.scope:
        patience.wait_for(Limit.IDLE, 0)
        assert patience.scope.when() is None


async def test_an_interruption_ends_the_wait_at_once() -> None:
    patience = Patience(total=0)
    loop = asyncio.get_running_loop()
    with pytest.raises(TimeoutError):
        await wait_for_ever(patience, lambda: loop.call_soon(patience.interrupt))
    assert patience.interrupted


async def test_an_interruption_in_the_moment_of_a_time_out_is_harmless() -> None:
    """Both are due in the same turn of the loop, the time-out first."""
    patience = Patience(total=0)
    loop = asyncio.get_running_loop()

    def arrange() -> None:
        patience.wait_for(Limit.IDLE, 0.001)
        when = patience.scope.when()
        assert when is not None
        loop.call_at(when + 0.0000001, patience.interrupt)

    with pytest.raises(TimeoutError):
        await wait_for_ever(patience, arrange)
    patience.interrupt()
    assert not patience.interrupted
    assert patience.limit is Limit.IDLE
