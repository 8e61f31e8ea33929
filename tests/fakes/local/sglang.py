"""SGLang as far as a client sees it, and which of its harmless looking paths are not harmless."""

from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.local.generic import FakeOpenAi
from tests.fakes.local.server import Answers, Asked

_WITH_EFFECTS = (
    "/health",
    "/health_generate",
    "/flush_cache",
    "/start_profile",
    "/release_memory_occupation",
)
_OPEN = ("/health", "/metrics")


@dataclass(kw_only=True)
class FakeSglang(FakeOpenAi):
    """`has_new_paths`: what was /get_model_info is /model_info as well, and tells more."""

    model_path: str = "Qwen/Qwen3-32B"
    models: tuple[str, ...] = ("Qwen/Qwen3-32B",)
    context: int = 40960
    sees: bool = False
    has_new_paths: bool = True
    greeting: str = "SGLang is running"
    """Of Ollama, where it was told to stand in for it."""
    woken: list[str] = field(default_factory=list)
    """What was asked of it that made it work, or forget."""

    def answers(self) -> Answers:
        paths = {
            **super().answers(),
            "GET /": self._root,
            "GET /get_model_info": self._model_info,
            "GET /api/tags": self._tags,
            **{f"GET {path}": self._wakes for path in _WITH_EFFECTS},
        }
        return paths | {"GET /model_info": self._model_info} if self.has_new_paths else paths

    def is_guarded(self, path: str) -> bool:
        return not path.startswith(_OPEN)

    def locked(self) -> web.StreamResponse:
        return web.json_response({"error": "Unauthorized"}, status=401)

    def headers(self) -> dict[str, str]:
        return {"server": "uvicorn"}

    def refused(self, tokens: int) -> web.StreamResponse:
        message = (
            f"The input ({tokens} tokens) is longer than the model's context length ({self.context} tokens)."
        )
        error = {"object": "error", "message": message, "type": "BadRequestError", "param": None, "code": 400}
        return web.json_response(error, status=400)

    def entry(self, name: str) -> dict[str, Any]:
        return {
            "id": name,
            "object": "model",
            "created": 1760000000,
            "owned_by": "sglang",
            "root": name,
            "parent": None,
            "max_model_len": self.context,
        }

    async def _root(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response(self.greeting)

    async def _wakes(self, asked: Asked) -> web.StreamResponse:
        self.woken.append(asked.path)
        return web.Response()

    async def _model_info(self, _asked: Asked) -> web.StreamResponse:
        told: dict[str, Any] = {
            "model_path": self.model_path,
            "tokenizer_path": self.model_path,
            "is_generation": True,
            "preferred_sampling_params": None,
            "weight_version": "default",
        }
        if self.has_new_paths:
            told |= {"has_image_understanding": self.sees, "has_audio_understanding": False}
        return web.json_response(told)

    async def _tags(self, _asked: Asked) -> web.StreamResponse:
        details = {"format": "sglang", "family": self.models[0], "parameter_size": "unknown"}
        model = {"name": self.models[0], "model": self.models[0], "size": 0, "digest": "sha256:sglang0"}
        return web.json_response({"models": [{**model, "modified_at": "2026-01-01", "details": details}]})
