"""The pretended provider refuses what a real one refuses, and bears what a real one bears."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from app.demo_provider import DemoProvider

HELLO = [{"role": "user", "content": "Hello"}]


@asynccontextmanager
async def provider() -> AsyncIterator[str]:
    running = DemoProvider()
    await running.start()
    try:
        yield running.url
    finally:
        await running.stop()


async def posted(path: str, **body: Any) -> tuple[int, str]:
    async with (
        provider() as url,
        aiohttp.ClientSession() as session,
        session.post(url + path, **body) as answer,
    ):
        return answer.status, await answer.text()


BAD_BODIES = [
    {"json": {"messages": "hi"}},
    {"json": {"messages": None}},
    {"json": {"messages": HELLO, "model": 7}},
    {"json": []},
    {"data": b"{"},
    {"data": b'{"model": "\xff"}'},
    {"data": b'{"messages": [{"a":' + b"[" * 100_000},
]


@pytest.mark.parametrize("body", BAD_BODIES)
async def test_what_is_no_request_is_refused_in_the_formats_own_words(body: dict[str, Any]) -> None:
    status, text = await posted("/v1/messages", **body)
    assert status == 400
    assert text.startswith('{"type":"error","error":{"type":"invalid_request_error","message":"The request')
    status, text = await posted("/v1/chat/completions", **body)
    assert status == 400
    assert text.startswith('{"error":{"message":"The request cannot be read: ')


@pytest.mark.parametrize(
    ("wishes", "streamed", "usage"),
    [
        ({"stream": None, "stream_options": None}, False, True),
        ({"stream": False}, False, True),
        ({"stream": True, "stream_options": None}, True, False),
        ({"stream": True, "stream_options": {"include_usage": None}}, True, False),
        ({"stream": True, "stream_options": {"include_usage": True}}, True, True),
    ],
)
async def test_null_means_as_usual(wishes: dict[str, Any], streamed: bool, usage: bool) -> None:
    body = {"model": "m", "messages": HELLO, **wishes}
    status, text = await posted("/v1/chat/completions", json=body)
    assert status == 200
    assert text.endswith("data: [DONE]\n\n") is streamed
    assert ("completion_tokens" in text) is usage
    status, text = await posted("/v1/messages", json={"model": "m", "messages": HELLO, "stream": None})
    assert status == 200
    assert '"stop_reason":"end_turn"' in text
