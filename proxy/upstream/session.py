"""The pool of connections to providers."""

import asyncio
import ssl

import aiohttp

# llama.cpp closes idle connections after 5 s; a pooled one must be given up before.
_KEEP_IDLE_SECONDS = 4.0
_READ_BUFFER = 64 * 1024
_HEADER_LIMIT = 64 * 1024


async def open_session() -> aiohttp.ClientSession:
    """A session that adds nothing of its own to a request and changes nothing in an answer."""
    # Loading the system's certificates takes tens of milliseconds, too long for the loop.
    tls = await asyncio.to_thread(ssl.create_default_context)
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=_KEEP_IDLE_SECONDS, ssl=tls),
        cookie_jar=aiohttp.DummyCookieJar(),
        skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
        auto_decompress=False,
        read_bufsize=_READ_BUFFER,
        max_field_size=_HEADER_LIMIT,
        max_line_size=_HEADER_LIMIT,
        # Time-outs belong to the attempt, which knows whether it waits for a first byte or the next one.
        timeout=aiohttp.ClientTimeout(total=None),
        trust_env=False,
    )
