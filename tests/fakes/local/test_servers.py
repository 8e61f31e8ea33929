"""The other servers, as a client sees them."""

import asyncio
from collections.abc import Callable
from functools import partial
from http.server import ThreadingHTTPServer
from typing import Any

import aiohttp
import pytest
from openai import APIStatusError, AsyncOpenAI
from openai.types.chat import ChatCompletionUserMessageParam

from tests.fakes.local.docker_model_runner import FakeDockerModelRunner
from tests.fakes.local.generic import FakeOpenAi
from tests.fakes.local.gpt4all import FakeGpt4All
from tests.fakes.local.jan import FakeJan
from tests.fakes.local.koboldcpp import FakeKoboldCpp
from tests.fakes.local.localai import FakeLocalAi
from tests.fakes.local.mlx import FakeMlx
from tests.fakes.local.server import FakeLocal
from tests.fakes.local.sglang import FakeSglang
from tests.fakes.local.vllm import FakeVllm
from tests.fakes.local.webui import FakeWebui

HELLO: ChatCompletionUserMessageParam = {"role": "user", "content": "Hello?"}
LONG: ChatCompletionUserMessageParam = {"role": "user", "content": "word " * 40_000}
Got = tuple[int, Any, aiohttp.ClientResponse]


async def got(server: FakeLocal, path: str, **more: Any) -> Got:
    async with aiohttp.ClientSession() as session, session.get(server.url + path, **more) as response:
        body = await response.json() if response.content_type == "application/json" else await response.text()
        return response.status, body, response


def client(server: FakeLocal, key: str = "none") -> AsyncOpenAI:
    return AsyncOpenAI(base_url=f"{server.url}/v1", api_key=key, max_retries=0)


TOLD = [
    (FakeVllm(), "/version", {"version": "0.14.1"}),
    (FakeVllm(key="k"), "/version", {"version": "0.14.1"}),
    (FakeVllm(key="k"), "/load", {"server_load": 0}),
    (FakeVllm(), "/health", ""),
    (FakeSglang(), "/", "SGLang is running"),
    (FakeSglang(greeting="Ollama is running"), "/", "Ollama is running"),
    (FakeLocalAi(), "/api/version", {"version": "0.9.0"}),
    (FakeLocalAi(models=()), "/api/tags", {"models": None}),
    (FakeLocalAi(), "/readyz", ""),
    (FakeLocalAi(greets_as_ollama=True), "/", "Ollama is running"),
    (FakeKoboldCpp(), "/api/version", {"version": "0.7.0"}),
    (FakeKoboldCpp(), "/api/extra/true_max_context_length", {"value": 8192}),
    (FakeKoboldCpp(key="k"), "/api/v1/model", {"result": "koboldcpp/protected-model"}),
    (FakeWebui(loaded="None"), "/v1/internal/model/info", {"model_name": "None", "lora_names": []}),
    (FakeDockerModelRunner(), "/", "Docker Model Runner is running"),
    (FakeDockerModelRunner(models=()), "/models", []),
    (FakeDockerModelRunner(models=()), "/engines/v1/models", {"object": "list", "data": []}),
    (FakeMlx(), "/health", {"status": "ok"}),
]


@pytest.mark.parametrize(("server", "path", "told"), TOLD)
async def test_what_they_tell(server: FakeLocal, path: str, told: object) -> None:
    async with server.running():
        status, body, _ = await got(server, path)

    assert (status, body) == (200, told)
    assert server.was_only_looked_at


LISTED: list[tuple[Callable[[], FakeLocal], str | None]] = [
    (FakeVllm, "vllm"),
    (FakeSglang, "sglang"),
    (FakeLocalAi, None),
    (partial(FakeJan, key=""), "user"),
    (FakeKoboldCpp, "koboldcpp"),
    (FakeWebui, "user"),
    (FakeGpt4All, "humanity"),
    (FakeDockerModelRunner, "docker"),
    (FakeMlx, None),
]


@pytest.mark.parametrize(("make", "owner"), LISTED)
async def test_whose_models_are_by_their_lists(make: Callable[[], FakeLocal], owner: str | None) -> None:
    async with make().running() as server:
        _, body, _ = await got(server, "/v1/models")

    assert body["object"] == "list"
    assert {each.get("owned_by") for each in body["data"]} == {owner}


CLOSED = [
    (FakeVllm(key="k"), "/v1/models", 401, {"error": "Unauthorized"}),
    (FakeSglang(key="k"), "/", 401, {"error": "Unauthorized"}),
    (FakeSglang(key="k"), "/version", 401, {"error": "Unauthorized"}),
    (FakeJan(), "/v1/models", 401, "Missing authorization header"),
    (FakeWebui(key="k"), "/v1/internal/model/info", 401, {"detail": "Unauthorized"}),
    (FakeGpt4All(is_on=False), "/v1/models", 401, ""),
    (FakeMlx(), "/", 404, "Not Found"),
]


@pytest.mark.parametrize(("server", "path", "status", "told"), CLOSED)
async def test_what_they_do_not_tell(server: FakeLocal, path: str, status: int, told: object) -> None:
    async with server.running():
        async with aiohttp.ClientSession() as session, session.get(server.url + path) as response:
            text = await response.text()

        assert response.status == status
        assert text == told if isinstance(told, str) else await response.json() == told


async def test_a_key_opens_what_is_locked() -> None:
    async with FakeJan().running() as server:
        listed = await client(server, server.key).models.list()

    assert [each.id for each in listed.data] == list(server.models)
    assert not server.was_only_looked_at


@pytest.mark.parametrize("make", [FakeOpenAi, FakeVllm, FakeGpt4All, FakeMlx])
async def test_they_answer_whoever_chats(make: type[FakeOpenAi]) -> None:
    async with make().running() as server:
        answer = await client(server).chat.completions.create(model=server.models[0], messages=[HELLO])

    assert answer.choices[0].message.content == server.says
    assert answer.usage is not None


async def test_they_stream_when_asked_to() -> None:
    async with FakeOpenAi(says="Good day.").running() as server:
        stream = await client(server).chat.completions.create(
            model="some-model", messages=[HELLO], stream=True, stream_options={"include_usage": True}
        )
        chunks = [chunk async for chunk in stream]

    assert "".join(each.choices[0].delta.content or "" for each in chunks if each.choices) == "Good day."
    assert chunks[-1].usage is not None


@pytest.mark.parametrize("server", [FakeVllm(), FakeSglang()])
async def test_a_prompt_that_is_too_long_is_refused_with_the_length_it_may_have(server: FakeOpenAi) -> None:
    async with server.running():
        with pytest.raises(APIStatusError) as refused:
            await client(server).chat.completions.create(model=server.models[0], messages=[LONG])

    assert refused.value.status_code == 400
    assert str(server.context) in refused.value.message


async def test_vllm_counts_the_tokens_of_a_conversation() -> None:
    async with (
        FakeVllm().running() as server,
        aiohttp.ClientSession() as session,
        session.post(f"{server.url}/tokenize", json={"messages": [LONG]}) as response,
    ):
        told = await response.json()

    assert told["count"] == len(told["tokens"]) > server.context == told["max_model_len"]


@pytest.mark.parametrize("path", ["/health", "/flush_cache"])
async def test_asking_sglang_how_it_is_makes_it_work(path: str) -> None:
    async with FakeSglang().running() as server:
        await got(server, path)

    assert server.woken == [path]


async def test_webui_hears_nobody_who_calls_it_by_another_name() -> None:
    async with FakeWebui().running() as server:
        status, body, _ = await got(server, "/v1/models", headers={"host": "[::1]:5000"})

    assert (status, body) == (400, {"detail": "Invalid host header"})


async def test_gpt4all_answers_nobody_while_it_writes() -> None:
    async with FakeGpt4All().running() as server:
        server.finished.clear()
        writing = asyncio.create_task(
            client(server).chat.completions.create(model=server.models[0], messages=[HELLO])
        )
        await server.arrived.wait()
        server.arrived.clear()
        asking = asyncio.create_task(got(server, "/v1/models"))
        await server.arrived.wait()

        assert not asking.done()

        server.finished.set()
        assert (await writing).choices
        assert (await asking)[0] == 200


async def test_mlx_speaks_as_pythons_own_server_does() -> None:
    async with FakeMlx().running() as server:
        _, _, response = await got(server, "/v1/models")

    assert response.version == aiohttp.HttpVersion10
    assert response.headers["server"].startswith("BaseHTTP/")
    assert "content-length" not in response.headers


async def test_an_older_mlx_begins_with_one_request_after_the_other() -> None:
    async with FakeMlx().running() as server:
        server.goes_on.clear()
        asking = [asyncio.create_task(got(server, path)) for path in ("/health", "/v1/models")]
        await server.heard.get()
        for _ in range(100):
            await asyncio.sleep(0)

        assert len(server.seen) == 1

        server.goes_on.set()
        assert {status for status, _, _ in await asyncio.gather(*asking)} == {200}


async def test_a_newer_mlx_hears_others_while_it_works() -> None:
    async with FakeMlx(server_class=ThreadingHTTPServer).running() as server:
        server.goes_on.clear()
        asking = [asyncio.create_task(got(server, path)) for path in ("/health", "/v1/models")]

        assert {await server.heard.get(), await server.heard.get()} == {"/health", "/v1/models"}

        server.goes_on.set()
        await asyncio.gather(*asking)
