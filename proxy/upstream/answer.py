"""What the client is going to get: one body, or a stream that is still arriving."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from typing import Protocol

from proxy.upstream.back.heard import Heard
from proxy.upstream.back.way import WayBack
from proxy.wire.failure import Failure

_DRAIN_SECONDS = 0.05

Headers = Iterable[tuple[str, str]]


class Answer(Protocol):
    """An answer that has begun: from here on nobody else is asked."""

    status: int
    headers: Headers
    content_type: str | None
    length: int | None
    """In bytes, where all of it is there."""

    @property
    def heard(self) -> Heard:
        """What it has told so far."""
        ...

    @property
    def at_event_end(self) -> bool: ...

    @property
    def is_complete(self) -> bool:
        """Whether the client has all of it, however the connection ends."""
        ...

    def chunks(self) -> AsyncIterator[bytes]:
        """The bytes for the client. Raises the Failure of a stream that broke off."""
        ...

    def farewell(self, failure: Failure) -> bytes:
        """The last bytes of a stream that cannot go on."""
        ...


class WholeAnswer:
    """An answer in one piece."""

    at_event_end = False
    is_complete = False

    def __init__(
        self, status: int, headers: Headers, content_type: str | None, body: bytes, heard: Heard
    ) -> None:
        self.status = status
        self.headers = headers
        self.content_type = content_type
        self.body = body
        self.heard = heard
        self.length: int | None = len(body)

    async def chunks(self) -> AsyncIterator[bytes]:
        yield self.body

    def farewell(self, failure: Failure) -> bytes:
        return b""


class StreamedAnswer:
    """A stream whose beginning is known to be good."""

    length: int | None = None

    def __init__(
        self,
        headers: Headers,
        content_type: str | None,
        back: WayBack,
        begun: bytes,
        rest: AsyncIterator[bytes] | None,
    ) -> None:
        self.status = 200
        self.headers = headers
        self.content_type = content_type
        self._back = back
        self._begun = begun
        self._rest = rest

    @property
    def heard(self) -> Heard:
        return self._back.heard

    @property
    def at_event_end(self) -> bool:
        return self._back.at_event_end

    async def chunks(self) -> AsyncIterator[bytes]:
        yield self._begun
        if self._rest is None:
            return
        async for chunk in self._rest:
            if told := self._back.feed(chunk):
                yield told
            if self._back.is_over:
                await _drained(self._rest)
                return
        if told := self._back.end():
            yield told

    @property
    def is_complete(self) -> bool:
        return self._back.is_complete

    def farewell(self, failure: Failure) -> bytes:
        return self._back.farewell(failure)


async def _drained(rest: AsyncIterator[bytes]) -> None:
    """What follows the end, usually nothing: a connection that is read to its end can be used again."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_DRAIN_SECONDS):
            async for _ in rest:
                pass
