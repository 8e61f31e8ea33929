"""Jan as far as a client sees it: a key for everything but the description of its interface."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.fakes.local.generic import FakeOpenAi
from tests.fakes.local.server import Answers, Asked

_OPEN = ("/", "/openapi.json", "/favicon.ico")


@dataclass(kw_only=True)
class FakeJan(FakeOpenAi):
    """Lists what runs, and under another path what it has."""

    key: str = "a-key-of-jan"
    models: tuple[str, ...] = ("janhq/Jan-v3-4b",)
    available: tuple[str, ...] = ("janhq/Jan-v3-4b", "qwen3-8b")

    def answers(self) -> Answers:
        return {
            "GET /": self._root,
            "GET /openapi.json": self._described,
            "GET /v1/models/available": self._available,
            **super().answers(),
        }

    def is_guarded(self, path: str) -> bool:
        return path not in _OPEN

    def locked(self) -> web.StreamResponse:
        return web.Response(text="Missing authorization header", status=401)

    def headers(self) -> dict[str, str]:
        return {"access-control-allow-origin": "*", "vary": "Origin"}

    async def otherwise(self, _asked: Asked) -> web.StreamResponse:
        return web.Response(text="Not Found", status=404)

    def entry(self, name: str) -> dict[str, Any]:
        return {"id": name, "object": "model", "created": 1, "owned_by": "user"}

    async def _root(self, _asked: Asked) -> web.StreamResponse:
        return web.Response(text="<!DOCTYPE html><title>API Docs</title>", content_type="text/html")

    async def _described(self, _asked: Asked) -> web.StreamResponse:
        info = {"title": "Jan API Server Endpoints", "version": "1.0"}
        return web.json_response({"openapi": "3.0.0", "info": info, "paths": {"/models": {}}})

    async def _available(self, _asked: Asked) -> web.StreamResponse:
        data = [
            {
                "id": name,
                "object": "model",
                "engine": "llamacpp",
                "status": "running" if name in self.models else "available",
            }
            for name in self.available
        ]
        return web.json_response({"object": "list", "data": data})
