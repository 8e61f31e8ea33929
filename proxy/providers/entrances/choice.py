"""The adapters by kind, and the choice of one entrance among those that a provider has."""

from collections.abc import Iterable, Mapping

from proxy.providers.entrance import Auth, Entrance, Task
from proxy.providers.entrances.azure import AzureAnthropic, AzureOpenAI
from proxy.providers.entrances.bedrock import Bedrock
from proxy.providers.entrances.google import Gemini, Vertex
from proxy.providers.entrances.joining import root_of, versioned
from proxy.providers.entrances.offers import Adapter, Anthropic, Both, OpenAI, at, chat, messages, responses
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
    offered = list(_as_configured(provider, model) or adapter.answers(provider, model))
    served_in = facts(provider.config.kind, model).only_formats
    possible = [each for each in offered if not served_in or each.format in served_in] or offered
    return next((each for each in possible if each.format is spoken), possible[0])


def _as_configured(provider: Provider, model: str) -> Iterable[Entrance]:
    """What the user says that the address speaks, in place of what its kind usually does."""
    base = provider.base
    make = {
        "anthropic": lambda: messages(root_of(base), model),
        "chat": lambda: chat(versioned(base), model),
        "responses": lambda: responses(versioned(base), model),
        "gemini": lambda: next(iter(Gemini().answers(provider, model))),
        "ollama": lambda: at(f"{root_of(base)}/api/chat", Format.OLLAMA, Auth.BEARER, model),
    }
    return [make[name]() for name in provider.config.formats]
