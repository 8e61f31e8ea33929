"""The adapters by kind, and the choice of one entrance among those that a provider has."""

from collections.abc import Callable, Iterable, Mapping

from proxy.config.providers import SpokenFormat
from proxy.providers.entrance import Auth, Entrance, Task
from proxy.providers.entrances.azure import AzureAnthropic, AzureOpenAI
from proxy.providers.entrances.bedrock import Bedrock
from proxy.providers.entrances.google import Gemini, Vertex
from proxy.providers.entrances.joining import root_of, versioned
from proxy.providers.entrances.offers import Adapter, Anthropic, Both, OpenAI, chat, messages, responses
from proxy.providers.entrances.own_ways import Databricks, LlamaCpp, Ollama
from proxy.providers.facts import facts
from proxy.providers.provider import Provider
from proxy.wire.format import Format

_OPENAI = OpenAI()

ADAPTERS: Mapping[str, Adapter] = {
    "anthropic": Anthropic(),
    "openai": OpenAI((Format.OPENAI_CHAT, Format.RESPONSES)),
    "azure-openai": AzureOpenAI(),
    "azure-anthropic": AzureAnthropic(),
    "bedrock": Bedrock(),
    "vertex": Vertex(),
    "openrouter": Both("/api/v1", "/api", Auth.BEARER, embeds=True),
    "databricks": Databricks(),
    "moonshot": Both("/v1", "/anthropic"),
    "zai": Both("/api/paas/v4", "/api/anthropic"),
    "deepseek": Both("", "/anthropic"),
    "gemini": Gemini(),
    "mistral": _OPENAI,
    "groq": _OPENAI,
    "xai": _OPENAI,
    "together": _OPENAI,
    "fireworks": _OPENAI,
    "cerebras": _OPENAI,
    "ollama": Ollama(),
    "llamacpp": LlamaCpp(),
    "lmstudio": _OPENAI,
    "vllm": _OPENAI,
    "openai-compatible": _OPENAI,
    "anthropic-compatible": Anthropic(),
}


def entrance(provider: Provider, model: str, spoken: Format, task: Task = Task.ANSWER) -> Entrance | None:
    """Where this provider does the task for this model, in the client's own format if it can.

    None where it does not do it.
    """
    adapter = ADAPTERS[provider.config.kind]
    if not provider.base and provider.kind.needs_address:
        return None
    if task is not Task.ANSWER:
        return adapter.other(provider, model, spoken, task)
    usual = list(adapter.answers(provider, model))
    offered = list(_as_configured(provider, model, usual)) or usual
    served_in = facts(provider.config.kind, model).only_formats
    possible = [each for each in offered if not served_in or each.format in served_in] or offered
    return next((each for each in possible if each.format is spoken), possible[0])


def _as_configured(provider: Provider, model: str, usual: Iterable[Entrance]) -> Iterable[Entrance]:
    """What the user says that the address speaks: as its kind does it, else as everybody does."""
    by_format = {each.format: each for each in usual}
    for name in provider.config.formats:
        format_, make = _EVERYBODYS[name]
        if format_ in by_format:
            yield by_format[format_]
        elif provider.base:
            yield make(provider, model)


def _messages(provider: Provider, model: str) -> Entrance:
    auth = Auth.BEARER if provider.kind.is_local else Auth.X_API_KEY
    return messages(root_of(provider.base), model, auth)


_EVERYBODYS: Mapping[SpokenFormat, tuple[Format, Callable[[Provider, str], Entrance]]] = {
    "anthropic": (Format.ANTHROPIC, _messages),
    "chat": (Format.OPENAI_CHAT, lambda provider, model: chat(versioned(provider.base), model)),
    "responses": (Format.RESPONSES, lambda provider, model: responses(versioned(provider.base), model)),
    "gemini": (Format.GEMINI, lambda provider, model: next(iter(Gemini().answers(provider, model)))),
    "ollama": (Format.OLLAMA, lambda provider, model: next(iter(Ollama().answers(provider, model)))),
}
