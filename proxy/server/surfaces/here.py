"""Where clients look whether we are there, and what they send that is nobody's business."""

from aiohttp import web

from proxy.server.endpoint import Access, Endpoint
from proxy.wire.formats import Format


def endpoints() -> list[Endpoint]:
    return [
        Endpoint(
            method="GET",
            path="/",
            access=Access.OPEN,
            handle=_is_here,
            summary="Tells that Tierwise is here; clients ask before their first request.",
            answers={200: "It is."},
            prefixed=True,
        ),
        Endpoint(
            method="HEAD",
            path="/",
            access=Access.OPEN,
            handle=_is_here,
            summary="The same without a body.",
            answers={200: "It is."},
            prefixed=True,
        ),
        Endpoint(
            method="POST",
            path="/api/event_logging/batch",
            access=Access.CLIENT,
            handle=_dropped,
            summary="Claude Code's telemetry: accepted, and dropped.",
            answers={200: "It is gone."},
            speaks=Format.ANTHROPIC,
            prefixed=True,
        ),
    ]


async def _is_here(_request: web.Request) -> web.Response:
    return web.json_response({"name": "tierwise", "status": "ok"})


async def _dropped(_request: web.Request) -> web.Response:
    return web.json_response({})
