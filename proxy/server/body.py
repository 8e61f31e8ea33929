"""Reading a request's body, whole but never more of it than the configuration allows."""

from aiohttp import web

from proxy.wire.failure import Failure, FailureKind

_MEGABYTE = 1024 * 1024


async def read_body(request: web.Request, limit_mb: int) -> bytes:
    limit = limit_mb * _MEGABYTE
    if (request.content_length or 0) > limit:
        raise _too_large(limit_mb)
    pieces: list[bytes] = []
    size = 0
    async for piece in request.content.iter_any():
        size += len(piece)
        if size > limit:
            raise _too_large(limit_mb)
        pieces.append(piece)
    return b"".join(pieces)


def _too_large(limit_mb: int) -> Failure:
    return Failure(
        FailureKind.TOO_LARGE,
        f"The request body is larger than {limit_mb} MB; `max_body_mb` under [server] in config.toml raises "
        "the limit.",
    )
