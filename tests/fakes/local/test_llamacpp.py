"""The pretended llama.cpp and its relatives: what they load, what they tell, and whom they interrupt."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from tests.fakes.local.llama_cpp_python import FakeLlamaCppPython
from tests.fakes.local.llamacpp import FakeLlamaCpp, FakeLlamaRouter
from tests.fakes.local.llamacpp_told import LlamaModel
from tests.fakes.local.llamafile import FakeLlamafile, FakeLlamafiler
from tests.fakes.local.server import FakeLocal

LONG = "x" * 40_000


def chat(text: str = "hello", **more: Any) -> dict[str, Any]:
    return {"model": "b", "messages": [{"role": "user", "content": text}], **more}


async def ask(server: FakeLocal, line: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    method, path = line.split()
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, server.url + path, json=body, headers=headers) as told,
    ):
        text = await told.text()
        return told.status, json.loads(text) if text.startswith("{") else text


def two_models() -> FakeLlamaRouter:
    return FakeLlamaRouter(models=[LlamaModel(name="a", status="loaded"), LlamaModel(name="b")])


async def test_while_it_loads_its_model_only_the_list_is_there() -> None:
    async with FakeLlamaCpp(is_loading=True).running() as server:
        assert (await ask(server, "GET /health"))[1]["error"]["message"] == "Loading model"
        assert (await ask(server, "GET /props"))[0] == 503
        status, answer = await ask(server, "GET /v1/models")
    assert (status, answer["data"][0]["meta"]) == (200, None)


@pytest.mark.parametrize(
    ("path", "status"), [("/props", 401), ("/v1/models", 401), ("/nowhere", 401), ("/health", 200)]
)
async def test_without_its_key_only_its_health_is_told_and_its_name(path: str, status: int) -> None:
    async with (
        FakeLlamaCpp(key="key").running() as server,
        aiohttp.ClientSession() as session,
        session.get(server.url + path) as told,
    ):
        assert (told.status, told.headers["server"]) == (status, "llama.cpp")


async def test_behind_a_prefix_nothing_is_at_the_root() -> None:
    async with FakeLlamaCpp(prefix="/llama").running() as server:
        assert (await ask(server, "GET /props"))[0] == 404
        assert (await ask(server, "GET /llama/props"))[1]["total_slots"] == 2


async def test_a_prompt_that_is_too_long_is_refused_with_both_numbers() -> None:
    async with FakeLlamaCpp().running() as server:
        status, answer = await ask(server, "POST /v1/chat/completions", chat(LONG))
    assert (status, answer["error"]["type"]) == (400, "exceed_context_size_error")
    assert answer["error"]["n_prompt_tokens"] > answer["error"]["n_ctx"] == 8192


async def test_a_router_tells_what_is_loaded_and_loads_nothing_by_that() -> None:
    async with two_models().running() as server:
        _, told = await ask(server, "GET /props")
        _, listed = await ask(server, "GET /v1/models")
        _, loaded = await ask(server, "GET /props?model=a&autoload=false")
        status, unloaded = await ask(server, "GET /props?model=b&autoload=false")
    assert (told["role"], told["default_generation_settings"]["n_ctx"]) == ("router", 0)
    assert [each["status"]["value"] for each in listed["data"]] == ["loaded", "unloaded"]
    assert ["meta" in each for each in listed["data"]] == [True, False]
    assert loaded["default_generation_settings"]["n_ctx"] == 8192
    assert (status, unloaded["error"]["message"]) == (400, "model is not loaded")
    assert server.loads == []
    assert server.was_only_looked_at


@pytest.mark.parametrize("line", ["GET /props?model=b", "POST /v1/chat/completions", "POST /models/load"])
async def test_whoever_names_a_model_loads_it(line: str) -> None:
    async with two_models().running() as server:
        assert (await ask(server, line, chat() if line.startswith("POST") else None))[0] == 200
        assert (server.loads, server.loaded) == (["b"], ["a", "b"])
        assert await ask(server, "POST /models/unload", {"model": "b"}) == (200, {"success": True})
        assert server.loaded == ["a"]


async def test_a_router_refuses_models_that_it_does_not_have() -> None:
    async with two_models().running() as server:
        status, answer = await ask(server, "POST /v1/chat/completions", chat(model="c"))
    assert (status, answer["error"]["message"]) == (400, "model 'c' not found")


async def test_a_llamafile_tells_less_wants_no_key_for_it_and_cuts() -> None:
    async with FakeLlamafile(key="key").running() as server:
        _, told = await ask(server, "GET /props")
        assert (await ask(server, "GET /nowhere")) == (404, "File Not Found")
        assert (await ask(server, "POST /v1/chat/completions", chat(LONG)))[0] == 401
        _, answer = await ask(server, "POST /v1/chat/completions", chat(LONG), Authorization="Bearer key")
    assert set(told) == {"user_name", "assistant_name", "default_generation_settings", "total_slots"}
    assert answer["usage"]["prompt_tokens"] == 8192


async def test_the_later_server_of_a_llamafile_goes_by_its_own_name_and_tells_no_context() -> None:
    async with FakeLlamafiler().running() as server, aiohttp.ClientSession() as session:
        async with session.get(f"{server.url}/v1/models") as told:
            assert told.headers["server"] == "llamafile/0.9.3"
            assert (await told.json())["data"][0]["owned_by"] == "llamafile"
        assert (await ask(server, "GET /props"))[0] == 404


async def test_to_list_the_models_of_llama_cpp_python_ends_the_answer_that_is_being_given() -> None:
    async with FakeLlamaCppPython().running() as server:
        server.pieces_go_on.clear()
        answering = asyncio.create_task(ask(server, "POST /v1/chat/completions", chat(stream=True)))
        await server.arrived.wait()
        server.arrived.clear()
        assert (await ask(server, "GET /openapi.json"))[1]["info"]["title"].endswith("llama.cpp Python API")
        server.arrived.clear()
        listing = asyncio.create_task(ask(server, "GET /v1/models"))
        await server.arrived.wait()
        server.pieces_go_on.set()
        assert (await listing)[1]["data"][0]["owned_by"] == "me"
        _, answer = await answering
    assert answer == "data: [DONE]\n\n"
    assert server.interrupted == 1


async def test_llama_cpp_python_answers_whole_when_it_is_left_alone() -> None:
    async with FakeLlamaCppPython().running() as server:
        _, answer = await ask(server, "POST /v1/chat/completions", chat())
        status, refused = await ask(server, "POST /v1/chat/completions", chat(LONG))
    assert answer["choices"][0]["message"]["content"] == "Hello from the pretended model."
    assert (status, refused["error"]["code"]) == (400, "context_length_exceeded")
    assert server.interrupted == 0


@pytest.mark.parametrize("path", ["/v1/messages/count_tokens", "/v1/chat/completions/input_tokens"])
async def test_a_router_loads_a_model_even_to_count_unless_that_is_forbidden(path: str) -> None:
    said = {"model": "b", "messages": [{"role": "user", "content": "Hi"}]}
    async with two_models().running() as server:
        status, answer = await ask(server, f"POST {path}?autoload=false", said)
        assert (status, answer["error"]["message"], server.loads) == (400, "model is not loaded", [])
        status, answer = await ask(server, f"POST {path}", said)
        assert (status, answer["input_tokens"] > 0, server.loads) == (200, True, ["b"])
