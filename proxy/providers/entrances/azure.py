"""Microsoft Azure: OpenAI's models by deployment, and Anthropic's in Foundry.

The address of a resource takes three forms: the resource itself, its `/openai/v1`, or one deployment. With a
dated `api_version` each model is a path of its own; the newer interface names it in the body.
"""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from proxy.providers.entrance import Auth, Entrance, Task
from proxy.providers.entrances.joining import path_of, segment, without
from proxy.providers.entrances.offers import ANTHROPIC_DEFAULTS, at
from proxy.providers.provider import Provider
from proxy.wire.format import Format

_UNDATED = frozenset({"", "v1", "latest", "preview"})
_DEPLOYMENT = re.compile(r"(?P<root>.*)/openai/deployments/(?P<name>[^/]+)")
_INFERENCE_HOST = ".services.ai.azure.com"


class AzureOpenAI:
    """The `api-key` header; where models of many makers are served together, a bearer token."""

    def answers(self, provider: Provider, model: str) -> Iterable[Entrance]:
        chat = self._entrance(provider, model, "chat/completions", Format.OPENAI_CHAT)
        if _is_models_address(provider):
            return [chat]
        return [chat, self._entrance(provider, model, "responses", Format.RESPONSES)]

    def other(self, provider: Provider, model: str, spoken: Format, task: Task) -> Entrance | None:
        if task is Task.EMBED:
            return self._entrance(provider, model, "embeddings", Format.OPENAI_CHAT)
        if task is Task.MODELS and _is_undated(provider) and not _is_models_address(provider):
            root, _ = _root_and_deployment(provider)
            return at(f"{root}/openai/v1/models{_query(provider)}", Format.OPENAI_CHAT, Auth.API_KEY, model)
        return None

    def _entrance(self, provider: Provider, model: str, path: str, format_: Format) -> Entrance:
        if _is_models_address(provider):
            root = without(provider.base, "/chat/completions", "/models")
            return at(f"{root}/models/{path}{_query(provider)}", format_, Auth.BEARER, model)
        root, deployment = _root_and_deployment(provider)
        if _is_undated(provider):
            return at(
                f"{root}/openai/v1/{path}{_query(provider)}", format_, Auth.API_KEY, deployment or model
            )
        if format_ is Format.RESPONSES:
            return at(f"{root}/openai/{path}{_query(provider)}", format_, Auth.API_KEY, deployment or model)
        named = deployment or model
        return at(
            f"{root}/openai/deployments/{segment(named)}/{path}{_query(provider)}",
            format_,
            Auth.API_KEY,
            named,
        )


class AzureAnthropic:
    """Anthropic's format below the resource; the model is the name of its deployment."""

    def answers(self, provider: Provider, model: str) -> Iterable[Entrance]:
        return [self._at(provider, model, "messages")]

    def other(self, provider: Provider, model: str, spoken: Format, task: Task) -> Entrance | None:
        return self._at(provider, model, "messages/count_tokens") if task is Task.COUNT else None

    def _at(self, provider: Provider, model: str, path: str) -> Entrance:
        url = f"{without(provider.base, '/messages', '/v1', '/anthropic')}/anthropic/v1/{path}"
        return at(url, Format.ANTHROPIC, Auth.X_API_KEY, model, defaults=ANTHROPIC_DEFAULTS)


def _root_and_deployment(provider: Provider) -> tuple[str, str]:
    found = _DEPLOYMENT.match(provider.base)
    if found is not None:
        return found["root"], found["name"]
    return without(provider.base, "/v1", "/openai"), ""


def _is_undated(provider: Provider) -> bool:
    """An address that says v1 is believed: there a date is refused."""
    return provider.config.api_version in _UNDATED or provider.base.endswith("/v1")


def _is_models_address(provider: Provider) -> bool:
    host = urlsplit(provider.base).hostname or ""
    return host.endswith(_INFERENCE_HOST) and path_of(provider.base).startswith("/models")


def _query(provider: Provider) -> str:
    version = provider.config.api_version
    if version in ("", "v1", "latest") or (provider.base.endswith("/v1") and version not in _UNDATED):
        return ""
    return f"?api-version={version}"
