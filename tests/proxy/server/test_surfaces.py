"""Every entrance for clients: what it takes, what it answers, and in whose words it fails."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from tests.fakes.provider import FakeProvider, fake_provider, whole
from tests.proxy.configured import configured
from tests.proxy.gateway_fixture import CLIENT_TOKEN, Running, running_gateway
from tests.proxy.talk import ASKED, GOOD

COMPLETION = {
    "id": "c",
    "object": "chat.completion",
    "created": 1,
    "model": "m",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hello"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4},
}
QUESTION = [{"role": "user", "content": "Hi"}]


def anthropic(url: str, **more: object) -> dict[str, object]:
    return {"kind": "anthropic-compatible", "base_url": url, "key": "none", **more}


def openai(url: str, **more: object) -> dict[str, object]:
    return {"kind": "openai-compatible", "base_url": f"{url}/v1", "key": "none", **more}


@asynccontextmanager
async def one_provider(
    kind: str = "anthropic", answer: bytes = GOOD
) -> AsyncIterator[tuple[Running, FakeProvider]]:
    table = {"anthropic": anthropic, "openai": openai}[kind]
    async with fake_provider(whole(answer)) as fake, running_gateway(p=table(fake.url)) as running:
        yield running, fake


async def posted(running: Running, path: str, body: Any, **headers: str) -> tuple[int, Any]:
    async with running.post(path, json.dumps(body).encode(), **headers) as answer:
        return answer.status, json.loads(await answer.read())


async def got(running: Running, path: str, **headers: str) -> tuple[int, Any]:
    given = {"x-api-key": CLIENT_TOKEN, **{name.replace("_", "-"): value for name, value in headers.items()}}
    async with running.http.get(running.url + path, headers=given) as answer:
        return answer.status, json.loads(await answer.read())


@pytest.mark.parametrize(
    ("path", "body", "text"),
    [
        ("/v1/messages", ASKED, lambda told: told["content"][0]["text"]),
        (
            "/v1/chat/completions",
            {"model": "m", "messages": QUESTION},
            lambda told: told["choices"][0]["message"]["content"],
        ),
        (
            "/v1/responses",
            {"model": "m", "input": "Hi"},
            lambda told: told["output"][0]["content"][0]["text"],
        ),
        (
            "/v1beta/models/m:generateContent",
            {"contents": [{"role": "user", "parts": [{"text": "Hi"}]}]},
            lambda told: told["candidates"][0]["content"]["parts"][0]["text"],
        ),
    ],
)
@pytest.mark.parametrize("kind", ["anthropic", "openai"])
@pytest.mark.parametrize("prefix", ["", "/c/codex", "/c/codex@night", "/v1"])
async def test_every_surface_is_answered_by_every_provider_under_every_prefix(
    path: str, body: dict[str, Any], text: Any, kind: str, prefix: str
) -> None:
    answer = GOOD if kind == "anthropic" else json.dumps(COMPLETION).encode()
    async with one_provider(kind, answer) as (running, _):
        status, told = await posted(running, prefix + path, {**body, "model": "m"})
        assert status == 200, told
        assert text(told) == "Hello"


async def test_a_chat_request_in_the_form_of_responses_is_answered_as_a_chat() -> None:
    async with one_provider("openai", json.dumps(COMPLETION).encode()) as (running, fake):
        status, told = await posted(running, "/v1/chat/completions", {"model": "m", "input": "Hi"})
        assert status == 200
        assert told["object"] == "chat.completion"
        assert json.loads(fake.received[0].body)["messages"] == QUESTION


async def test_a_web_socket_is_refused_at_once() -> None:
    async with one_provider() as (running, _):
        status, told = await got(running, "/v1/responses", connection="Upgrade", upgrade="websocket")
        assert status == 426
        assert "WebSocket" in told["error"]["message"]
        status, _ = await got(running, "/v1/responses")
        assert status == 405


async def test_telemetry_is_taken_and_dropped() -> None:
    async with one_provider() as (running, fake):
        assert (await posted(running, "/api/event_logging/batch", {"events": []}))[0] == 200
        assert fake.received == []


@pytest.mark.parametrize(
    ("path", "envelope"),
    [
        ("/v1/messages/batches", lambda told: told["type"] == "error"),
        ("/v1/files", lambda told: "param" in told["error"]),
        ("/v1beta/files", lambda told: told["error"]["status"] == "NOT_FOUND"),
        ("/c/codex/v1/responses/resp_1", lambda told: "message" in told["error"]),
    ],
)
async def test_an_unknown_path_fails_in_the_words_of_its_family(path: str, envelope: Any) -> None:
    async with one_provider() as (running, _):
        status, told = await got(running, path)
        assert status == 404
        assert envelope(told)


async def test_counting_is_a_local_estimate_that_asks_nobody() -> None:
    async with one_provider() as (running, fake):
        body = {**ASKED, "messages": [{"role": "user", "content": "word " * 1000}]}
        status, told = await posted(running, "/v1/messages/count_tokens", body)
        assert status == 200
        assert 900 < told["input_tokens"] < 2000
        status, told = await posted(running, "/v1beta/models/m:countTokens", {"contents": []})
        assert status == 200
        assert isinstance(told["totalTokens"], int)
        status, _ = await posted(running, "/v1/messages/count_tokens", {"model": "m"})
        assert status == 400
        assert fake.received == []


async def test_counting_asks_the_provider_where_that_is_wanted() -> None:
    async with (
        fake_provider(whole(b'{"input_tokens": 42}')) as fake,
        running_gateway(p=anthropic(fake.url, count_tokens="provider")) as running,
    ):
        status, told = await posted(running, "/v1/messages/count_tokens", ASKED | {"model": "m"})
        assert (status, told) == (200, {"input_tokens": 42})
        assert fake.received[0].path_qs == "/v1/messages/count_tokens"


async def test_embeddings_pass_and_without_a_model_for_them_are_not_offered() -> None:
    vectors = {"object": "list", "data": [{"embedding": [0.5], "index": 0}], "usage": {"prompt_tokens": 2}}
    async with one_provider("openai", json.dumps(vectors).encode()) as (running, fake):
        assert await posted(running, "/v1/embeddings", {"model": "p/e", "input": "Hi"}) == (200, vectors)
        assert fake.received[0].path_qs == "/v1/embeddings"
        assert json.loads(fake.received[0].body)["model"] == "e"
    async with one_provider("anthropic") as (running, _):
        status, told = await posted(running, "/v1/embeddings", {"model": "e", "input": "Hi"})
        assert status == 501
        assert "embedding model" in told["error"]["message"]


async def test_models_are_listed_in_the_shape_of_whoever_asks() -> None:
    listed = {"object": "list", "data": [{"id": "found"}]}

    async def script(request: web.Request) -> web.StreamResponse:
        return web.json_response(listed if request.method == "GET" else COMPLETION)

    async with fake_provider(script) as fake:
        config = configured(
            providers={"p": openai(fake.url)}, tiers={"SIMPLE": {"services": ["p/configured"]}}
        )
        async with running_gateway(config) as running:
            await posted(running, "/v1/chat/completions", {"model": "asked-for", "messages": QUESTION})
            _, told = await got(running, "/v1/models")
            ids = [model["id"] for model in told["data"]]
            assert {"auto", "simple", "claude-tierwise-reasoning"} <= set(ids)
            assert {"p/configured", "p/found", "asked-for"} <= set(ids)
            assert len(ids) == len(set(ids))
            _, told = await got(running, "/v1/models", anthropic_version="2023-06-01")
            assert {"type", "display_name"} <= told["data"][0].keys()
            _, told = await got(running, "/v1beta/models")
            assert "models/auto" in [model["name"] for model in told["models"]]
            assert (await got(running, "/v1/models/p/configured"))[1]["id"] == "p/configured"
            assert (await got(running, "/v1/models/whatever-a-client-names"))[0] == 200


async def test_an_answer_is_referred_to_at_the_service_that_gave_it() -> None:
    response = {
        "id": "resp_1",
        "object": "response",
        "created_at": 1,
        "model": "m",
        "status": "completed",
        "output": [
            {
                "type": "message",
                "id": "msg_1",
                "role": "assistant",
                "status": "completed",
                "content": [{"type": "output_text", "text": "Hello", "annotations": []}],
            }
        ],
        "usage": {"input_tokens": 3, "output_tokens": 1, "total_tokens": 4},
    }
    async with AsyncExitStack() as stack:
        fakes = [
            await stack.enter_async_context(fake_provider(whole(json.dumps(response).encode())))
            for _ in range(2)
        ]
        config = configured(
            providers={
                name: openai(fake.url, formats=["responses"]) for name, fake in zip("ab", fakes, strict=True)
            },
            tiers={"COMPLEX": {"services": ["a/m", "b/m"]}},
        )
        running = await stack.enter_async_context(running_gateway(config))
        assert (await posted(running, "/v1/responses", {"model": "b/m", "input": "Hi"}))[0] == 200
        again = {"model": "auto", "input": "And?", "previous_response_id": "resp_1"}
        assert (await posted(running, "/v1/responses", again))[0] == 200
        assert [len(fake.received) for fake in fakes] == [0, 2]
        status, told = await posted(running, "/v1/responses", {**again, "previous_response_id": "resp_2"})
        assert status == 400
        assert told["error"]["code"] == "previous_response_not_found"


@pytest.mark.parametrize(
    ("header", "value"), [("x_tierwise_service", "noslash"), ("x_tierwise_tier", "HUGE")]
)
async def test_a_forcing_header_that_makes_no_sense_is_refused(header: str, value: str) -> None:
    async with one_provider() as (running, _):
        status, _ = await posted(running, "/v1/messages", ASKED, **{header: value})
        assert status == 400


async def test_forcing_headers_act_and_stay_here() -> None:
    async with fake_provider(whole(GOOD)) as fake:
        config = configured(
            providers={"p": anthropic(fake.url)},
            tiers={"SIMPLE": {"services": ["p/small"]}, "COMPLEX": {"services": ["p/big"]}},
        )
        async with running_gateway(config) as running:
            body = json.dumps({**ASKED, "model": "claude-opus-4-8"}).encode()
            async with running.post("/v1/messages", body, x_tierwise_tier="simple") as answer:
                assert answer.headers["x-tierwise-service"] == "p/small"
                assert answer.headers["x-tierwise-tier"] == "SIMPLE"
            async with running.post("/v1/messages", body, x_tierwise_service="p/other") as answer:
                assert answer.headers["x-tierwise-service"] == "p/other"
                assert answer.headers["x-tierwise-source"] == "probe_pin"
                assert answer.headers["x-tierwise-tier"] == "none"
            assert not [name for name in fake.received[0].headers if name.lower().startswith("x-tierwise")]


async def test_a_whole_answer_has_its_length() -> None:
    body = json.dumps({**ASKED, "model": "m"}).encode()
    async with one_provider() as (running, _), running.post("/v1/messages", body) as answer:
        assert answer.headers["content-length"] == str(len(GOOD))
