"""A gateway among servers of this machine that are real sockets, and what its clients and its user see."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse

from proxy.local.surroundings import Surroundings
from proxy.local.where.scene import NOTHING_SEEN
from tests.proxy.configured import configured
from tests.proxy.gateway_fixture import ADMIN_TOKEN, Running, running_gateway

GREETING = "Hello from the pretended model."
FROM_AFAR = "Hello from afar."
KEY = "key-of-the-provider"
PROSE = "The quick brown fox jumps over the lazy dog. "


def prose(tokens: int) -> str:
    """About so many of them, as the pretended servers count; they are estimated to be a little more."""
    return PROSE * (tokens * 4 // len(PROSE))


@dataclass(frozen=True)
class Way:
    """How a client of one format says something, and where its answers and errors have their words."""

    path: str
    body: Callable[[str], Mapping[str, Any]]
    text: Callable[[Any], str]
    error: Callable[[Any], str] = lambda told: str(told["error"]["message"])


def _user(text: str) -> list[Mapping[str, Any]]:
    return [{"role": "user", "content": text}]


def _said_in_responses(told: Any) -> str:
    parts = [part for item in told["output"] if item["type"] == "message" for part in item["content"]]
    return "".join(part["text"] for part in parts)


WAYS: Mapping[str, Way] = {
    "messages": Way(
        "/v1/messages",
        lambda text: {"messages": _user(text), "max_tokens": 100},
        lambda told: "".join(block["text"] for block in told["content"] if block["type"] == "text"),
    ),
    "chat": Way(
        "/v1/chat/completions",
        lambda text: {"messages": _user(text), "max_tokens": 100},
        lambda told: str(told["choices"][0]["message"]["content"]),
    ),
    "responses": Way(
        "/v1/responses",
        lambda text: {"input": text, "max_output_tokens": 100},
        _said_in_responses,
    ),
    "gemini": Way(
        "/v1beta/models/auto:generateContent",
        lambda text: {
            "contents": [{"role": "user", "parts": [{"text": text}]}],
            "generationConfig": {"maxOutputTokens": 100},
        },
        lambda told: "".join(part["text"] for part in told["candidates"][0]["content"]["parts"]),
    ),
}


@dataclass(frozen=True)
class Heard:
    """An answer, read to its end."""

    status: int
    headers: Mapping[str, str]
    told: Any
    way: Way

    @property
    def text(self) -> str:
        return self.way.text(self.told)

    @property
    def error(self) -> str:
        return self.way.error(self.told)

    @property
    def service(self) -> str:
        return self.headers["x-tierwise-service"]

    @property
    def attempts(self) -> int:
        return int(self.headers["x-tierwise-attempts"])

    @property
    def reasons(self) -> list[str]:
        """Only where the client wanted to know."""
        return [each["text"] for each in json.loads(self.headers["x-tierwise-reasons"])]


@dataclass(frozen=True)
class Stage:
    running: Running

    async def ask(
        self, text: str, way: str = "chat", *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> Heard:
        spoken = WAYS[way]
        body = json.dumps({"model": "auto", **spoken.body(text), **more}).encode()
        debug = {"x-tierwise-debug": "1", **(headers or {})}
        async with self.running.post(spoken.path, body, **debug) as answer:
            return Heard(answer.status, answer.headers, json.loads(await answer.read()), spoken)

    @asynccontextmanager
    async def streaming(self, text: str, way: str = "chat", **more: Any) -> AsyncIterator[ClientResponse]:
        """An answer that has begun; leaving it hangs up."""
        spoken = WAYS[way]
        body = {"model": "auto", **spoken.body(text), "stream": True, **more}
        async with self.running.post(spoken.path, json.dumps(body).encode()) as answer:
            yield answer

    async def admin(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        data = None if body is None else json.dumps(body).encode()
        headers = {"x-tierwise-token": ADMIN_TOKEN}
        url = self.running.url + path
        async with self.running.http.request(method, url, data=data, headers=headers) as answer:
            return answer.status, json.loads(await answer.read())

    async def look(self) -> dict[str, Any]:
        """What is there, by the names of the servers."""
        status, told = await self.admin("POST", "/api/local/look")
        assert status == 200
        return {each["name"]: each for each in told["servers"]}

    async def explained(self, text: str, **more: Any) -> Any:
        body = {"model": "auto", **WAYS["chat"].body(text), **more}
        _, told = await self.admin("POST", "/api/explain", {"surface": "chat", "body": body})
        return told.get("decision", told)

    async def until(self, condition: Callable[[], bool]) -> None:
        """What the gateway sees of the servers near makes it true."""
        watch = self.running.gateway.watch
        assert watch is not None
        changed = asyncio.Event()
        stop = watch.listen(changed.set)
        try:
            while not condition():
                changed.clear()
                await changed.wait()
        finally:
            stop()

    async def recorded(self) -> None:
        """Until all that was asked is over and noted."""
        await self.running.gateway._exchanges.all_ended()


def against(explained: Any, service: str) -> str | None:
    """What keeps a service from being asked, in words."""
    [found] = [each for each in explained["candidates"] if each["service"] == service]
    assert found["kept"] == (found["dropped_by"] is None)
    return None if found["kept"] else str(found["why"])


def nobody_else(home: Path) -> Surroundings:
    """Nothing is found on this machine but what is configured."""
    return Surroundings(environ={}, home=home, look_around=lambda _promising: NOTHING_SEEN)


@asynccontextmanager
async def among(
    home: Path, *, secrets: Mapping[str, str] | None = None, looks: bool = True, **tables: Any
) -> AsyncIterator[Stage]:
    """Where the configured servers have been looked at, unless nobody `looks` before the first request."""
    config = configured(**tables)
    async with running_gateway(
        config, {"provider/afar": KEY, **(secrets or {})}, surroundings=nobody_else(home)
    ) as running:
        stage = Stage(running)
        if looks:
            await stage.look()
        yield stage


def free_port() -> int:
    """One at which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def ollama(url: str, **more: Any) -> dict[str, Any]:
    return {"kind": "ollama", "base_url": url, **more}


def lmstudio(url: str, **more: Any) -> dict[str, Any]:
    return {"kind": "lmstudio", "base_url": f"{url}/v1", **more}


def llamacpp(url: str, **more: Any) -> dict[str, Any]:
    return {"kind": "llamacpp", "base_url": f"{url}/v1", **more}


def hosted(url: str, **more: Any) -> dict[str, Any]:
    """At an address of this machine, as all that tests ask, but as a vendor's is configured."""
    return {"kind": "openai-compatible", "base_url": url, "key": "keyring", **more}
