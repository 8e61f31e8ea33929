"""Many streams at once: slow readers, few seats, and a configuration that changes under way."""

import asyncio
import hashlib
import json
import socket
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import psutil
import pytest
from aiohttp import web

from proxy.exchange import Outcome
from tests.fakes.provider import Script, fake_provider
from tests.proxy.configured import configured
from tests.proxy.gateway_fixture import CLIENT_TOKEN, Running, running_gateway
from tests.proxy.talk import ASKED, CHAT_WORD, END, GOOD, START, TEXT

STREAMS = 200
MEGABYTE = 1024 * 1024
MOST_GROWTH = 200 * MEGABYTE
"""With the fake and the clients, which run in the same process."""
SMALL_BUFFER = 8 * 1024
SMALL_SEGMENT = 536
"""Small windows and small segments keep the system from holding megabytes of each stream itself."""
STUCK_AFTER = 0.3
MOST_PIECES = 1024
_PAD = "x" * 8000
_CHAT_END = CHAT_WORD.replace(b'{"content":"Hello"}', b"{}").replace(b"null}", b'"stop"}') + (
    b"data: [DONE]\n\n"
)


def _anthropic_piece(text: str) -> bytes:
    delta = {"type": "text_delta", "text": text}
    event = {"type": "content_block_delta", "index": 0, "delta": delta}
    return b"event: content_block_delta\ndata: %b\n\n" % json.dumps(event).encode()


def _chat_piece(text: str) -> bytes:
    return CHAT_WORD.replace(b"Hello", text.encode())


@dataclass(frozen=True)
class Way:
    """How the provider speaks to the client of Anthropic's API, so which way its bytes take."""

    kind: str
    begin: bytes
    end: bytes
    whole: bytes

    def piece(self, text: str) -> bytes:
        return _anthropic_piece(text) if self.kind == "anthropic-compatible" else _chat_piece(text)


_COMPLETION = {
    "id": "c",
    "object": "chat.completion",
    "created": 1,
    "model": "m",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hello"}, "finish_reason": "stop"}],
}
PASSED = Way("anthropic-compatible", START + TEXT, END, GOOD)
TRANSLATED = Way("openai-compatible", CHAT_WORD, _CHAT_END, json.dumps(_COMPLETION).encode())


class Flood:
    """Sends each stream as much as its reader takes; when all of them are stuck it has sent enough."""

    def __init__(self, way: Way) -> None:
        self.all_stuck = asyncio.Event()
        self.sent: dict[str, str] = {}
        """The digest of all texts of each stream, by what the user said in it."""
        self._stuck_streams = 0
        self._way = way

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        asked = json.loads(await request.read())
        if not asked.get("stream"):
            return web.Response(body=self._way.whole, content_type="application/json")
        assert request.transport is not None
        request.transport.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL_BUFFER
        )
        name = _said(asked["messages"][0]["content"])
        response = web.StreamResponse(headers={"content-type": "text/event-stream"})
        await response.prepare(request)
        await response.write(self._way.begin)
        digest = hashlib.sha256(b"Hello")
        for number in range(MOST_PIECES):
            text = f"{name} {number} {_PAD}"
            digest.update(text.encode())
            if await self._stuck(response.write(self._way.piece(text))):
                break
        self.sent[name] = digest.hexdigest()

        await response.write(self._way.end)
        await response.write_eof()
        return response

    async def _stuck(self, writing: Awaitable[None]) -> bool:
        """Whether nobody took it for a while; it is written in any case."""
        task = asyncio.ensure_future(writing)
        done, _ = await asyncio.wait([task], timeout=STUCK_AFTER)
        if done:
            task.result()
            return False
        self._stuck_streams += 1
        if self._stuck_streams == STREAMS:
            self.all_stuck.set()
        await task
        return True


def _said(content: Any) -> str:
    return content if isinstance(content, str) else content[0]["text"]


def _body(text: str, **more: Any) -> bytes:
    return json.dumps({**ASKED, "messages": [{"role": "user", "content": text}], **more}).encode()


def _table(url: str, kind: str = "anthropic-compatible", **more: Any) -> dict[str, Any]:
    base = url + "/v1" if kind == "openai-compatible" else url
    return {"kind": kind, "base_url": base, "key": "none", **more}


@asynccontextmanager
async def gateway_to(
    script: Script, kind: str = "anthropic-compatible", **more: Any
) -> AsyncIterator[Running]:
    async with fake_provider(script) as fake:
        config = configured(providers={"p": _table(fake.url, kind, **more)})
        async with running_gateway(config) as running:
            yield running


def _small_socket(info: aiohttp.AddrInfoType) -> socket.socket:
    family, kind, protocol, _, _ = info
    made = socket.socket(family, kind, protocol)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
    if hasattr(socket, "TCP_MAXSEG"):
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SMALL_SEGMENT)
    return made


@asynccontextmanager
async def many_clients() -> AsyncIterator[aiohttp.ClientSession]:
    connector = aiohttp.TCPConnector(limit=0, socket_factory=_small_socket)
    headers = {"x-api-key": CLIENT_TOKEN, "content-type": "application/json"}
    async with aiohttp.ClientSession(
        connector=connector, headers=headers, read_bufsize=SMALL_BUFFER
    ) as session:
        yield session


async def _digest(answer: aiohttp.ClientResponse) -> str:
    """Of all texts, read to a good end."""
    digest = hashlib.sha256()
    last = ""
    async for line in answer.content:
        if line.startswith(b"data:"):
            event = json.loads(line[5:])
            last = event["type"]
            digest.update(event.get("delta", {}).get("text", "").encode())
    assert last == "message_stop"
    return digest.hexdigest()


@pytest.mark.parametrize("way", [PASSED, TRANSLATED], ids=["passed", "translated"])
async def test_two_hundred_readers_that_stop_reading_hold_up_nobody(way: Way) -> None:
    flood = Flood(way)
    process = psutil.Process()
    async with gateway_to(flood, way.kind) as running, many_clients() as clients, AsyncExitStack() as stack:
        url = running.url + "/v1/messages"
        before = process.memory_info().rss

        async def begun(number: int) -> aiohttp.ClientResponse:
            data = _body(f"reader {number}", stream=True, model="m")
            return await stack.enter_async_context(clients.post(url, data=data))

        answers = await asyncio.gather(*map(begun, range(STREAMS)))
        async with asyncio.timeout(30):
            await flood.all_stuck.wait()
        assert process.memory_info().rss - before < MOST_GROWTH
        assert await _answered_meanwhile(running) < 1

        digests = await asyncio.gather(*map(_digest, answers))
        assert digests == [flood.sent[f"reader {number}"] for number in range(STREAMS)]
        outcomes = [exchange.outcome for exchange in running.recorder.exchanges]
        assert outcomes == [Outcome.ANSWERED] * (STREAMS + 1)


async def _answered_meanwhile(running: Running) -> float:
    began = time.perf_counter()
    async with running.post("/v1/messages", _body("Hi", model="m")) as answer:
        assert answer.status == 200
        assert b"Hello" in await answer.read()
    return time.perf_counter() - began


@dataclass
class Room:
    """Counts who is in at the same time; everybody stays until the doors open."""

    full: int
    present: int = 0
    most: int = 0
    is_full: asyncio.Event = field(default_factory=asyncio.Event)
    opened: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        if not json.loads(await request.read())["stream"]:
            await self._stay()
            return web.Response(body=GOOD, content_type="application/json")
        response = web.StreamResponse(headers={"content-type": "text/event-stream"})
        await response.prepare(request)
        await response.write(START + TEXT)
        await self._stay()
        await response.write(END)
        await response.write_eof()
        return response

    async def _stay(self) -> None:
        """Left before the last byte goes out, for with that the seat is free."""
        self.present += 1
        self.most = max(self.most, self.present)
        if self.present == self.full:
            self.is_full.set()
        await self.opened.wait()
        self.present -= 1


async def _told(running: Running, number: int) -> tuple[int, bytes]:
    async with running.post("/v1/messages", _body("Hi", model="m", stream=number % 2 == 0)) as answer:
        return answer.status, await answer.read()


async def _open_requests(running: Running) -> int:
    async with running.http.get(running.url + "/api/health") as answer:
        open_requests: int = (await answer.json())["open_requests"]
        return open_requests


async def test_never_more_than_max_concurrency_are_at_the_provider() -> None:
    room = Room(full=5)
    async with gateway_to(room, max_concurrency=5) as running:
        asking = [asyncio.create_task(_told(running, number)) for number in range(60)]
        async with asyncio.timeout(10):
            await room.is_full.wait()
            while await _open_requests(running) < 60:
                pass
        assert room.present == 5
        room.opened.set()
        answers = await asyncio.gather(*asking)
        assert answers == [(200, GOOD if number % 2 else START + TEXT + END) for number in range(60)]
        assert room.most == 5


async def test_a_reload_leaves_streams_under_way_alone() -> None:
    room = Room(full=50)
    async with fake_provider(_good) as other, gateway_to(room) as running:
        asking = [asyncio.create_task(_told(running, 2 * number)) for number in range(50)]
        async with asyncio.timeout(10):
            await room.is_full.wait()
        running.gateway.apply(configured(providers={"q": _table(other.url, max_concurrency=3)}))
        assert await _told(running, 1) == (200, GOOD)
        assert len(other.received) == 1
        assert room.present == 50
        room.opened.set()
        assert await asyncio.gather(*asking) == [(200, START + TEXT + END)] * 50


async def _good(_request: web.Request) -> web.StreamResponse:
    return web.Response(body=GOOD, content_type="application/json")


async def test_reloads_under_load_disturb_nobody() -> None:
    async with fake_provider(_good) as here, fake_provider(_good) as there:
        tables = [
            _table(here.url),
            _table(there.url, max_concurrency=2),
            _table(here.url, max_concurrency=1, timeouts={"first_byte": 60}),
            _table(there.url, headers={"x-more": "1"}),
        ]
        configs = [configured(providers={"p": table}) for table in tables]
        async with running_gateway(configs[0]) as running:

            async def client() -> list[int]:
                return [(await _told(running, 1))[0] for _ in range(10)]

            asking = asyncio.gather(*(client() for _ in range(20)))
            reloads = 0
            while not asking.done():
                running.gateway.apply(configs[reloads % len(configs)])
                reloads += 1
                await _told(running, 1)
            assert await asking == [[200] * 10] * 20
            assert reloads > len(configs)
        assert here.received
        assert there.received
