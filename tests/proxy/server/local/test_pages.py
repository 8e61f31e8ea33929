"""/api/local: what was found, what can be done with it, and how it is told as it changes."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse

from proxy.local.place import IPV6
from tests.fakes.local.lmstudio import FakeLmStudio
from tests.fakes.local.ollama import FakeOllama
from tests.fakes.local.vllm import FakeVllm
from tests.fakes.local.zoo import has_ipv6
from tests.proxy.gateway_fixture import ADMIN_TOKEN, CLIENT_TOKEN
from tests.proxy.server.local.stage import Stage, among, lmstudio, ollama

NAME, HERE = "qwen3:8b", "near/qwen3:8b"
PATHS = {
    "/api/local": "GET",
    "/api/local/look": "POST",
    "/api/local/events": "GET",
    "/api/local/use": "POST",
    "/api/local/load": "POST",
}
SECRET = "sk-lm-7f3a9c2e5d8b1406"


@asynccontextmanager
async def beside(home: Path, server: FakeOllama, **tables: Any) -> AsyncIterator[Stage]:
    async with server.running():
        tiers = {"SIMPLE": {"services": [HERE]}}
        providers = {"near": ollama(server.url)}
        async with among(home, providers=providers, tiers=tiers, **tables) as stage:
            yield stage


async def test_what_was_found_is_told_with_what_each_model_can_do(tmp_path: Path) -> None:
    server = FakeOllama()
    server.memory.put(NAME, 8192)
    async with beside(tmp_path, server) as stage:
        _, told = await stage.admin("GET", "/api/local")
    assert (told["enabled"], told["looked"]) == (True, True)
    [found] = told["servers"]
    [model] = found.pop("models")
    assert found == {
        "name": "near",
        "configured": True,
        "enabled": True,
        "kind": "ollama",
        "label": "Ollama",
        "url": server.url,
        "version": server.version,
        "state": "ready",
        "exposed": found["exposed"],
        "slots": None,
        "cuts_prompts": True,
    }
    assert (model["name"], model["service"], model["tiers"]) == (NAME, HERE, ["SIMPLE"])
    assert (model["loaded"], model["context"], model["most_context"]) == (True, 8192, 40960)
    assert (model["tools"], model["vision"], model["thinking"]) == (True, False, True)
    assert (model["local"], model["tokens_per_second"]) == (True, None)


async def test_what_is_not_configured_is_told_by_the_name_it_would_have(tmp_path: Path) -> None:
    async with FakeVllm().running() as server:
        local = {"servers": [{"url": server.url}]}
        async with among(tmp_path, local=local) as stage:
            found = await stage.look()
    [(name, told)] = found.items()
    assert (told["configured"], told["url"]) == (False, server.url)
    assert [each["service"] for each in told["models"]] == [f"{name}/Qwen/Qwen3-Coder-30B"]


async def test_where_nobody_shall_look_nothing_is_told(tmp_path: Path) -> None:
    server = FakeOllama()
    async with beside(tmp_path, server, local={"enabled": False}) as stage:
        _, told = await stage.admin("GET", "/api/local")
        assert await stage.look() == {}
    assert (told["enabled"], told["servers"], server.seen) == (False, [], [])


@pytest.mark.parametrize(("path", "method"), PATHS.items())
async def test_only_whoever_has_the_admin_token_is_told(tmp_path: Path, path: str, method: str) -> None:
    async with beside(tmp_path, FakeOllama()) as stage:
        for headers in ({}, {"x-tierwise-token": CLIENT_TOKEN}, {"x-api-key": CLIENT_TOKEN}):
            url = stage.running.url + path
            async with stage.running.http.request(method, url, headers=headers, data=b"{}") as answer:
                assert answer.status == 401


async def test_every_page_is_described(tmp_path: Path) -> None:
    async with beside(tmp_path, FakeOllama()) as stage:
        _, described = await stage.admin("GET", "/api/openapi.json")
    for path, method in PATHS.items():
        page = described["paths"][path][method.lower()]
        assert page["summary"]
        assert "200" in page["responses"]
        assert ("requestBody" in page) == (path in ("/api/local/use", "/api/local/load"))


async def test_no_page_tells_a_key(tmp_path: Path) -> None:
    async with FakeLmStudio(key=SECRET).running() as server:
        providers = {"near": lmstudio(server.url, key="env:LM_KEY", headers={"x-more": SECRET})}
        async with among(tmp_path, secrets={"env:LM_KEY": SECRET}, providers=providers) as stage:
            told = [await stage.admin("GET", "/api/local"), await stage.look()]
            told.append(await stage.admin("POST", "/api/local/load", {"service": "near/qwen/qwen3-8b"}))
            told.append(
                await stage.admin(
                    "POST", "/api/local/use", {"server": "near", "model": "m", "tier": "SIMPLE"}
                )
            )
    assert SECRET not in json.dumps(told)


# -- as it changes -----------------------------------------------------------------------------------


class Listener:
    def __init__(self, answer: ClientResponse) -> None:
        self._answer = answer

    async def next(self) -> dict[str, Any]:
        """The next that is told, which is all that is there."""
        async with asyncio.timeout(10):
            while True:
                event = (await self._answer.content.readuntil(b"\n\n")).decode()
                if event.startswith("event: local\ndata: "):
                    told: dict[str, Any] = json.loads(event.removeprefix("event: local\ndata: "))
                    return told

    async def until(self, state: str | None) -> dict[str, Any]:
        """The first time that the only server is so; None is that there is none."""
        while True:
            told = await self.next()
            if [each["state"] for each in told["servers"]] == ([] if state is None else [state]):
                return told

    async def end(self) -> None:
        async with asyncio.timeout(10):
            await self._answer.content.read()


@asynccontextmanager
async def listening(stage: Stage) -> AsyncIterator[Listener]:
    url = stage.running.url + "/api/local/events"
    async with stage.running.http.get(url, headers={"x-tierwise-token": ADMIN_TOKEN}) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield Listener(answer)


def watchers(stage: Stage) -> int:
    watch = stage.running.gateway.watch
    assert watch is not None
    return watch._watchers


async def test_changes_are_told_within_seconds_of_their_happening(tmp_path: Path) -> None:
    server = FakeOllama()
    async with AsyncExitStack() as first:
        await first.enter_async_context(server.running())
        providers = {"near": ollama(server.url)}
        async with among(tmp_path, providers=providers) as stage, listening(stage) as listener:
            assert (await listener.next())["servers"][0]["state"] == "ready"
            await first.aclose()
            await listener.until("gone")
            async with server.running():
                told = await listener.until("ready")
                assert [each["loaded"] for each in told["servers"][0]["models"]] == [False]
                server.memory.put(NAME, 8192)
                told = await listener.next()
                assert [each["context"] for each in told["servers"][0]["models"]] == [8192]


async def test_it_is_looked_at_often_only_while_somebody_listens(tmp_path: Path) -> None:
    async with beside(tmp_path, FakeOllama()) as stage:
        assert watchers(stage) == 0
        async with listening(stage) as one, listening(stage) as other:
            await one.next()
            await other.next()
            assert watchers(stage) == 2
        async with asyncio.timeout(10):
            while watchers(stage):  # noqa: ASYNC110 -- it tells nobody that a listener has gone
                await asyncio.sleep(0)


async def test_a_listener_hears_of_the_end(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        stage = await stack.enter_async_context(beside(tmp_path, FakeOllama()))
        listener = await stack.enter_async_context(listening(stage))
        await listener.next()
        stopping = asyncio.create_task(stage.running.gateway.stop())
        await listener.end()
        await stopping


# -- using and loading -------------------------------------------------------------------------------


@pytest.mark.parametrize("by_address", [False, True], ids=["by its name", "by its address"])
async def test_a_model_is_used_for_a_tier(tmp_path: Path, by_address: bool) -> None:
    server = FakeOllama()
    async with beside(tmp_path, server) as stage:
        wanted = {"server": server.url if by_address else "near", "model": NAME, "tier": "complex"}
        status, told = await stage.admin("POST", "/api/local/use", wanted)
        assert (status, told) == (200, {"service": HERE, "tier": "COMPLEX", "config_version": "v"})
        assert stage.running.program.calls == [f"use_local near {server.url} {NAME} COMPLEX", "reload"]
        stage.running.program.applied = False
        status, told = await stage.admin("POST", "/api/local/use", wanted)
        assert (status, told["applied"]) == (422, False)


async def test_a_server_whose_provider_is_switched_off_goes_by_its_name(tmp_path: Path) -> None:
    async with FakeOllama().running() as server:
        local = {"servers": [{"url": server.url}]}
        providers = {"near": ollama(server.url, enabled=False)}
        async with among(tmp_path, local=local, providers=providers) as stage:
            told = (await stage.look())["near"]
    assert (told["configured"], told["enabled"], told["url"]) == (True, False, server.url)


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no [::1]")
async def test_of_two_of_a_name_the_one_that_runs_is_used(tmp_path: Path) -> None:
    async with FakeOllama(host=IPV6).running() as server:
        providers = {
            "same": ollama(f"http://localhost:{server.port}"),
            "near": ollama(f"http://127.0.0.1:{server.port}"),
        }
        async with among(tmp_path, providers=providers) as stage:
            await stage.look()
            _, told = await stage.admin("GET", "/api/local")
            assert len(told["servers"]) == 2
            wanted = {"server": "same", "model": NAME, "tier": "SIMPLE"}
            assert (await stage.admin("POST", "/api/local/use", wanted))[0] == 200


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ({"server": "near", "model": NAME, "tier": "HUGE"}, 400),
        ({"server": "nobody", "model": NAME, "tier": "SIMPLE"}, 404),
        ({"server": "near", "model": "nothing", "tier": "SIMPLE"}, 404),
        ({"server": "near", "model": NAME}, 400),
        ({"server": "near", "model": NAME, "tier": "SIMPLE", "more": 1}, 400),
        ([], 400),
    ],
)
async def test_what_cannot_be_used_is_refused_and_nothing_changes(
    tmp_path: Path, wanted: Any, status: int
) -> None:
    async with beside(tmp_path, FakeOllama()) as stage:
        answered, told = await stage.admin("POST", "/api/local/use", wanted)
        assert (answered, bool(told["error"]["message"])) == (status, True)
        assert stage.running.program.calls == []


async def test_a_model_is_loaded_with_room_for_what_agents_ask_and_that_is_seen(tmp_path: Path) -> None:
    server = FakeOllama()
    async with beside(tmp_path, server, local={"keep_alive": "1h"}) as stage:
        status, told = await stage.admin("POST", "/api/local/load", {"service": HERE})
        assert (status, told["service"], told["seconds"] >= 0) == (200, HERE, True)
        async with listening(stage) as listener:
            [model] = (await listener.next())["servers"][0]["models"]
            while not model["loaded"]:
                [model] = (await listener.next())["servers"][0]["models"]
    assert (model["context"], [each.context for each in server.memory.loads]) == (32768, [32768])
    [asked] = [each for each in server.seen if each.method == "POST"]
    assert (asked.body["messages"], asked.body["keep_alive"]) == ([], 3600)


@pytest.mark.parametrize(
    ("service", "status"),
    [("near/nothing", 404), ("nobody/m", 404), ("near", 400), ("", 400)],
)
async def test_what_is_not_there_cannot_be_loaded(tmp_path: Path, service: str, status: int) -> None:
    server = FakeOllama()
    async with beside(tmp_path, server) as stage:
        answered, told = await stage.admin("POST", "/api/local/load", {"service": service})
    assert (answered, bool(told["error"]["message"])) == (status, True)
    assert server.was_only_looked_at


async def test_a_server_that_loads_by_itself_says_so(tmp_path: Path) -> None:
    async with FakeVllm().running() as server:
        providers = {"near": {"kind": "vllm", "base_url": f"{server.url}/v1"}}
        async with among(tmp_path, providers=providers) as stage:
            answered, told = await stage.admin(
                "POST", "/api/local/load", {"service": "near/Qwen/Qwen3-Coder-30B"}
            )
    assert (answered, "loads its models by itself" in told["error"]["message"]) == (503, True)
