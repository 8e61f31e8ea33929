"""One pool of connections, which are used again until they are idle for too long or found dead.

A connection that the other side closed while nobody used it shows that only to the next request: it fails
before any byte of an answer. Such a request may be sent once more. And where one was dead, the others may be
as well (the machine slept, the server was started anew), so that none of them is used any more.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from weakref import WeakSet

import aiohttp
from yarl import URL

# A dead connection shows within the time a packet takes. What fails later may have been read and worked on.
_SHOWS_WITHIN_SECONDS = 5.0


class KeptResponse(aiohttp.ClientResponse):
    """Tells when its reader has let go of it, with `release` or `close`."""

    _tell: Callable[[], None] | None = None

    def when_let_go(self, tell: Callable[[], None]) -> None:
        self._tell = tell

    def release(self) -> Any:
        self._let_go()
        return super().release()

    def close(self) -> None:
        self._let_go()
        super().close()

    def _let_go(self) -> None:
        tell, self._tell = self._tell, None
        if tell is not None:
            tell()


class Pool:
    """Makes requests over connections that are kept; `open_session` is told what has to watch them."""

    def __init__(
        self, open_session: Callable[[aiohttp.TraceConfig], aiohttp.ClientSession], clock: Callable[[], float]
    ) -> None:
        self._open_session = open_session
        self._clock = clock
        self._lines: _Lines | None = None
        self._leaving: set[_Lines] = set()
        self._closing: set[asyncio.Task[None]] = set()
        self._is_retired = False
        self._died_unused: WeakSet[BaseException] = WeakSet()

    async def request(self, method: str, url: URL, **options: Any) -> aiohttp.ClientResponse:
        """The answer's head. Its connection is its reader's until it is released or closed."""
        lines, trip = self._current(), _Trip()
        lines.in_flight += 1
        try:
            response = await lines.session.request(method, url, trace_request_ctx=trip, **options)
        except BaseException as error:
            if self._was_dead(trip, error):
                self._died_unused.add(error)
                self._leave(lines)
            self._ended(lines)
            raise
        assert isinstance(response, KeptResponse)  # noqa: S101 -- the session makes no others
        response.when_let_go(lambda: self._ended(lines))
        return response

    def died_unused(self, error: BaseException) -> bool:
        """Whether a request failed with this error because its connection had died before it."""
        return error in self._died_unused

    def retire(self) -> None:
        """Close what is idle now, and the rest when its requests have ended."""
        self._is_retired = True
        if self._lines is not None:
            self._leave(self._lines)

    @property
    def is_closed(self) -> bool:
        """Whether nothing of it is left open."""
        return self._lines is None and not self._leaving and not self._closing

    async def close(self) -> None:
        """Close everything, also under requests that have not ended."""
        self.retire()
        for lines in tuple(self._leaving):
            self._close(lines)
        await asyncio.gather(*self._closing)

    def _current(self) -> "_Lines":
        if self._lines is None:
            self._lines = _Lines(self._open_session(_watching(self._clock)))
        return self._lines

    def _was_dead(self, trip: "_Trip", error: BaseException) -> bool:
        if trip.reused is None or self._clock() - trip.reused > _SHOWS_WITHIN_SECONDS:
            return False
        if isinstance(error, aiohttp.ServerDisconnectedError):
            # Anything but a text is the beginning of an answer.
            return isinstance(error.message, str)
        return isinstance(error, aiohttp.ClientOSError | ConnectionError)

    def _ended(self, lines: "_Lines") -> None:
        lines.in_flight -= 1
        if lines.in_flight:
            return
        if lines in self._leaving:
            self._close(lines)
        elif self._is_retired:
            self._leave(lines)

    def _leave(self, lines: "_Lines") -> None:
        """No other request goes over these."""
        if self._lines is lines:
            self._lines = None
        self._leaving.add(lines)
        if not lines.in_flight:
            self._close(lines)

    def _close(self, lines: "_Lines") -> None:
        self._leaving.discard(lines)
        closing = asyncio.create_task(lines.session.close())
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)


@dataclass(slots=True, eq=False)
class _Lines:
    """Connections that are given up together."""

    session: aiohttp.ClientSession
    in_flight: int = 0


@dataclass(slots=True)
class _Trip:
    """One request: when it got its connection, if that is one which had served before."""

    reused: float | None = None


def _watching(clock: Callable[[], float]) -> aiohttp.TraceConfig:
    """Tells each request's trip whether its connection is an old or a new one."""

    async def got_an_old_one(
        _session: aiohttp.ClientSession,
        context: SimpleNamespace,
        _event: aiohttp.TraceConnectionReuseconnParams,
    ) -> None:
        context.trace_request_ctx.reused = clock()

    async def gets_a_new_one(
        _session: aiohttp.ClientSession,
        context: SimpleNamespace,
        _event: aiohttp.TraceConnectionCreateStartParams,
    ) -> None:
        context.trace_request_ctx.reused = None

    watching = aiohttp.TraceConfig()
    watching.on_connection_reuseconn.append(got_an_old_one)
    watching.on_connection_create_start.append(gets_a_new_one)
    return watching
