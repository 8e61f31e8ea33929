"""LM Studio: it greets, and answers 200 to everything else, so that nothing but its greeting tells it.

Its list has all models it has downloaded. One that is not in memory is loaded by the first request, with a
context that nobody knows before.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from proxy.local.asking import Asker, Reply
from proxy.local.found import LocalModel, LocalServer, State
from proxy.local.kinds import ServerKind
from proxy.local.reading import entries, inner, named, number, text, words, yes_or_no
from proxy.local.servers.listed import listed

_CHATS = ("llm", "vlm")


async def look(asker: Asker) -> LocalServer | None:
    if (await asker.get("/lmstudio-greeting")).object.get("lmstudio") is not True:
        return None
    server = LocalServer(kind=ServerKind.LM_STUDIO, place=asker.place)
    newest = await asker.get("/api/v1/models")
    if newest.status in (401, 403):
        return replace(server, state=State.LOCKED)
    models = await _models(asker, newest)
    return None if models is None else replace(server, models=tuple(models))


async def _models(asker: Asker, newest: Reply) -> list[LocalModel] | None:
    """By the newest list that there is. Its inner door greets as well and has none, so it is not asked."""
    if "models" in newest.object:
        return [_newest(each) for each in entries(newest.object, "models") if text(each, "key")]
    for path, read in (("/api/v0/models", _older), ("/v1/models", _oldest)):
        reply = await asker.get(path)
        if "data" in reply.object:
            return [read(each) for each in listed(reply)]
    return None


def _newest(told: Mapping[str, Any]) -> LocalModel:
    instances, can = list(entries(told, "loaded_instances")), inner(told, "capabilities")
    contexts = [found for each in instances if (found := number(inner(each, "config"), "context_length"))]
    reasoning = can.get("reasoning")
    return LocalModel(
        name=text(told, "key"),
        is_loaded=bool(instances),
        context=min(contexts, default=None),
        most_context=number(told, "max_context_length"),
        chats=text(told, "type") in ("", *_CHATS),
        # Models that were not trained for tools use them as well, if less surely.
        tools=yes_or_no(can, "trained_for_tool_use") or None,
        vision=yes_or_no(can, "vision"),
        thinking=True if isinstance(reasoning, dict) and reasoning else None,
        size=number(told, "size_bytes"),
        parameters=text(told, "params_string"),
        quantisation=text(inner(told, "quantization"), "name"),
    )


def _older(told: Mapping[str, Any]) -> LocalModel:
    """Before version 0.4."""
    kind, can = text(told, "type"), words(told, "capabilities")
    return LocalModel(
        name=text(told, "id"),
        is_loaded={"loaded": True, "not-loaded": False}.get(text(told, "state")),
        context=number(told, "loaded_context_length"),
        most_context=number(told, "max_context_length"),
        chats=kind in ("", *_CHATS),
        tools=named(can, "tool_use") or None,
        vision=kind == "vlm" if kind else None,
        quantisation=text(told, "quantization"),
    )


def _oldest(told: Mapping[str, Any]) -> LocalModel:
    return LocalModel(name=text(told, "id"))
