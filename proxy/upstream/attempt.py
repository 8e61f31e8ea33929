"""One try at one provider on the byte path: what the client sent goes out, what comes back is handed on.

Nothing reaches the client before the provider's first byte has arrived (the first-byte gate), so until
then a failure can still be told as a proper error. From there on chunks are passed on as they come.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp

from proxy.config import Timeouts
from proxy.exchange import Attempt, Exchange, Service
from proxy.upstream.patience import Limit, Patience
from proxy.wire.failure import Failure, FailureKind

_STOPPING = "Tierwise is stopping; send the request again when it is back."


@dataclass(frozen=True, slots=True)
class Call:
    """Everything needed to ask a provider once."""

    service: Service
    url: str
    shown_url: str
    """The same for eyes: without the credentials that an address may carry."""
    query: str
    headers: Iterable[tuple[str, str]] = field(repr=False)
    body: bytes = field(repr=False)
    timeouts: Timeouts


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
            self._patience.rest()
            yield chunk
            self._patience.wait_for(Limit.IDLE, self._timeouts.idle)
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
        for patience in tuple(self._open):
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
                patience.wait_for(Limit.FIRST_BYTE, call.timeouts.first_byte)
                async with self._request(call) as response:
                    first = await response.content.readany()
                    attempt.status = response.status
                    yield Answer(response, first, patience, call.timeouts)
        except aiohttp.ConnectionTimeoutError as error:
            raise Failure(FailureKind.TIMEOUT, _no_connection(call)) from error
        except TimeoutError as error:
            raise _gave_up(call, patience) from error
        except aiohttp.ClientError as error:
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


def _gave_up(call: Call, patience: Patience) -> Failure:
    if patience.interrupted:
        return Failure(FailureKind.STOPPING, _STOPPING)
    waited = f"within {patience.seconds:g} seconds"
    return Failure(FailureKind.TIMEOUT, f"The provider {call.service.provider} {patience.limit} {waited}.")


def _no_connection(call: Call) -> str:
    return (
        f"The provider {call.service.provider} cannot be reached at {call.shown_url} "
        f"within {call.timeouts.connect:g} seconds."
    )


def _broken(call: Call, attempt: Attempt, error: aiohttp.ClientError) -> str:
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
        case aiohttp.ClientConnectorError():
            why = error.os_error.strerror or type(error.os_error).__name__
            return f"The provider {provider} cannot be reached at {call.shown_url}: {why}."
        case aiohttp.InvalidURL():
            return f"The address of the provider {provider} is not one that can be asked: {call.shown_url}."
        case _:
            return f"The provider {provider} closed the connection without an answer."
