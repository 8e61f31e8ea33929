"""The way back to the client: headers that say who served, then bytes as they come, then a clean end.

While a provider is slow, a stream is kept alive: with pings before its beginning, in its pauses too. The
first ping commits us to a stream, so whatever goes wrong afterwards is told inside it, and the headers can
name only what was known by then.

Once bytes have gone out a failure can no longer be a status. In an event stream it becomes the format's
own error event; in a plain body the connection is cut, so that half an answer cannot pass for a whole.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from aiohttp import web
from multidict import CIMultiDict

from proxy.exchange import Exchange
from proxy.server.headers import about, passed_on
from proxy.upstream.answer import Answer
from proxy.wire.failure import Failure
from proxy.wire.format import Format
from proxy.wire.formats import ERRORS

_EVENTS = "text/event-stream"
_COMMENT = b": keep-alive\n\n"
_PINGS = {
    Format.ANTHROPIC: b'event: ping\ndata: {"type": "ping"}\n\n',
    Format.OPENAI_CHAT: _COMMENT,
    Format.RESPONSES: _COMMENT,
    # Google's clients take each line for JSON, a comment as well; blank lines they pass over.
    Format.GEMINI: b"\n",
}


class ClientGoneError(Exception):
    """The client hung up; there is nobody left to tell."""


class Relay:
    """One answer on its way to the client."""

    def __init__(self, request: web.Request, exchange: Exchange) -> None:
        self._request = request
        self._exchange = exchange
        self._response: web.StreamResponse | None = None
        self._answer: Answer | None = None
        self._beginning = asyncio.Lock()
        self._clock = asyncio.get_running_loop().time
        self._last_sent = self._clock()

    @property
    def has_begun(self) -> bool:
        return self._response is not None

    @property
    def response(self) -> web.StreamResponse:
        if self._response is None:
            raise RuntimeError("the answer has not begun")
        return self._response

    async def begin(self, answer: Answer) -> None:
        async with self._beginning:
            self._answer = answer
            if self._response is not None:
                return
            headers = passed_on(answer.headers)
            headers.update(about(self._exchange))
            if answer.content_type is not None:
                headers["content-type"] = answer.content_type
            if answer.length is not None:
                headers["content-length"] = str(answer.length)
            await self._prepare(answer.status, headers)

    async def write(self, chunk: bytes) -> None:
        self._last_sent = self._clock()
        try:
            await self.response.write(chunk)
        except ConnectionError as error:
            raise ClientGoneError from error

    async def finish(self) -> None:
        try:
            await self.response.write_eof()
        except ConnectionError as error:
            raise ClientGoneError from error

    async def break_off(self, failure: Failure) -> None:
        """Say it inside the stream, where there is one and the client still reads it; else cut."""
        transport = self._request.transport
        if transport is None:
            raise ClientGoneError
        is_stream = self._exchange.streamed and (self._answer is None or self._answer.length is None)
        if not is_stream or transport.get_write_buffer_size():
            transport.abort()
            return
        await self.write(self._farewell(failure))
        await self.finish()

    async def complete(self, failure: Failure) -> None:
        """The answer has told its end, and then its connection broke: what of it was withheld goes out."""
        await self.write(self._farewell(failure))
        await self.finish()

    def _farewell(self, failure: Failure) -> bytes:
        if self._answer is not None:
            return self._answer.farewell(failure)
        if self._exchange.format is Format.RESPONSES:
            from proxy.wire.responses.ending import failed_event

            return failed_event(failure, self._exchange.id, 0, None)
        event = ERRORS[self._exchange.format].event(failure, self._exchange.id)
        return b"[" + event.rstrip() + b"]" if self._exchange.as_array else event

    @asynccontextmanager
    async def kept_alive(self, seconds: float) -> AsyncIterator[None]:
        """Ping whenever nothing was sent for so long and a ping would not disturb."""
        pinging = asyncio.create_task(self._ping(seconds))
        try:
            yield
        finally:
            pinging.cancel()
            with suppress(asyncio.CancelledError):
                await pinging

    async def _ping(self, seconds: float) -> None:
        with suppress(ConnectionError, ClientGoneError):  # whoever writes the answer will find out
            while True:
                quiet = self._clock() - self._last_sent
                if quiet < seconds:
                    await asyncio.sleep(seconds - quiet)
                    continue
                if self._answer is None or self._answer.at_event_end:
                    async with self._beginning:
                        if self._response is None:
                            await self._prepare(200, CIMultiDict(self._early_headers()))
                    await self.write(_PINGS[self._exchange.format])
                self._last_sent = self._clock()

    def _early_headers(self) -> dict[str, str]:
        kind = "application/json" if self._exchange.as_array else _EVENTS
        known = about(self._exchange)
        if self._exchange.serving is None:
            del known["x-tierwise-tier"]  # who is going to answer is not known yet
        return {"content-type": kind, "cache-control": "no-cache", **known}

    async def _prepare(self, status: int, headers: CIMultiDict[str]) -> None:
        response = web.StreamResponse(status=status, headers=headers)
        try:
            await response.prepare(self._request)
        except ConnectionError as error:
            raise ClientGoneError from error
        self._exchange.status = status
        self._response = response
