"""GPT4All as far as a client sees it: a list, a chat, and deaf while it writes."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.local.generic import FakeOpenAi
from tests.fakes.local.server import Answers, Asked


@dataclass(kw_only=True)
class FakeGpt4All(FakeOpenAi):
    """The real one listens on 127.0.0.1 and never on [::1]."""

    models: tuple[str, ...] = ("Llama 3 8B Instruct", "Reasoner v1")
    is_on: bool = True
    """Whether the API was switched on; the port stays open either way."""
    finished: asyncio.Event = field(default_factory=asyncio.Event)
    """Clear it, and what writes goes on until it is set again; nobody else is heard meanwhile."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.finished.set()

    def answers(self) -> Answers:
        return {**super().answers(), "GET /v1/chat/completions": self._only_post}

    async def before(self, _asked: Asked) -> web.StreamResponse | None:
        return None if self.is_on else web.Response(status=401)

    def headers(self) -> dict[str, str]:
        return {"access-control-allow-origin": "*"}

    async def otherwise(self, _asked: Asked) -> web.StreamResponse:
        return web.Response(status=404)

    def entry(self, name: str) -> dict[str, Any]:
        permission = {"id": "placeholder", "object": "model_permission", "created": 0}
        card = {"id": name, "object": "model", "created": 0, "owned_by": "humanity"}
        return {**card, "root": name, "parent": None, "permissions": [permission]}

    async def _only_post(self, _asked: Asked) -> web.StreamResponse:
        error = {"message": "Only POST requests are accepted.", "type": "invalid_request_error"}
        return web.json_response({"error": {**error, "code": "method_not_supported"}}, status=405)

    async def _chat(self, asked: Asked) -> web.StreamResponse:
        heard = self.goes_on.is_set()
        self.goes_on.clear()
        try:
            await self.finished.wait()
        finally:
            if heard:
                self.goes_on.set()
        return await super()._chat(asked)
