"""Ollama: it loads what it is asked for, and cuts a prompt that is too long without a word about it.

async with FakeOllama(models=[OllamaModel(name="qwen3:8b")]).running() as server:
    server.memory.put("qwen3:8b", 8192)     # in memory already; else the first request loads it
    ...
assert server.memory.loads == []            # nothing was loaded by what was asked
assert server.talk.reached[-1]              # the messages that were left for the model
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from aiohttp import web

from proxy.wire.format import Format
from tests.fakes.formats.speech import Refused
from tests.fakes.local import ollama_told as told
from tests.fakes.local.memory import Loaded, Memory
from tests.fakes.local.ollama_prompt import left_of
from tests.fakes.local.ollama_told import Cloud, OllamaModel
from tests.fakes.local.server import Answers, Asked, FakeLocal
from tests.fakes.local.talk import Talk
from tests.fakes.script import answering
from tests.fakes.server import AnyScript

_TELLS_TO_HEAD = ("/", "/api/version", "/api/tags")
_TEXTS = {404: "404 page not found", 405: "405 method not allowed"}
_SIGN_IN = "https://ollama.com/connect?name=here&key=c3NoLWVkMjU1MTk"
_CREATED = "2026-01-01T00:00:00Z"


@dataclass(kw_only=True)
class FakeOllama(FakeLocal):
    models: Sequence[OllamaModel] = (OllamaModel(),)
    script: AnyScript = "Hello from the pretended model."
    version: str = "0.34.2"
    default_context: int = 4096
    """What a model gets where neither the request nor its file says how much."""
    keep: timedelta = timedelta(minutes=5)
    lists_capabilities: bool = True
    """Older versions tell them by /api/show only."""
    cloud: Cloud = Cloud.NOT_SIGNED_IN
    memory: Memory = field(default_factory=Memory)
    talk: Talk = field(init=False)
    openai: Talk = field(init=False)
    """What was said in OpenAI's format, where nothing can be asked about the context."""

    def __post_init__(self) -> None:
        super().__post_init__()
        script = answering(self.script)
        self.talk = Talk(format=Format.OLLAMA, script=script)
        self.openai = Talk(format=Format.OPENAI_CHAT, script=script)

    def answers(self) -> Answers:
        return {
            "GET /": self._greets,
            "GET /api/version": self._tells_version,
            "GET /api/status": self._tells_status,
            "GET /api/tags": self._lists,
            "GET /api/ps": self._lists_running,
            "GET /v1/models": self._lists_for_openai,
            "POST /api/show": self._shows,
            "POST /api/chat": self._chats,
            "POST /api/generate": self._generates,
            "POST /v1/chat/completions": self._chats_for_openai,
        }

    async def before(self, asked: Asked) -> web.StreamResponse | None:
        if not told.is_of_here(asked.headers.get("host", "")):
            return web.Response(status=403)
        if asked.method == "HEAD" and asked.path not in _TELLS_TO_HEAD:
            return await self.otherwise(asked)
        return None

    async def otherwise(self, asked: Asked) -> web.StreamResponse:
        status = (await super().otherwise(asked)).status
        return web.Response(text=_TEXTS[status], status=status)

    def named(self, name: str) -> OllamaModel | None:
        return next((each for each in self.models if each.full_name == told.with_tag(name)), None)

    async def _greets(self, _asked: Asked) -> web.StreamResponse:
        return web.Response(text="Ollama is running")

    async def _tells_version(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"version": self.version})

    async def _tells_status(self, _asked: Asked) -> web.StreamResponse:
        is_off = self.cloud is Cloud.DISABLED
        return web.json_response({"cloud": {"disabled": is_off, "source": "env" if is_off else "none"}})

    async def _lists(self, _asked: Asked) -> web.StreamResponse:
        as_listed = told.listed_with_capabilities if self.lists_capabilities else told.listed
        return web.json_response({"models": [as_listed(each) for each in self.models]})

    async def _lists_running(self, _asked: Asked) -> web.StreamResponse:
        loaded = self.memory.loaded
        running = [
            told.running(each, loaded[each.full_name]) for each in self.models if each.full_name in loaded
        ]
        return web.json_response({"models": sorted(running, key=lambda each: each["expires_at"])[::-1]})

    async def _lists_for_openai(self, _asked: Asked) -> web.StreamResponse:
        entry = {"object": "model", "created": 1_767_225_600, "owned_by": "library"}
        return web.json_response(
            {"object": "list", "data": [{"id": each.full_name, **entry} for each in self.models]}
        )

    async def _shows(self, asked: Asked) -> web.StreamResponse:
        model = self.named(_name(asked))
        return self._not_found(asked, self.talk) if model is None else web.json_response(told.shown(model))

    async def _generates(self, asked: Asked) -> web.StreamResponse:
        """Only what loads or unloads, and says nothing."""
        model = self.named(_name(asked))
        if model is None:
            return self._not_found(asked, self.talk)
        return await self._loads_or_unloads(asked, model, {"response": ""})

    async def _chats(self, asked: Asked) -> web.StreamResponse:
        if asked.body is None:
            return self.talk.refused("missing request body")
        if (refused := self.talk.checked(asked)) is not None:
            return self.talk.refused(refused.message, status=refused.status)
        empty = {"message": {"role": "assistant", "content": ""}}
        return await self._answers(asked, self.talk, empty)

    async def _chats_for_openai(self, asked: Asked) -> web.StreamResponse:
        return await self._answers(asked, self.openai, {})

    async def _answers(self, asked: Asked, talk: Talk, empty: Mapping[str, Any]) -> web.StreamResponse:
        model = self.named(_name(asked))
        if told.asks_the_cloud(_name(asked)) or (model is not None and model.is_remote):
            return await self._sends_on(asked, talk)
        if model is None:
            return self._not_found(asked, talk)
        if (lacks := told.lacking(_name(asked), asked.body, model)) is not None:
            return talk.refused(lacks)
        if not asked.body.get("messages") and empty:
            return await self._loads_or_unloads(asked, model, empty)
        return await self._says(asked, talk, model)

    async def _says(self, asked: Asked, talk: Talk, model: OllamaModel) -> web.StreamResponse:
        body = asked.body if talk is self.talk else {**asked.body, "truncate": None, "options": {}}
        loaded = await self._loaded(model, body)
        version = tuple(map(int, self.version.split(".")))
        try:
            messages, prompt = left_of(body, model, loaded.context, version)
        except Refused as refused:
            return talk.refused(refused.message)
        try:
            return await talk.answered(asked, messages, prompt)
        finally:
            self.memory.used(model.full_name, told.kept(body, self.keep))

    async def _loaded(self, model: OllamaModel, body: Mapping[str, Any]) -> Loaded:
        wanted = (body.get("options") or {}).get("num_ctx") or model.num_ctx or self.default_context
        shifts = body.get("shift") is not False
        keep = told.kept(body, self.keep)
        return await self.memory.load(
            model.full_name, min(wanted, model.most_context), shifts, max(keep, timedelta(minutes=1))
        )

    async def _loads_or_unloads(
        self, asked: Asked, model: OllamaModel, empty: Mapping[str, Any]
    ) -> web.StreamResponse:
        """One object, however it was asked for, and not before the model is there."""
        keep = told.kept(asked.body, self.keep)
        if keep:
            await self._loaded(model, asked.body)
        self.memory.used(model.full_name, keep)
        reason = "load" if keep else "unload"
        head = {"model": asked.body["model"], "created_at": _CREATED}
        return web.json_response({**head, **empty, "done": True, "done_reason": reason})

    async def _sends_on(self, asked: Asked, talk: Talk) -> web.StreamResponse:
        if self.cloud is Cloud.DISABLED:
            return talk.refused("ollama cloud is disabled: remote model is unavailable", status=403)
        if self.cloud is Cloud.NOT_SIGNED_IN:
            return web.json_response({"error": "unauthorized", "signin_url": _SIGN_IN}, status=401)
        return await talk.answered(asked, asked.body["messages"], 10)

    def _not_found(self, asked: Asked, talk: Talk) -> web.StreamResponse:
        return talk.refused(f"model '{_name(asked)}' not found", status=404)


def _name(asked: Asked) -> str:
    name = asked.body.get("model") if isinstance(asked.body, dict) else None
    return name if isinstance(name, str) else ""
