"""The servers near as requests meet them, between one look and the next."""

import asyncio
from pathlib import Path

import pytest

from proxy.config import Config
from proxy.local.found import LocalModel, LocalServer
from proxy.local.kinds import ServerKind
from proxy.local.place import Place
from proxy.local.watch import Watch
from proxy.routing.selection.snapshot import UNKNOWN_ABILITIES
from proxy.routing.service import Candidate, Service
from proxy.server.choosing.neighbours import Neighbours
from tests.fakes.local.llamacpp import FakeLlamaCpp
from tests.fakes.local.ollama import FakeOllama
from tests.fakes.local.ollama_told import OllamaModel
from tests.proxy.configured import configured
from tests.proxy.routing.health.bench import Clock
from tests.proxy.server.local.stage import free_port, llamacpp, nobody_else, ollama


class Doubted(Watch):
    """Remembers what was doubted, and looks no sooner for it."""

    def __init__(self, home: Path, port: int) -> None:
        config = configured(
            providers={"near": llamacpp(f"http://127.0.0.1:{port}"), "far": {"kind": "openai"}}
        )
        super().__init__(config, nobody_else(home))
        self.doubted: list[str] = []

    def doubt(self, provider: str) -> None:
        self.doubted.append(provider)


async def test_one_that_is_gone_and_wanted_is_looked_at_but_not_all_the_time(tmp_path: Path) -> None:
    watch, clock = Doubted(tmp_path, free_port()), Clock()
    neighbours = Neighbours(watch, clock)
    watch.start()
    try:
        await watch.look()
        for seconds in (0.0, 0.5, 1.0, 0.6, 3.0):
            clock.pass_by(seconds)
            neighbours.wanted(["far", "near"])
    finally:
        await watch.stop()
    assert watch.doubted == ["near"] * 3


async def test_one_that_runs_is_not_looked_at_because_it_is_wanted(tmp_path: Path) -> None:
    async with FakeLlamaCpp().running() as server:
        watch = Doubted(tmp_path, server.port)
        neighbours = Neighbours(watch, Clock())
        watch.start()
        try:
            await watch.look()
            neighbours.wanted(["near"])
        finally:
            await watch.stop()
    assert watch.doubted == []


@pytest.mark.parametrize(("seconds", "context"), [(1790.0, 32768), (1810.0, 8192)])
async def test_what_a_model_was_given_is_believed_for_half_an_hour(
    tmp_path: Path, seconds: float, context: int
) -> None:
    async with FakeOllama(models=[OllamaModel(name="m:1b", most_context=65536)]).running() as server:
        config = configured(providers={"near": ollama(server.url)})
        watch, clock = Watch(config, nobody_else(tmp_path)), Clock()
        neighbours = Neighbours(watch, clock)
        watch.start()
        try:
            await watch.look()
            service = Candidate(Service("near", "m:1b"))
            assert neighbours.fitting(service, config, 20_000).context == 32768
            clock.pass_by(seconds)
            assert neighbours.fitting(service, config, 100).context == context
        finally:
            await watch.stop()


def fitting(neighbours: Neighbours, config: Config, service: str, tokens: int) -> int | None:
    provider, _, model = service.partition("/")
    return neighbours.fitting(Candidate(Service(provider, model)), config, tokens).context


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://10.0.0.7:11434"], ids=["unseen", "elsewhere"])
def test_one_that_nobody_can_look_at_is_not_loaded_anew_by_every_small_request(
    tmp_path: Path, url: str
) -> None:
    config = configured(providers={"near": ollama(url)})
    neighbours = Neighbours(Watch(config, nobody_else(tmp_path)), Clock())
    given = [fitting(neighbours, config, "near/m:1b", tokens) for tokens in (10_000, 20, 10_000, 20)]
    assert given == [16384] * 4


def test_two_names_of_one_model_at_one_server_are_given_the_same(tmp_path: Path) -> None:
    url = "http://127.0.0.1:1"
    config = configured(providers={"near": ollama(url), "two": ollama(f"{url}/v1")})
    neighbours = Neighbours(Watch(config, nobody_else(tmp_path)), Clock())
    assert fitting(neighbours, config, "near/qwen3", 10_000) == 16384
    assert fitting(neighbours, config, "two/qwen3:latest", 20) == 16384
    assert fitting(neighbours, config, "two/llama3", 20) == 8192


def test_a_server_that_failed_has_nothing_in_memory(tmp_path: Path) -> None:
    config = configured(providers={"near": ollama("http://127.0.0.1:1")})
    neighbours = Neighbours(Watch(config, nobody_else(tmp_path)), Clock())
    assert fitting(neighbours, config, "near/m", 10_000) == 16384
    neighbours.failed("near", config)
    assert fitting(neighbours, config, "near/m", 20) == 8192


def test_an_answer_has_no_more_room_than_the_users_own_context_leaves(tmp_path: Path) -> None:
    config = configured(providers={"near": ollama("http://127.0.0.1:1")})
    neighbours = Neighbours(Watch(config, nobody_else(tmp_path)), Clock())
    service = Candidate(Service("near", "m"), {"num_ctx": 8192})
    assert neighbours.fitting(service, config, 5000).max_output == 3192


async def test_of_one_that_is_gone_what_was_known_before_holds(tmp_path: Path) -> None:
    config = configured(providers={"near": llamacpp(f"http://127.0.0.1:{free_port()}")})
    watch = Watch(config, nobody_else(tmp_path))
    neighbours = Neighbours(watch, Clock())
    watch.start()
    try:
        await watch.look()
        assert neighbours.server("near") is not None
        assert (
            neighbours.abilities(Candidate(Service("near", "m")), config, UNKNOWN_ABILITIES)
            == UNKNOWN_ABILITIES
        )
        slots = neighbours.slots("near")
        assert slots is not None
        assert slots.many is None
        assert neighbours.window(Candidate(Service("near", "m")), config) is None
    finally:
        await watch.stop()


async def test_it_is_not_waited_for_where_nobody_looks(tmp_path: Path) -> None:
    here = {"near": llamacpp(f"http://127.0.0.1:{free_port()}")}
    for tables in (
        {"providers": here, "local": {"enabled": False}},
        {"providers": {"far": {"kind": "openai"}}},
    ):
        config = configured(**tables)
        watch = Watch(config, nobody_else(tmp_path))
        async with asyncio.timeout(1):
            await Neighbours(watch, Clock()).first_look(config)
        assert not watch.has_looked


class HeldWatch(Watch):
    """Its looks at one server end when they are let, and find what they are told to."""

    def __init__(self, config: Config, home: Path, before: LocalServer, after: LocalServer) -> None:
        super().__init__(config, nobody_else(home))
        self.may_end = asyncio.Event()
        self.looks = 0
        self._seen, self._after = before, after

    def server_of(self, provider: str) -> LocalServer | None:
        return self._seen

    async def look_at(self, provider: str) -> None:
        self.looks += 1
        await self.may_end.wait()
        self._seen = self._after
        self._telling.changed()


async def test_requests_at_the_same_time_wait_for_the_same_look(tmp_path: Path) -> None:
    config = configured(providers={"near": {"kind": "lmstudio", "base_url": "http://127.0.0.1:1234/v1"}})
    before, after = (
        LocalServer(
            kind=ServerKind.LM_STUDIO,
            place=Place("127.0.0.1", 1234),
            models=(LocalModel(name="m", is_loaded=True, context=context),),
        )
        for context in (32768, 4096)
    )
    watch = HeldWatch(config, tmp_path, before, after)
    neighbours = Neighbours(watch, Clock())
    looks = [
        asyncio.create_task(neighbours.looked_at_again(Service("near", "m"), 20_000, config))
        for _ in range(3)
    ]
    await asyncio.sleep(0)
    watch.may_end.set()

    assert await asyncio.gather(*looks) == [True, True, True]
    assert watch.looks == 1
    assert not await neighbours.looked_at_again(Service("near", "m"), 20_000, config)
