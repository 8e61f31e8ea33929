"""The Gemini API: the address names model and method."""

from aiohttp import web

from proxy.exchange import Surface
from proxy.server.counting import Counting
from proxy.server.endpoint import Access, Endpoint
from proxy.server.incoming import Named
from proxy.server.paths import gemini_call
from proxy.server.serving import Serving
from proxy.server.surfaces.answers import ANSWERS
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.formats import Format

_STREAMED = {"generateContent": False, "streamGenerateContent": True}


def endpoints(serving: Serving, counting: Counting) -> list[Endpoint]:
    async def call(request: web.Request) -> web.StreamResponse:
        asked = gemini_call(request.match_info["call"])
        if asked.method == "countTokens":
            return await counting.gemini(request, Named(asked.model, streamed=False))
        streamed = _STREAMED.get(asked.method)
        if streamed is None:
            raise Failure(FailureKind.NOT_FOUND, f"Tierwise does not offer {asked.method} here.")
        named = Named(asked.model, streamed, as_array=streamed and request.query.get("alt") != "sse")
        return await serving.serve(request, Surface.GEMINI, named=named)

    return [
        Endpoint(
            method="POST",
            path="/v1beta/models/{call:.+}",
            access=Access.CLIENT,
            handle=call,
            summary="Gemini: {model}:generateContent, :streamGenerateContent and :countTokens.",
            answers=ANSWERS,
            speaks=Format.GEMINI,
            prefixed=True,
        )
    ]
