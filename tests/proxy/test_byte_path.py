"""The byte path: what the client sent arrives, what the provider answered comes back, byte for byte."""

import asyncio
import gzip
import json

import msgspec
import pytest
from aiohttp import web

from proxy.config import ServerConfig
from proxy.server.relay import Relay
from tests.fakes.provider import fake_provider, stream, whole
from tests.proxy.gateway_fixture import running_gateway
from tests.proxy.talk import CHAT_WORD, END, START, TEXT

ODD_BODY = (
    b'{ "model" : "claude-opus-4-8",\n  "stream": false, "messages":[{"role":"user", '
    b'"content":"\\ud83d cut emoji \\u00e9 \xc3\xa9", "model": "nested"}], "unknown": 1e400, "a": 1, "a": 2 }'
)


def provider(url: str, kind: str = "anthropic-compatible", **more: object) -> dict[str, object]:
    return {"kind": kind, "base_url": url, "key": "none", **more}


async def test_the_body_arrives_byte_for_byte_with_its_query_and_headers() -> None:
    async with (
        fake_provider(whole(b"{}")) as fake,
        running_gateway(fake=provider(fake.url)) as running,
        running.post(
            "/v1/messages?beta=true",
            ODD_BODY,
            anthropic_version="2023-06-01",
            anthropic_beta="one,two",
            x_claude_code_session_id="s-1",
        ) as answer,
    ):
        assert answer.status == 200
        (received,) = fake.received
        assert received.body == ODD_BODY
        assert received.path_qs == "/v1/messages?beta=true"
        assert received.headers["anthropic-beta"] == "one,two"
        assert received.headers["x-claude-code-session-id"] == "s-1"
        assert received.headers["content-length"] == str(len(ODD_BODY))


async def test_credentials_and_our_own_headers_stay_here_and_the_providers_key_goes_out() -> None:
    async with (
        fake_provider(whole(b"{}")) as fake,
        running_gateway(
            secrets={"provider/fake": "sk-real"},
            fake=provider(fake.url, key="keyring", headers={"x-team": "t"}),
        ) as running,
        running.post(
            "/v1/messages",
            b'{"model":"m"}',
            authorization="Bearer client-token",
            cookie="a=b",
            x_tierwise_session="s",
            accept_encoding="gzip, br",
        ),
    ):
        headers = fake.received[0].headers
        assert headers["x-api-key"] == "sk-real"
        assert headers["x-team"] == "t"
        assert headers["accept-encoding"] == "identity"
        assert headers["anthropic-version"] == "2023-06-01"
        assert "authorization" not in headers
        assert "cookie" not in headers
        assert not [name for name in headers if name.lower().startswith("x-tierwise-")]
        assert "client-token" not in str(headers)


async def test_an_openai_request_goes_to_the_openai_provider_with_a_bearer_key() -> None:
    async with (
        fake_provider(whole(b"{}")) as anthropic,
        fake_provider(whole(b'{"choices":[]}')) as openai,
        running_gateway(
            secrets={"provider/two": "sk-two"},
            one=provider(anthropic.url),
            two=provider(f"{openai.url}/v1", "openai-compatible", key="keyring"),
        ) as running,
        running.post("/v1/chat/completions", b'{"model":"gpt"}') as answer,
    ):
        assert await answer.read() == b'{"choices":[]}'
        assert answer.headers["x-tierwise-service"] == "two/gpt"
        assert anthropic.received == []
        assert openai.received[0].path_qs == "/v1/chat/completions"
        assert openai.received[0].headers["authorization"] == "Bearer sk-two"


async def test_the_answer_comes_back_as_it_is_and_says_who_served() -> None:
    answer_body = b'{"type":"message", "odd" :  [ ]}'
    async with (
        fake_provider(whole(answer_body, request_id="req_up", set_cookie="no=1")) as fake,
        running_gateway(fake=provider(fake.url)) as running,
        running.post("/v1/messages", b'{"model":"claude-x"}') as answer,
    ):
        assert await answer.read() == answer_body
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["request-id"] == "req_up"
        assert "set-cookie" not in answer.headers
        assert answer.headers["x-tierwise-provider"] == "fake"
        assert answer.headers["x-tierwise-model"] == "claude-x"
        assert answer.headers["x-tierwise-service"] == "fake/claude-x"
        assert answer.headers["x-tierwise-source"] == "passthrough"
        assert answer.headers["x-tierwise-tier"] == "none"
        assert answer.headers["x-tierwise-attempts"] == "1"
        assert answer.headers["x-tierwise-request-id"].startswith("req_")


async def test_a_providers_error_is_passed_on_with_its_status_and_retry_hint() -> None:
    body = b'{"type":"error","error":{"type":"rate_limit_error","message":"slow down"}}'
    async with (
        fake_provider(whole(body, status=429, retry_after="7")) as fake,
        running_gateway(fake=provider(fake.url)) as running,
        running.post("/v1/messages", b'{"model":"m"}') as answer,
    ):
        assert answer.status == 429
        assert answer.headers["retry-after"] == "7"
        assert await answer.read() == body


async def test_a_stream_is_not_held_back() -> None:
    """The second piece is sent only after the first one has reached the client."""
    first_arrived = asyncio.Event()
    script = stream(START + TEXT, first_arrived, END)
    async with (
        fake_provider(script) as fake,
        running_gateway(fake=provider(fake.url)) as running,
        running.post("/v1/messages", b'{"model":"m","stream":true}') as answer,
    ):
        assert await answer.content.readany() == START + TEXT
        first_arrived.set()
        assert await answer.content.read() == END


async def test_a_client_that_hangs_up_ends_the_providers_work() -> None:
    async with (
        fake_provider(stream(START + TEXT, asyncio.Event())) as fake,
        running_gateway(fake=provider(fake.url)) as running,
    ):
        answer = await running.post("/v1/messages", b'{"model":"m","stream":true}')
        await answer.content.readany()
        answer.close()
        await fake.hung_up.wait()


async def test_a_client_that_hangs_up_before_the_first_byte_ends_the_providers_work() -> None:
    asked = asyncio.Event()

    async def never(_request: web.Request) -> web.StreamResponse:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    async with fake_provider(never) as fake, running_gateway(fake=provider(fake.url)) as running:
        waiting = asyncio.ensure_future(running.post("/v1/messages", b'{"model":"m"}').__aenter__())
        await asked.wait()
        waiting.cancel()
        await fake.hung_up.wait()


@pytest.mark.parametrize(
    ("path", "kind", "begun", "expected"),
    [
        ("/v1/messages", "anthropic-compatible", START + TEXT, b'event: error\ndata: {"type":"error"'),
        ("/v1/chat/completions", "openai-compatible", CHAT_WORD, b'data: {"error":{"message":'),
    ],
)
async def test_a_stream_that_breaks_off_ends_with_the_formats_own_error_event(
    path: str, kind: str, begun: bytes, expected: bytes
) -> None:
    async with (
        fake_provider(stream(begun, b"data: {half", ending="cut")) as fake,
        running_gateway(fake=provider(fake.url, kind)) as running,
        running.post(path, b'{"model":"m","stream":true}') as answer,
    ):
        received = await answer.content.read()
        assert received.replace(b"data: {half\n\n", b"").startswith(begun + expected)
        assert b"broke off" in received
        assert received.endswith(b"\n\n")


async def test_a_body_that_breaks_off_is_not_passed_off_as_whole() -> None:
    async def half(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-type": "application/json", "content-length": "100"})
        await response.prepare(request)
        await response.write(b'{"half":')
        assert request.transport is not None
        request.transport.close()
        return response

    async with (
        fake_provider(half) as fake,
        running_gateway(fake=provider(fake.url)) as running,
        running.post("/v1/messages", b'{"model":"m"}') as answer,
    ):
        assert answer.status == 502
        assert b"broke off" in await answer.read()


async def test_a_connection_cut_before_the_first_byte_is_a_502_in_the_clients_format() -> None:
    async def cut(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async with (
        fake_provider(cut) as fake,
        running_gateway(fake=provider(fake.url)) as running,
        running.post("/v1/messages", b'{"model":"m","stream":true}') as answer,
    ):
        assert answer.status == 502
        body = json.loads(await answer.read())
        assert body["error"]["type"] == "api_error"
        assert "fake closed the connection" in body["error"]["message"]
        assert "x-tierwise-provider" not in answer.headers
        assert answer.headers["x-tierwise-attempts"] == "1"


async def test_an_unreachable_provider_is_named_with_its_address() -> None:
    async with (
        running_gateway(gone=provider("http://127.0.0.1:9")) as running,
        running.post("/v1/messages", b'{"model":"m"}') as answer,
    ):
        assert answer.status == 502
        message = json.loads(await answer.read())["error"]["message"]
        assert "gone cannot be reached at http://127.0.0.1:9/v1/messages" in message


async def test_a_provider_that_does_not_answer_in_time_is_a_504() -> None:
    async def never(_request: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError

    async with (
        fake_provider(never) as fake,
        running_gateway(fake=provider(fake.url, timeouts={"first_byte": 0.05})) as running,
        running.post("/v1/messages", b'{"model":"m"}') as answer,
    ):
        assert answer.status == 504
        assert json.loads(await answer.read())["error"]["type"] == "timeout_error"


async def test_a_stream_that_falls_silent_ends_with_an_error_event() -> None:
    async with (
        fake_provider(stream(START + TEXT, asyncio.Event())) as fake,
        running_gateway(fake=provider(fake.url, timeouts={"idle": 0.05})) as running,
        running.post("/v1/messages", b'{"model":"m","stream":true}') as answer,
    ):
        assert b"sent nothing more within 0.05 seconds" in await answer.content.read()


async def test_stopping_the_gateway_ends_a_stream_with_an_error_event() -> None:
    async with (
        fake_provider(stream(START + TEXT, asyncio.Event())) as fake,
        running_gateway(fake=provider(fake.url)) as running,
        running.post("/v1/messages", b'{"model":"m","stream":true}') as answer,
    ):
        await answer.content.readany()
        stopping = asyncio.ensure_future(running.gateway.stop())
        rest = await answer.content.read()
        assert rest.startswith(b"event: error\n")
        assert b"Tierwise is stopping" in rest
        await stopping


async def test_a_large_body_passes() -> None:
    body = b'{"model":"m","messages":"' + b"x" * (20 * 1024 * 1024) + b'"}'
    async with (
        fake_provider(whole(b"{}")) as fake,
        running_gateway(fake=provider(fake.url)) as running,
        running.post("/v1/messages", body) as answer,
    ):
        assert answer.status == 200
        assert fake.received[0].body == body


async def test_a_compressed_body_goes_out_as_what_it_says() -> None:
    body = b'{"model":"m"}'
    async with (
        fake_provider(whole(b"{}")) as fake,
        running_gateway(fake=provider(fake.url)) as running,
        running.post("/v1/messages", gzip.compress(body), content_encoding="gzip") as answer,
    ):
        assert fake.received[0].body == body
        assert "content-encoding" not in fake.received[0].headers
        assert answer.headers["x-tierwise-model"] == "m"


@pytest.mark.parametrize(
    ("secrets", "key", "sentence"),
    [
        ({}, "keyring", "the keyring has no entry provider/fake"),
        ({}, "env:MISSING_KEY", "the environment variable MISSING_KEY is not set"),
    ],
)
async def test_a_missing_key_is_told_and_nothing_is_sent(
    secrets: dict[str, str], key: str, sentence: str
) -> None:
    async with (
        fake_provider(whole(b"{}")) as fake,
        running_gateway(secrets=secrets, fake=provider(fake.url, key=key)) as running,
        running.post("/v1/messages", b'{"model":"m"}') as answer,
    ):
        assert answer.status == 503
        assert sentence in json.loads(await answer.read())["error"]["message"]
        assert fake.received == []


async def test_a_disabled_provider_is_passed_over() -> None:
    async with (
        fake_provider(whole(b"{}")) as off,
        fake_provider(whole(b"{}")) as on,
        running_gateway(off=provider(off.url, enabled=False), on=provider(on.url)) as running,
        running.post("/v1/messages", b'{"model":"m"}') as answer,
    ):
        assert answer.headers["x-tierwise-provider"] == "on"
        assert off.received == []


async def test_a_new_configuration_acts_on_the_next_request() -> None:
    async with fake_provider(whole(b"{}")) as fake, running_gateway() as running:
        async with running.post("/v1/messages", b'{"model":"m"}') as before:
            assert before.status == 503
            assert b"tierwise demo" in await before.read()
        async with running_gateway(fake=provider(fake.url)) as other:
            running.gateway.apply(other.gateway.config)
        async with running.post("/v1/messages", b'{"model":"m"}') as after:
            assert after.status == 200


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"not json", "not valid JSON"),
        (b'{"model": 7}', "not as expected"),
        (b"[]", "not as expected"),
        (b'{"a":' + b"[" * 200_000 + b"]" * 200_000 + b"}", "nested too deeply"),
    ],
)
async def test_a_body_that_cannot_be_read_is_a_400_in_the_clients_format(body: bytes, sentence: str) -> None:
    async with (
        fake_provider(whole(b"{}")) as fake,
        running_gateway(fake=provider(fake.url)) as running,
        running.post("/v1/messages", body) as answer,
    ):
        assert answer.status == 400
        told = json.loads(await answer.read())
        assert told["error"]["type"] == "invalid_request_error"
        assert sentence in told["error"]["message"]
        assert told["request_id"] == answer.headers["x-tierwise-request-id"]


@pytest.mark.parametrize("address", ["https://me:hunter2@127.0.0.1:9/v1", "http://me:hunter2@127.0.0.1:9"])
async def test_a_password_in_an_address_is_never_repeated(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with (
        running_gateway(p=provider(address, "openai-compatible")) as running,
        running.post("/v1/chat/completions", b'{"model":"m"}') as answer,
    ):
        assert answer.status == 502
        assert b"cannot be reached at" in await answer.read()
        assert b"hunter2" not in await answer.read()
    assert "hunter2" not in caplog.text


@pytest.mark.parametrize("key", ["sk-good\n", " sk-good "])
async def test_a_pasted_keys_line_break_does_no_harm(key: str) -> None:
    async with (
        fake_provider(whole(b"{}")) as fake,
        running_gateway(secrets={"provider/fake": key}, fake=provider(fake.url, key="keyring")) as running,
        running.post("/v1/messages", b'{"model":"m"}') as answer,
    ):
        assert answer.status == 200
        assert fake.received[0].headers["x-api-key"] == "sk-good"


@pytest.mark.parametrize("key", ["sk-\nwrong", "sk-wr\u00f6ng", "sk-\x00wrong"])
async def test_a_key_that_no_header_may_carry_is_told(key: str) -> None:
    async with (
        fake_provider(whole(b"{}")) as fake,
        running_gateway(secrets={"provider/fake": key}, fake=provider(fake.url, key="keyring")) as running,
        running.post("/v1/messages", b'{"model":"m"}') as answer,
    ):
        assert answer.status == 503
        told = await answer.read()
        assert b"Store it again" in told
        assert b"sk-" not in told
        assert fake.received == []


async def test_a_providers_cors_headers_stay_there() -> None:
    async with (
        fake_provider(whole(b"{}", access_control_allow_origin="*")) as fake,
        running_gateway(fake=provider(fake.url)) as running,
        running.post("/v1/messages", b'{"model":"m"}') as answer,
    ):
        assert answer.status == 200
        assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


async def test_the_total_limit_is_told_as_what_it_is() -> None:
    async def dripping(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-type": "text/event-stream"})
        await response.prepare(request)
        await response.write(START)
        while True:
            await response.write(TEXT)
            await asyncio.sleep(0.01)  # it drips, for as long as it is let

    async with (
        fake_provider(dripping) as fake,
        running_gateway(fake=provider(fake.url, timeouts={"total": 0.2})) as running,
        running.post("/v1/messages", b'{"model":"m","stream":true}') as answer,
    ):
        assert b"did not finish within 0.2 seconds" in await answer.content.read()


async def test_a_body_above_the_limit_of_the_moment_is_a_413_that_says_how_to_raise_it() -> None:
    body = b'{"model":"' + b"x" * (2 * 1024 * 1024) + b'"}'
    async with fake_provider(whole(b"{}")) as fake, running_gateway(fake=provider(fake.url)) as running:
        async with running.post("/v1/messages", body) as answer:
            assert answer.status == 200
        small = msgspec.structs.replace(running.gateway.config, server=ServerConfig(max_body_mb=1))
        running.gateway.apply(small)
        async with running.post("/v1/messages", body) as answer:
            assert answer.status == 413
            told = json.loads(await answer.read())
            assert told["error"]["type"] == "request_too_large"
            assert "max_body_mb" in told["error"]["message"]


async def test_a_mistake_in_the_middle_of_a_stream_ends_it_as_an_error_and_not_as_another_answer(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first_arrived = asyncio.Event()
    write = Relay.write

    async def failing(relay: Relay, chunk: bytes) -> None:
        if chunk == TEXT:
            raise ValueError("a bug")
        await write(relay, chunk)

    monkeypatch.setattr(Relay, "write", failing)
    async with (
        fake_provider(stream(START + TEXT, first_arrived, TEXT)) as fake,
        running_gateway(fake=provider(fake.url)) as running,
        running.post("/v1/messages", b'{"model":"m","stream":true}') as answer,
    ):
        assert await answer.content.readany() == START + TEXT
        first_arrived.set()
        rest = await answer.content.read()
        assert rest.startswith(b"event: error\n")
        assert b"HTTP/1.1" not in rest
    assert "ValueError: a bug" in caplog.text
