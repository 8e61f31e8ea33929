"""Asking the demo: words as they come, and every way to fail is one error with a sentence."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from app.demo_client import DemoClient, DemoError
from proxy.secret import Secret

WORD = b'data: {"type": "content_block_delta", "delta": {"type": "text_delta", "text": "Hello"}}\n\n'


@asynccontextmanager
async def answering(body: bytes, status: int = 200) -> AsyncIterator[DemoClient]:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=body, status=status, headers={"x-tierwise-service": "demo/auto"})

    application = web.Application()
    application.router.add_post("/v1/messages", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield DemoClient(f"http://127.0.0.1:{runner.addresses[0][1]}", Secret("t"))
    finally:
        await runner.cleanup()


async def test_the_words_of_the_answer_and_who_served_it() -> None:
    other = b'event: message_delta\ndata: {"type": "message_delta", "delta": {"stop_reason": "end_turn"}}\n\n'
    async with answering(WORD + other + WORD) as client:
        assert "".join([words async for words in client.ask("Hello")]) == "HelloHello"
        assert client.served_by == "demo/auto"


@pytest.mark.parametrize(
    ("end", "sentence"),
    [
        (
            b'event: error\ndata: {"type": "error", "error": {"message": "It is stopping."}}\n\n',
            "It is stopping.",
        ),
        (b'data: {"type":"error","error":{}}\n\n', "could not finish"),
        (b"data: nonsense\n\n", "no event"),
        (b"data: []\n\n", "no event"),
    ],
)
async def test_an_answer_that_fails_half_way_is_an_error_after_the_words(end: bytes, sentence: str) -> None:
    seen: list[str] = []

    async def ask(client: DemoClient) -> None:
        async for words in client.ask("Hello"):
            seen.append(words)  # noqa: PERF401 -- what came before the error counts

    async with answering(WORD + end) as client:
        with pytest.raises(DemoError, match=sentence):
            await ask(client)
    assert seen == ["Hello"]


async def test_a_refusal_and_a_demo_that_is_gone_are_errors() -> None:
    async with answering(b"no", status=503) as client:
        with pytest.raises(DemoError, match="answered 503: no"):
            await anext(client.ask("Hello"))
    with pytest.raises(DemoError, match="cannot be reached"):
        await anext(client.ask("Hello"))
