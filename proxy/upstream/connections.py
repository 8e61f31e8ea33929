"""The connections to providers: a pool for each way to one, made when it is first gone.

What makes a way is its proxy and whose certificates it believes. A configuration that is read anew leaves
the pools alone whose way is the same; the others are closed when their last request has ended.
"""

import asyncio
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import aiohttp

from proxy.config import ProviderConfig
from proxy.providers.provider import Provider
from proxy.upstream.detour import Detour, detour
from proxy.upstream.pool import KeptResponse, Pool
from proxy.upstream.tls import trust
from proxy.upstream.way import Way

# Servers that people run themselves (unencrypted, mostly), llama.cpp and uvicorn first of all, close idle
# connections after 5 s; a pooled one must be given up before.
_KEEP_SECONDS_NEAR = 4.0
# Long enough for the pause between two turns of an agent, shorter than the minute after which the usual
# load balancers of vendors close.
_KEEP_SECONDS = 50.0
_READ_BUFFER = 64 * 1024
_HEADER_LIMIT = 64 * 1024


@dataclass(frozen=True, slots=True)
class _Route:
    """All that makes one way different from another."""

    provider: str
    proxy: str = field(repr=False)
    ca_file: str
    is_encrypted: bool
    is_near: bool


class Connections:
    """All ways to providers."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._ways: dict[_Route, Way] = {}
        self._leaving: list[Pool] = []
        self._systems_trust: ssl.SSLContext | None = None

    async def way(self, name: str, config: ProviderConfig) -> Way:
        """The way to a provider; Failure(NO_SERVICE) for a proxy or a file of certificates that is none."""
        route = _route(name, config)
        way = self._ways.get(route)
        if way is not None:
            return way
        made = await self._made(route)
        # Two may have made it at once; the one that is not kept has opened nothing yet.
        return self._ways.setdefault(route, made)

    async def forget(self, keep: Mapping[str, ProviderConfig]) -> None:
        """Close the ways that this configuration does not go, each when its requests have ended."""
        kept = {_route(name, config) for name, config in keep.items()}
        self._leaving = [pool for pool in self._leaving if not pool.is_closed]
        for route in self._ways.keys() - kept:
            pool = self._ways.pop(route).pool
            pool.retire()
            self._leaving.append(pool)

    async def close(self) -> None:
        """Close everything, also under requests that have not ended."""
        await self.forget({})
        await asyncio.gather(*(pool.close() for pool in self._leaving))

    async def _made(self, route: _Route) -> Way:
        proxy = detour(route.provider, route.proxy)
        if proxy is not None:
            await proxy.load()
        certificates = await self._trusted(route)

        def open_session(watching: aiohttp.TraceConfig) -> aiohttp.ClientSession:
            return _session(_connector(route, proxy, certificates), watching)

        return Way(Pool(open_session, self._clock), proxy)

    async def _trusted(self, route: _Route) -> ssl.SSLContext | None:
        """Nothing for what is never encrypted: the system's certificates take time and memory."""
        if route.ca_file:
            return await trust(route.provider, route.ca_file)
        if not route.is_encrypted:
            return None
        if self._systems_trust is None:
            self._systems_trust = await trust(route.provider, "")
        return self._systems_trust


def _route(name: str, config: ProviderConfig) -> _Route:
    is_plain = Provider(name, config).base.startswith("http://")
    is_encrypted = not is_plain or config.proxy.startswith("https://")
    is_near = is_plain or config.is_on_this_machine
    return _Route(name, config.proxy, config.ca_file, is_encrypted, is_near)


def _connector(
    route: _Route, proxy: Detour | None, certificates: ssl.SSLContext | None
) -> aiohttp.TCPConnector:
    # True is aiohttp's own way to say: verify with the system's certificates.
    trusted = True if certificates is None else certificates
    keep = _KEEP_SECONDS_NEAR if route.is_near else _KEEP_SECONDS
    make = aiohttp.TCPConnector if proxy is None else proxy.connector
    return make(limit=0, keepalive_timeout=keep, ssl=trusted)


def _session(connector: aiohttp.TCPConnector, watching: aiohttp.TraceConfig) -> aiohttp.ClientSession:
    """A session that adds nothing of its own to a request."""
    return aiohttp.ClientSession(
        connector=connector,
        response_class=KeptResponse,
        trace_configs=[watching],
        cookie_jar=aiohttp.DummyCookieJar(),
        skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
        # Nothing compressed is asked for; what comes so nevertheless is still to be read.
        auto_decompress=True,
        read_bufsize=_READ_BUFFER,
        max_field_size=_HEADER_LIMIT,
        max_line_size=_HEADER_LIMIT,
        # Time-outs belong to the attempt, which knows whether it waits for a first byte or the next one.
        timeout=aiohttp.ClientTimeout(total=None),
        trust_env=False,
    )
