"""Reading a request's body, whole and decoded, but never more of it than the configuration allows."""

import asyncio
import io
from collections.abc import Iterator
from functools import partial

from aiohttp import web

from proxy.server.inflate import Inflating, codings
from proxy.wire.failure import Failure, FailureKind

_MEGABYTE = 1024 * 1024

_ON_THE_LOOP = 256 * 1024
"""So much of one piece is decoded at once; a worker thread decodes what goes beyond it."""


async def read_body(request: web.Request, limit_mb: int) -> bytes:
    """The body as it was before its content encodings. What is refused is not read to its end."""
    most = limit_mb * _MEGABYTE
    too_large = partial(_too_large, limit_mb)
    if (request.content_length or 0) > most:
        raise too_large()
    inflating = Inflating(codings(request.headers.getall("content-encoding", ())), most, too_large)
    received = 0
    body = io.BytesIO()  # it hands over what was written without another copy
    async for data in request.content.iter_any():
        received += len(data)
        if received > most:
            raise too_large()
        pieces = inflating.pieces(data)
        if _write_some(pieces, body):
            await asyncio.to_thread(body.writelines, pieces)
    if received:
        inflating.finish()
    return body.getvalue()


def _write_some(pieces: Iterator[bytes], body: io.BytesIO) -> bool:
    """Writes what may be decoded on the loop; whether there may be more."""
    size = 0
    for piece in pieces:
        size += body.write(piece)
        if size >= _ON_THE_LOOP:
            return True
    return False


def _too_large(limit_mb: int) -> Failure:
    return Failure(
        FailureKind.TOO_LARGE,
        f"The request body is larger than {limit_mb} MB; `max_body_mb` under [server] in config.toml raises "
        "the limit.",
    )
