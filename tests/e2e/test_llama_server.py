"""The program `llama-server` as people run it: found by its process, with its children left to it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from proxy.config import Config
from proxy.exchange import Outcome
from proxy.local.found import LocalServer, State
from proxy.local.kinds import ServerKind
from proxy.local.place import Place
from proxy.local.surroundings import Surroundings
from proxy.local.watch import Watch
from proxy.local.where.programs import is_promising, ports_of_children
from proxy.local.where.scene import seen
from proxy.wire.format import Format
from tests.llama.asking import busy, chat, get, user
from tests.llama.gguf import CONTEXT, write_model
from tests.llama.program import need_program, program, router
from tests.llama.server import LlamaServer
from tests.proxy.local.llama_stage import CHAT, FROM_AFAR, GREETING, before, served
from tests.proxy.upstream.hearing import told

pytestmark = pytest.mark.llama_server

TWO_SLOTS = ("-c", "8192", "-np", "2")


@pytest.fixture(autouse=True)
def needed() -> None:
    need_program()


@asynccontextmanager
async def watching(home: Path) -> AsyncIterator[Watch]:
    """This very machine, on which nobody says where anything is."""
    watch = Watch(Config(), Surroundings(environ={}, home=home))
    try:
        yield watch
    finally:
        await watch.stop()


async def found(watch: Watch, server: LlamaServer, path: str = "") -> LocalServer:
    """A machine that is busy may show its programs too late for a look, and does for the next."""
    place = Place("127.0.0.1", server.port, path=path)
    async with asyncio.timeout(10):
        while True:
            for each in await watch.look():
                if each.place == place:
                    return each


def children(server: LlamaServer) -> list[psutil.Process]:
    return psutil.Process(server.process.pid).children()


def ports(process: psutil.Process) -> Iterator[int]:
    for each in process.net_connections("tcp"):
        if each.status == psutil.CONN_LISTEN:
            yield each.laddr.port


async def states(server: LlamaServer) -> dict[str, str]:
    told = (await get(server, "/v1/models")).json["data"]
    return {each["id"]: each["status"]["value"] for each in told}


async def test_it_is_found_by_its_process_wherever_it_listens(tmp_path: Path) -> None:
    write_model(tmp_path / "tiny.gguf")
    words = ("-m", str(tmp_path / "tiny.gguf"), "--alias", "tiny", *TWO_SLOTS)
    with program(tmp_path, *words) as started:
        async with watching(tmp_path) as watch:
            server = await found(watch, started)
    assert (server.kind, server.state, server.slots) == (ServerKind.LLAMACPP, State.READY, 2)
    assert (server.pid, server.is_exposed) == (started.process.pid, False)
    [model] = server.models
    assert (model.name, model.is_loaded, model.context, model.tools) == ("tiny", True, 4096, True)


async def test_one_that_was_told_nothing_shares_all_it_has_among_four(tmp_path: Path) -> None:
    write_model(tmp_path / "tiny.gguf")
    with program(tmp_path, "-m", str(tmp_path / "tiny.gguf")) as started:
        async with watching(tmp_path) as watch:
            server = await found(watch, started)
    assert server.slots == 4
    assert server.models[0].context == CONTEXT


async def test_a_prefix_is_read_from_its_command_line(tmp_path: Path) -> None:
    write_model(tmp_path / "tiny.gguf")
    words = ("-m", str(tmp_path / "tiny.gguf"), "--api-prefix", "/here", *TWO_SLOTS)
    with program(tmp_path, *words, prefix="/here") as started:
        async with watching(tmp_path) as watch:
            server = await found(watch, started, path="/here")
    assert server.base_url == started.url + "/v1"


async def test_a_router_is_one_server_and_its_children_are_none(tmp_path: Path) -> None:
    with router(tmp_path, "one", "two", words=TWO_SLOTS) as started:
        await chat(started, "Hi", model="one", max_tokens=5)
        [child] = children(started)
        [port] = ports(child)
        assert port in ports_of_children(seen(is_promising))
        async with watching(tmp_path) as watch:
            server = await found(watch, started)
            assert port not in {each.place.port for each in watch.servers}
    assert server.pid == started.process.pid
    assert {model.name: model.is_loaded for model in server.models} == {"one": True, "two": False}


async def test_looking_at_a_router_loads_nothing_and_puts_nothing_out(tmp_path: Path) -> None:
    with router(tmp_path, "one", "two", words=(*TWO_SLOTS, "--models-max", "1")) as started:
        async with watching(tmp_path) as watch:
            assert [model.is_loaded for model in (await found(watch, started)).models] == [False, False]
            assert await states(started) == {"one": "unloaded", "two": "unloaded"}
            await chat(started, "Hi", model="two", max_tokens=5)
            server = await found(watch, started)
            assert await states(started) == {"one": "unloaded", "two": "loaded"}
    loaded = server.model("two")
    assert loaded is not None
    assert (loaded.is_loaded, loaded.context, loaded.tools, loaded.vision) == (True, 4096, True, False)
    assert server.slots == 2


async def test_one_that_sleeps_is_not_woken_by_being_looked_at(tmp_path: Path) -> None:
    write_model(tmp_path / "tiny.gguf")
    words = ("-m", str(tmp_path / "tiny.gguf"), "--sleep-idle-seconds", "1", *TWO_SLOTS)
    with program(tmp_path, *words) as started:
        await _asleep(started)
        async with watching(tmp_path) as watch:
            server = await found(watch, started)
        assert (server.state, server.models[0].context) == (State.READY, 4096)
        assert await _sleeps(started)


async def test_another_takes_over_from_a_child_that_dies_before_it_has_said_anything(tmp_path: Path) -> None:
    """The router then answers 500 with a sentence in plain text, and calls it JSON."""
    with router(tmp_path, "tiny", words=("-c", "65536", "-np", "1")) as started:
        async with before(started) as stage:
            assert (await stage.ask("Hi")).text == GREETING
            asking = asyncio.create_task(stage.ask("[loop]", max_tokens=60000))
            await busy(started, "/slots?model=tiny&autoload=false")
            for child in children(started):
                child.kill()
            answer = await asking
            assert (answer.text, served(answer)) == (FROM_AFAR, ("afar/m", "2"))
            await _noticed(started, {"tiny": "unloaded"})
            again = await stage.ask("Hi")
            assert (again.text, served(again)) == (GREETING, ("near0/tiny", "1"))


async def test_a_child_that_dies_in_the_midst_of_a_stream_is_no_good_end_of_it(tmp_path: Path) -> None:
    """The router then writes a sentence in plain text behind the last event, and ends as if all were well."""
    with router(tmp_path, "tiny", words=("-c", "65536", "-np", "1")) as started:
        async with before(started) as stage:
            body = {"messages": user("[loop]"), "max_tokens": 60000, "stream": True}
            async with stage.asked(CHAT, body) as answer:
                begun = await answer.content.readany()
                for child in children(started):
                    child.kill()
                ended = told(Format.OPENAI_CHAT, 200, answer.headers, begun + await answer.read())
            assert ended.error["message"]
            assert (ended.ends, ended.broken) == (0, 0)
            assert "tick" in ended.text
            assert [each.outcome for each in stage.exchanges] == [Outcome.FAILED]


async def test_two_models_of_a_router_that_holds_one_take_turns(tmp_path: Path) -> None:
    with router(tmp_path, "one", "two", words=(*TWO_SLOTS, "--models-max", "1")) as started:
        async with before(started, order=("near0/one", "near0/two")) as stage:
            for name in ("one", "two", "one"):
                answer = await stage.ask("Hi", model=f"near0/{name}")
                assert (answer.text, served(answer)) == (GREETING, (f"near0/{name}", "1"))


async def _noticed(server: LlamaServer, wanted: dict[str, str]) -> None:
    async with asyncio.timeout(10):
        while await states(server) != wanted:  # noqa: ASYNC110 -- it tells nobody
            await asyncio.sleep(0)


async def _asleep(server: LlamaServer) -> None:
    async with asyncio.timeout(20):
        while not await _sleeps(server):  # noqa: ASYNC110 -- it tells nobody
            await asyncio.sleep(0.05)


async def _sleeps(server: LlamaServer) -> bool:
    return bool((await get(server, "/props")).json["is_sleeping"])
