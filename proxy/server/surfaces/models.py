"""The models that can be asked for, in the shape of whichever API asks."""

from aiohttp import web

from proxy.server.endpoint import Access, Endpoint, Handler
from proxy.server.model_pages import ModelPages
from proxy.wire.formats import Format

_LISTED = {200: "The models: `auto`, the tiers, every provider/model, and the names that clients ask for."}


def endpoints(pages: ModelPages) -> list[Endpoint]:
    async def list_models(request: web.Request) -> web.StreamResponse:
        return await pages.list(request)

    async def one_model(request: web.Request) -> web.StreamResponse:
        return await pages.one(request, request.match_info["model"])

    async def list_gemini(request: web.Request) -> web.StreamResponse:
        return await pages.list_gemini(request)

    async def one_gemini(request: web.Request) -> web.StreamResponse:
        return await pages.one_gemini(request, request.match_info["model"])

    shape = "In Anthropic's shape where `anthropic-version` is sent, else in OpenAI's."
    return [
        _endpoint("/v1/models", list_models, f"The models. {shape}", Format.OPENAI_CHAT),
        _endpoint("/v1/models/{model:.+}", one_model, f"One model. {shape}", Format.OPENAI_CHAT),
        _endpoint("/v1beta/models", list_gemini, "The models, in Google's shape.", Format.GEMINI),
        _endpoint("/v1beta/models/{model:.+}", one_gemini, "One model, in Google's shape.", Format.GEMINI),
    ]


def _endpoint(path: str, handle: Handler, summary: str, speaks: Format) -> Endpoint:
    return Endpoint(
        method="GET",
        path=path,
        access=Access.CLIENT,
        handle=handle,
        summary=summary,
        answers={**_LISTED, 404: "No such model."},
        speaks=speaks,
        prefixed=True,
    )
