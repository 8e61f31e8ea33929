"""The pretended Ollama does what makes the real one dangerous: it loads, it cuts, and it says little."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from tests.fakes.local.memory import Memory
from tests.fakes.local.ollama import FakeOllama
from tests.fakes.local.ollama_told import Cloud, OllamaModel
from tests.fakes.script import Call, Turn

LONG = "x" * 4096
"""About 1024 tokens."""


def chat(*texts: str, **more: Any) -> dict[str, Any]:
    messages = [{"role": "user", "content": text} for text in texts]
    return {"model": "qwen3:8b", "messages": messages, "stream": False, **more}


async def ask(server: FakeOllama, line: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    method, path = line.split()
    async with aiohttp.ClientSession() as session:
        answer = session.request(method, server.url + path, json=body, headers=headers)
        async with answer as told:
            text = await told.text()
            return told.status, json.loads(text) if text.startswith("{") else text


async def test_looking_tells_everything_and_loads_nothing() -> None:
    async with FakeOllama().running() as server:
        assert await ask(server, "GET /") == (200, "Ollama is running")
        assert await ask(server, "GET /api/version") == (200, {"version": "0.34.2"})
        _, tags = await ask(server, "GET /api/tags")
        _, running = await ask(server, "GET /api/ps")
    assert tags["models"][0]["capabilities"] == ["completion", "tools", "thinking"]
    assert running == {"models": []}
    assert server.was_only_looked_at
    assert server.memory.loads == []


async def test_what_is_loaded_is_told_with_its_context_and_its_end() -> None:
    async with FakeOllama().running() as server:
        server.memory.put("qwen3:8b", 8192)
        _, running = await ask(server, "GET /api/ps")
    assert running["models"][0]["context_length"] == 8192
    assert running["models"][0]["expires_at"] > "2026"


@pytest.mark.parametrize(
    ("version", "more", "status", "said"),
    [
        ("0.34.2", {}, 200, 514),
        ("0.34.2", {"shift": False}, 400, "the prompt is longer than the context length"),
        ("0.34.2", {"truncate": False}, 400, '"type":"exceed_context_size_error"'),
        ("0.12.6", {"truncate": False}, 400, "the input length exceeds the context length"),
        ("0.12.6", {}, 200, 1024),
        ("0.12.5", {"truncate": False}, 200, 1024),
    ],
)
async def test_a_last_message_that_is_too_long_is_cut_or_refused_as_the_version_does_it(
    version: str, more: dict[str, Any], status: int, said: str | int
) -> None:
    async with FakeOllama(version=version).running() as server:
        answer = await ask(server, "POST /api/chat", chat(LONG, options={"num_ctx": 1024}, **more))
    assert answer[0] == status
    if isinstance(said, str):
        assert said in answer[1]["error"]
    else:
        assert answer[1]["prompt_eval_count"] == said


async def test_where_llamacpp_puts_the_prompt_together_its_error_is_a_text_in_the_error() -> None:
    async with FakeOllama(models=[OllamaModel(is_rendered=False)]).running() as server:
        status, answer = await ask(server, "POST /api/chat", chat(LONG, options={"num_ctx": 1024}))
    error = json.loads(answer["error"])["error"]
    assert (status, error["n_ctx"]) == (400, 1024)
    assert error["n_prompt_tokens"] > 1024


@pytest.mark.parametrize("path", ["/api/chat", "/v1/chat/completions"])
async def test_the_oldest_messages_are_dropped_in_silence(path: str) -> None:
    async with FakeOllama(default_context=1500).running() as server:
        status, answer = await ask(server, f"POST {path}", chat("old " + LONG, "new " + LONG))
        talk = server.talk if path == "/api/chat" else server.openai
        assert [each["content"][:3] for each in talk.reached[0]] == ["new"]
    told = answer.get("prompt_eval_count") or answer["usage"]["prompt_tokens"]
    assert (status, told < 1500) == (200, True)


async def test_openais_way_has_no_say_about_the_context() -> None:
    async with FakeOllama().running() as server:
        asked = chat("hello", options={"num_ctx": 32768}, truncate=False)
        await ask(server, "POST /v1/chat/completions", asked)
        assert server.memory.loaded["qwen3:8b"].context == 4096


async def test_a_model_is_loaded_anew_whenever_another_context_or_shift_is_asked_for() -> None:
    wanted: list[dict[str, Any]] = [
        {"options": {"num_ctx": 8192}},
        {"options": {"num_ctx": 8192}},
        {},
        {"options": {"num_ctx": 4096}, "shift": False},
        {"options": {"num_ctx": 4096}, "truncate": False, "shift": False},
        {"options": {"num_ctx": 10**6}, "shift": False},
    ]
    async with FakeOllama().running() as server:
        for each in wanted:
            await ask(server, "POST /api/chat", chat("hello", **each))
    assert [each.context for each in server.memory.loads] == [8192, 4096, 4096, 40960]


async def test_where_there_is_no_room_the_one_that_would_go_first_goes() -> None:
    models = [OllamaModel(), OllamaModel(name="gemma3:4b"), OllamaModel(name="phi4:14b")]
    async with FakeOllama(models=models, memory=Memory(room=2)).running() as server:
        await ask(server, "POST /api/chat", chat("hello", keep_alive=-1))
        await ask(server, "POST /api/chat", chat("hello") | {"model": "gemma3:4b"})
        await ask(server, "POST /api/chat", chat("hello") | {"model": "phi4:14b"})
        assert set(server.memory.loaded) == {"qwen3:8b", "phi4:14b"}
    assert server.memory.unloads == ["gemma3:4b"]


@pytest.mark.parametrize("path", ["/api/chat", "/api/generate"])
async def test_nothing_to_say_loads_and_unloads(path: str) -> None:
    async with FakeOllama().running() as server:
        body = {"model": "qwen3:8b", "keep_alive": "10m", "options": {"num_ctx": 16384}}
        status, answer = await ask(server, f"POST {path}", body)
        assert (status, answer["done_reason"]) == (200, "load")
        assert server.memory.loaded["qwen3:8b"].keep == timedelta(minutes=10)
        _, answer = await ask(server, f"POST {path}", body | {"keep_alive": 0})
        assert answer["done_reason"] == "unload"
        assert server.memory.loaded == {}
    assert server.memory.unloads == ["qwen3:8b"]


async def test_the_first_piece_waits_for_the_model_and_looking_does_not() -> None:
    async with FakeOllama().running() as server:
        server.memory.loads_go_on.clear()
        answering = asyncio.create_task(ask(server, "POST /api/chat", chat("hello")))
        await server.arrived.wait()
        assert await ask(server, "GET /api/version") == (200, {"version": "0.34.2"})
        assert not answering.done()
        server.memory.loads_go_on.set()
        assert (await answering)[0] == 200


async def test_a_stream_is_lines_of_json_with_whole_arguments() -> None:
    script = Turn(calls=(Call("read", {"path": "a.py"}),))
    async with FakeOllama(script=script).running() as server:
        asked = chat("hello", stream=True, tools=[{"type": "function", "function": {"name": "read"}}])
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{server.url}/api/chat", json=asked) as answer,
        ):
            lines = [json.loads(line) async for line in answer.content]
    assert answer.content_type == "application/x-ndjson"
    assert lines[0]["message"]["tool_calls"][0]["function"]["arguments"] == {"path": "a.py"}
    assert lines[-1]["done_reason"] == "stop"


@pytest.mark.parametrize(
    ("cloud", "status"), [(Cloud.NOT_SIGNED_IN, 401), (Cloud.DISABLED, 403), (Cloud.SIGNED_IN, 200)]
)
async def test_models_of_the_cloud_are_somebody_elses(cloud: Cloud, status: int) -> None:
    async with FakeOllama(cloud=cloud).running() as server:
        told, answer = await ask(server, "POST /api/chat", chat("hello") | {"model": "gpt-oss:120b-cloud"})
    assert told == status
    assert ("signin_url" in answer) == (status == 401)
    assert server.memory.loads == []


@pytest.mark.parametrize(
    ("line", "headers", "answer"),
    [
        ("GET /", {"Host": "evil.example"}, (403, "")),
        ("GET /", {"Host": "93.184.216.34:11434"}, (403, "")),
        ("GET /", {"Host": "192.168.1.7:11434"}, (200, "Ollama is running")),
        ("GET /", {"Host": "[::1]:11434"}, (200, "Ollama is running")),
        ("GET /", {"Host": "box.local:11434"}, (200, "Ollama is running")),
        ("GET /nowhere", {}, (404, "404 page not found")),
        ("POST /api/tags", {}, (405, "405 method not allowed")),
        ("HEAD /api/ps", {}, (405, "")),
        ("HEAD /api/tags", {}, (200, "")),
    ],
)
async def test_who_knocks_wrongly_is_told_little(
    line: str, headers: dict[str, str], answer: tuple[int, str]
) -> None:
    async with FakeOllama().running() as server:
        assert await ask(server, line, **headers) == answer


@pytest.mark.parametrize(
    ("model", "more", "words"),
    [
        (OllamaModel(capabilities=("embedding",)), {}, "does not support chat"),
        (OllamaModel(capabilities=("completion",)), {"think": True}, "does not support thinking"),
        (
            OllamaModel(capabilities=("completion",)),
            {"tools": [{"type": "function", "function": {"name": "read"}}]},
            "does not support tools",
        ),
    ],
)
async def test_what_a_model_cannot_do_is_refused(
    model: OllamaModel, more: dict[str, Any], words: str
) -> None:
    async with FakeOllama(models=[model]).running() as server:
        status, answer = await ask(server, "POST /api/chat", chat("hello", **more))
    assert status == 400
    assert words in answer["error"]


async def test_a_server_that_was_left_comes_back_at_its_port() -> None:
    server = FakeOllama()
    async with server.running():
        port = server.port
    with pytest.raises(aiohttp.ClientConnectionError):
        await ask(server, "GET /")
    async with server.running():
        assert await ask(server, "GET /") == (200, "Ollama is running")
    assert server.port == port
