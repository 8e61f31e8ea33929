"""vLLM as far as a client sees it: whose its models are, how much they take, and what a key leaves open."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.fakes.local.generic import FakeOpenAi, prompt_tokens
from tests.fakes.local.server import Answers, Asked


@dataclass(kw_only=True)
class FakeVllm(FakeOpenAi):
    """A key closes what is below /v1, and nothing else."""

    version: str = "0.14.1"
    models: tuple[str, ...] = ("Qwen/Qwen3-Coder-30B",)
    adapters: tuple[str, ...] = ()
    """Fine-tunings, which are listed without a context of their own."""
    context: int = 32768

    def answers(self) -> Answers:
        return {
            **super().answers(),
            "GET /version": self._version,
            "GET /health": self._health,
            "GET /ping": self._health,
            "GET /load": self._load,
            "POST /tokenize": self._tokenize,
        }

    def is_guarded(self, path: str) -> bool:
        return path.startswith("/v1")

    def locked(self) -> web.StreamResponse:
        return web.json_response({"error": "Unauthorized"}, status=401)

    def headers(self) -> dict[str, str]:
        return {"server": "uvicorn"}

    def refused(self, tokens: int) -> web.StreamResponse:
        message = (
            f"This model's maximum context length is {self.context} tokens."
            f" However, your request has {tokens} input tokens."
        )
        error = {"message": message, "type": "BadRequestError", "param": "input_tokens", "code": 400}
        return web.json_response({"error": error}, status=400)

    def entry(self, name: str) -> dict[str, Any]:
        card: dict[str, Any] = {
            "id": name,
            "object": "model",
            "created": 1760000000,
            "owned_by": "vllm",
            "root": name,
            "parent": None,
            "max_model_len": self.context,
            "permission": [{"id": "modelperm-1", "object": "model_permission", "allow_sampling": True}],
        }
        if name in self.adapters:
            card |= {"root": f"/adapters/{name}", "parent": self.models[0], "max_model_len": None}
        return card

    async def _models(self, _asked: Asked) -> web.StreamResponse:
        names = (*self.models, *self.adapters)
        return web.json_response({"object": "list", "data": [self.entry(name) for name in names]})

    async def _version(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"version": self.version})

    async def _health(self, _asked: Asked) -> web.StreamResponse:
        return web.Response()

    async def _load(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"server_load": 0})

    async def _tokenize(self, asked: Asked) -> web.StreamResponse:
        """Of a conversation, or of a text."""
        body = asked.body
        count = prompt_tokens(body) if "messages" in body else len(body.get("prompt", "")) // 4
        return web.json_response(
            {
                "count": count,
                "max_model_len": self.context,
                "tokens": list(range(count)),
                "token_strs": None,
            }
        )
