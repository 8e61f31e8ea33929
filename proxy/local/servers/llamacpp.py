"""llama.cpp's own server, alone with one model or as the router of several; and the llamafile, its older kin.

It names itself in the header of every answer, also where it wants a key or is still loading. What a slot
holds is what one conversation can use.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from proxy.local.asking import Asker, Reply
from proxy.local.found import LocalModel, LocalServer, State
from proxy.local.kinds import ServerKind
from proxy.local.reading import inner, number, text, weights, words, yes_or_no
from proxy.local.servers.listed import bare, models
from proxy.local.servers.listed import listed as entries_of

_SERVER = "llama.cpp"
_OLDER_SERVER = "llamafile"
_OF_OLLAMA = "models/blobs/"
_STATES = {401: State.LOCKED, 503: State.LOADING}
_THINKS = re.compile(r"<think>|enable_thinking|reasoning_content|<\|channel\|>")
_QUANTISED = re.compile(r"(?i)[-_.]((?:iq|q)\d\w*|f16|bf16|f32|mxfp4)(?:\.gguf)?$")
_IN_MEMORY = ("loaded", "sleeping")
_LOADED = {"loaded": True, "sleeping": True, "unloaded": False, "loading": False, "failed": False}


class NotToBeAskedError(Exception):
    """It belongs to another server, which is to be asked in its place."""


async def look(asker: Asker) -> LocalServer | None:
    props = await asker.get("/props")
    if not props.headers.get("server", "").startswith((_SERVER, _OLDER_SERVER)):
        return None
    server = LocalServer(kind=ServerKind.LLAMACPP, place=asker.place)
    if _OLDER_SERVER in props.headers.get("server", ""):
        return await _older(asker)
    if props.status in _STATES:
        return replace(server, state=_STATES[props.status])
    told = props.object
    if not told:
        return None
    if _OF_OLLAMA in text(told, "model_path").replace("\\", "/"):
        raise NotToBeAskedError
    build = text(told, "build_info")
    kind = ServerKind.LLAMACPP if build else ServerKind.LLAMAFILE
    server = replace(server, kind=kind, version=build, slots=number(told, "total_slots"))
    listed = await asker.get("/v1/models")
    if text(told, "role") == "router":
        return await _router(asker, server, listed)
    state = _STATES.get(listed.status, State.READY)
    return replace(server, state=state, models=tuple(_alone(each, told) for each in entries_of(listed)))


def _alone(entry: Mapping[str, Any], props: Mapping[str, Any]) -> LocalModel:
    """The only model there is. It answers to every name, so it needs none that tells where its file is."""
    model = _model(entry, props)
    return replace(model, name=bare(model.name), is_loaded=True)


async def _older(asker: Asker) -> LocalServer:
    """A llamafile with a server of its own, which tells little. The newest ones speak as llama.cpp does."""
    listed = await asker.get("/v1/models")
    version = listed.headers.get("server", "").partition("/")[2]
    found = tuple(replace(each, is_loaded=True) for each in models(listed))
    return LocalServer(kind=ServerKind.LLAMAFILE, place=asker.place, version=version, models=found)


async def _router(asker: Asker, server: LocalServer, listed: Reply) -> LocalServer:
    """One that is in memory may be asked about; to ask about another one would load it."""
    found: list[LocalModel] = []
    slots: list[int] = []
    for entry in entries_of(listed):
        status = text(inner(entry, "status"), "value")
        props: Mapping[str, Any] = {}
        if status in _IN_MEMORY:
            name = quote(text(entry, "id"), safe="")
            props = (await asker.get(f"/props?model={name}&autoload=false")).object
        found.append(replace(_model(entry, props), is_loaded=_LOADED.get(status)))
        slots += [count] if (count := number(props, "total_slots")) else []
    return replace(server, models=tuple(found), slots=min(slots, default=None))


def _model(entry: Mapping[str, Any], props: Mapping[str, Any]) -> LocalModel:
    meta, name = inner(entry, "meta"), text(entry, "id")
    template = text(props, "chat_template")
    file = text(props, "model_path") or name
    return LocalModel(
        name=name,
        context=number(inner(props, "default_generation_settings"), "n_ctx") or number(meta, "n_ctx"),
        most_context=number(meta, "n_ctx_train"),
        tools=yes_or_no(inner(props, "chat_template_caps"), "supports_tools"),
        vision=_sees(entry, props),
        thinking=True if _THINKS.search(template) else None,
        size=number(meta, "size"),
        parameters=weights(number(meta, "n_params")),
        quantisation=text(meta, "ftype") or _quantisation(file),
    )


def _sees(entry: Mapping[str, Any], props: Mapping[str, Any]) -> bool | None:
    told = yes_or_no(inner(props, "modalities"), "vision")
    inputs = words(inner(entry, "architecture"), "input_modalities")
    return told if told is not None or inputs is None else "image" in inputs


def _quantisation(file: str) -> str:
    """As the names of model files have it, where nothing else tells."""
    found = _QUANTISED.search(file)
    return found[1].upper() if found else ""
