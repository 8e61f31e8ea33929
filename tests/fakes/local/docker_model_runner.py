"""Docker Model Runner as a client sees it: OpenAI's list at two places, its own, and a bit of Ollama."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.fakes.local.generic import FakeOpenAi
from tests.fakes.local.server import Answers, Asked

_ITS_OLLAMA = "0.1.0"


@dataclass(kw_only=True)
class FakeDockerModelRunner(FakeOpenAi):
    """`greets` where the engine runs by itself; what Docker's desktop says at its root is not known."""

    models: tuple[str, ...] = ("docker.io/ai/qwen3:8B-Q4_K_M",)
    running_models: tuple[str, ...] = ()
    greets: bool = True

    def answers(self) -> Answers:
        paths = {
            **super().answers(),
            "GET /engines/v1/models": self._models,
            "POST /engines/v1/chat/completions": self._chat,
            "GET /models": self._described,
            "GET /version": self._version,
            "GET /api/version": self._ollama_version,
            "GET /api/tags": self._tags,
            "GET /api/ps": self._running,
        }
        return paths | {"GET /": self._root} if self.greets else paths

    async def otherwise(self, _asked: Asked) -> web.StreamResponse:
        return web.Response(text="404 page not found\n", status=404)

    def entry(self, name: str) -> dict[str, Any]:
        return {"id": name, "object": "model", "created": 1760000000, "owned_by": "docker"}

    async def _root(self, _asked: Asked) -> web.StreamResponse:
        return web.Response(text="Docker Model Runner is running")

    async def _version(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"version": "v1.0.9"})

    async def _described(self, _asked: Asked) -> web.StreamResponse:
        config = {
            "format": "gguf",
            "quantization": "IQ2_XXS/Q4_K_M",
            "parameters": "8.19 B",
            "architecture": "qwen3",
            "size": "4.68 GiB",
        }
        return web.json_response(
            [
                {"id": f"sha256:{place:02}", "tags": [name], "created": 1760000000, "config": config}
                for place, name in enumerate(self.models)
            ]
        )

    async def _ollama_version(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"version": _ITS_OLLAMA})

    async def _tags(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"models": [_as_ollama(name) for name in self.models]})

    async def _running(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"models": [_as_ollama(name) for name in self.running_models]})


def _as_ollama(name: str) -> dict[str, Any]:
    details = {"format": "gguf", "family": "qwen3", "families": ["qwen3"], "parameter_size": "8.19 B"}
    return {"name": name, "model": name, "size": 0, "digest": "sha256:00", "details": details}
