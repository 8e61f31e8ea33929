"""The entrances for clients: where they look whether we are there, and where they send their turns."""

from aiohttp import web

from proxy.exchange import Surface
from proxy.server.byte_path import BytePath
from proxy.server.endpoint import Access, Endpoint, Handler
from proxy.wire.formats import Format

_COMMON = {
    400: "The body is not JSON, or not as expected.",
    401: "The token is missing or not valid.",
    403: "The request comes from another machine or from a web page.",
    413: "The body is larger than the configured limit.",
    502: "The provider cannot be reached or broke off.",
    503: "No provider of this format is configured, or its key cannot be had.",
    504: "The provider did not answer in time.",
}


def endpoints(byte_path: BytePath) -> list[Endpoint]:
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
            path="/v1/messages",
            access=Access.CLIENT,
            handle=_serving(byte_path, Surface.MESSAGES),
            summary="Anthropic Messages, whole or streamed. The body passes to the provider untouched.",
            answers={200: "The provider's answer, as it came.", **_COMMON},
            speaks=Format.ANTHROPIC,
            prefixed=True,
        ),
        Endpoint(
            method="POST",
            path="/v1/chat/completions",
            access=Access.CLIENT,
            handle=_serving(byte_path, Surface.CHAT),
            summary="OpenAI Chat Completions, whole or streamed. The body passes to the provider untouched.",
            answers={200: "The provider's answer, as it came.", **_COMMON},
            speaks=Format.OPENAI_CHAT,
            prefixed=True,
        ),
    ]


def _serving(byte_path: BytePath, surface: Surface) -> Handler:
    async def serve(request: web.Request) -> web.StreamResponse:
        return await byte_path.serve(request, surface)

    return serve


async def _is_here(_request: web.Request) -> web.Response:
    return web.json_response({"name": "tierwise", "status": "ok"})
