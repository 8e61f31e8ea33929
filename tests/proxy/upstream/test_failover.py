"""What happens when a provider fails: who is asked next, and what the client is told in the end."""

import asyncio
import json
from contextlib import AsyncExitStack
from typing import Any

import pytest
from aiohttp import web

from tests.fakes.provider import FakeProvider, Script, fake_provider, stream, whole
from tests.proxy.configured import configured
from tests.proxy.gateway_fixture import Running, running_gateway
from tests.proxy.talk import ASKED, END, GOOD, START, TEXT, error


class Stage:
    """Two or more providers in one tier, and the gateway in front of them."""

    def __init__(self, running: Running, fakes: list[FakeProvider]) -> None:
        self.running = running
        self.fakes = fakes

    async def ask(self, **more: Any) -> tuple[int, dict[str, str], bytes]:
        body = json.dumps({**ASKED, **more}).encode()
        async with self.running.post("/v1/messages", body) as answer:
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}, await answer.read()

    @property
    def asked(self) -> list[int]:
        return [len(fake.received) for fake in self.fakes]


async def staged(stack: AsyncExitStack, *scripts: Script, **tables: Any) -> Stage:
    fakes = [await stack.enter_async_context(fake_provider(script)) for script in scripts]
    names = [f"p{number}" for number in range(len(fakes))]
    config = configured(
        providers={
            name: {"kind": "anthropic-compatible", "base_url": fake.url, "key": "none"}
            for name, fake in zip(names, fakes, strict=True)
        },
        tiers={"COMPLEX": {"services": [f"{name}/m" for name in names]}},
        **tables,
    )
    running = await stack.enter_async_context(running_gateway(config))
    return Stage(running, fakes)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, "authentication_error"),
        (402, "billing_error"),
        (403, "permission_error"),
        (404, "not_found_error"),
        (408, "timeout_error"),
        (429, "rate_limit_error"),
        (500, "api_error"),
        (503, "overloaded_error"),
        (529, "overloaded_error"),
    ],
)
async def test_the_next_service_answers_when_one_fails(status: int, kind: str) -> None:
    async with AsyncExitStack() as stack:
        stage = await staged(stack, whole(error(kind), status=status), whole(GOOD))
        answered, headers, body = await stage.ask()
        assert (answered, body) == (200, GOOD)
        assert headers["x-tierwise-service"] == "p1/m"
        assert headers["x-tierwise-attempts"] == "2"
        assert stage.asked == [1, 1]


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, "invalid_request_error"), (413, "request_too_large"), (422, "invalid_request_error")],
)
async def test_a_request_that_is_wrong_is_told_so_at_once(status: int, kind: str) -> None:
    async with AsyncExitStack() as stack:
        stage = await staged(stack, whole(error(kind), status=status), whole(GOOD))
        answered, headers, body = await stage.ask(model="p0/m")
        assert (answered, body) == (status, error(kind))
        assert headers["x-tierwise-attempts"] == "1"
        assert stage.asked == [1, 0]


async def hang(_request: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError("it hangs")


async def hang_up(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


@pytest.mark.parametrize(
    "script",
    [
        hang_up,
        whole(b"<html>Bad gateway</html>", content_type="text/html"),
        whole(b""),
        whole(b'{"half": '),
        whole(error("overloaded_error")),
    ],
    ids=["hangs up", "a web page", "nothing", "half an object", "an error under 200"],
)
async def test_what_is_no_answer_is_a_failure(script: Script) -> None:
    async with AsyncExitStack() as stack:
        stage = await staged(stack, script, whole(GOOD))
        answered, headers, body = await stage.ask()
        assert (answered, body) == (200, GOOD)
        assert headers["x-tierwise-service"] == "p1/m"


@pytest.mark.parametrize(
    "script",
    [
        stream(b"event: error\ndata: " + error("overloaded_error") + b"\n\n"),
        stream(START, b"event: error\ndata: " + error("overloaded_error") + b"\n\n"),
        stream(START, ending="cut"),
        stream(b"data: {half\n\n"),
        stream(),
        whole(error("api_error")),
    ],
    ids=[
        "error first",
        "error after the start",
        "cut after the start",
        "malformed",
        "nothing",
        "plain error",
    ],
)
async def test_a_stream_that_fails_before_its_first_word_is_answered_by_the_next(script: Script) -> None:
    async with AsyncExitStack() as stack:
        stage = await staged(stack, script, stream(START, TEXT, END))
        answered, headers, body = await stage.ask(stream=True)
        assert (answered, body) == (200, START + TEXT + END)
        assert headers["x-tierwise-service"] == "p1/m"
        assert stage.asked == [1, 1]


async def test_a_stream_that_breaks_later_ends_with_the_formats_error() -> None:
    async with AsyncExitStack() as stack:
        stage = await staged(stack, stream(START, TEXT, ending="cut"), stream(START, TEXT, END))
        answered, headers, body = await stage.ask(stream=True)
        assert answered == 200
        assert headers["x-tierwise-service"] == "p0/m"
        assert body.startswith(START + TEXT)
        assert body.count(b"event: error") == 1
        assert stage.asked == [1, 0]


async def test_the_deadline_holds_for_all_attempts_together() -> None:
    async with AsyncExitStack() as stack:
        stage = await staged(stack, hang, hang, hang, routing={"deadline": 1})
        answered, _, body = await stage.ask()
        assert answered == 504
        assert json.loads(body)["error"]["type"] == "timeout_error"
        assert stage.asked == [1, 0, 0]


async def test_the_most_useful_error_is_told_not_the_last() -> None:
    limited = whole(error("rate_limit_error", "slow down"), status=429, retry_after="7")
    async with AsyncExitStack() as stack:
        stage = await staged(stack, whole(error("api_error"), status=500), limited, hang_up)
        answered, headers, body = await stage.ask()
        assert (answered, json.loads(body)["error"]["message"]) == (429, "slow down")
        assert headers["retry-after"] == "7"
        assert headers["x-tierwise-attempts"] == "3"


async def test_a_service_that_is_cooling_down_is_asked_last() -> None:
    limited = whole(error("rate_limit_error"), status=429, retry_after="60")
    async with AsyncExitStack() as stack:
        stage = await staged(stack, limited, whole(GOOD))
        await stage.ask()
        await stage.ask()
        assert stage.asked == [1, 2]


async def test_several_keys_are_tried_in_turn_and_a_session_stays_with_its_own() -> None:
    used: list[str] = []
    refused = {"first"}

    async def script(request: web.Request) -> web.StreamResponse:
        key = request.headers["x-api-key"]
        used.append(key)
        if key in refused:
            return web.Response(body=error("rate_limit_error"), status=429, headers={"retry-after": "0"})
        return web.Response(body=GOOD, content_type="application/json")

    keys = {"provider/p/one": "first", "provider/p/two": "second"}
    async with fake_provider(script) as fake:
        table = {
            "kind": "anthropic-compatible",
            "base_url": fake.url,
            "keys": ["keyring:one", "keyring:two"],
        }
        config = configured(providers={"p": table}, tiers={"COMPLEX": {"services": ["p/m"]}})
        async with running_gateway(config, secrets=keys) as running:
            stage = Stage(running, [fake])
            body = json.dumps(ASKED).encode()
            async with running.post("/v1/messages", body, x_claude_code_session_id="s") as answer:
                assert answer.status == 200
            refused.clear()
            async with running.post("/v1/messages", body, x_claude_code_session_id="s") as answer:
                assert answer.status == 200
            assert used == ["first", "second", "second"]
            assert stage.asked == [3]


async def test_an_address_that_leads_back_to_us_is_refused() -> None:
    config = configured(
        providers={"me": {"kind": "anthropic-compatible", "key": "none", "base_url": "http://127.0.0.1:1"}}
    )
    async with running_gateway(config) as running:
        me = {"kind": "anthropic-compatible", "key": "none", "base_url": running.url}
        running.gateway.apply(configured(providers={"me": me}))
        async with running.post("/v1/messages", json.dumps({**ASKED, "model": "x"}).encode()) as answer:
            assert answer.status == 503
            assert "is Tierwise itself" in json.loads(await answer.read())["error"]["message"]


async def test_a_request_that_comes_back_through_another_proxy_is_refused() -> None:
    async with AsyncExitStack() as stack:
        running: Running

        async def forward(request: web.Request) -> web.StreamResponse:
            headers = {"x-api-key": "client-token", "via": request.headers["via"]}
            async with running.http.post(
                running.url + request.path, data=await request.read(), headers=headers
            ) as answer:
                return web.Response(body=await answer.read(), status=answer.status)

        fake = await stack.enter_async_context(fake_provider(forward))
        table = {"kind": "anthropic-compatible", "key": "none", "base_url": fake.url}
        running = await stack.enter_async_context(running_gateway(configured(providers={"p": table})))
        async with running.post("/v1/messages", json.dumps({**ASKED, "model": "x"}).encode()) as answer:
            assert answer.status >= 500
            assert "already been here" in json.loads(await answer.read())["error"]["message"]
        assert len(fake.received) == 1
