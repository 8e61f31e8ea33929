"""Ollama: its list of models tells what they can do, and another one which of them are in memory, and how."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from proxy.local.asking import Asker
from proxy.local.found import LocalModel, LocalServer
from proxy.local.kinds import ServerKind
from proxy.local.reading import entries, inner, named, number, text, words

_GREETING = "Ollama is running"
_VERSION = re.compile(r"\d+\.\d+\.\d+\S*")
_EMBEDDERS = ("bert", "nomic-bert")


async def look(asker: Asker) -> LocalServer | None:
    """Others imitate it, each only in part: so all three of its marks are needed."""
    version = text((await asker.get("/api/version")).object, "version")
    if not _VERSION.fullmatch(version):
        return None
    tags = (await asker.get("/api/tags")).object
    if not isinstance(tags.get("models"), list) or (await asker.get("/")).text != _GREETING:
        return None
    loaded = _in_memory((await asker.get("/api/ps")).object)
    models = tuple(_model(each, loaded) for each in entries(tags, "models") if text(each, "model", "name"))
    return LocalServer(kind=ServerKind.OLLAMA, place=asker.place, version=version, models=models)


def _in_memory(told: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]] | None:
    """By their names; None where that is not told."""
    if not isinstance(told.get("models"), list):
        return None
    return {text(each, "model", "name"): each for each in entries(told, "models")}


def _model(told: Mapping[str, Any], loaded: Mapping[str, Mapping[str, Any]] | None) -> LocalModel:
    name = text(told, "model", "name")
    details, can = inner(told, "details"), words(told, "capabilities") or None
    running = None if loaded is None else loaded.get(name)
    is_remote = _is_remote(told, name)
    return LocalModel(
        name=name,
        is_loaded=None if is_remote or loaded is None else running is not None,
        context=None if running is None else number(running, "context_length"),
        most_context=number(details, "context_length"),
        chats=_chats(can, details),
        tools=named(can, "tools"),
        vision=named(can, "vision"),
        thinking=named(can, "thinking"),
        size=None if is_remote else number(told, "size"),
        parameters=text(details, "parameter_size"),
        quantisation=text(details, "quantization_level"),
        is_remote=is_remote,
    )


def _chats(can: Sequence[str] | None, details: Mapping[str, Any]) -> bool:
    if can is not None:
        return "completion" in can
    return text(details, "family") not in _EMBEDDERS


def _is_remote(told: Mapping[str, Any], name: str) -> bool:
    """What it tags as a cloud model is asked in its vendor's data centre."""
    return bool(text(told, "remote_host", "remote_model")) or name.rpartition(":")[2].endswith("cloud")
