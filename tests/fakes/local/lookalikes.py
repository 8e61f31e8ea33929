"""Programs that list models and have none: they pass requests on, and what they list is somebody else's."""

from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.local.generic import FakeOpenAi
from tests.fakes.local.server import Answers, Asked, FakeLocal

_HOSTED = ("claude-sonnet-4-5", "gpt-5.2", "gemini-3-pro")


@dataclass(kw_only=True)
class FakeTierwise(FakeLocal):
    """Another one of ours: its list needs the token of a client."""

    def answers(self) -> Answers:
        return {"GET /": self._root, "GET /v1/models": self._models, "GET /api/health": self._locked}

    async def _root(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"name": "tierwise", "status": "ok"})

    async def _models(self, _asked: Asked) -> web.StreamResponse:
        headers = {"x-tierwise-request-id": "r1", "x-tierwise-tier": "none"}
        return web.json_response({"error": {"message": "No token."}}, status=401, headers=headers)

    async def _locked(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"error": "No token."}, status=401)


@dataclass(kw_only=True)
class FakeLiteLlm(FakeOpenAi):
    """`woken`: /health asks every model that it has, which costs money."""

    models: tuple[str, ...] = _HOSTED
    owner: str = "openai"
    woken: list[str] = field(default_factory=list)

    def answers(self) -> Answers:
        return {
            **super().answers(),
            "GET /": self._root,
            "GET /health": self._wakes,
            "GET /health/liveliness": self._alive,
            "GET /health/liveness": self._alive,
            "GET /health/readiness": self._ready,
            "GET /openapi.json": self._described,
        }

    def is_guarded(self, path: str) -> bool:
        return path not in ("/", "/openapi.json") and not path.startswith(("/health/live", "/health/ready"))

    def locked(self) -> web.StreamResponse:
        message = "Authentication Error, No api key passed in."
        error = {"message": message, "type": "auth_error", "param": "None", "code": "401"}
        return web.json_response({"error": error}, status=401)

    def headers(self) -> dict[str, str]:
        return {"server": "uvicorn"}

    def entry(self, name: str) -> dict[str, Any]:
        return {"id": name, "object": "model", "created": 1677610602, "owned_by": self.owner}

    async def _root(self, _asked: Asked) -> web.StreamResponse:
        page = "<!DOCTYPE html><html><head><title>LiteLLM API - Swagger UI</title></head></html>"
        return web.Response(text=page, content_type="text/html")

    async def _wakes(self, asked: Asked) -> web.StreamResponse:
        self.woken.append(asked.path)
        return web.json_response({"healthy_endpoints": [{"model": name} for name in self.models]})

    async def _alive(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response("I'm alive!")

    async def _ready(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"status": "healthy", "db": "Not connected"})

    async def _described(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"info": {"title": "LiteLLM API", "version": "1.109.1"}, "paths": {}})


@dataclass(kw_only=True)
class FakeCodeRouter(FakeLocal):
    """claude-code-router: it greets, is well, and has no list."""

    def answers(self) -> Answers:
        return {"GET /": self._root, "GET /health": self._well}

    async def otherwise(self, asked: Asked) -> web.StreamResponse:
        told = {"message": f"Route {asked.method}:{asked.path} not found", "error": "Not Found"}
        return web.json_response({**told, "statusCode": 404}, status=404)

    async def _root(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"message": "LLMs API", "version": "1.0.51"})

    async def _well(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"status": "ok", "timestamp": "2026-01-01T00:00:00.000Z"})


@dataclass(kw_only=True)
class FakeNewCodeRouter(FakeOpenAi):
    """Its third edition lists what it passes on, by provider."""

    models: tuple[str, ...] = ("openrouter/claude-sonnet-4-5", "google/gemini-3-pro")

    def answers(self) -> Answers:
        return {**super().answers(), "GET /health": self._well}

    def entry(self, name: str) -> dict[str, Any]:
        owner = name.partition("/")[0]
        return {"id": name, "object": "model", "created": 0, "owned_by": owner, "type": "model"}

    async def _well(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"status": "ok"})


@dataclass(kw_only=True)
class FakeCliProxy(FakeOpenAi):
    """CLIProxyAPI, which lends out subscriptions."""

    models: tuple[str, ...] = _HOSTED

    def answers(self) -> Answers:
        return {**super().answers(), "GET /": self._root}

    def is_guarded(self, path: str) -> bool:
        return path.startswith("/v1")

    def entry(self, name: str) -> dict[str, Any]:
        return {"id": name, "object": "model", "created": 1760000000, "owned_by": "anthropic"}

    async def _root(self, _asked: Asked) -> web.StreamResponse:
        endpoints = ["POST /v1/chat/completions", "POST /v1/completions", "GET /v1/models"]
        return web.json_response({"message": "CLI Proxy API Server", "endpoints": endpoints})


@dataclass(kw_only=True)
class FakeSwitch(FakeLocal):
    """A switch between accounts of coding agents, which only has what these ask."""

    def answers(self) -> Answers:
        return {"GET /health": self._well, "GET /status": self._status}

    async def _well(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"status": "healthy", "timestamp": "2026-01-01T00:00:00Z"})

    async def _status(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"running": True, "current_provider": "Anthropic", "active_connections": 0})
