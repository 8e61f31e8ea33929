"""A pretended server of which only this is known: it speaks as OpenAI does. Most others begin with it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.fakes.local.server import Answers, Asked, FakeLocal, written

_LETTERS_PER_TOKEN = 4


@dataclass(kw_only=True)
class FakeOpenAi(FakeLocal):
    """Says the same to whatever it is asked."""

    models: Sequence[str] = ("some-model",)
    says: str = "Hello from here."
    key: str = ""
    """The key without which it tells nothing; empty: it wants none."""
    context: int = 0
    """Tokens of a prompt from which on it is refused; 0: however many."""

    def answers(self) -> Answers:
        return {
            "GET /v1/models": self._models,
            "GET /v1/models/{name}": self._model,
            "POST /v1/chat/completions": self._chat,
        }

    async def before(self, asked: Asked) -> web.StreamResponse | None:
        if self.key and asked.key != self.key and self.is_guarded(asked.path):
            return self.locked()
        return None

    def is_guarded(self, _path: str) -> bool:
        """Whether a key is needed there."""
        return True

    def locked(self) -> web.StreamResponse:
        """What is said to whoever has no key."""
        return web.json_response({"error": {"message": "No key.", "type": "auth_error"}}, status=401)

    def refused(self, tokens: int) -> web.StreamResponse:
        """What is said of a prompt that is too long."""
        message = f"The prompt has {tokens} tokens, which is more than {self.context}."
        return web.json_response({"error": {"message": message, "type": "invalid_request_error"}}, status=400)

    def entry(self, name: str) -> dict[str, Any]:
        """How it lists a model."""
        return {"id": name, "object": "model", "created": 1760000000, "owned_by": "somebody"}

    async def _models(self, _asked: Asked) -> web.StreamResponse:
        return web.json_response({"object": "list", "data": [self.entry(name) for name in self.models]})

    async def _model(self, asked: Asked) -> web.StreamResponse:
        if asked.named not in self.models:
            return web.json_response({"error": {"message": "No such model."}}, status=404)
        return web.json_response(self.entry(asked.named))

    async def _chat(self, asked: Asked) -> web.StreamResponse:
        tokens = prompt_tokens(asked.body)
        if self.context and tokens > self.context:
            return self.refused(tokens)
        told = {"id": "chatcmpl-1", "created": 1760000000, "model": asked.body.get("model", self.models[0])}
        usage = {"prompt_tokens": tokens, "completion_tokens": 4, "total_tokens": tokens + 4}
        if asked.body.get("stream"):
            return await self._streamed(asked, told, usage)
        message = {"role": "assistant", "content": self.says}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return web.json_response({**told, "object": "chat.completion", "choices": [choice], "usage": usage})

    async def _streamed(
        self, asked: Asked, told: Mapping[str, Any], usage: Mapping[str, int]
    ) -> web.StreamResponse:
        response = await written(asked, "text/event-stream")
        deltas: list[tuple[dict[str, str], str | None]] = [
            ({"role": "assistant", "content": self.says}, None),
            ({}, "stop"),
        ]
        chunks: list[dict[str, Any]] = [
            {"choices": [{"index": 0, "delta": delta, "finish_reason": reason}]} for delta, reason in deltas
        ]
        if (asked.body.get("stream_options") or {}).get("include_usage"):
            chunks.append({"choices": [], "usage": usage})
        for chunk in chunks:
            event = json.dumps({**told, "object": "chat.completion.chunk", **chunk})
            await response.write(f"data: {event}\n\n".encode())
        await response.write(b"data: [DONE]\n\n")
        return response


def prompt_tokens(body: Mapping[str, Any]) -> int:
    """How many tokens a conversation has, where every four letters are one."""
    return len(json.dumps(body.get("messages", []))) // _LETTERS_PER_TOKEN
