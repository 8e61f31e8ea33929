"""The Anthropic API: messages, and how many tokens they would be."""

from aiohttp import web

from proxy.exchange import Surface
from proxy.server.counting import Counting
from proxy.server.endpoint import Access, Endpoint
from proxy.server.serving import Serving
from proxy.server.surfaces.answers import ANSWERS
from proxy.wire.formats import Format


def endpoints(serving: Serving, counting: Counting) -> list[Endpoint]:
    async def messages(request: web.Request) -> web.StreamResponse:
        return await serving.serve(request, Surface.MESSAGES)

    async def count_tokens(request: web.Request) -> web.StreamResponse:
        return await counting.messages(request)

    return [
        Endpoint(
            method="POST",
            path="/v1/messages",
            access=Access.CLIENT,
            handle=messages,
            summary="Anthropic Messages, whole or streamed.",
            answers=ANSWERS,
            speaks=Format.ANTHROPIC,
            prefixed=True,
        ),
        Endpoint(
            method="POST",
            path="/v1/messages/count_tokens",
            access=Access.CLIENT,
            handle=count_tokens,
            summary="How many input tokens the messages would be: a local estimate, or the provider's count "
            "where it is one local server or `count_tokens` says so. Counts as no request.",
            answers={200: "The number.", 400: "`messages` is missing or not a list."},
            speaks=Format.ANTHROPIC,
            prefixed=True,
        ),
    ]
