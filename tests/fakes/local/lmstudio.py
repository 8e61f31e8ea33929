"""LM Studio: it greets, answers 200 to whatever it does not know, and loads what it is asked for.

    async with FakeLmStudio(models=[LmStudioModel(key="qwen/qwen3-8b")]).running() as server:
        server.memory.put("qwen/qwen3-8b", 8192, how=LOADED_BY_HAND)

A prompt that is too long loses its middle in silence, unless its beginning alone does not fit: then it is
refused, in words that depend on the version. What was loaded by a request goes when another request loads
something.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

from aiohttp import web

from proxy.wire.format import Format
from tests.fakes.local.lmstudio_told import LmStudioModel, newest, older
from tests.fakes.local.memory import FOR_EVER, Memory
from tests.fakes.local.server import Answers, Asked, FakeLocal
from tests.fakes.local.talk import Messages, Talk, beginning, tokens, without_middle
from tests.fakes.script import answering
from tests.fakes.server import AnyScript

LOADED_BY_HAND, LOADED_BY_REQUEST = "by hand", "by request"

Api = Literal["v1", "v0", "openai"]
"""The newest of its own interfaces that it has; each one has those after it as well."""

_REFUSALS: dict[Api, str] = {
    "v1": "Cannot truncate prompt with n_keep ({kept}) >= n_ctx ({context})",
    "v0": "Trying to keep the first {kept} tokens when context the overflows. However, the model is loaded "
    "with context length of only {context} tokens, which is not enough. Try to load the model with a larger "
    "context length, or provide a shorter input",
    "openai": "Trying to keep the first {kept} tokens when context the overflows.",
}
_NO_KEY = "An LM Studio API token is required to make requests to this server, but none was provided"
_WRONG_KEY = "Malformed LM Studio API token provided: {key}... Ensure you are using a valid token."
_NOTHING_LOADED = "No models loaded. Please load a model in the developer page or use the 'lms load' command."


@dataclass(kw_only=True)
class FakeLmStudio(FakeLocal):
    models: Sequence[LmStudioModel] = (LmStudioModel(),)
    script: AnyScript = "Hello from the pretended model."
    api: Api = "v1"
    key: str | None = None
    """What it wants to be shown everywhere but at the greeting."""
    loads_on_demand: bool = True
    evicts: bool = True
    """What a request loads takes the place of what an earlier one loaded."""
    default_context: int = 4096
    keep: timedelta = timedelta(minutes=60)
    memory: Memory = field(default_factory=Memory)
    talk: Talk = field(init=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.talk = Talk(format=Format.OPENAI_CHAT, script=answering(self.script))

    def answers(self) -> Answers:
        answers = {
            "GET /lmstudio-greeting": self._greets,
            "GET /v1/models": self._lists_for_openai,
            "POST /v1/chat/completions": self._chats,
        }
        if self.api in ("v0", "v1"):
            answers |= {"GET /api/v0/models": self._lists_older, "POST /api/v0/chat/completions": self._chats}
        if self.api == "v1":
            answers |= {
                "GET /api/v1/models": self._lists_newest,
                "POST /api/v1/models/load": self._loads,
                "POST /api/v1/models/unload": self._unloads,
            }
        return answers

    async def before(self, asked: Asked) -> web.StreamResponse | None:
        if self.key in (None, asked.key) or asked.path == "/lmstudio-greeting":
            return None
        message = _WRONG_KEY.format(key=asked.key[:10]) if asked.key else _NO_KEY
        error = {"message": message, "type": "invalid_request", "param": None, "code": "invalid_api_key"}
        return web.json_response({"error": error}, status=401)

    async def otherwise(self, asked: Asked) -> web.StreamResponse:
        return web.json_response({"error": f"Unexpected endpoint or method. ({asked.line})"})

    def named(self, name: str) -> LmStudioModel | None:
        return next((each for each in self.models if each.key == name), None)

    async def _greets(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"lmstudio": True})

    async def _lists_newest(self, _asked: Asked) -> web.StreamResponse:
        loaded = self.memory.loaded
        return web.json_response({"models": [newest(each, loaded.get(each.key)) for each in self.models]})

    async def _lists_older(self, _asked: Asked) -> web.StreamResponse:
        loaded = self.memory.loaded
        data = [older(each, loaded.get(each.key)) for each in self.models]
        return web.json_response({"object": "list", "data": data})

    async def _lists_for_openai(self, _asked: Asked) -> web.StreamResponse:
        there = [each for each in self.models if self.loads_on_demand or each.key in self.memory.loaded]
        entry = {"object": "model", "owned_by": "organization_owner"}
        return web.json_response({"object": "list", "data": [{"id": each.key, **entry} for each in there]})

    async def _loads(self, asked: Asked) -> web.StreamResponse:
        model = self.named((asked.body or {}).get("model", ""))
        if model is None:
            return self._unknown(asked)
        context = min(asked.body.get("context_length", self.default_context), model.most_context)
        await self.memory.load(model.key, context, LOADED_BY_HAND, FOR_EVER)
        told = {"type": model.type, "instance_id": model.key, "load_time_seconds": 0.5, "status": "loaded"}
        config = {"context_length": context, "flash_attention": True, "offload_kv_cache_to_gpu": True}
        return web.json_response(
            told | ({"load_config": config} if asked.body.get("echo_load_config") else {})
        )

    async def _unloads(self, asked: Asked) -> web.StreamResponse:
        name = (asked.body or {}).get("instance_id", "")
        self.memory.unload(name)
        return web.json_response({"instance_id": name})

    async def _chats(self, asked: Asked) -> web.StreamResponse:
        body = asked.body or {}
        model = self.named(body.get("model", ""))
        if not self.loads_on_demand and not self.memory.loaded:
            return self._refused(_NOTHING_LOADED, None)
        if model is None or not (self.loads_on_demand or model.key in self.memory.loaded):
            return self._unknown(asked)
        keep = timedelta(seconds=body["ttl"]) if "ttl" in body else self.keep
        context = await self._loaded(model, keep)
        messages, tools = body["messages"], body.get("tools") or ()

        def counted(some: Messages) -> int:
            return tokens(*some, *tools)

        if counted(beginning(messages)) >= context:
            words = _REFUSALS[self.api].format(kept=counted(beginning(messages)), context=context)
            return web.json_response({"error": words}, status=400)
        messages = without_middle(messages, lambda some: counted(some) <= context)
        return await self.talk.answered(asked, messages, counted(messages))

    async def _loaded(self, model: LmStudioModel, keep: timedelta) -> int:
        """Its context. Only what a request loaded has an end, and each request puts it off."""
        there = self.memory.loaded.get(model.key)
        if there is None:
            for name in [each.name for each in self.memory.loaded.values() if each.how == LOADED_BY_REQUEST]:
                if self.evicts:
                    self.memory.unload(name)
            context = min(self.default_context, model.most_context)
            there = await self.memory.load(model.key, context, LOADED_BY_REQUEST, keep)
        elif there.how == LOADED_BY_REQUEST:
            self.memory.used(model.key, there.keep)
        return there.context

    def _unknown(self, asked: Asked) -> web.StreamResponse:
        name = (asked.body or {}).get("model")
        there = ", ".join(each.key for each in self.models)
        words = f'Invalid model identifier "{name}". Please specify a valid downloaded model (e.g. {there}).'
        return self._refused(words, "model_not_found")

    def _refused(self, message: str, code: str | None) -> web.StreamResponse:
        error: dict[str, Any] = {"message": message, "type": "invalid_request_error", "param": "model"}
        return web.json_response({"error": error | {"code": code}}, status=400)
