"""Keeping up with servers that start, stop, load and come back, among all that else may listen."""

import asyncio
from contextlib import AsyncExitStack

from proxy.local.asking import PLACE_SECONDS
from proxy.local.found import State
from proxy.local.kinds import ServerKind
from proxy.local.pace import USUAL_PACE
from proxy.local.surroundings import LOOK_SECONDS
from tests.fakes.local import decoys, sockets
from tests.fakes.local.llamacpp import FakeLlamaCpp
from tests.fakes.local.lmstudio import FakeLmStudio
from tests.fakes.local.ollama import FakeOllama
from tests.fakes.local.vllm import FakeVllm
from tests.proxy.configured import configured
from tests.proxy.local.watching import (
    OURS,
    Fake,
    Machine,
    asked_again,
    found,
    nothing_shown,
    provider,
    servers_of_a_program,
    until,
    watch_of,
    watching,
)

# Coming and going


async def test_a_server_appears_and_goes_and_comes_back() -> None:
    server = FakeOllama()
    async with watching(servers_of_a_program(server)) as watch:
        await until(watch, lambda: watch.has_looked)
        for _ in range(2):
            async with server.running():
                await until(watch, lambda: found(watch) == [(ServerKind.OLLAMA, server.port, State.READY)])
            await until(watch, lambda: not watch.servers)

    assert server.was_only_looked_at


def test_while_somebody_looks_on_that_takes_less_than_five_seconds() -> None:
    usual = USUAL_PACE
    look = LOOK_SECONDS + PLACE_SECONDS

    assert usual.watched + look + usual.doubt < 5
    assert look < 1.5
    assert usual.loading < usual.watched < usual.unwatched


async def test_nobody_need_look_on() -> None:
    async with FakeOllama().running() as server:
        watch = watch_of(servers_of_a_program(server))
        watch.start()
        await until(watch, lambda: watch.servers)
        server.goes_on.clear()
        await until(watch, lambda: not watch.servers)
        server.goes_on.set()
        await watch.stop()


async def test_what_changes_in_a_server_is_told() -> None:
    async with FakeOllama().running() as server, watching(servers_of_a_program(server)) as watch:
        await until(watch, lambda: watch.servers)
        revision = watch.revision
        server.memory.put("qwen3:8b", 8192)
        await until(watch, lambda: watch.servers[0].models[0].is_loaded)

        assert watch.servers[0].models[0].context == 8192
        assert watch.revision > revision


async def test_what_stays_as_it_is_is_not_told() -> None:
    async with FakeOllama().running() as server, watching(servers_of_a_program(server)) as watch:
        await until(watch, lambda: watch.servers and watch.has_looked)
        revision = watch.revision
        await asked_again(server, 20)

        assert watch.revision == revision


async def test_a_model_that_is_being_loaded_is_ready_at_last() -> None:
    server = FakeLlamaCpp(is_loading=True)
    async with server.running(), watching(servers_of_a_program(server)) as watch:
        await until(watch, lambda: found(watch) == [(ServerKind.LLAMACPP, server.port, State.LOADING)])
        server.is_loading = False
        await until(watch, lambda: found(watch) == [(ServerKind.LLAMACPP, server.port, State.READY)])


async def test_another_server_in_its_place_is_taken_for_what_it_is() -> None:
    first = FakeOllama()
    async with first.running():
        second = FakeVllm(port=first.port)
    async with watching(servers_of_a_program(first)) as watch:
        async with first.running():
            await until(watch, lambda: found(watch) == [(ServerKind.OLLAMA, first.port, State.READY)])
        async with second.running():
            await until(watch, lambda: found(watch) == [(ServerKind.VLLM, first.port, State.READY)])


async def test_what_its_sockets_tell_of_a_server_is_known_with_it() -> None:
    async with FakeOllama().running() as server, watching(servers_of_a_program(server)) as watch:
        await until(watch, lambda: watch.servers)

        assert (watch.servers[0].pid, watch.servers[0].is_exposed) == (OURS, False)


# One look, among everything


async def test_a_look_finds_what_is_there_and_leaves_it_in_peace() -> None:
    fakes = [FakeOllama(), FakeLmStudio(), FakeVllm(), FakeLlamaCpp()]
    async with AsyncExitStack() as stack:
        for each in fakes:
            await stack.enter_async_context(each.running())
        watch = watch_of(servers_of_a_program(*fakes))
        servers = await watch.look()
        await watch.stop()

    kinds = [ServerKind.OLLAMA, ServerKind.LM_STUDIO, ServerKind.LLAMACPP, ServerKind.VLLM]
    assert [each.kind for each in servers] == kinds
    assert all(each.was_only_looked_at for each in fakes)


async def test_a_look_among_black_holes_ends_and_finds_the_others() -> None:
    others: list[Fake] = [
        *(sockets.RawSocket(treat=treat) for treat in (sockets.never_answers, sockets.drips_its_body)),
        sockets.RawSocket(treat=sockets.floods_its_head),
        decoys.large(),
        decoys.deep(),
        decoys.single_page(),
        decoys.Redirecting(),
    ]
    server = FakeOllama()
    async with AsyncExitStack() as stack:
        for each in (server, *others):
            await stack.enter_async_context(each.running())
        watch = watch_of(servers_of_a_program(server, *others))
        async with asyncio.timeout(30):
            while not (servers := await watch.look()):
                pass  # all of them answer in this process: where that has no time, one look may be too short
        await watch.stop()

    assert [each.place.port for each in servers] == [server.port]
    assert all(each.was_only_looked_at for each in others)


async def test_a_server_is_told_before_a_black_hole_has_swallowed_its_second() -> None:
    async with (
        FakeOllama().running() as server,
        sockets.RawSocket(treat=sockets.never_answers).running() as black_hole,
        watching(servers_of_a_program(black_hole, server)) as watch,
    ):
        await until(watch, lambda: watch.servers)
        assert not watch.has_looked
        await until(watch, lambda: watch.has_looked)


async def test_where_nothing_is_shown_what_is_configured_is_found() -> None:
    async with FakeOllama().running() as server:
        config = configured(providers={"mine": provider(server)})
        async with watching(nothing_shown, config) as watch:
            await until(watch, lambda: (known := watch.server_of("mine")) and known.state is State.READY)
            known = watch.server_of("mine")
            assert known is not None
            assert (known.pid, known.is_exposed) == (None, None)
        async with watching(nothing_shown, config) as watch:
            await until(watch, lambda: watch.server_of("mine"))
            assert server.was_only_looked_at


async def test_an_entry_of_the_user_is_asked_wherever_it_is() -> None:
    async with FakeVllm().running() as server:
        config = configured(local={"servers": [{"url": f"{server.url}/v1"}]})
        async with watching(Machine(), config) as watch:
            await until(watch, lambda: found(watch) == [(ServerKind.VLLM, server.port, State.READY)])
