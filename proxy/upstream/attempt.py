"""One try at one provider on the byte path: what the client sent goes out, what comes back is handed on.

Nothing reaches the client before the provider's first byte has arrived (the first-byte gate), so until
then a failure can still be told as a proper error. From there on chunks are passed on as they come.

One deadline watches the attempt. It is moved, not multiplied: first byte, then each wait for a next
chunk, never later than the total; while the client is slow to read, the provider is not blamed. Ending
it early is also how an exchange is interrupted when the program stops.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from proxy import log
from proxy.config import Timeouts
from proxy.exchange import Attempt, Exchange, Service
from proxy.wire.failure import Failure, FailureKind

_log = log.area("upstream")

_STOPPING = "Tierwise is stopping; send the request again when it is back."


@dataclass(frozen=True, slots=True)
class Call:
    """Everything needed to ask a provider once."""

    service: Service
    url: str
    query: str
    headers: Iterable[tuple[str, str]]
    body: bytes
    timeouts: Timeouts


class Patience:
    """How long an attempt may still take, and whether somebody ended it from outside."""

    def __init__(self, total: float) -> None:
        self.interrupted = False
        self.scope = asyncio.timeout(None)
        self._clock = asyncio.get_running_loop().time
        self._end = self._clock() + total if total else None

    def allow(self, seconds: float) -> None:
        """Give it this long from now; zero means as long as the total allows."""
        if self.interrupted:
            return
        limits = [limit for limit in (self._clock() + seconds if seconds else None, self._end) if limit]
        self.scope.reschedule(min(limits, default=None))

    def interrupt(self) -> None:
        self.interrupted = True
        self.scope.reschedule(self._clock())


class Answer:
    """A provider's answer, open for reading; its first chunk has already arrived."""

    def __init__(
        self, response: aiohttp.ClientResponse, first: bytes, patience: Patience, timeouts: Timeouts
    ) -> None:
        self.status = response.status
        self.headers = response.headers
        self._response = response
        self._first = first
        self._patience = patience
        self._timeouts = timeouts

    async def chunks(self) -> AsyncIterator[bytes]:
        """The answer's bytes, in the pieces they arrived in."""
        chunk = self._first
        while chunk:
            self._patience.allow(0)
            yield chunk
            self._patience.allow(self._timeouts.idle)
            chunk = await self._response.content.readany()


class Upstream:
    """Makes attempts, and remembers the open ones so that they can be ended."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._open: set[Patience] = set()
        self._stopping = False

    def stop(self) -> None:
        """End every open attempt with a failure that says why, and begin no other."""
        self._stopping = True
        for patience in self._open:
            patience.interrupt()

    @asynccontextmanager
    async def answer(self, call: Call, exchange: Exchange) -> AsyncIterator[Answer]:
        """Ask the provider; whatever goes wrong inside the scope comes out as a Failure."""
        if self._stopping:
            raise Failure(FailureKind.STOPPING, _STOPPING)
        attempt = Attempt(call.service)
        exchange.attempts.append(attempt)
        patience = Patience(call.timeouts.total)
        self._open.add(patience)
        try:
            async with patience.scope:
                patience.allow(call.timeouts.first_byte)
                async with self._request(call) as response:
                    first = await response.content.readany()
                    attempt.status = response.status
                    yield Answer(response, first, patience, call.timeouts)
        except TimeoutError as error:
            raise _gave_up(call, patience, attempt) from error
        except aiohttp.ClientError as error:
            _log.warning("%s: %s: %s", call.service, type(error).__name__, error)
            raise Failure(FailureKind.CONNECTION, _broken(call, attempt, error)) from error
        finally:
            self._open.discard(patience)

    def _request(self, call: Call) -> "aiohttp.client._RequestContextManager":
        return self._session.post(
            call.url + call.query,
            data=call.body,
            headers=list(call.headers),
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=call.timeouts.connect or None),
        )


def _gave_up(call: Call, patience: Patience, attempt: Attempt) -> Failure:
    if patience.interrupted:
        return Failure(FailureKind.STOPPING, _STOPPING)
    seconds = call.timeouts.idle if attempt.status is not None else call.timeouts.first_byte
    waited = f"within {seconds:g} seconds" if seconds else "in time"
    what = "sent nothing more" if attempt.status is not None else "did not answer"
    return Failure(FailureKind.TIMEOUT, f"The provider {call.service.provider} {what} {waited}.")


def _broken(call: Call, attempt: Attempt, error: aiohttp.ClientError) -> str:
    provider = call.service.provider
    if attempt.status is not None:
        return f"The provider {provider} broke off in the middle of its answer."
    if isinstance(error, aiohttp.ClientConnectorError):
        return f"The provider {provider} cannot be reached at {call.url}: {error.os_error.strerror or error}."
    if isinstance(error, aiohttp.InvalidURL):
        return f"The address of the provider {provider} is not a URL: {call.url}."
    return f"The provider {provider} closed the connection without an answer."
