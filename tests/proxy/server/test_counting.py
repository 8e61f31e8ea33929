"""Counting tokens: at once by an estimate, exact where that costs nothing or is wanted, and on no record."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from tests.fakes.provider import FakeProvider, Script, fake_provider, whole
from tests.fakes.server import FakeLlm, fake_llm
from tests.proxy.configured import configured
from tests.proxy.gateway_fixture import CLIENT_TOKEN, Recorded, Running, running_gateway

COUNT = "/v1/messages/count_tokens"
GEMINI_COUNT = "/v1beta/models/m:countTokens"
ASKED: dict[str, Any] = {"model": "auto", "messages": [{"role": "user", "content": "Hello there. " * 100}]}
GEMINI_ASKED: dict[str, Any] = {"contents": [{"role": "user", "parts": [{"text": "Hello there. " * 100}]}]}


async def counted(running: Running, path: str = COUNT, body: Any = ASKED, **headers: str) -> tuple[int, Any]:
    async with running.post(path, json.dumps(body).encode(), **headers) as answer:
        return answer.status, json.loads(await answer.read())


def local(url: str, **more: Any) -> dict[str, Any]:
    """llama.cpp's server counts exactly, and speaks Anthropic's format."""
    return {"kind": "llamacpp", "base_url": url, **more}


def cloud(url: str, **more: Any) -> dict[str, Any]:
    """Not on this machine, but for the proxy on the way, which answers in its place."""
    far = {"kind": "anthropic-compatible", "base_url": "http://far.invalid", "proxy": url, "key": "none"}
    return {**far, **more}


@asynccontextmanager
async def in_front_of(
    script: Script, kind: Any, *, services: tuple[str, ...] = ("p/m",), **more: Any
) -> AsyncIterator[tuple[Running, FakeProvider]]:
    async with fake_provider(script) as fake:
        config = configured(
            providers={"p": kind(fake.url, **more)}, tiers={"COMPLEX": {"services": list(services)}}
        )
        async with running_gateway(config) as running:
            yield running, fake


@pytest.mark.parametrize(
    ("path", "body", "member"),
    [(COUNT, ASKED, "input_tokens"), (GEMINI_COUNT, GEMINI_ASKED, "totalTokens")],
)
async def test_an_estimate_is_the_answer_without_any_provider(path: str, body: Any, member: str) -> None:
    async with running_gateway() as running:
        status, told = await counted(running, path, body)
    assert status == 200
    assert list(told) == [member]
    assert 200 < told[member] < 600


async def test_more_of_a_prompt_is_more_tokens() -> None:
    tools = [{"name": "look", "description": "Looks around. " * 50, "input_schema": {"type": "object"}}]
    async with running_gateway() as running:
        counts = [
            (await counted(running, body={**ASKED, **more}))[1]["input_tokens"]
            for more in ({}, {"system": "Be brief. " * 50}, {"system": "Be brief. " * 50, "tools": tools})
        ]
    assert counts == sorted(set(counts))


async def test_a_service_of_this_machine_that_is_alone_counts_exactly() -> None:
    async with in_front_of(whole(b'{"input_tokens": 4711}'), local) as (running, fake):
        assert await counted(running) == (200, {"input_tokens": 4711})
        [received] = fake.received
        assert received.path_qs == "/v1/messages/count_tokens?autoload=false"
        assert json.loads(received.body)["model"] == "m"
        assert CLIENT_TOKEN not in str(received.headers)


async def test_where_one_of_several_would_answer_it_is_an_estimate() -> None:
    """Another one's count would be wrong, too, and costs time."""
    async with in_front_of(whole(b'{"input_tokens": 4711}'), local, services=("p/m", "p/n")) as (
        running,
        fake,
    ):
        _, told = await counted(running)
        assert told["input_tokens"] != 4711
        assert fake.received == []


async def test_a_cloud_is_not_asked_unless_its_user_wants_that() -> None:
    async with in_front_of(whole(b'{"input_tokens": 4711}'), cloud) as (running, fake):
        assert (await counted(running))[1]["input_tokens"] != 4711
        assert fake.received == []
    wanted = in_front_of(
        whole(b'{"input_tokens": 4711}'), cloud, services=("p/m", "p/n"), count_tokens="provider"
    )
    async with wanted as (running, fake):
        assert (await counted(running))[1] == {"input_tokens": 4711}
        assert len(fake.received) == 1


async def test_googles_clients_are_counted_exactly_by_google() -> None:
    async with fake_llm("gemini", []) as fake:
        fake.counts = lambda _asked: 4711
        table = {
            "kind": "gemini",
            "base_url": fake.base_url,
            "key": "none",
            "count_tokens": "provider",
            "formats": ["gemini"],
        }
        config = configured(providers={"p": table}, tiers={"COMPLEX": {"services": ["p/gemini-3-pro"]}})
        async with running_gateway(config) as running:
            status, told = await counted(running, GEMINI_COUNT, GEMINI_ASKED)
        assert (status, told["totalTokens"]) == (200, 4711)
        assert [asked.model for asked in fake.counted] == ["gemini-3-pro"]


@asynccontextmanager
async def strict_anthropic() -> AsyncIterator[tuple[Running, FakeLlm]]:
    async with AsyncExitStack() as stack:
        fake = await stack.enter_async_context(fake_llm("anthropic", []))
        fake.counts = lambda _asked: 4711
        config = configured(
            providers={"p": cloud(fake.url, count_tokens="provider")},
            tiers={"COMPLEX": {"services": ["p/claude-sonnet-4-5"]}},
        )
        yield await stack.enter_async_context(running_gateway(config)), fake


async def test_a_vendor_is_asked_in_words_that_it_takes() -> None:
    """Counting refuses what only answers have, such as a limit."""
    agents = {
        **ASKED,
        "system": [{"type": "text", "text": "You code.", "cache_control": {"type": "ephemeral"}}],
        "tools": [{"name": "look", "input_schema": {"type": "object"}}],
    }
    async with strict_anthropic() as (running, fake):
        assert await counted(running, body=agents, anthropic_version="2023-06-01") == (
            200,
            {"input_tokens": 4711},
        )
        assert not fake.refused
        assert fake.counted[0].system == "You code."


@pytest.mark.parametrize(
    "script",
    [
        whole(b'{"type":"error","error":{"type":"api_error","message":"no"}}', status=500),
        whole(b"no such place", status=404, content_type="text/plain"),
        whole(b"<html>hello</html>", content_type="text/html"),
        whole(b""),
        whole(b'{"type":"error","error":{"type":"api_error","message":"no"}}'),
    ],
    ids=["500", "404", "a page", "nothing", "an error under 200"],
)
async def test_where_the_count_cannot_be_had_the_estimate_is_the_answer(script: Script) -> None:
    async with in_front_of(script, local) as (running, fake):
        status, told = await counted(running)
        assert len(fake.received) == 1
    assert status == 200
    assert 200 < told["input_tokens"] < 600


async def test_nobody_there_is_an_estimate() -> None:
    config = configured(
        providers={"p": local("http://127.0.0.1:9")}, tiers={"COMPLEX": {"services": ["p/m"]}}
    )
    async with running_gateway(config) as running:
        status, told = await counted(running)
    assert status == 200
    assert 200 < told["input_tokens"] < 600


async def test_a_missing_key_is_an_estimate() -> None:
    config = configured(
        providers={"p": cloud("http://127.0.0.1:9", key="keyring", count_tokens="provider")},
        tiers={"COMPLEX": {"services": ["p/m"]}},
    )
    async with running_gateway(config) as running:
        assert (await counted(running))[0] == 200


async def test_counts_are_on_no_record_and_harm_nobodys_health() -> None:
    good = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "m",
        "content": [{"type": "text", "text": "Hello"}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 3, "output_tokens": 1},
    }

    async def script(request: web.Request) -> web.StreamResponse:
        if request.path.endswith("count_tokens"):
            return web.json_response({"error": {"message": "no"}}, status=500)
        return web.json_response(good)

    recorder = Recorded()
    async with fake_provider(script) as fake:
        config = configured(
            providers={"p": cloud(fake.url, count_tokens="provider")},
            tiers={"COMPLEX": {"services": ["p/m"]}},
        )
        async with running_gateway(config, recorder=recorder) as running:
            for _ in range(10):
                assert (await counted(running))[0] == 200
            assert recorder.exchanges == []
            async with running.post(
                "/v1/messages", json.dumps({**ASKED, "max_tokens": 5}).encode()
            ) as answer:
                assert answer.status == 200
                assert answer.headers["x-tierwise-attempts"] == "1"


async def test_a_count_waits_for_no_place_at_the_provider() -> None:
    """A client counts while its own answer is being written."""
    gate, writing = asyncio.Event(), asyncio.Event()

    async def script(request: web.Request) -> web.StreamResponse:
        if request.path.endswith("count_tokens"):
            return web.json_response({"input_tokens": 4711})
        writing.set()
        await gate.wait()
        return web.Response(status=500)

    async with in_front_of(script, local, max_concurrency=1) as (running, _):
        asking = asyncio.create_task(counted(running, "/v1/messages", {**ASKED, "max_tokens": 5}))
        await writing.wait()
        assert await counted(running) == (200, {"input_tokens": 4711})
        gate.set()
        await asking


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (COUNT, {"model": "m"}, 400),
        (COUNT, [], 400),
        (COUNT, {"model": "m", "messages": "Hello"}, 400),
    ],
)
async def test_what_is_no_request_is_not_counted(path: str, body: Any, status: int) -> None:
    async with running_gateway() as running:
        found, told = await counted(running, path, body)
    assert (found, told["type"], told["error"]["type"]) == (status, "error", "invalid_request_error")


async def test_a_count_that_comes_back_to_us_ends_there() -> None:
    async with fake_provider(whole(b'{"input_tokens": 1}')) as fake:
        config = configured(
            providers={"p": cloud(fake.url, count_tokens="provider")},
            tiers={"COMPLEX": {"services": ["p/m"]}},
        )
        async with running_gateway(config) as running:
            await counted(running)
            via = fake.received[0].headers["via"]
            status, told = await counted(running, via=via)
    assert status == 508
    assert "leads back to Tierwise" in told["error"]["message"]


async def test_without_a_token_nothing_is_counted() -> None:
    async with running_gateway() as running, running.http.post(running.url + COUNT, json=ASKED) as answer:
        assert answer.status == 401
