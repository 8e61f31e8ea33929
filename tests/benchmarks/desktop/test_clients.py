"""The clients of the desktop's benchmark against a provider that is whole, and against broken ones."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from benchmarks.desktop.clients import Clients
from benchmarks.desktop.provider import application
from benchmarks.desktop.readings import Traffic

STREAMS = 3
HOW: dict[str, Any] = {"at_once": STREAMS, "seconds": 0.1, "model": "m", "rows_model": "m", "a_second": 20}
ASKED = STREAMS * 12

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def refuses(request: web.Request) -> web.StreamResponse:
    return web.Response(status=503)


async def ends_after_a_token(request: web.Request) -> web.StreamResponse:
    return await _begun(request)


async def breaks_off(request: web.Request) -> web.StreamResponse:
    response = await _begun(request)
    assert request.transport is not None
    request.transport.abort()
    return response


async def tells_of_an_error(request: web.Request) -> web.StreamResponse:
    response = await _begun(request)
    await response.write(b"event: error\ndata: {}\n\n")
    return response


async def gives_too_little(request: web.Request) -> web.StreamResponse:
    response = await _begun(request)
    await response.write(b"event: message_stop\ndata: {}\n\n")
    return response


async def _begun(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(b"event: content_block_delta\ndata: <1>\n\n")
    return response


def broken(handler: Handler) -> web.Application:
    made = web.Application()
    made.router.add_post("/v1/messages", handler)
    return made


@asynccontextmanager
async def served(made: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(made, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def streamed(url: str, rows_url: str) -> Traffic:
    async with aiohttp.ClientSession() as session:
        return Traffic(**await Clients(session).stream(url=url, rows_url=rows_url, **HOW))


async def test_a_whole_provider_gives_whole_streams_and_all_tokens() -> None:
    async with served(application()) as url:
        traffic = await streamed(url, url)
    assert (traffic.streams, traffic.tokens, traffic.asked) == (STREAMS, ASKED, ASKED)
    assert (traffic.requests, traffic.in_words()) == (2, "")


@pytest.mark.parametrize(
    ("handler", "fault"),
    [
        (refuses, "streams answered with HTTP 503"),
        (ends_after_a_token, "streams ended early"),
        (breaks_off, "streams broken off: ClientPayloadError"),
        (tells_of_an_error, "streams told of an error"),
        (gives_too_little, "streams had other tokens than asked"),
    ],
)
async def test_what_a_broken_provider_does_to_streams_is_counted(handler: Handler, fault: str) -> None:
    async with served(application()) as rows_url, served(broken(handler)) as url:
        traffic = await streamed(url, rows_url)
    assert traffic.faults == {fault: STREAMS}


async def test_requests_that_fail_beside_whole_streams_are_counted() -> None:
    async with served(application()) as url, served(broken(refuses)) as rows_url:
        traffic = await streamed(url, rows_url)
    assert (traffic.tokens, traffic.faults) == (ASKED, {"requests answered with HTTP 503": 2})


async def test_where_nobody_listens_all_is_counted() -> None:
    async with served(application()) as url:
        pass
    traffic = await streamed(url, url)
    refused = "broken off: ClientConnectorError"
    assert traffic.faults == {f"streams {refused}": STREAMS, f"requests {refused}": 2}
