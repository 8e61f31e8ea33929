"""Bugs in a round, and the end of it all."""

import asyncio
import gc
from typing import Any

import pytest

from tests.fakes.local import sockets
from tests.fakes.local.ollama import FakeOllama
from tests.proxy.local.watching import (
    Machine,
    servers_of_a_program,
    until,
    watch_of,
    watching,
)


async def test_a_bug_in_one_round_does_not_end_the_next(caplog: pytest.LogCaptureFixture) -> None:
    bugs: list[Exception] = [KeyError("a bug"), ValueError("another one")]

    def our_ports() -> set[int]:
        if bugs:
            raise bugs.pop()
        return set()

    async with (
        FakeOllama().running() as server,
        watching(servers_of_a_program(server), our_ports=our_ports) as watch,
    ):
        await until(watch, lambda: watch.servers)

    assert caplog.text.count("looking for model servers failed") == 2


async def test_whoever_fails_to_listen_does_not_keep_others_from_being_told() -> None:
    def fails() -> None:
        raise RuntimeError("a bug of theirs")

    told = asyncio.Event()
    async with FakeOllama().running() as server:
        watch = watch_of(servers_of_a_program(server))
        watch.listen(fails)
        watch.listen(told.set)
        servers = await watch.look()
        await watch.stop()

    assert told.is_set()
    assert servers


async def test_nobody_is_told_who_no_longer_listens() -> None:
    async with FakeOllama().running() as server:
        watch = watch_of(servers_of_a_program(server))
        told: list[int] = []
        watch.listen(lambda: told.append(watch.revision))()
        await watch.look()
        await watch.stop()

    assert (told, watch.revision > 0) == ([], True)


@pytest.mark.parametrize("treat", [sockets.never_answers, sockets.drips_its_head])
async def test_stopping_leaves_no_task_and_no_session(treat: sockets.Treatment) -> None:
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: complaints.append(context))

    async def life() -> None:
        async with sockets.RawSocket(treat=treat).running() as black_hole, FakeOllama().running() as server:
            watch = watch_of(servers_of_a_program(black_hole, server))
            watch.start()
            await until(watch, lambda: watch.servers)
            await watch.stop()

            assert not any("proxy/local" in repr(each) for each in asyncio.all_tasks())
            asked = len(server.seen)
            assert await watch.look() == watch.servers
            assert len(server.seen) == asked

    await life()
    gc.collect()
    assert complaints == []


async def test_stopping_ends_the_looks_that_others_wait_for(caplog: pytest.LogCaptureFixture) -> None:
    async with (
        sockets.RawSocket(treat=sockets.never_answers).running() as black_hole,
        FakeOllama().running() as server,
    ):
        watch = watch_of(servers_of_a_program(black_hole, server))
        looks = [asyncio.create_task(watch.look()) for _ in range(2)]
        await until(watch, lambda: watch.servers)
        asked = len(server.seen)
        await watch.stop()

        for answer in await asyncio.gather(*looks):
            assert [each.place.port for each in answer] == [server.port]
        assert len(server.seen) == asked
    assert caplog.text == ""


async def test_all_who_ask_at_once_share_a_look_and_the_next_has_one_of_its_own() -> None:
    async with FakeOllama().running() as server:
        machine = servers_of_a_program(server)
        watch = watch_of(machine)
        answers = await asyncio.gather(*(watch.look() for _ in range(5)))
        assert (machine.looks, {len(each) for each in answers}) == (1, {1})
        await watch.look()
        assert machine.looks == 2
        await watch.stop()


async def test_who_waits_no_longer_for_a_look_ends_it_for_nobody_else() -> None:
    async with FakeOllama().running() as server:
        watch = watch_of(servers_of_a_program(server))
        first, second = (asyncio.create_task(watch.look()) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        assert [each.place.port for each in await second] == [server.port]
        await watch.stop()


async def test_a_bug_in_a_look_is_told_to_whoever_asked() -> None:
    def fails() -> set[int]:
        raise KeyError("a bug")

    watch = watch_of(Machine(), our_ports=fails)
    with pytest.raises(KeyError):
        await watch.look()
    await watch.stop()


async def test_one_that_never_began_can_be_stopped() -> None:
    watch = watch_of(Machine())
    await watch.stop()

    assert await watch.look() == ()
