"""A provider on a real socket that answers what the test tells it to, and remembers what it was asked."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from multidict import CIMultiDict

Script = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Received:
    """One request as it arrived."""

    method: str
    path_qs: str
    headers: CIMultiDict[str]
    body: bytes


@dataclass
class FakeProvider:
    """`script` answers; tests replace it."""

    url: str = ""
    received: list[Received] = field(default_factory=list)
    script: Script = None  # type: ignore[assignment] # set before the first request, or it fails loudly
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.received.append(Received(request.method, request.path_qs, CIMultiDict(request.headers), body))
        try:
            return await self.script(request)
        except (asyncio.CancelledError, ConnectionError):
            self.hung_up.set()
            raise


@asynccontextmanager
async def fake_provider(script: Script | None = None) -> AsyncIterator[FakeProvider]:
    provider = FakeProvider()
    if script is not None:
        provider.script = script
    application = web.Application(client_max_size=128 * 1024 * 1024)
    application.router.add_route("*", "/{path:.*}", provider.handle)
    runner = web.AppRunner(
        application,
        handle_signals=False,
        handler_cancellation=True,
        shutdown_timeout=0.1,
        auto_decompress=False,
    )
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    provider.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield provider
    finally:
        await runner.cleanup()


def whole(body: bytes, *, status: int = 200, **headers: str) -> Script:
    """Answers with one body."""

    async def script(_request: web.Request) -> web.StreamResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(body=body, status=status, headers={"content-type": "application/json", **named})

    return script


def stream(*pieces: bytes | asyncio.Event, ending: str = "clean") -> Script:
    """Sends each piece by itself as an event stream; an event among them is waited for.

    `ending` is "clean", or "cut" for a connection that breaks off.
    """

    async def script(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-type": "text/event-stream"})
        await response.prepare(request)
        for piece in pieces:
            if isinstance(piece, bytes):
                await response.write(piece)
            else:
                await piece.wait()
        if ending == "cut":
            assert request.transport is not None
            request.transport.abort()
        else:
            await response.write_eof()
        return response

    return script
