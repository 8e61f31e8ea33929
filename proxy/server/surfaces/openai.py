"""The OpenAI APIs: Chat Completions, Responses and Embeddings."""

from aiohttp import web

from proxy.exchange import Surface
from proxy.providers.entrance import Task
from proxy.server.endpoint import Access, Endpoint
from proxy.server.serving import Serving
from proxy.server.surfaces.answers import ANSWERS
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.formats import Format

_UPGRADE_REQUIRED = 426


def endpoints(serving: Serving) -> list[Endpoint]:
    async def chat(request: web.Request) -> web.StreamResponse:
        return await serving.serve(request, Surface.CHAT)

    async def responses(request: web.Request) -> web.StreamResponse:
        return await serving.serve(request, Surface.RESPONSES)

    async def embeddings(request: web.Request) -> web.StreamResponse:
        return await serving.serve(request, Surface.EMBEDDINGS, Task.EMBED)

    return [
        Endpoint(
            method="POST",
            path="/v1/chat/completions",
            access=Access.CLIENT,
            handle=chat,
            summary="OpenAI Chat Completions, whole or streamed. Bodies in the form of the Responses API are "
            "understood, too.",
            answers=ANSWERS,
            speaks=Format.OPENAI_CHAT,
            prefixed=True,
        ),
        Endpoint(
            method="POST",
            path="/v1/responses",
            access=Access.CLIENT,
            handle=responses,
            summary="OpenAI Responses, whole or streamed. `previous_response_id` reaches the service that "
            "gave that response.",
            answers=ANSWERS,
            speaks=Format.RESPONSES,
            prefixed=True,
        ),
        Endpoint(
            method="GET",
            path="/v1/responses",
            access=Access.CLIENT,
            handle=_no_socket,
            summary="Some clients try a WebSocket here first; there is none.",
            answers={405: "POST is offered.", 426: "No WebSocket is offered."},
            speaks=Format.RESPONSES,
            prefixed=True,
        ),
        Endpoint(
            method="POST",
            path="/v1/embeddings",
            access=Access.CLIENT,
            handle=embeddings,
            summary="OpenAI Embeddings of a configured embedding model.",
            answers={**ANSWERS, 501: "No embedding model is configured."},
            speaks=Format.OPENAI_CHAT,
            prefixed=True,
        ),
    ]


async def _no_socket(request: web.Request) -> web.StreamResponse:
    if "upgrade" in request.headers:
        raise Failure(
            FailureKind.METHOD_NOT_ALLOWED,
            "Tierwise offers no WebSocket here; send a POST.",
            status=_UPGRADE_REQUIRED,
        )
    raise Failure(FailureKind.METHOD_NOT_ALLOWED, "GET /v1/responses is not offered; POST is.")
