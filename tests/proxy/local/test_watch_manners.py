"""Who is not asked, and who is not asked again."""

import asyncio

from proxy.local.found import State
from proxy.local.kinds import ServerKind
from proxy.local.pace import Pace
from proxy.local.where.scene import Program
from tests.fakes.local import decoys, sockets
from tests.fakes.local.llamacpp import FakeLlamaCpp
from tests.fakes.local.lookalikes import FakeLiteLlm
from tests.fakes.local.ollama import FakeOllama
from tests.fakes.local.vllm import FakeVllm
from tests.proxy.configured import configured
from tests.proxy.local.places import deserted
from tests.proxy.local.watching import (
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


async def test_a_page_is_asked_once_and_left_alone_then() -> None:
    async with decoys.missing_page().running() as page, FakeVllm().running() as server:
        config = configured(local={"servers": [{"url": each.url} for each in (page, server)]})
        async with watching(Machine(page, server), config) as watch:
            await until(watch, lambda: watch.has_looked)
            asked = len(page.seen)
            await asked_again(server, 12)
            assert len(page.seen) == asked

            await watch.look()
            assert len(page.seen) == 2 * asked


async def test_somebody_else_in_its_place_is_asked() -> None:
    async with decoys.missing_page().running() as page:
        machine = Machine(page)
        config = configured(local={"servers": [{"url": page.url}]})
        async with watching(machine, config) as watch:
            await until(watch, lambda: watch.has_looked)
            page.arrived.clear()
            machine.pid = OURS + 1
            await page.arrived.wait()


async def test_a_page_of_a_program_that_is_a_server_is_asked_again() -> None:
    async with decoys.missing_page().running() as page, watching(servers_of_a_program(page)) as watch:
        await until(watch, lambda: watch.has_looked)
        page.arrived.clear()
        await page.arrived.wait()


async def test_one_that_hangs_up_at_first_is_found_once_it_answers() -> None:
    """As the way into a container does while the server in it is starting."""
    door = sockets.RawSocket(treat=sockets.closes_at_once)
    async with door.running():
        config = configured(local={"servers": [{"url": door.url}]})
        server = FakeVllm(port=door.port)
        machine = Machine(door)
        machine.pid = None
        watch = watch_of(machine, config)
        assert await watch.look() == ()
        watch.start()
    async with server.running():
        await until(watch, lambda: watch.servers)
    await watch.stop()


async def test_our_own_port_is_never_asked_though_it_is_configured() -> None:
    async with FakeOllama().running() as ours, FakeOllama().running() as server:
        config = configured(providers={"loop": provider(ours), "mine": provider(server)})
        machine = servers_of_a_program(ours, server)
        async with watching(machine, config, our_ports=lambda: {ours.port}) as watch:
            await until(watch, lambda: watch.server_of("mine"))
            watch.doubt("loop")
            await asked_again(server, 12)

    assert ours.seen == []


async def test_a_server_that_turns_out_to_belong_to_another_one_is_let_go() -> None:
    child, other = FakeLlamaCpp(), FakeOllama()
    async with child.running(), other.running():
        machine = Machine(child, other, programs=(Program(OURS, "llama-server"),))
        async with watching(machine) as watch:
            await until(watch, lambda: len(watch.servers) == 2)
            words = ("llama-server", "--model", "/m/blobs/sha256-1", "--port", str(child.port))
            machine.pid = None
            machine.programs = (Program(1, "ollama"), Program(2, "llama-server", 1, words))
            await until(watch, lambda: found(watch) == [(ServerKind.OLLAMA, other.port, State.READY)])
            asked = len(child.seen)
            await asked_again(other, 12)
            assert len(child.seen) == asked


async def test_whoever_else_answers_at_a_configured_place_is_not_gone() -> None:
    async with FakeLiteLlm().running() as server, FakeVllm().running() as other:
        config = configured(
            providers={"mine": provider(server, "openai-compatible"), "other": provider(other)}
        )
        async with watching(Machine(server, other), config) as watch:
            await until(watch, lambda: watch.server_of("other"))
            await asked_again(other, 12)
            assert watch.server_of("mine") is None


async def test_doubts_about_one_server_put_off_no_round_at_the_others() -> None:
    """A server that is gone and wanted is doubted more often than a round comes."""
    empty = deserted()
    async with FakeVllm().running() as server:
        config = configured(
            providers={"gone": {"kind": "ollama", "base_url": empty.url}},
            local={"servers": [{"url": server.url}]},
        )
        pace = Pace(watched=0.3, unwatched=0.3, doubt=0.01)
        async with watching(Machine(server), config, pace) as watch:
            await until(watch, lambda: watch.has_looked)
            loop = asyncio.get_running_loop()

            def doubt() -> None:
                watch.doubt("gone")
                loop.call_later(0.02, doubt)

            doubt()
            await asked_again(server, 3)
