"""Google: Gemini with a key, and Vertex AI with a project, where other makers' models are served, too."""

from collections.abc import Iterable
from dataclasses import replace

from proxy.providers.entrance import Auth, Entrance, Task
from proxy.providers.entrances.joining import root_of, segment, without
from proxy.providers.entrances.offers import at, chat
from proxy.providers.provider import Provider
from proxy.wire.anthropic.envelopes import VERTEX, VERTEX_COUNT
from proxy.wire.format import Format

_USUAL_LOCATION = "global"
_MULTI_REGIONS = ("us", "eu")


class Gemini:
    """Its own format, and OpenAI's for those who speak that."""

    def answers(self, provider: Provider, model: str) -> Iterable[Entrance]:
        root = _gemini_root(provider)
        return [
            _generating(f"{root}/v1beta/models/{segment(model)}", Auth.X_GOOG_API_KEY, model),
            chat(f"{root}/v1beta/openai", model),
        ]

    def other(self, provider: Provider, model: str, spoken: Format, task: Task) -> Entrance | None:
        root = f"{_gemini_root(provider)}/v1beta"
        match task:
            case Task.COUNT:
                url = f"{root}/models/{segment(model)}:countTokens"
                counting = at(url, Format.GEMINI, Auth.X_GOOG_API_KEY, model)
                return replace(counting, model_in_body=False)
            case Task.MODELS:
                return at(f"{root}/models?pageSize=1000", Format.GEMINI, Auth.X_GOOG_API_KEY, model)
            case Task.EMBED:
                return at(f"{root}/openai/embeddings", Format.OPENAI_CHAT, Auth.BEARER, model)
            case _:
                return None


class Vertex:
    """The maker is part of the address."""

    def answers(self, provider: Provider, model: str) -> Iterable[Entrance]:
        place = _place(provider)
        if model.startswith("claude"):
            named = f"{place}/publishers/anthropic/models/{segment(model)}"
            return [
                Entrance(
                    format=Format.ANTHROPIC,
                    url=f"{named}:rawPredict",
                    stream_url=f"{named}:streamRawPredict",
                    auth=Auth.GOOGLE,
                    model=model,
                    model_in_body=False,
                    envelope=VERTEX,
                )
            ]
        if model.startswith("gemini"):
            return [_generating(f"{place}/publishers/google/models/{segment(model)}", Auth.GOOGLE, model)]
        return [chat(f"{place}/endpoints/openapi", model, Auth.GOOGLE)]

    def other(self, provider: Provider, model: str, spoken: Format, task: Task) -> Entrance | None:
        if task is not Task.COUNT:
            return None
        place = _place(provider)
        if model.startswith("claude"):
            url = f"{place}/publishers/anthropic/models/count-tokens:rawPredict"
            return replace(at(url, Format.ANTHROPIC, Auth.GOOGLE, model), envelope=VERTEX_COUNT)
        if model.startswith("gemini"):
            url = f"{place}/publishers/google/models/{segment(model)}:countTokens"
            return replace(at(url, Format.GEMINI, Auth.GOOGLE, model), model_in_body=False)
        return None


def _generating(named: str, auth: Auth, model: str) -> Entrance:
    return Entrance(
        format=Format.GEMINI,
        url=f"{named}:generateContent",
        stream_url=f"{named}:streamGenerateContent?alt=sse",
        auth=auth,
        model=model,
        model_in_body=False,
    )


def _gemini_root(provider: Provider) -> str:
    return without(provider.base, "/openai", "/v1beta", "/v1")


def _place(provider: Provider) -> str:
    location = provider.config.location or _USUAL_LOCATION
    root = root_of(provider.base) or f"https://{_host(location)}"
    return f"{root}/v1/projects/{segment(provider.config.project)}/locations/{segment(location)}"


def _host(location: str) -> str:
    if location == "global":
        return "aiplatform.googleapis.com"
    if location in _MULTI_REGIONS:
        return f"aiplatform.{location}.rep.googleapis.com"
    return f"{location}-aiplatform.googleapis.com"
