"""A server that is little more than its sockets, for tests of how connections live and die."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

OK = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n\r\nok"


@dataclass
class Guest:
    """One connection, and how many requests it has brought so far."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    requests: int = 0

    async def asked(self) -> bytes:
        """The next request."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        self.requests += 1
        return head + await self.reader.readexactly(length)

    async def says(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()


Behaviour = Callable[["Bare", Guest], Awaitable[None]]


@dataclass
class Bare:
    """What has come to a bare server."""

    port: int = 0
    connections: int = 0
    requests: list[bytes] = field(default_factory=list)
    guests: list[Guest] = field(default_factory=list)
    nobody_left: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


async def polite(server: Bare, guest: Guest) -> None:
    """Answers whatever is asked for as long as it is asked."""
    while True:
        server.requests.append(await guest.asked())
        await guest.says(OK)


@asynccontextmanager
async def bare(behaviour: Behaviour = polite, tls: ssl.SSLContext | None = None) -> AsyncIterator[Bare]:
    """A server on loopback that treats every connection like this."""
    server = Bare()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.connections += 1
        guest = Guest(reader, writer)
        server.guests.append(guest)
        server.nobody_left.clear()
        try:
            await behaviour(server, guest)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            server.guests.remove(guest)
            writer.close()
            if not server.guests:
                server.nobody_left.set()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for guest in server.guests:
            guest.writer.transport.abort()
