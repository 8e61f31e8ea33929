"""What the client is going to get: one body, or a stream that is still arriving."""

from collections.abc import AsyncIterator, Iterable
from typing import Protocol

from proxy.upstream.back.heard import Heard
from proxy.upstream.back.way import WayBack
from proxy.wire.failure import Failure

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

    def chunks(self) -> AsyncIterator[bytes]:
        """The bytes for the client. Raises the Failure of a stream that broke off."""
        ...

    def farewell(self, failure: Failure) -> bytes:
        """The last bytes of a stream that cannot go on."""
        ...


class WholeAnswer:
    """An answer in one piece."""

    at_event_end = False

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
                return
        if told := self._back.end():
            yield told

    def farewell(self, failure: Failure) -> bytes:
        return self._back.farewell(failure)
