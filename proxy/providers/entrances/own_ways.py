"""Those with ways of their own: Databricks, Ollama, llama.cpp."""

from collections.abc import Iterable

from proxy.providers.entrance import Auth, Entrance, Task
from proxy.providers.entrances.joining import root_of, segment, without
from proxy.providers.entrances.offers import ANTHROPIC_DEFAULTS, OpenAI, at, messages
from proxy.providers.provider import Provider
from proxy.wire.format import Format


class Databricks:
    """Each model is an endpoint of the workspace."""

    def answers(self, provider: Provider, model: str) -> Iterable[Entrance]:
        root = f"{_workspace(provider)}/serving-endpoints"
        chat = at(f"{root}/{segment(model)}/invocations", Format.OPENAI_CHAT, Auth.BEARER, model)
        if "claude" not in model:
            return [chat]
        return [chat, messages(f"{root}/anthropic", model, Auth.BEARER)]

    def other(self, provider: Provider, model: str, spoken: Format, task: Task) -> Entrance | None:
        root = _workspace(provider)
        if task is Task.MODELS:
            return at(f"{root}/api/2.0/serving-endpoints", Format.OPENAI_CHAT, Auth.BEARER, model)
        if task is Task.EMBED:
            url = f"{root}/serving-endpoints/{segment(model)}/invocations"
            return at(url, Format.OPENAI_CHAT, Auth.BEARER, model)
        return None


def _workspace(provider: Provider) -> str:
    return without(provider.base, "/v1", "/anthropic", "/serving-endpoints")


class Ollama:
    """Only its own API takes the size of the context; by any other a long prompt is cut in silence."""

    def answers(self, provider: Provider, model: str) -> Iterable[Entrance]:
        return [at(f"{_ollama_root(provider)}/api/chat", Format.OLLAMA, Auth.BEARER, model)]

    def other(self, provider: Provider, model: str, spoken: Format, task: Task) -> Entrance | None:
        root = _ollama_root(provider)
        if task is Task.MODELS:
            return at(f"{root}/api/tags", Format.OLLAMA, Auth.BEARER, model)
        if task is Task.EMBED:
            return at(f"{root}/v1/embeddings", Format.OPENAI_CHAT, Auth.BEARER, model)
        return None


def _ollama_root(provider: Provider) -> str:
    return without(provider.base, "/v1", "/api")


class LlamaCpp(OpenAI):
    """Chat for everybody: its other APIs break rules of their formats. But it counts exactly."""

    def other(self, provider: Provider, model: str, spoken: Format, task: Task) -> Entrance | None:
        if task is Task.COUNT:
            url = f"{root_of(provider.base)}/v1/messages/count_tokens"
            return at(url, Format.ANTHROPIC, Auth.BEARER, model, defaults=ANTHROPIC_DEFAULTS)
        return super().other(provider, model, spoken, task)
