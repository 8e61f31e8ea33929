"""The server of llama-cpp-python: it does one thing at a time, and whoever lists its models ends an answer.

One lock is around the models, and even to list them takes it. An answer that is being streamed ends, without
saying why, as soon as somebody waits for the lock. Only what describes the interface is free to be read.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from proxy.wire.format import Format
from tests.fakes.fault import Fault
from tests.fakes.local.server import Answers, Asked, FakeLocal
from tests.fakes.local.talk import Talk, tokens
from tests.fakes.script import Turn, answering
from tests.fakes.server import AnyScript
from tests.fakes.serving import Serving

_OVER = b"data: [DONE]\n\n"
_DETAILS = {404: "Not Found", 405: "Method Not Allowed"}


@dataclass(kw_only=True)
class FakeLlamaCppPython(FakeLocal):
    models: Sequence[str] = ("models/tiny-q4_k_m.gguf",)
    script: AnyScript = "Hello from the pretended model."
    context: int = 2048
    key: str | None = None
    pieces_go_on: asyncio.Event = field(default_factory=asyncio.Event)
    """Clear it, and a stream stops before each of its pieces until it is set again."""
    interrupted: int = 0
    """Answers that ended because somebody else wanted something."""
    talk: Talk = field(init=False)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _waiting: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.pieces_go_on.set()
        self.talk = Talk(format=Format.OPENAI_CHAT, script=answering(self.script))

    def headers(self) -> Mapping[str, str]:
        return {"Server": "uvicorn"}

    def answers(self) -> Answers:
        return {
            "GET /openapi.json": self._describes,
            "GET /v1/models": self._lists,
            "POST /v1/chat/completions": self._chats,
        }

    async def otherwise(self, asked: Asked) -> web.StreamResponse:
        status = (await super().otherwise(asked)).status
        return web.json_response({"detail": _DETAILS[status]}, status=status)

    async def _describes(self, _asked: Asked) -> web.StreamResponse:
        about = {"title": "\N{LLAMA} llama.cpp Python API", "version": "0.3.36"}
        return web.json_response({"openapi": "3.1.0", "info": about, "paths": {}})

    async def _lists(self, asked: Asked) -> web.StreamResponse:
        if self.key not in (None, asked.key):
            return web.json_response({"detail": "Invalid API key"}, status=401)
        async with self._alone():
            entry = {"object": "model", "owned_by": "me", "permissions": []}
            data = [{"id": each, **entry} for each in self.models]
            return web.json_response({"object": "list", "data": data})

    async def _chats(self, asked: Asked) -> web.StreamResponse:
        if self.key not in (None, asked.key):
            return web.json_response({"detail": "Invalid API key"}, status=401)
        messages = asked.body["messages"]
        prompt = tokens(*messages)
        if prompt > self.context:
            return self._too_long(prompt, asked.body.get("max_tokens") or 0)
        async with self._alone():
            serving, step = self.talk.begun(asked, messages, prompt)
            if isinstance(step, Fault):
                return await step.happen(serving)
            return await (self._streams(serving, step) if serving.asked.stream else serving.answered(step))

    async def _streams(self, serving: Serving, turn: Turn) -> web.StreamResponse:
        response = await serving.begun()
        for piece in serving.pieces(turn):
            await self.pieces_go_on.wait()
            if self._waiting:
                self.interrupted += 1
                await response.write(_OVER)
                break
            await response.write(piece)
        await response.write_eof()
        return response

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        self._waiting += 1
        await self._lock.acquire()
        self._waiting -= 1
        try:
            yield
        finally:
            self._lock.release()

    def _too_long(self, prompt: int, wanted: int) -> web.StreamResponse:
        message = (
            f"This model's maximum context length is {self.context} tokens. However, you requested "
            f"{prompt + wanted} tokens ({prompt} in the messages, {wanted} in the completion). "
            "Please reduce the length of the messages or completion."
        )
        error = {"message": message, "type": "invalid_request_error", "param": "messages"}
        return web.json_response({"error": error | {"code": "context_length_exceeded"}}, status=400)
