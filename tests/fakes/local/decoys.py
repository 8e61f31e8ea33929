"""What answers on a port and is no model server: pages, APIs of other things, and answers of awful sizes."""

import gzip
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Self

from aiohttp import web

from tests.fakes.local.generic import FakeOpenAi
from tests.fakes.local.server import Answers, Asked, FakeLocal

_PAGE = "<!doctype html><html><head><title>An application</title></head><body></body></html>"


@dataclass(kw_only=True)
class SaysAlways(FakeLocal):
    """The same to everything."""

    body: bytes = _PAGE.encode()
    status: int = 200
    content_type: str = "text/html"
    extra: dict[str, str] = field(default_factory=dict)

    def answers(self) -> Answers:
        return {}

    async def otherwise(self, _asked: Asked) -> web.StreamResponse:
        return web.Response(body=self.body, status=self.status, content_type=self.content_type)

    def headers(self) -> dict[str, str]:
        return self.extra


def says_json(told: object, **more: Any) -> SaysAlways:
    return SaysAlways(body=json.dumps(told).encode(), content_type="application/json", **more)


def single_page(**more: Any) -> SaysAlways:
    """An application in the browser, whose one page is at every path."""
    return SaysAlways(**more)


def missing_page(**more: Any) -> SaysAlways:
    return SaysAlways(body=b"<h1>404 Not Found</h1>", status=404, **more)


def airplay(**more: Any) -> SaysAlways:
    """A Mac listens like that on 5000 and 7000."""
    return SaysAlways(body=b"", status=403, extra={"server": "AirTunes/935.7.1"}, **more)


def web_socket_only(**more: Any) -> SaysAlways:
    return SaysAlways(
        body=b"Upgrade Required",
        status=426,
        content_type="text/plain",
        extra={"upgrade": "websocket"},
        **more,
    )


def always_well(**more: Any) -> SaysAlways:
    return says_json({"status": "ok"}, **more)


def large(**more: Any) -> SaysAlways:
    """25 MB that begin like a list of models."""
    entries = b'{"id":"a-model","object":"model"},' * (25_000_000 // 34)
    return SaysAlways(body=b'{"object":"list","data":[' + entries, content_type="application/json", **more)


def deep(**more: Any) -> SaysAlways:
    """A list in a list, 100,000 times."""
    return SaysAlways(body=b"[" * 100_000 + b"]" * 100_000, content_type="application/json", **more)


def bomb(**more: Any) -> SaysAlways:
    """What is 50 kB on its way and 50 MB unpacked, and was not asked for packed."""
    packed = gzip.compress(b'{"data":[' + b" " * 50_000_000 + b"]}", 9)
    return SaysAlways(
        body=packed, content_type="application/json", extra={"content-encoding": "gzip"}, **more
    )


@cache
def _packed() -> bytes:
    return gzip.compress(b'{"data":[' + b" " * 50_000_000 + b"]}", 9)


def wrong_types(**more: Any) -> SaysAlways:
    """All the words that servers are known by, and none of them as it should be."""
    return says_json(
        {
            "lmstudio": "true",
            "version": 5,
            "result": ["KoboldCpp"],
            "endpoints": None,
            "models": {"name": "a-model"},
            "data": {"id": "a-model"},
            "model_name": None,
            "model_path": 7,
            "server_load": "high",
            "info": ["Jan"],
            "default_generation_settings": 8192,
            "status": {"value": "ok"},
        },
        **more,
    )


def wrong_entries(**more: Any) -> SaysAlways:
    """A list of models in which nothing is one."""
    return says_json(
        {"object": "list", "data": [None, 5, "a-model", [], {"id": 7}, {"id": None}, {}]}, **more
    )


def shop(**more: Any) -> SaysAlways:
    """Somebody's own API, which has models too: of cars."""
    return says_json({"data": [{"id": "golf-8", "brand": "VW"}, {"id": "polo-6", "brand": "VW"}]}, **more)


def half_an_ollama(**more: Any) -> SaysAlways:
    """Greets like Ollama at every path, and has nothing else of it."""
    return SaysAlways(body=b"Ollama is running", content_type="text/plain", **more)


@dataclass(kw_only=True)
class Redirecting(FakeLocal):
    """Sends everybody elsewhere, where a true model server is; or, without one, round in a circle."""

    elsewhere: FakeOpenAi | None = None

    def answers(self) -> Answers:
        return {}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        async with super().running():
            if self.elsewhere is None:
                yield self
                return
            async with self.elsewhere.running():
                yield self

    @property
    def was_only_looked_at(self) -> bool:
        """Nor did anybody go where they were sent."""
        return super().was_only_looked_at and not (self.elsewhere and self.elsewhere.seen)

    async def otherwise(self, asked: Asked) -> web.StreamResponse:
        target = asked.path if self.elsewhere is None else self.elsewhere.url + asked.path
        return web.Response(status=307, headers={"location": target})
