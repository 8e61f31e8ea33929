"""Servers that are configured, doubts of them, and what is configured anew."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import AsyncExitStack

import pytest

from proxy.config import Config
from proxy.local.found import State
from proxy.local.kinds import ServerKind
from proxy.local.place import IPV6
from proxy.local.where.scene import Program, Scene
from tests.fakes.local import decoys, sockets
from tests.fakes.local.ollama import FakeOllama
from tests.fakes.local.zoo import has_ipv6
from tests.proxy.configured import configured
from tests.proxy.local.watching import (
    ONLY_WHEN_WOKEN,
    OURS,
    Machine,
    asked_again,
    found,
    provider,
    servers_of_a_program,
    until,
    watch_of,
    watching,
)

# Those that are configured


async def test_one_that_is_configured_and_not_there_is_gone_and_comes_back() -> None:
    server = FakeOllama()
    async with server.running():
        pass
    config = configured(providers={"mine": provider(server)})
    async with watching(Machine(server), config) as watch:
        await until(watch, lambda: found(watch) == [(ServerKind.OLLAMA, server.port, State.GONE)])
        async with server.running():
            await until(watch, lambda: found(watch) == [(ServerKind.OLLAMA, server.port, State.READY)])


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no [::1]")
async def test_localhost_is_where_its_server_is() -> None:
    async with FakeOllama(host=IPV6).running() as server:
        config = configured(providers={"mine": provider(server, host="localhost")})
        async with watching(Machine(server), config) as watch:
            await until(watch, lambda: watch.has_looked)
            known, shown = watch.server_of("mine"), watch.servers

    assert known is not None
    assert (known.place.host, known.state) == (IPV6, State.READY)
    assert shown == (known,)


async def test_where_refusals_take_long_what_does_not_listen_is_gone_all_the_same() -> None:
    """As on Windows: nobody answers in time, and all sockets are shown, and none is there."""
    async with sockets.RawSocket(treat=sockets.never_answers).running() as silence:
        config = configured(providers={"mine": provider(silence)})
        async with watching(Machine(), config) as watch:
            await until(watch, lambda: (known := watch.server_of("mine")) and known.state is State.GONE)


async def test_one_that_is_configured_and_frozen_is_told_as_not_answering() -> None:
    async with sockets.RawSocket(treat=sockets.never_answers).running() as frozen:
        watch = watch_of(Machine(frozen), configured(providers={"mine": provider(frozen)}))
        watch.apply(configured(providers={"mine": provider(frozen)}))
        await watch.look()
        await watch.stop()

    assert found(watch) == [(ServerKind.OLLAMA, frozen.port, State.GONE)]


async def test_one_that_answers_a_long_request_of_ours_is_not_taken_for_gone() -> None:
    busy = True
    async with FakeOllama().running() as server:
        config = configured(providers={"mine": provider(server)})
        async with watching(Machine(server), config, is_busy=lambda _place: busy) as watch:
            await until(watch, lambda: watch.server_of("mine"))
            server.goes_on.clear()
            await asked_again(server, 4)
            assert [each.state for each in watch.servers] == [State.READY]

            busy = False
            await until(watch, lambda: watch.servers[0].state is State.GONE)
            server.goes_on.set()


# Doubts


async def test_a_doubt_is_looked_into_at_once() -> None:
    server = FakeOllama()
    async with AsyncExitStack() as life:
        await life.enter_async_context(server.running())
        config = configured(providers={"mine": provider(server)})
        async with watching(Machine(server), config, ONLY_WHEN_WOKEN) as watch:
            await until(watch, lambda: watch.server_of("mine") and watch.has_looked)
            await life.aclose()
            watch.doubt("mine")
            await until(watch, lambda: watch.servers[0].state is State.GONE)
            async with server.running():
                watch.doubt("mine")
                await until(watch, lambda: watch.servers[0].state is State.READY)


async def test_what_was_left_alone_is_asked_in_doubt() -> None:
    async with decoys.missing_page().running() as page:
        config = configured(providers={"mine": provider(page)})
        async with watching(Machine(page), config, ONLY_WHEN_WOKEN) as watch:
            await until(watch, lambda: watch.has_looked)
            page.arrived.clear()
            watch.doubt("mine")
            await page.arrived.wait()


async def test_a_doubt_of_what_is_not_here_is_none() -> None:
    config = configured(providers={"far": {"kind": "openai"}})
    async with watching(Machine(), config) as watch:
        watch.doubt("far")
        watch.doubt("nobody")
        await until(watch, lambda: watch.has_looked)

    assert watch.servers == ()


# Configuring anew


async def test_what_is_configured_anew_is_looked_at_at_once() -> None:
    async with FakeOllama().running() as server, watching(Machine(), pace=ONLY_WHEN_WOKEN) as watch:
        await until(watch, lambda: watch.has_looked)
        watch.apply(configured(providers={"mine": provider(server)}))
        await until(watch, lambda: watch.server_of("mine"))


async def test_what_is_configured_during_a_round_is_looked_around_for_after_it() -> None:
    machine = Machine()
    has_seen, may_tell = threading.Event(), threading.Event()

    def looks(is_promising: Callable[[Program], bool]) -> Scene:
        scene = machine(is_promising)
        has_seen.set()
        may_tell.wait(20)
        return scene

    watch = watch_of(looks, pace=ONLY_WHEN_WOKEN)
    watch.start()
    await asyncio.to_thread(has_seen.wait, 20)
    async with FakeOllama().running() as server:
        machine.fakes, machine.programs = [server], (Program(OURS, "ollama"),)
        watch.apply(Config())
        may_tell.set()
        await until(watch, lambda: watch.servers)
    await watch.stop()


async def test_what_was_left_alone_is_asked_when_something_is_configured() -> None:
    async with decoys.missing_page().running() as page:
        config = configured(local={"servers": [{"url": page.url}]})
        async with watching(Machine(page), config, ONLY_WHEN_WOKEN) as watch:
            await until(watch, lambda: watch.has_looked)
            page.arrived.clear()
            watch.apply(config)
            await page.arrived.wait()


async def test_switched_off_it_forgets_everything_and_asks_nobody() -> None:
    off = configured(local={"enabled": False})
    machine = Machine()
    async with FakeOllama().running() as server:
        machine.fakes, machine.programs = [server], (Program(OURS, "ollama"),)
        async with watching(machine) as watch:
            await until(watch, lambda: watch.servers and watch.has_looked)
            revision = watch.revision
            watch.apply(off)
            assert (watch.servers, watch.is_on) == ((), False)
            assert watch.revision > revision

            await asyncio.wait_for(watch.stop(), 20)
        async with watching(machine, off) as watch:
            looks, asked = machine.looks, len(server.seen)
            assert await watch.look() == ()
            watch.doubt("mine")
            assert (machine.looks, len(server.seen)) == (looks, asked)


async def test_what_still_answers_after_that_is_not_taken_in() -> None:
    async with FakeOllama().running() as server, watching(servers_of_a_program(server)) as watch:
        server.goes_on.clear()
        await asked_again(server, 1)
        looking = asyncio.create_task(watch.look())
        await asyncio.sleep(0)  # so that it waits for its turn
        watch.apply(configured(local={"enabled": False}))
        server.goes_on.set()

        assert await looking == ()
        assert watch.servers == ()


async def test_switched_on_again_it_finds_everything_again() -> None:
    async with FakeOllama().running() as server:
        off = configured(local={"enabled": False})
        async with watching(servers_of_a_program(server), off, ONLY_WHEN_WOKEN) as watch:
            watch.apply(Config())
            await until(watch, lambda: watch.servers)


async def test_who_asks_by_hand_is_answered_though_it_is_switched_off() -> None:
    async with FakeOllama().running() as server:
        off = configured(local={"enabled": False})
        watch = watch_of(servers_of_a_program(server), off, is_asked_for=True)
        servers = await watch.look()
        await watch.stop()

    assert [each.kind for each in servers] == [ServerKind.OLLAMA]
