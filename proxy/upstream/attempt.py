"""One request to one provider, and its answer as raw bytes.

Nothing is handed on before the first byte of the answer's body has arrived, so until then every failure is
a proper one.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
from yarl import URL

from proxy.exchange import Attempt
from proxy.upstream.call import Call
from proxy.upstream.connections import Connections
from proxy.upstream.deadline import Deadline
from proxy.upstream.mishaps import broken, gave_up, leads_back, no_connection, no_seat, not_ready, stopping
from proxy.upstream.patience import Limit, Patience
from proxy.upstream.seats import Seats

_LONGEST_ERROR = 1024 * 1024


class RawAnswer:
    """A provider's answer, open for reading; the first piece of its body has already arrived."""

    def __init__(
        self,
        response: aiohttp.ClientResponse,
        first: bytes,
        patience: Patience,
        idle: float,
        deadline: Deadline,
    ) -> None:
        self.status = response.status
        self.headers: Mapping[str, str] = response.headers
        self.content_type = response.content_type if "content-type" in response.headers else ""
        self.first = first
        self._response = response
        self._patience = patience
        self._idle = idle
        self._deadline: Deadline | None = deadline

    def has_begun(self) -> None:
        """It is an answer, so the deadline for having one does not hold any longer."""
        self._deadline = None

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body in the pieces it arrives in. While the client is slow to read, nobody is timed."""
        chunk = self.first
        while chunk:
            self._patience.rest()
            yield chunk
            wait_for(self._patience, Limit.IDLE, self._idle, self._deadline)
            chunk = await self._response.content.readany()
        self._patience.rest()

    async def whole(self, most: int) -> bytes:
        """The whole body, or its beginning if it is longer."""
        pieces: list[bytes] = []
        size = 0
        async for chunk in self.chunks():
            pieces.append(chunk)
            size += len(chunk)
            if size >= most:
                break
        return b"".join(pieces)[:most]

    async def error(self) -> bytes:
        return await self.whole(_LONGEST_ERROR)


class Caller:
    """Makes calls, and remembers the open ones so that they can be ended."""

    def __init__(
        self, connections: Connections, seats: Seats, mark: str, is_us: Callable[[str], bool]
    ) -> None:
        self._connections = connections
        self._seats = seats
        self._mark = mark
        self._is_us = is_us
        self._open: set[Patience] = set()
        self.is_stopping = False

    def stop(self) -> None:
        """End every open call with a failure that says why, and begin no other."""
        self.is_stopping = True
        for patience in tuple(self._open):
            patience.interrupt()

    @asynccontextmanager
    async def in_time(self, provider: str, deadline: Deadline) -> AsyncIterator[None]:
        """What must be done before a provider can be asked: until the deadline, or until we stop."""
        if self.is_stopping:
            raise stopping()
        patience = Patience(0)
        self._open.add(patience)
        try:
            async with patience.scope:
                wait_for(patience, Limit.DEADLINE, 0, deadline)
                yield
        except TimeoutError as error:
            raise (stopping() if patience.interrupted else not_ready(provider, deadline)) from error
        finally:
            self._open.discard(patience)

    @asynccontextmanager
    async def answer(self, call: Call, attempt: Attempt, deadline: Deadline) -> AsyncIterator[RawAnswer]:
        """Ask the provider; whatever goes wrong inside the scope comes out as a Failure."""
        if self.is_stopping:
            raise stopping()
        if self._is_us(call.url):
            raise leads_back(call.service.provider)
        timeouts = call.config.timeouts
        patience = Patience(timeouts.total)
        self._open.add(patience)
        asked = time.monotonic()
        try:
            async with patience.scope, self._seat(call, deadline):
                asked = time.monotonic()
                patience.begin()
                wait_for(patience, Limit.FIRST_BYTE, call.config.first_byte_seconds, deadline)
                response = await self._sent(call)
                try:
                    first = await response.content.readany()
                    attempt.status = response.status
                    attempt.first_byte = time.monotonic()
                    yield RawAnswer(response, first, patience, timeouts.idle, deadline)
                finally:
                    _let_go(response)
        except aiohttp.ConnectionTimeoutError as error:
            raise no_connection(call) from error
        except TimeoutError as error:
            raise gave_up(call, patience, deadline, asked) from error
        except (aiohttp.ClientError, ConnectionError) as error:
            raise broken(call, attempt, error) from error
        finally:
            self._open.discard(patience)

    @asynccontextmanager
    async def _seat(self, call: Call, deadline: Deadline) -> AsyncIterator[None]:
        """Waiting for one is nobody's fault, so it is no time-out of the provider."""
        if not call.takes_seat:
            yield
            return
        seconds = max(0.0, deadline.left)
        if call.seat_seconds is not None:
            seconds = min(seconds, call.seat_seconds)
        async with AsyncExitStack() as stack:
            try:
                async with asyncio.timeout(seconds):
                    await stack.enter_async_context(self._seats.taken(call.room, call.limit))
            except TimeoutError as error:
                raise no_seat(call) from error
            yield

    async def _sent(self, call: Call) -> aiohttp.ClientResponse:
        """A connection that had died in the pool is no failure of the provider, which has read nothing."""
        way = await self._connections.way(call.service.provider, call.config)
        # As it stands: a signature is over these very bytes, and servers tell %3A from a colon.
        url = URL(call.url, encoded=call.url.isascii())
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=call.config.timeouts.connect or None)
        # Whoever is not the vendor may be another proxy that leads back here.
        via = ", ".join((*call.via, f"1.1 {self._mark}"))
        headers = [*call.headers, *([] if call.is_official else [("via", via)])]
        try:
            return await way.request(call.method, url, data=call.body, headers=headers, timeout=timeout)
        except (aiohttp.ClientError, ConnectionError) as error:
            if not way.died_unused(error):
                raise
        return await way.request(call.method, url, data=call.body, headers=headers, timeout=timeout)


def wait_for(patience: Patience, limit: Limit, seconds: float, deadline: Deadline | None) -> None:
    """Wait so long, but not beyond the end that the whole exchange has."""
    left = None if deadline is None else max(0.001, deadline.left)
    if left is not None and (not seconds or left < seconds):
        patience.wait_for(Limit.DEADLINE, left)
    else:
        patience.wait_for(limit, seconds)


def _let_go(response: aiohttp.ClientResponse) -> None:
    """Back into the pool if it was read to its end; else closed, so that the provider stops its work."""
    if response.content.at_eof():
        response.release()
    else:
        response.close()
