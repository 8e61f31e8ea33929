"""The servers within a llamafile up to 0.9: a fork of an early llama.cpp, and one of its own.

Since 0.10 there is a usual llama.cpp within.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from tests.fakes.local.llamacpp import FakeLlamaCpp
from tests.fakes.local.llamacpp_told import LlamaModel
from tests.fakes.local.server import Answers, Asked
from tests.fakes.local.talk import tokens


@dataclass(kw_only=True)
class FakeLlamafile(FakeLlamaCpp):
    """The older fork within a llamafile: it tells less of itself, wants no key for that, and cuts prompts."""

    def own_answers(self) -> Answers:
        answers = dict(super().own_answers())
        del answers["GET /models"], answers["GET /v1/health"]
        return answers

    async def before(self, asked: Asked) -> web.StreamResponse | None:
        if asked.method == "POST" and self.key not in (None, asked.key):
            return web.Response(text="Unauthorized: Invalid API Key", status=401)
        return None

    async def otherwise(self, asked: Asked) -> web.StreamResponse:
        return web.Response(text="File Not Found", status=404)

    async def _is_well(self, _asked: Asked) -> web.StreamResponse:
        status = "loading model" if self.is_loading else "ok"
        return web.json_response({"status": status}, status=503 if self.is_loading else 200)

    async def _tells_props(self, _asked: Asked) -> web.StreamResponse:
        settings = {"n_ctx": self.model.context, "model": self.model.file, "seed": 4294967295}
        names = {"user_name": "User:", "assistant_name": "Llama:"}
        slots = {"default_generation_settings": settings, "total_slots": self.model.slots}
        return web.json_response(names | slots)

    async def _lists(self, _asked: Asked) -> web.StreamResponse:
        entry = {"id": self.model.name, "object": "model", "created": 1_767_225_600, "owned_by": "llamacpp"}
        return web.json_response({"object": "list", "data": [entry]})

    async def _says(self, asked: Asked, model: LlamaModel) -> web.StreamResponse:
        messages = asked.body["messages"]
        return await self.talk.answered(asked, messages, min(tokens(*messages), model.context))


@dataclass(kw_only=True)
class FakeLlamafiler(FakeLlamaCpp):
    """The one of its own, by its own name. Nothing tells what context it has."""

    def headers(self) -> Mapping[str, str]:
        return {"Server": "llamafile/0.9.3"}

    def own_answers(self) -> Answers:
        answers = super().own_answers()
        return {
            "GET /v1/models": self._lists,
            "POST /v1/chat/completions": answers["POST /v1/chat/completions"],
        }

    async def _lists(self, _asked: Asked) -> web.StreamResponse:
        entry = {"id": self.model.name, "object": "model", "created": 1_767_225_600, "owned_by": "llamafile"}
        return web.json_response({"object": "list", "data": [entry]})
