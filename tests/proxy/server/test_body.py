"""Bodies as they come over a socket: chunked, compressed, too large, or broken off."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import aiohttp
import brotli
import pytest
from aiohttp import web

from proxy.server.body import read_body
from proxy.wire.failure import Failure

LIMIT_MB = 1
LIMIT = LIMIT_MB * 1024 * 1024


class Reading:
    """A server that reads one body after the other, and what came of each."""

    def __init__(self) -> None:
        self.outcomes: asyncio.Queue[bytes | BaseException] = asyncio.Queue()
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    async def handle(self, request: web.Request) -> web.Response:
        try:
            body = await read_body(request, LIMIT_MB)
        except BaseException as error:
            self.outcomes.put_nowait(error)
            if not isinstance(error, Failure):
                raise
            response = web.Response(status=error.status, text=error.sentence)
            response.force_close()
            return response
        self.outcomes.put_nowait(body)
        return web.Response()

    async def failure(self) -> Failure:
        outcome = await self.outcomes.get()
        assert isinstance(outcome, Failure)
        return outcome


@asynccontextmanager
async def reading() -> AsyncIterator[Reading]:
    server = Reading()
    application = web.Application()
    application.router.add_post("/", server.handle)
    runner = web.AppRunner(application, auto_decompress=False, handler_cancellation=True)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        server.port = runner.addresses[0][1]
        yield server
    finally:
        await runner.cleanup()


async def sent(server: Reading, data: bytes | AsyncIterator[bytes], encoding: str = "") -> int:
    headers = {"content-encoding": encoding} if encoding else {}
    async with (
        aiohttp.ClientSession() as http,
        http.post(server.url, data=data, headers=headers) as answer,
    ):
        return answer.status


async def in_chunks(data: bytes, size: int = 1000) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


async def raw(server: Reading, head: str, body: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(f"POST / HTTP/1.1\r\nhost: localhost\r\n{head}\r\n\r\n".encode() + body)
    await writer.drain()
    return reader, writer


@pytest.mark.parametrize("size", [0, 1, 300_000, LIMIT])
async def test_a_plain_body_up_to_the_limit_comes_whole(size: int) -> None:
    async with reading() as server:
        assert await sent(server, b"x" * size) == 200
        assert await server.outcomes.get() == b"x" * size


async def test_a_body_in_chunks_comes_whole() -> None:
    data = bytes(range(256)) * 1000
    async with reading() as server:
        assert await sent(server, in_chunks(data)) == 200
        assert await server.outcomes.get() == data


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("size", [0, 100, LIMIT])
async def test_a_compressed_body_comes_decoded(size: int, chunked: bool) -> None:
    data = (b'{"text": "value"} ' * (size // 18 + 1))[:size]
    packed = gzip.compress(brotli.compress(data, quality=1))
    async with reading() as server:
        assert await sent(server, in_chunks(packed, 77) if chunked else packed, "br, gzip") == 200
        assert await server.outcomes.get() == data


async def test_an_announced_body_over_the_limit_is_refused_before_it_comes() -> None:
    async with reading() as server:
        reader, writer = await raw(server, f"content-length: {LIMIT + 1}", b"")
        assert (await reader.readline()).startswith(b"HTTP/1.1 413 ")
        assert "max_body_mb" in (await server.failure()).sentence
        writer.close()


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [
        (b"x" * (LIMIT + 1), ""),
        (gzip.compress(bytes(LIMIT + 1)), "gzip"),
        (brotli.compress(bytes(300 * LIMIT)), "br"),
    ],
)
async def test_what_turns_out_to_be_larger_is_refused(packed: bytes, encoding: str) -> None:
    async with reading() as server:
        assert await sent(server, in_chunks(packed, 65_536), encoding) == 413


@pytest.mark.parametrize(
    ("packed", "encoding", "status"),
    [
        (gzip.compress(b"{}")[:-3], "gzip", 400),
        (b"{}", "zstd", 400),
        (gzip.compress(b"{}") + b"x", "gzip", 400),
        (b"{}", "compress", 415),
    ],
)
async def test_what_cannot_be_decoded_is_refused(packed: bytes, encoding: str, status: int) -> None:
    async with reading() as server:
        assert await sent(server, in_chunks(packed), encoding) == status


async def test_a_client_that_hangs_up_while_sending_leaves_no_body() -> None:
    async with reading() as server:
        _, writer = await raw(server, "content-length: 1000", b"x" * 10)
        writer.close()
        outcome = await server.outcomes.get()
        assert isinstance(outcome, BaseException)
        assert not isinstance(outcome, Failure)


async def test_the_loop_goes_on_while_a_large_body_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is decoded beyond the first part of a piece is not decoded by the loop's own thread."""
    import threading

    from proxy.server.inflate import Inflating

    steps: list[tuple[int, int]] = []
    decoded = Inflating.pieces

    def noted(self: Inflating, data: bytes) -> Iterator[bytes]:
        size = 0
        for piece in decoded(self, data):
            steps.append((size, threading.get_ident()))
            size += len(piece)
            yield piece

    monkeypatch.setattr(Inflating, "pieces", noted)
    async with reading() as server:
        assert await sent(server, in_chunks(gzip.compress(bytes(LIMIT)), 1 << 20), "gzip") == 200
    here = threading.get_ident()
    assert {thread == here for size, thread in steps if size >= 256 * 1024} == {False}
    assert all(thread == here for size, thread in steps if size < 192 * 1024)
