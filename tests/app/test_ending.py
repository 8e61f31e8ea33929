"""The end is wished for once; what it interrupts is undone first."""

import asyncio

import pytest

from app.ending import End, EndWished


async def test_the_first_wish_counts_and_the_last_moment_runs_from_then_on() -> None:
    last_moments: list[str] = []
    end = End(lambda: last_moments.append("runs"))
    assert not end.is_wished
    waiting = asyncio.ensure_future(end.wished())
    end.wish()
    end.wish()
    await waiting
    assert end.is_wished
    assert last_moments == ["runs"]


def test_it_outlives_a_loop() -> None:
    end = End(lambda: None)
    order: list[str] = []

    async def work() -> None:
        await asyncio.sleep(0)
        order.append("done")

    for _ in range(2):
        asyncio.run(end.unless_wished(work()))
    assert order == ["done", "done"]


async def test_work_that_is_not_interrupted_gives_its_result_or_its_error() -> None:
    async def fine() -> int:
        return 7

    async def broken() -> None:
        raise OSError("disk")

    end = End(lambda: None)
    assert await end.unless_wished(fine()) == 7
    with pytest.raises(OSError, match="disk"):
        await end.unless_wished(broken())


async def test_interrupted_work_is_undone_before_anything_else_happens() -> None:
    end = End(lambda: None)
    order: list[str] = []

    async def work() -> None:
        try:
            end.wish()
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            order.append("undone")

    with pytest.raises(EndWished):
        await end.unless_wished(work())
    assert order == ["undone"]


async def test_after_the_wish_no_work_begins() -> None:
    end = End(lambda: None)
    end.wish()
    begun: list[str] = []

    async def work() -> None:
        begun.append("work")

    with pytest.raises(EndWished):
        await end.unless_wished(work())
    assert begun == []


async def test_work_that_will_not_be_interrupted_is_waited_for() -> None:
    end = End(lambda: None)

    async def stubborn() -> str:
        end.wish()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return "done all the same"

    assert await end.unless_wished(stubborn()) == "done all the same"
