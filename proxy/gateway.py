"""Wires the parts of the gateway together, and opens and closes its door."""

import asyncio
import errno
import logging
import secrets as random
import socket
import time
from contextlib import AsyncExitStack
from typing import Any

from aiohttp import http_exceptions, web

from proxy import log
from proxy.config import Config
from proxy.exchange import OpenExchanges
from proxy.secret import SecretSource
from proxy.server import admin, openapi, surfaces
from proxy.server.application import build
from proxy.server.byte_path import BytePath
from proxy.server.endpoint import Endpoint
from proxy.server.tokens import Tokens
from proxy.upstream.attempt import Upstream
from proxy.upstream.session import open_session
from proxy.version import __version__

_log = log.area("gateway")

_HEADER_LIMIT = 64 * 1024
_BACKLOG = 256
_ON_THIS_MACHINE = {"0.0.0.0": "127.0.0.1", "::": "::1"}
_TELL_STREAMS_SECONDS = 1.0
# aiohttp waits up to twice this long for handlers that are still running.
_CLEANUP_SECONDS = 0.2


class PortTakenError(Exception):
    """Somebody else listens where the gateway should."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"{host}:{port}")
        self.host = host
        self.port = port


class PortForbiddenError(Exception):
    """The system lets this user not listen there: a low port, or one that Windows keeps for itself."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"{host}:{port}")
        self.port = port


class BadAddressError(Exception):
    """The configured host is not an address of this machine."""


class Gateway:
    """The running gateway: `start` opens the door, `stop` closes it and tells the open streams why."""

    def __init__(self, config: Config, secrets: SecretSource, tokens: Tokens, program: admin.Program) -> None:
        self.config = config
        self.host = config.server.host
        self.port = 0
        self._secrets = secrets
        self._tokens = tokens
        self._program = program
        self._started = time.monotonic()
        self._exchanges = OpenExchanges()
        self._closing = AsyncExitStack()

    @property
    def url(self) -> str:
        """How programs on this machine reach it, whatever else it listens on."""
        host = _ON_THIS_MACHINE.get(self.host, self.host)
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    def apply(self, config: Config) -> None:
        """Use this configuration from the next request on. Address and port stay until a restart."""
        self.config = config

    async def start(self, port: int) -> None:
        """Listen on this port, or on a free one for 0; the door opens when everything behind it stands."""
        listener = listen(self.host, port)
        self.port = listener.getsockname()[1]
        async with AsyncExitStack() as undo:
            undo.callback(listener.close)
            session = await open_session()
            undo.push_async_callback(session.close)
            upstream = Upstream(session)
            runner = self._runner(self._endpoints(upstream))
            undo.push_async_callback(runner.cleanup)
            await runner.setup()
            undo.push_async_callback(self._end_exchanges, upstream)
            site = web.SockSite(runner, listener, backlog=_BACKLOG)
            await site.start()
            undo.push_async_callback(site.stop)
            self._closing = undo.pop_all()
        _log.info("listening on %s", self.url)

    async def stop(self) -> None:
        """Stop accepting, let every open stream end with its format's error event, then close."""
        await self._closing.aclose()

    def _runner(self, endpoints: list[Endpoint]) -> web.AppRunner:
        application = build(
            endpoints, self._tokens, lambda: self.config, lambda: f"req_{random.token_hex(8)}"
        )
        return web.AppRunner(
            application,
            access_log=None,
            logger=_http_log(),
            handle_signals=False,
            handler_cancellation=True,
            auto_decompress=False,
            max_field_size=_HEADER_LIMIT,
            max_line_size=_HEADER_LIMIT,
            shutdown_timeout=_CLEANUP_SECONDS,
        )

    def _endpoints(self, upstream: Upstream) -> list[Endpoint]:
        table: list[Endpoint] = []

        def describe() -> dict[str, Any]:
            return openapi.describe(table, __version__)

        byte_path = BytePath(lambda: self.config, self._secrets, upstream, self._exchanges)
        table += surfaces.endpoints(byte_path)
        table += admin.endpoints(self._program, self._health, describe)
        return table

    def _health(self) -> admin.Health:
        uptime = round(time.monotonic() - self._started, 1)
        return admin.Health("ok", __version__, uptime, len(self._exchanges))

    async def _end_exchanges(self, upstream: Upstream) -> None:
        upstream.stop()
        try:
            async with asyncio.timeout(_TELL_STREAMS_SECONDS):
                await self._exchanges.all_ended()
        except TimeoutError:
            _log.warning("%d requests did not end in time and are cut", len(self._exchanges))


def listen(host: str, port: int) -> socket.socket:
    """A listening socket that no other program shares."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows, where SO_REUSEADDR would share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTakenError(host, port) from error
        if error.errno == errno.EACCES:
            raise PortForbiddenError(host, port) from error
        raise BadAddressError(f"{host}:{port}: {error.strerror or error}") from error
    return listener


def _http_log() -> logging.Logger:
    """The logger of the HTTP server: one line for a malformed request, which it would quote whole."""
    logger = log.area("http")
    if not logger.filters:
        logger.addFilter(_without_the_request)
    return logger


def _without_the_request(record: logging.LogRecord) -> bool:
    """A malformed request may hold a key; and anybody on this machine can send one."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, http_exceptions.HttpProcessingError):
        record.exc_info = None
        record.msg, record.args = "a malformed request was refused: %s", (type(error).__name__,)
        record.levelno, record.levelname = logging.INFO, "INFO"
    return True
