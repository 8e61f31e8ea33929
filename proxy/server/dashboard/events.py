"""What happens, told as it happens: rows as they are written, and how the record is when that changes.

A listener that comes back says which event it saw last and gets what it missed, as far as a page goes.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import msgspec
from aiohttp import web

from proxy.ledger.ledger import LedgerError
from proxy.ledger.queries.logs import written
from proxy.ledger.scribe import Settled
from proxy.server.dashboard.state import State

_QUIET_SECONDS = 10.0
"""A comment after this long, so that nobody in between takes the connection for dead."""
_MOST_MISSED = 500


class Events:
    """The open streams of one gateway."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._streams: set[_Stream] = set()
        self._is_closing = False

    def close(self) -> None:
        """End every stream; a program that stops is not kept waiting by those who only look on."""
        self._is_closing = True
        for stream in self._streams:
            stream.wake()

    async def stream(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(
            headers={"content-type": "text/event-stream", "cache-control": "no-cache"}
        )
        await response.prepare(request)
        stream = _Stream(self._state, _last_seen(request))
        self._streams.add(stream)
        loop = asyncio.get_running_loop()

        def on_written(batch: Sequence[Settled], first: int) -> None:
            loop.call_soon_threadsafe(stream.note, first, first + len(batch) - 1)

        stop = self._state.ledger.listen(on_written)
        try:
            async for event in stream.events():
                await response.write(event)
                if self._is_closing:
                    break
        except ConnectionError:
            pass  # it has heard enough
        finally:
            stop()
            self._streams.discard(stream)
        return response


class _Stream:
    """What one listener has not been told yet."""

    def __init__(self, state: State, last_seen: int | None) -> None:
        self._state = state
        self._from = None if last_seen is None else last_seen + 1
        self._to: int | None = None
        self._woken = asyncio.Event()

    def note(self, first: int, last: int) -> None:
        self._from = first if self._from is None else self._from
        self._to = last
        self._woken.set()

    def wake(self) -> None:
        self._woken.set()

    async def events(self) -> AsyncIterator[bytes]:
        condition = self._state.ledger.condition
        yield _event("ledger", _shown(condition))
        if self._from is not None:
            self._to = self._from + _MOST_MISSED
            self._woken.set()
        while True:
            try:
                async with asyncio.timeout(_QUIET_SECONDS):
                    await self._woken.wait()
            except TimeoutError:
                yield b": quiet\n\n"
            self._woken.clear()
            for row in await self._new_rows():
                yield _event("exchange", row, row["seq"])
            now = self._state.ledger.condition
            if (now.problem, now.notice, now.dropped) != (
                condition.problem,
                condition.notice,
                condition.dropped,
            ):
                condition = now
                yield _event("ledger", _shown(condition))

    async def _new_rows(self) -> list[dict[str, Any]]:
        if self._from is None or self._to is None:
            return []
        first, last = max(self._from, self._to - _MOST_MISSED), self._to
        self._from = self._to = None
        try:
            rows = await self._state.ledger.ask(lambda connection: written(connection, first, last))
        except LedgerError:
            return []
        return [row for row in rows if row["origin"] == self._state.origin]


def _last_seen(request: web.Request) -> int | None:
    text = request.headers.get("last-event-id") or request.query.get("after", "")
    return int(text) if text.isdigit() else None


def _event(kind: str, value: object, number: int | None = None) -> bytes:
    id_ = b"" if number is None else b"id: %d\n" % number
    return id_ + b"event: " + kind.encode() + b"\ndata: " + msgspec.json.encode(value) + b"\n\n"


def _shown(condition: object) -> object:
    return msgspec.to_builtins(condition)
