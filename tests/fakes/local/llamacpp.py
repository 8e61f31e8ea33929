"""llama.cpp where the real one does not serve for tests: still loading, behind a prefix, and as a router.

async with FakeLlamaCpp(is_loading=True).running() as server: ...
async with FakeLlamaRouter(models=[LlamaModel(name="a", status="loaded")]).running() as server: ...
async with FakeLlamafile().running() as server: ...
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from aiohttp import web

from proxy.wire.format import Format
from tests.fakes.local.llamacpp_told import LlamaModel, alone, in_router, props
from tests.fakes.local.server import Answers, Asked, FakeLocal
from tests.fakes.local.talk import Talk, tokens
from tests.fakes.script import answering
from tests.fakes.server import AnyScript

_FREE = ("/health", "/v1/health", "/")
_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    404: "not_found_error",
    503: "unavailable_error",
}


@dataclass(kw_only=True)
class FakeLlamaCpp(FakeLocal):
    """With one model, which answers to every name."""

    model: LlamaModel = field(default_factory=lambda: LlamaModel(status="loaded"))
    script: AnyScript = "Hello from the pretended model."
    key: str | None = None
    prefix: str = ""
    """What all of its paths begin with."""
    is_loading: bool = False
    talk: Talk = field(init=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.talk = Talk(format=Format.OPENAI_CHAT, script=answering(self.script))

    def headers(self) -> Mapping[str, str]:
        return {"Server": "llama.cpp"}

    def own_answers(self) -> Answers:
        return {
            "GET /health": self._is_well,
            "GET /v1/health": self._is_well,
            "GET /props": self._tells_props,
            "GET /models": self._lists,
            "GET /v1/models": self._lists,
            "POST /v1/chat/completions": self._chats,
        }

    def answers(self) -> Answers:
        return {line.replace(" ", f" {self.prefix}", 1): each for line, each in self.own_answers().items()}

    async def before(self, asked: Asked) -> web.StreamResponse | None:
        path = asked.path.removeprefix(self.prefix)
        if self.key not in (None, asked.key) and path not in _FREE:
            return failed(401, "Invalid API Key")
        if self.is_loading and path not in ("/models", "/v1/models"):
            return failed(503, "Loading model")
        return None

    async def otherwise(self, asked: Asked) -> web.StreamResponse:
        return failed(404, "File Not Found")

    async def _is_well(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"status": "ok"})

    async def _tells_props(self, asked: Asked) -> web.StreamResponse:
        return web.json_response(props(self.model))

    async def _lists(self, _asked: Asked) -> web.StreamResponse:
        model = replace(self.model, status="loading") if self.is_loading else self.model
        return web.json_response({"object": "list", "data": [alone(model)]})

    async def _chats(self, asked: Asked) -> web.StreamResponse:
        return await self._says(asked, self.model)

    async def _says(self, asked: Asked, model: LlamaModel) -> web.StreamResponse:
        messages = asked.body["messages"]
        prompt = tokens(*messages, *(asked.body.get("tools") or ()))
        if prompt >= model.context:
            return _too_long(prompt, model.context)
        return await self.talk.answered(asked, messages, prompt)


@dataclass(kw_only=True)
class FakeLlamaRouter(FakeLlamaCpp):
    """With several models, each of which is loaded by whoever names it."""

    models: list[LlamaModel] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)

    @property
    def loaded(self) -> list[str]:
        return [each.name for each in self.models if each.status == "loaded"]

    def own_answers(self) -> Answers:
        more = {
            "POST /models/load": self._loads,
            "POST /models/unload": self._unloads,
            "POST /v1/messages/count_tokens": self._counts,
            "POST /v1/chat/completions/input_tokens": self._counts,
        }
        return {**super().own_answers(), **more}

    async def _tells_props(self, asked: Asked) -> web.StreamResponse:
        if "model" not in asked.query:
            return web.json_response(
                {
                    "role": "router",
                    "max_instances": 4,
                    "default_generation_settings": {"params": None, "n_ctx": 0},
                    "build_info": "b7000-0123abcd",
                }
            )
        found = self._found(asked.query["model"], may_load=asked.query.get("autoload") != "false")
        return web.json_response(props(found)) if isinstance(found, LlamaModel) else found

    async def _lists(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"object": "list", "data": [in_router(each) for each in self.models]})

    async def _chats(self, asked: Asked) -> web.StreamResponse:
        found = self._found(asked.body.get("model", ""), may_load=True)
        return await self._says(asked, found) if isinstance(found, LlamaModel) else found

    async def _counts(self, asked: Asked) -> web.StreamResponse:
        """As for everything that names a model, it is loaded unless that is forbidden."""
        found = self._found(asked.body.get("model", ""), may_load=asked.query.get("autoload") != "false")
        if not isinstance(found, LlamaModel):
            return found
        counted = tokens(*asked.body["messages"], *(asked.body.get("tools") or ()))
        return web.json_response({"input_tokens": counted})

    async def _loads(self, asked: Asked) -> web.StreamResponse:
        found = self._found((asked.body or {}).get("model", ""), may_load=True)
        return web.json_response({"success": True}) if isinstance(found, LlamaModel) else found

    async def _unloads(self, asked: Asked) -> web.StreamResponse:
        self._becomes((asked.body or {}).get("model", ""), "unloaded")
        return web.json_response({"success": True})

    def _found(self, name: str, *, may_load: bool) -> LlamaModel | web.Response:
        model = next((each for each in self.models if each.name == name), None)
        if model is None:
            return failed(400, f"model '{name}' not found")
        if model.status == "loaded":
            return model
        if not may_load:
            return failed(400, "model is not loaded")
        self.loads.append(name)
        return self._becomes(name, "loaded")

    def _becomes(self, name: str, status: str) -> LlamaModel:
        place = [each.name for each in self.models].index(name)
        self.models[place] = replace(self.models[place], status=status)
        return self.models[place]


def failed(status: int, message: str, **more: Any) -> web.Response:
    error = {"code": status, "message": message, "type": _TYPES[status], **more}
    return web.json_response({"error": error}, status=status)


def _too_long(prompt: int, context: int) -> web.Response:
    words = (
        f"request ({prompt} tokens) exceeds the available context size ({context} tokens), try increasing it"
    )
    return failed(400, words, type="exceed_context_size_error", n_prompt_tokens=prompt, n_ctx=context)
