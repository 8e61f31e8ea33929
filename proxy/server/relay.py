"""The way back to the client: headers that say who served, then bytes as they come, then a clean end.

Once bytes have gone out a failure can no longer be a status. In an event stream it becomes the format's
own error event; in a plain body the connection is cut, so that half an answer cannot pass for a whole.
"""

from collections.abc import Mapping

from aiohttp import web
from multidict import CIMultiDict

from proxy.exchange import Exchange
from proxy.server.headers import about
from proxy.wire.failure import Failure
from proxy.wire.formats import ERRORS

# Between two hops, or about the provider's own site rather than the answer.
_CORS = "access-control-"
_NOT_PASSED = frozenset(
    {
        "alt-svc",
        "connection",
        "date",
        "keep-alive",
        "proxy-authenticate",
        "server",
        "set-cookie",
        "strict-transport-security",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)


class ClientGoneError(Exception):
    """The client hung up; there is nobody left to tell."""


class Relay:
    """One answer on its way to the client."""

    def __init__(self, request: web.Request, exchange: Exchange) -> None:
        self._request = request
        self._exchange = exchange
        self._response: web.StreamResponse | None = None
        self._at_event_end = True

    @property
    def has_begun(self) -> bool:
        return self._response is not None

    @property
    def response(self) -> web.StreamResponse:
        if self._response is None:
            raise RuntimeError("the answer has not begun")
        return self._response

    async def begin(self, status: int, headers: Mapping[str, str]) -> None:
        passed = CIMultiDict((n, v) for n, v in headers.items() if _may_pass(n.lower()))
        passed.update(about(self._exchange))
        self._response = web.StreamResponse(status=status, headers=passed)
        try:
            await self._response.prepare(self._request)
        except ConnectionError as error:
            raise ClientGoneError from error

    async def write(self, chunk: bytes) -> None:
        try:
            await self.response.write(chunk)
        except ConnectionError as error:
            raise ClientGoneError from error
        self._at_event_end = chunk.endswith((b"\n\n", b"\r\n\r\n"))

    async def finish(self) -> None:
        try:
            await self.response.write_eof()
        except ConnectionError as error:
            raise ClientGoneError from error

    async def break_off(self, failure: Failure) -> None:
        """Tell the failure inside the stream, where there is one and the client still reads it; else cut."""
        transport = self._request.transport
        if transport is None:
            raise ClientGoneError
        if self.response.content_type != "text/event-stream" or transport.get_write_buffer_size():
            transport.abort()
            return
        event = ERRORS[self._exchange.format].event(failure, self._exchange.id)
        await self.write(event if self._at_event_end else b"\n\n" + event)
        await self.finish()


def _may_pass(name: str) -> bool:
    return name not in _NOT_PASSED and not name.startswith(_CORS)
