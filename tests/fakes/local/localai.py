"""LocalAI as far as a client sees it, with the part of Ollama that it plays beside."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.fakes.local.generic import FakeOpenAi
from tests.fakes.local.server import Answers, Asked

_OPEN = ("/", "/readyz", "/healthz", "/.well-known/localai.json")
_ITS_OLLAMA = "0.9.0"


@dataclass(kw_only=True)
class FakeLocalAi(FakeOpenAi):
    """`tells_of_itself` since 2026; `greets_as_ollama` where its own pages were given up for that."""

    version: str = "v3.9.0 (8f1a2b3)"
    models: tuple[str, ...] = ("qwen3-8b", "whisper-1")
    loaded: tuple[str, ...] = ("qwen3-8b",)
    tells_of_itself: bool = True
    greets_as_ollama: bool = False

    def answers(self) -> Answers:
        paths = {
            **super().answers(),
            "GET /": self._root,
            "GET /readyz": self._well,
            "GET /healthz": self._well,
            "GET /version": self._version,
            "GET /system": self._system,
            "GET /api/version": self._ollama_version,
            "GET /api/tags": self._tags,
            "GET /api/ps": self._running,
        }
        return paths | {"GET /.well-known/localai.json": self._about} if self.tells_of_itself else paths

    def is_guarded(self, path: str) -> bool:
        return path not in _OPEN

    def locked(self) -> web.StreamResponse:
        error = {"message": "An authentication key is required", "code": 401, "type": ""}
        return web.json_response({"error": error}, status=401)

    def entry(self, name: str) -> dict[str, Any]:
        return {"id": name, "object": "model"}

    async def _root(self, _asked: Asked) -> web.StreamResponse:
        if self.greets_as_ollama:
            return web.Response(text="Ollama is running")
        return web.Response(text="<!doctype html><title>LocalAI</title>", content_type="text/html")

    async def _well(self, _asked: Asked) -> web.StreamResponse:
        return web.Response()

    async def _version(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"version": self.version})

    async def _about(self, _asked: Asked) -> web.StreamResponse:
        endpoints = {"models": "/v1/models", "chat_completions": "/v1/chat/completions"}
        return web.json_response({"version": self.version, "endpoints": endpoints, "endpoint_groups": {}})

    async def _system(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response(
            {"backends": ["llama-cpp"], "loaded_models": [{"id": name} for name in self.loaded]}
        )

    async def _ollama_version(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"version": _ITS_OLLAMA})

    async def _tags(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"models": [_as_ollama(name) for name in self.models] or None})

    async def _running(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"models": [_as_ollama(name) for name in self.loaded] or None})


def _as_ollama(name: str) -> dict[str, Any]:
    return {
        "name": f"{name}:latest",
        "model": f"{name}:latest",
        "digest": "sha256:00",
        "details": {"format": "gguf", "family": "llama-cpp", "families": ["llama-cpp"]},
    }
