"""What else may listen on a port, down at its socket: silent, endless, broken, or no HTTP at all."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Self

from tests.fakes.bare import Guest

_PLEASANT = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
_SLOWLY = 0.02
"""Seconds between two bytes: quick enough that no time-out between bytes ever strikes."""


Treatment = Callable[[Guest], Awaitable[None]]


@dataclass(kw_only=True)
class RawSocket:
    """Treats every connection in the same way; speaks for itself like a `FakeLocal`."""

    treat: Treatment
    host: str = "127.0.0.1"
    port: int = 0
    heads: list[bytes] = field(default_factory=list)
    """What came first on each connection, as far as it was read."""
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    """Set whenever something comes."""

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def was_only_looked_at(self) -> bool:
        """Nothing came that might change anything, and no key was shown."""
        return all(
            head.startswith((b"GET ", b"HEAD ")) and b"authorization:" not in head.lower()
            for head in self.heads
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        listening = await asyncio.start_server(self._serve, self.host, self.port)
        self.port = listening.sockets[0].getsockname()[1]
        self._tasks: set[asyncio.Task[None]] = set()
        try:
            yield self
        finally:
            listening.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self.treat(_Remembering(reader, writer, server=self))
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            pass
        except asyncio.CancelledError:
            """The end of the fake, which its own task waits for."""
        finally:
            self._tasks.discard(task)
            writer.transport.abort()


@dataclass(kw_only=True)
class _Remembering(Guest):
    server: RawSocket

    async def asked(self) -> bytes:
        request = await super().asked()
        self.server.heads.append(request)
        self.server.arrived.set()
        return request


async def closes_at_once(_guest: Guest) -> None:
    """Hangs up without reading anything."""


async def closes_after_reading(guest: Guest) -> None:
    await guest.asked()


async def never_answers(guest: Guest) -> None:
    await guest.asked()
    await asyncio.Event().wait()


async def answers_half(guest: Guest) -> None:
    """Promises more than ever comes."""
    await guest.asked()
    await guest.says(_PLEASANT + b'content-length: 500\r\n\r\n{"version": "0.')
    await asyncio.Event().wait()


async def drips_its_body(guest: Guest) -> None:
    await guest.asked()
    await guest.says(_PLEASANT + b"\r\n[")
    while True:
        await asyncio.sleep(_SLOWLY)
        await guest.says(b" ")


async def drips_its_head(guest: Guest) -> None:
    await guest.asked()
    for byte in itertools.chain(_PLEASANT, b"x-more: ", itertools.repeat(ord("a"))):
        await guest.says(bytes([byte]))
        await asyncio.sleep(_SLOWLY)


async def floods_its_head(guest: Guest) -> None:
    await guest.asked()
    await guest.says(_PLEASANT)
    for number in itertools.count():
        await guest.says(b"x-%d: %s\r\n" % (number, b"a" * 1000))


async def floods_its_body(guest: Guest) -> None:
    await guest.asked()
    await guest.says(_PLEASANT + b'\r\n{"data": [')
    while True:
        await guest.says(b'{"id": "a-model"},' * 4000)


async def answers_garbage(guest: Guest) -> None:
    await guest.asked()
    await guest.says(bytes(range(256)) * 8)


async def breaks_its_chunks(guest: Guest) -> None:
    await guest.asked()
    await guest.says(_PLEASANT + b"transfer-encoding: chunked\r\n\r\nnot-a-number\r\n{}\r\n0\r\n\r\n")


async def speaks_old_http(guest: Guest) -> None:
    """Like Python's own server of files: HTTP/1.0, and the end of the connection ends the body."""
    await guest.asked()
    head = b"HTTP/1.0 404 File not found\r\nServer: SimpleHTTP/0.6 Python/3.11.2\r\n\r\n"
    await guest.says(head + b"<!DOCTYPE HTML><html><body><h1>Error response</h1></body></html>")
    await _ended(guest)


async def speaks_redis(guest: Guest) -> None:
    await guest.asked()
    await guest.says(b"-ERR unknown command 'GET', with args beginning with: '/' 'HTTP/1.1' \r\n")
    await _ended(guest)


async def speaks_first(guest: Guest) -> None:
    """As servers of SSH, mail and files do."""
    await guest.says(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")
    await _ended(guest)


async def speaks_tls(guest: Guest) -> None:
    """What comes is no handshake, and it says so in its own words."""
    await guest.asked()
    await guest.says(b"\x15\x03\x01\x00\x02\x02\x46")
    await _ended(guest)


async def _ended(guest: Guest) -> None:
    """Closes politely: what was written still arrives."""
    guest.writer.close()
    await guest.writer.wait_closed()


BROKEN = [
    closes_at_once,
    closes_after_reading,
    floods_its_head,
    answers_garbage,
    breaks_its_chunks,
    speaks_redis,
    speaks_first,
    speaks_tls,
]
"""Treatments after which nothing more is to be had."""
