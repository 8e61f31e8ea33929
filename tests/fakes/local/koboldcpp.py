"""KoboldCpp as far as a client sees it, and whom it plays beside: Ollama, OpenAI and a little llama.cpp."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.fakes.local.generic import FakeOpenAi
from tests.fakes.local.server import Answers, Asked

_ITS_OLLAMA = "0.7.0"


@dataclass(kw_only=True)
class FakeKoboldCpp(FakeOpenAi):
    """A password closes only what writes. `model` is empty where it only draws or speaks."""

    version: str = "1.116"
    model: str = "koboldcpp/Qwen3-8B-Q4_K_M"
    window: int = 8192
    sees: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        self.models = (self.model or "koboldcpp/inactive",)

    def answers(self) -> Answers:
        return {
            **super().answers(),
            "GET /": self._root,
            "GET /api/extra/version": self._version,
            "GET /api/extra/true_max_context_length": self._window,
            "GET /api/extra/perf": self._busy,
            "GET /api/v1/model": self._name,
            "GET /.well-known/serviceinfo": self._service,
            "GET /props": self._props,
            "GET /api/version": self._ollama_version,
            "GET /api/tags": self._tags,
            "GET /api/ps": self._tags,
        }

    def is_guarded(self, path: str) -> bool:
        return path.startswith("/v1/chat")

    def headers(self) -> dict[str, str]:
        return {"server": "KoboldCppServer 1", "access-control-allow-origin": "*"}

    async def otherwise(self, _asked: Asked) -> web.StreamResponse:
        page = "Error: KoboldCpp HTTP Server is running, but this endpoint does not exist."
        return web.Response(text=page, status=404, content_type="text/html")

    def entry(self, name: str) -> dict[str, Any]:
        card = {"id": name, "object": "model", "created": 1760000000, "owned_by": "koboldcpp"}
        return {**card, "permission": [], "root": "koboldcpp"}

    async def _root(self, _asked: Asked) -> web.StreamResponse:
        return web.Response(text="<!doctype html><title>KoboldAI Lite</title>", content_type="text/html")

    async def _version(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response(
            {
                "result": "KoboldCpp",
                "version": self.version,
                "protected": bool(self.key),
                "llm": bool(self.model),
                "txt2img": not self.model,
                "vision": self.sees,
                "transcribe": False,
                "tts": False,
                "embeddings": False,
            }
        )

    async def _window(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"value": self.window})

    async def _busy(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"queue": 0, "idle": 1, "last_process": 0.1, "last_eval": 0.2})

    async def _name(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"result": "koboldcpp/protected-model" if self.key else self.models[0]})

    async def _service(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"software": {"name": "KoboldCpp", "version": self.version}})

    async def _props(self, _asked: Asked) -> web.StreamResponse:
        settings = {"n_ctx": self.window}
        props = {"total_slots": 1, "n_ctx": self.window, "default_generation_settings": settings}
        return web.json_response({**props, "modalities": {"vision": self.sees, "audio": False}})

    async def _ollama_version(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"version": _ITS_OLLAMA})

    async def _tags(self, _asked: Asked) -> web.StreamResponse:
        details = {"format": "gguf", "family": "koboldcpp", "families": ["koboldcpp"]}
        entry = {
            "name": "koboldcpp",
            "model": f"{self.models[0]}:latest",
            "digest": "b5dc",
            "details": details,
        }
        return web.json_response({"models": [entry]})
