"""Small words for asking the real server something."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.llama.server import LlamaServer

WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "Tells the weather.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
            "required": ["city", "days"],
        },
    },
}
PING = {
    "type": "function",
    "function": {
        "name": "ping",
        "description": "Says pong.",
        "parameters": {"type": "object", "properties": {}},
    },
}


@dataclass(frozen=True)
class Told:
    """What the server answered."""

    status: int
    content_type: str
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


async def get(server: LlamaServer, path: str) -> Told:
    return await ask(server, "GET", path, None)


async def post(server: LlamaServer, path: str, body: Any) -> Told:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await ask(server, "POST", path, data)


async def chat(server: LlamaServer, said: str, **parameters: Any) -> Told:
    return await post(server, "/v1/chat/completions", {"messages": user(said), **parameters})


def user(said: str) -> list[dict[str, Any]]:
    return [{"role": "user", "content": said}]


async def busy(server: LlamaServer, slots: str = "/slots") -> None:
    """Until it works on a request: with its prompt, at first."""
    async with asyncio.timeout(10):
        while not any(slot["is_processing"] for slot in (await get(server, slots)).json):  # noqa: ASYNC110 -- it tells nobody
            await asyncio.sleep(0)


async def ask(server: LlamaServer, method: str, path: str, data: bytes | None) -> Told:
    headers = {"content-type": "application/json"} if data is not None else {}
    async with (
        aiohttp.ClientSession(trust_env=False) as session,
        session.request(method, server.url + path, data=data, headers=headers) as answer,
    ):
        return Told(answer.status, answer.headers.get("content-type", ""), await answer.read())
