"""What happens when a provider fails: who is asked next, and what the client is told in the end."""

import asyncio
import json
from contextlib import AsyncExitStack
from typing import Any

import pytest
from aiohttp import web

from proxy.exchange import Outcome
from tests.fakes.provider import FakeProvider, Script, fake_provider, stream, whole
from tests.proxy.configured import configured
from tests.proxy.gateway_fixture import CLIENT_TOKEN, Recorded, Running, running_gateway
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


async def test_the_headers_name_whose_error_is_told() -> None:
    limited = whole(error("rate_limit_error", "slow down"), status=429, retry_after="7")
    async with AsyncExitStack() as stack:
        stage = await staged(stack, limited, whole(error("api_error"), status=500))
        answered, headers, _ = await stage.ask()
        assert (answered, headers["x-tierwise-service"]) == (429, "p0/m")


async def test_of_several_waits_the_shortest_is_told() -> None:
    def limited(seconds: str) -> Script:
        return whole(error("rate_limit_error"), status=429, retry_after=seconds)

    async with AsyncExitStack() as stack:
        stage = await staged(stack, limited("3600"), limited("2"))
        _, headers, _ = await stage.ask()
        assert headers["retry-after"] == "2"


async def test_a_prompt_is_not_called_too_long_while_a_larger_service_is_only_busy() -> None:
    too_long = whole(error("invalid_request_error", "prompt is too long: 9 tokens > 8 maximum"), status=400)
    async with AsyncExitStack() as stack:
        stage = await staged(stack, too_long, whole(error("overloaded_error"), status=529))
        answered, headers, _ = await stage.ask()
        assert (answered, headers["x-tierwise-service"]) == (529, "p1/m")


async def test_a_refusal_of_this_host_alone_leads_on() -> None:
    async with AsyncExitStack() as stack:
        stage = await staged(stack, whole(error("conflict_error"), status=409), whole(GOOD))
        answered, headers, _ = await stage.ask()
        assert (answered, headers["x-tierwise-service"]) == (200, "p1/m")


async def test_comments_are_no_beginning_of_an_answer() -> None:
    async def only_comments(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-type": "text/event-stream"})
        await response.prepare(request)
        while True:
            await response.write(b": PROCESSING\n\n")
            await asyncio.sleep(0.05)  # it drips, for as long as it is let

    async with AsyncExitStack() as stack:
        stage = await staged(stack, only_comments, routing={"deadline": 1})
        answered, _, body = await stage.ask(stream=True)
        assert answered == 504
        assert b"deadline" in body


async def test_an_answer_that_is_complete_is_one_although_its_connection_hangs() -> None:
    async with fake_provider(stream(START, TEXT, END, asyncio.Event())) as fake:
        table = {
            "kind": "anthropic-compatible",
            "base_url": fake.url,
            "key": "none",
            "timeouts": {"idle": 0.1},
        }
        recorded = Recorded()
        async with running_gateway(configured(providers={"p": table}), recorder=recorded) as running:
            body = json.dumps({**ASKED, "model": "x", "stream": True}).encode()
            async with running.post("/v1/messages", body) as answer:
                assert await answer.read() == START + TEXT + END
        (exchange,) = recorded.exchanges
        assert exchange.outcome is Outcome.ANSWERED
        assert exchange.attempts[0].outcome is Outcome.ANSWERED
        assert exchange.attempts[0].usage.output == 1


async def test_a_failed_exchange_is_recorded_with_the_status_that_the_client_got() -> None:
    async with fake_provider(hang_up) as fake:
        table = {"kind": "anthropic-compatible", "base_url": fake.url, "key": "none"}
        recorded = Recorded()
        async with running_gateway(configured(providers={"p": table}), recorder=recorded) as running:
            body = json.dumps({**ASKED, "model": "x"}).encode()
            async with running.post("/v1/messages", body) as answer:
                assert answer.status == 502
        assert [each.status for each in recorded.exchanges] == [502]


async def test_waiting_for_a_seat_is_not_the_providers_fault() -> None:
    answering = asyncio.Event()
    async with fake_provider(stream(START, TEXT, answering, END)) as fake:
        table = {
            "kind": "anthropic-compatible",
            "base_url": fake.url,
            "key": "none",
            "max_concurrency": 1,
            "timeouts": {"first_byte": 0.2},
        }
        config = configured(providers={"p": table}, routing={"deadline": 1})
        recorded = Recorded()
        async with running_gateway(config, recorder=recorded) as running:
            body = json.dumps({**ASKED, "model": "x", "stream": True}).encode()
            async with running.post("/v1/messages", body) as first:
                assert await first.content.readany() == START + TEXT
                async with running.post("/v1/messages", body) as second:
                    assert second.status == 503
                    assert b"max_concurrency" in await second.read()
                answering.set()
                assert await first.content.read() == END
            async with running.post("/v1/messages", body) as third:
                assert third.status == 200
        assert len(fake.received) == 2


async def test_two_gateways_that_point_at_each_other_notice() -> None:
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(running_gateway(configured()))
        two = await stack.enter_async_context(running_gateway(configured()))
        for here, there in ((one, two), (two, one)):
            table = {
                "kind": "anthropic-compatible",
                "base_url": there.url,
                "key": "env:TOKEN",
                "count_tokens": "provider",
            }
            here.secrets["env:TOKEN"] = CLIENT_TOKEN
            here.gateway.apply(configured(providers={"other": table}))
        for path in ("/v1/messages", "/v1/messages/count_tokens"):
            async with one.post(path, json.dumps({**ASKED, "model": "x"}).encode()) as answer:
                assert answer.status in (200, 508)
        assert len(one.recorder.exchanges) + len(two.recorder.exchanges) <= 3
