"""Applications that have to do with models, or words in common with their servers, and serve none."""

from dataclasses import dataclass

from aiohttp import web

from tests.fakes.local.server import Answers, Asked, FakeLocal


@dataclass(kw_only=True)
class FakeApplication(FakeLocal):
    """Somebody's web service, which has a version, is well, and wants its own users to sign in."""

    def answers(self) -> Answers:
        return {
            "GET /": self._root,
            "GET /version": self._version,
            "GET /api/version": self._version,
            "GET /health": self._well,
            "GET /openapi.json": self._described,
            "GET /v1/models": self._locked,
            "GET /models": self._locked,
        }

    def headers(self) -> dict[str, str]:
        return {"server": "uvicorn"}

    async def _root(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"message": "Hello World"})

    async def _version(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"version": "1.4.2"})

    async def _well(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"status": "ok"})

    async def _described(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"info": {"title": "FastAPI", "version": "0.1.0"}, "paths": {}})

    async def _locked(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"detail": "Not authenticated"}, status=401)


@dataclass(kw_only=True)
class InnerDoor(FakeLocal):
    """What LM Studio's own window talks to: it greets as well, and lists nothing."""

    def answers(self) -> Answers:
        return {"GET /lmstudio-greeting": self._greeting}

    async def _greeting(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"lmstudio": True})


@dataclass(kw_only=True)
class FakeOpenWebui(FakeLocal):
    """A place to chat with other servers' models; its pages are at every path it does not know."""

    def answers(self) -> Answers:
        return {
            "GET /api/config": self._config,
            "GET /api/version": self._version,
            "GET /health": self._well,
            "GET /api/models": self._locked,
            "GET /ollama/api/tags": self._locked,
            "GET /openai/models": self._locked,
        }

    async def otherwise(self, _asked: Asked) -> web.StreamResponse:
        return web.Response(text="<!doctype html><title>Open WebUI</title>", content_type="text/html")

    async def _config(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"status": True, "name": "Open WebUI", "version": "0.6.43"})

    async def _version(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"version": "0.6.43"})

    async def _well(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"status": True})

    async def _locked(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"detail": "Not authenticated"}, status=401)
