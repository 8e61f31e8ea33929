"""One request to one provider, and its answer as raw bytes.

Nothing is handed on before the first byte of the answer's body has arrived, so until then every failure is
a proper one.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
from yarl import URL

from proxy.config import ProviderConfig
from proxy.exchange import Attempt
from proxy.routing.service import Service
from proxy.upstream.connections import Connections
from proxy.upstream.patience import Limit, Patience
from proxy.upstream.seats import Seats
from proxy.wire.failure import Failure, FailureKind

_STOPPING = "Tierwise is stopping; send the request again when it is back."
OUR_DEADLINE = "deadline"
"""The code of a time-out that says nothing about the provider: it had been given too little time."""
_LONGEST_ERROR = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Everything needed to ask a provider once."""

    service: Service
    config: ProviderConfig
    method: str = "POST"
    url: str = field(repr=False)
    shown_url: str
    """The same for eyes: without the credentials that an address may carry."""
    headers: Iterable[tuple[str, str]] = field(repr=False)
    body: bytes | None = field(repr=False)
    is_official: bool = False
    """Whether it goes to the vendor's own host."""
    via: Sequence[str] = ()
    """What the client's request said of the proxies it came through."""
    takes_seat: bool = True
    """Whether it counts among the requests that a provider may have at once."""


class RawAnswer:
    """A provider's answer, open for reading; the first piece of its body has already arrived."""

    def __init__(
        self, response: aiohttp.ClientResponse, first: bytes, patience: Patience, idle: float, ends: float
    ) -> None:
        self.status = response.status
        self.headers: Mapping[str, str] = response.headers
        self.content_type = response.content_type if "content-type" in response.headers else ""
        self.first = first
        self._response = response
        self._patience = patience
        self._idle = idle
        self._ends: float | None = ends

    def has_begun(self) -> None:
        """It is an answer, so the deadline for having one does not hold any longer."""
        self._ends = None

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body in the pieces it arrives in. While the client is slow to read, nobody is timed."""
        chunk = self.first
        while chunk:
            self._patience.rest()
            yield chunk
            wait_for(self._patience, Limit.IDLE, self._idle, self._ends)
            chunk = await self._response.content.readany()

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
    async def answer(self, call: Call, attempt: Attempt, ends: float) -> AsyncIterator[RawAnswer]:
        """Ask the provider; whatever goes wrong inside the scope comes out as a Failure.

        `ends` is when an answer must have begun, on the clock of `time.monotonic`.
        """
        if self.is_stopping:
            raise Failure(FailureKind.STOPPING, _STOPPING)
        if self._is_us(call.url):
            raise Failure(FailureKind.NO_SERVICE, _leads_back(call.service.provider))
        timeouts = call.config.timeouts
        patience = Patience(timeouts.total)
        self._open.add(patience)
        try:
            async with patience.scope, self._seat(call, ends):
                wait_for(patience, Limit.FIRST_BYTE, timeouts.first_byte, ends)
                response = await self._sent(call)
                try:
                    first = await response.content.readany()
                    attempt.status = response.status
                    attempt.first_byte = time.monotonic()
                    yield RawAnswer(response, first, patience, timeouts.idle, ends)
                finally:
                    _let_go(response)
        except aiohttp.ConnectionTimeoutError as error:
            raise Failure(FailureKind.TIMEOUT, _no_connection(call)) from error
        except TimeoutError as error:
            raise _gave_up(call, patience) from error
        except (aiohttp.ClientError, ConnectionError) as error:
            raise Failure(_broken_kind(attempt), _broken(call, attempt, error)) from error
        finally:
            self._open.discard(patience)

    @asynccontextmanager
    async def _seat(self, call: Call, ends: float) -> AsyncIterator[None]:
        """Waiting for one is nobody's fault, so it is no time-out of the provider."""
        if not call.takes_seat:
            yield
            return
        provider, limit = call.service.provider, call.config.max_concurrency
        async with AsyncExitStack() as stack:
            try:
                async with asyncio.timeout(max(0.0, ends - time.monotonic())):
                    await stack.enter_async_context(self._seats.taken(provider, limit))
            except TimeoutError as error:
                raise Failure(FailureKind.NO_SERVICE, _no_seat(provider, limit)) from error
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


def wait_for(patience: Patience, limit: Limit, seconds: float, ends: float | None) -> None:
    """Wait so long, but not beyond the end that the whole exchange has."""
    left = None if ends is None else max(0.001, ends - time.monotonic())
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


def _gave_up(call: Call, patience: Patience) -> Failure:
    if patience.interrupted:
        return Failure(FailureKind.STOPPING, _STOPPING)
    if patience.limit is Limit.DEADLINE:
        sentence = f"The provider {call.service.provider} {patience.limit} [routing] ended."
        return Failure(FailureKind.TIMEOUT, sentence, code=OUR_DEADLINE)
    waited = f"within {patience.seconds:g} seconds"
    return Failure(FailureKind.TIMEOUT, f"The provider {call.service.provider} {patience.limit} {waited}.")


def _no_seat(provider: str, limit: int) -> str:
    return (
        f"All {limit} places at the provider {provider} stayed taken; `max_concurrency` under "
        f"[providers.{provider}] in config.toml says how many there are."
    )


def _leads_back(provider: str) -> str:
    return (
        f"The address of the provider {provider} is Tierwise itself, so nothing is sent there. "
        f"Set `base_url` under [providers.{provider}] in config.toml to the vendor's or the server's own."
    )


def _no_connection(call: Call) -> str:
    return (
        f"The provider {call.service.provider} cannot be reached at {call.shown_url} "
        f"within {call.config.timeouts.connect:g} seconds."
    )


def _broken_kind(attempt: Attempt) -> FailureKind:
    return FailureKind.CONNECTION if attempt.status is None else FailureKind.BROKEN_OFF


def _broken(call: Call, attempt: Attempt, error: Exception) -> str:
    """Only what is known to be harmless is repeated: errors quote addresses, which may carry passwords."""
    provider = call.service.provider
    if attempt.status is not None:
        return f"The provider {provider} broke off in the middle of its answer."
    match error:
        case aiohttp.ClientConnectorCertificateError():
            return (
                f"The certificate of the provider {provider} at {call.shown_url} is not trusted: "
                f"{error.certificate_error}."
            )
        case aiohttp.ClientProxyConnectionError():
            return f"The proxy on the way to the provider {provider} cannot be reached. Check its `proxy`."
        case aiohttp.ClientConnectorError():
            why = os.strerror(error.os_error.errno) if error.os_error.errno else str(error.os_error)
            return f"The provider {provider} cannot be reached at {call.shown_url}: {why}."
        case aiohttp.InvalidURL():
            return f"The address of the provider {provider} is not one that can be asked: {call.shown_url}."
        case _:
            return f"The provider {provider} closed the connection without an answer."
