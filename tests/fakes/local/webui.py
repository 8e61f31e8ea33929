"""The API of text-generation-webui as far as a client sees it: it hears only who calls it 127.0.0.1."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.fakes.local.generic import FakeOpenAi
from tests.fakes.local.server import Answers, Asked

_OF_HERE = ("localhost", "127.0.0.1")
_OPEN = ("/openapi.json", "/docs")


@dataclass(kw_only=True)
class FakeWebui(FakeOpenAi):
    """Older ones list two models of OpenAI that they do not have, newer ones what is on the disk."""

    models: tuple[str, ...] = ("gpt-3.5-turbo", "text-embedding-ada-002")
    loaded: str = "Qwen3-8B-Q4_K_M.gguf"
    """"None" where nothing is."""

    def answers(self) -> Answers:
        return {
            **super().answers(),
            "GET /v1/internal/model/info": self._info,
            "GET /v1/internal/health": self._health,
            "GET /openapi.json": self._described,
        }

    async def before(self, asked: Asked) -> web.StreamResponse | None:
        if asked.headers.get("host", "").split(":")[0] not in _OF_HERE:
            return web.json_response({"detail": "Invalid host header"}, status=400)
        return await super().before(asked)

    def is_guarded(self, path: str) -> bool:
        return any(path == line.partition(" ")[2] for line in self.answers()) and path not in _OPEN

    def locked(self) -> web.StreamResponse:
        return web.json_response({"detail": "Unauthorized"}, status=401)

    def headers(self) -> dict[str, str]:
        return {"server": "uvicorn"}

    def entry(self, name: str) -> dict[str, Any]:
        return {"id": name, "object": "model", "created": 0, "owned_by": "user"}

    async def _info(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"model_name": self.loaded, "lora_names": []})

    async def _health(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"status": "ok"})

    async def _described(self, _asked: Asked) -> web.StreamResponse:
        paths: dict[str, Any] = {line.partition(" ")[2]: {} for line in self.answers()}
        return web.json_response({"info": {"title": "FastAPI", "version": "0.1.0"}, "paths": paths})
