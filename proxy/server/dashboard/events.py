"""What happens, told as it happens: rows as they are written, and how the record is when that changes.

A listener that comes back says which event it saw last and gets what it missed, as far as a page goes.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import msgspec
from aiohttp import web

from proxy.ledger.ledger import Condition, LedgerError
from proxy.ledger.queries.logs import FAR, written_since
from proxy.ledger.scribe import Settled
from proxy.server.dashboard.record import ask
from proxy.server.dashboard.state import State
from proxy.server.event_stream import send_events

_QUIET_SECONDS = 10.0
"""A comment after this long, so that nobody in between takes the connection for dead."""
_MOST_MISSED = 500


class Events:
    """The open streams of one gateway."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._streams: set[_Stream] = set()

    def close(self) -> None:
        """End every stream; a program that stops is not kept waiting by those who only look on."""
        for stream in self._streams:
            stream.end()

    async def stream(self, request: web.Request) -> web.StreamResponse:
        stream = _Stream(self._state, _last_seen(request))
        loop = asyncio.get_running_loop()

        def on_written(_batch: Sequence[Settled], first: int) -> None:
            loop.call_soon_threadsafe(stream.note, first)

        self._streams.add(stream)
        stop = self._state.ledger.listen(on_written)
        try:
            return await send_events(request, stream.events())
        finally:
            stop()
            self._streams.discard(stream)


class _Stream:
    """One listener: of what it has not been told yet only the first number is kept, however slow it is."""

    def __init__(self, state: State, last_seen: int | None) -> None:
        self._state = state
        self._next = None if last_seen is None else last_seen + 1
        self._woken = asyncio.Event()
        self._is_over = False
        if last_seen is not None:
            self._woken.set()

    def note(self, first: int) -> None:
        """Rows were written, this one and more."""
        if self._next is None:
            self._next = first
        self._woken.set()

    def end(self) -> None:
        self._is_over = True
        self._woken.set()

    async def events(self) -> AsyncIterator[bytes]:
        condition = self._state.ledger.condition
        yield _event("ledger", _shown(condition))
        while not self._is_over:
            if not await self._is_woken():
                yield b": quiet\n\n"
            for row in await self._new_rows():
                yield _event("exchange", row, row["seq"])
            before, condition = condition, self._state.ledger.condition
            if _state_of(before) != _state_of(condition):
                yield _event("ledger", _shown(condition))

    async def _is_woken(self) -> bool:
        try:
            async with asyncio.timeout(_QUIET_SECONDS):
                await self._woken.wait()
        except TimeoutError:
            return False
        self._woken.clear()
        return True

    async def _new_rows(self) -> list[dict[str, Any]]:
        first = self._next
        if first is None or self._is_over:
            return []
        try:
            rows, self._next = await ask(
                self._state.ledger, lambda connection: written_since(connection, first, _MOST_MISSED)
            )
        except LedgerError:
            return []  # they are told together with the next ones
        return [row for row in rows if row["origin"] == self._state.origin]


def _state_of(condition: Condition) -> tuple[str, str, int]:
    """What is told when it changes; the other numbers always do."""
    return condition.problem, condition.notice, condition.dropped


def _last_seen(request: web.Request) -> int | None:
    text = request.headers.get("last-event-id") or request.query.get("after", "")
    return min(int(text), FAR) if text.isdecimal() else None


def _event(kind: str, value: object, number: int | None = None) -> bytes:
    id_ = b"" if number is None else b"id: %d\n" % number
    return id_ + b"event: " + kind.encode() + b"\ndata: " + msgspec.json.encode(value) + b"\n\n"


def _shown(condition: object) -> object:
    return msgspec.to_builtins(condition)
