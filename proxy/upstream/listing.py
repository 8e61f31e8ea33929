"""The list of a provider's models, read: each vendor words it otherwise, and most leave much untold.

What a list does not tell is taken from what is known of the model anyway; what nobody knows stays unknown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from proxy.providers.facts import facts
from proxy.providers.provider import Provider
from proxy.routing.service import Service
from proxy.wire.failure import Failure, FailureKind

_LISTS = {
    "data": ("id", "name"),
    "models": ("model", "name", "id"),
    "endpoints": ("name",),
    "modelSummaries": ("modelId",),
}
"""Where a list stands, and what its entries call the name that is asked for.

Databricks also tells an id, which is nothing that could be asked for.
"""
_BARE = ("id", "name", "model")
"""The same where the list stands alone."""
_LABELS = ("display_name", "displayName", "modelName", "name")
_CONTEXT = (
    "context_length",
    "context_window",
    "max_context_length",
    "max_input_tokens",
    "max_model_len",
    "inputTokenLimit",
)
_MAX_OUTPUT = ("max_output_tokens", "max_completion_tokens", "max_tokens", "outputTokenLimit")
_TOOLS = ("tools", "function_calling")
_VISION = ("vision", "image_input")
_THINKING = ("thinking", "reasoning")
_TELL_ALL = ("ollama",)
"""Kinds whose list of capabilities is complete: what is not in it the model has not."""
_RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A model and what is known of it; None is unknown."""

    service: Service
    label: str = ""
    context: int | None = None
    max_output: int | None = None
    tools: bool | None = None
    vision: bool | None = None
    thinking: bool | None = None


def listed(provider: Provider, data: bytes) -> tuple[KnownModel, ...]:
    """The models in the order they are listed in; a Failure for what is no list."""
    unreadable = Failure(FailureKind.BAD_ANSWER, f"The list of models of {provider.name} cannot be read.")
    try:
        told = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise unreadable from error
    entries, names = _entries(told)
    if entries is None:
        raise unreadable
    found = (_model(provider, entry, names) for entry in entries)
    return tuple(model for model in found if model is not None)


def _entries(told: Any) -> tuple[list[Any] | None, tuple[str, ...]]:
    if isinstance(told, list):
        return told, _BARE
    if not isinstance(told, Mapping):
        return None, ()
    for place, names in _LISTS.items():
        if isinstance(told.get(place), list):
            return told[place], names
    # Databricks leaves an empty list out; a server that answers 200 to everything says what is wrong.
    return (None if told.get("error") else []), ()


def _model(provider: Provider, entry: Any, names: tuple[str, ...]) -> KnownModel | None:
    if isinstance(entry, str):
        entry = {names[0]: entry}
    if not isinstance(entry, Mapping) or entry.get("lifecycle") == _RETIRED:
        return None
    name = _text(entry, *names)
    if name is None:
        return None
    name = name.removeprefix("models/")
    presumed = facts(provider.config.kind, name)
    served = _inner(entry, "top_provider")
    return KnownModel(
        Service(provider.name, name),
        label=_text(entry, *_LABELS) or name,
        context=_number(entry, *_CONTEXT) or presumed.context,
        max_output=_number(entry, *_MAX_OUTPUT) or _number(served, *_MAX_OUTPUT) or presumed.max_output,
        tools=_told(provider, entry, _TOOLS, presumed=presumed.tools),
        vision=_sees(provider, entry, presumed=presumed.vision),
        thinking=_told(provider, entry, _THINKING, presumed=presumed.thinking),
    )


def _told(
    provider: Provider, entry: Mapping[str, Any], names: tuple[str, ...], *, presumed: bool | None
) -> bool | None:
    """Whether the model can do what goes by these names."""
    parameters = entry.get("supported_parameters")
    if isinstance(parameters, list):
        return any(name in parameters for name in names)
    capabilities = entry.get("capabilities")
    if isinstance(capabilities, list):
        is_named = any(name in capabilities for name in names)
        return is_named or (False if provider.config.kind in _TELL_ALL and capabilities else presumed)
    told = capabilities if isinstance(capabilities, Mapping) else entry
    values = (_yes_or_no(told.get(name)) for name in names)
    return next((value for value in values if value is not None), presumed)


def _sees(provider: Provider, entry: Mapping[str, Any], *, presumed: bool | None) -> bool | None:
    inputs = _inner(entry, "architecture").get("input_modalities", entry.get("inputModalities"))
    if isinstance(inputs, list):
        return any(isinstance(each, str) and each.lower() == "image" for each in inputs)
    return _told(provider, entry, _VISION, presumed=presumed)


def _yes_or_no(value: Any) -> bool | None:
    if isinstance(value, Mapping):
        value = value.get("supported")
    return value if isinstance(value, bool) else None


def _inner(entry: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    inner = entry.get(name)
    return inner if isinstance(inner, Mapping) else {}


def _number(entry: Mapping[str, Any], *names: str) -> int | None:
    values = (entry.get(name) for name in names)
    return next((value for value in values if type(value) is int and value > 0), None)


def _text(entry: Mapping[str, Any], *names: str) -> str | None:
    values = (entry.get(name) for name in names)
    return next((value for value in values if isinstance(value, str) and value), None)
