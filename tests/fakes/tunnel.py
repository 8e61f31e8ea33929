"""Real proxies on loopback: one that understands HTTP, also CONNECT, and one that understands SOCKS 5.

Whatever host they are asked for, they go to loopback. So a test can use names that only the proxy knows.
"""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.fakes.bare import Bare, Guest, bare


@dataclass
class Tunnel:
    """A proxy, and what it was asked for."""

    server: Bare
    scheme: str
    destinations: list[str] = field(default_factory=list)

    def url(self, user: str = "", password: str = "", host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{f'{user}:{password}@' if user else ''}{host}:{self.server.port}"


@asynccontextmanager
async def http_proxy(
    user: str = "", password: str = "", *, refuses: int = 0, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Tunnel]:
    """A proxy for HTTP; with a user it wants to be told the password, and `refuses` is a status for all."""
    wanted = base64.b64encode(f"{user}:{password}".encode()) if user else b""

    async def serve(tunnel: Tunnel, guest: Guest) -> None:
        while True:
            request = await guest.asked()
            method, target, _ = request.split(b" ", 2)
            if wanted and b"proxy-authorization: basic " + wanted.lower() not in request.lower():
                await guest.says(b"HTTP/1.1 407 Who are you\r\ncontent-length: 0\r\n\r\n")
                continue
            if refuses:
                await guest.says(b"HTTP/1.1 %d No\r\ncontent-length: 0\r\n\r\n" % refuses)
                continue
            if method == b"CONNECT":
                tunnel.destinations.append(target.decode())
                there = await _loopback(int(target.rpartition(b":")[2]))
                await guest.says(b"HTTP/1.1 200 Connected\r\n\r\n")
                await _joined(guest, there)
                return
            await _forward(tunnel, guest, target.decode(), request)

    async with _tunnel("http" if tls is None else "https", serve, tls) as tunnel:
        yield tunnel


@asynccontextmanager
async def socks_proxy(user: str = "", password: str = "", *, refuses: int = 0) -> AsyncIterator[Tunnel]:
    """A proxy for SOCKS 5; with a user it wants to be told the password, and `refuses` is a code for all."""

    async def serve(tunnel: Tunnel, guest: Guest) -> None:
        _, methods = await guest.reader.readexactly(2)
        offered = await guest.reader.readexactly(methods)
        wanted = 2 if user else 0
        if wanted not in offered:
            await guest.says(b"\x05\xff")
            return
        await guest.says(bytes([5, wanted]))
        if user and not await _introduced(guest, user, password):
            return
        await guest.reader.readexactly(3)
        host = await _host(guest.reader)
        port = int.from_bytes(await guest.reader.readexactly(2), "big")
        tunnel.destinations.append(f"{host}:{port}")
        await guest.says(bytes([5, refuses, 0, 1, 0, 0, 0, 0, 0, 0]))
        if not refuses:
            await _joined(guest, await _loopback(port))

    async with _tunnel("socks5", serve, None) as tunnel:
        yield tunnel


@asynccontextmanager
async def _tunnel(
    scheme: str, serve: Callable[[Tunnel, Guest], Awaitable[None]], tls: ssl.SSLContext | None
) -> AsyncIterator[Tunnel]:
    async def behaviour(_server: Bare, guest: Guest) -> None:
        await serve(tunnel, guest)

    async with bare(behaviour, tls) as server:
        tunnel = Tunnel(server, scheme)
        yield tunnel


async def _introduced(guest: Guest, user: str, password: str) -> bool:
    await guest.reader.readexactly(1)
    told = [await guest.reader.readexactly((await guest.reader.readexactly(1))[0]) for _ in range(2)]
    is_known = told == [user.encode(), password.encode()]
    await guest.says(bytes([1, 0 if is_known else 1]))
    return is_known


async def _host(reader: asyncio.StreamReader) -> str:
    kind = (await reader.readexactly(1))[0]
    if kind == 3:
        return (await reader.readexactly((await reader.readexactly(1))[0])).decode()
    return ".".join(str(part) for part in await reader.readexactly(4))


async def _forward(tunnel: Tunnel, guest: Guest, target: str, request: bytes) -> None:
    """A request that names its whole address, for what is not encrypted."""
    parts = urlsplit(target)
    tunnel.destinations.append(parts.netloc)
    there = await _loopback(parts.port or 80)
    there[1].write(request.replace(target.encode(), parts.path.encode(), 1))
    answer = await Guest(*there).asked()
    there[1].close()
    await guest.says(answer)


async def _loopback(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", port)


async def _joined(guest: Guest, there: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
    """Everything goes back and forth until both have ended."""
    reader, writer = there
    try:
        async with asyncio.TaskGroup() as both:
            both.create_task(_poured(guest.reader, writer))
            both.create_task(_poured(reader, guest.writer))
    finally:
        writer.close()


async def _poured(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()
