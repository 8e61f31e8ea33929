"""The provider, as a process: streams whose tokens come at their pace and say when, and whole answers.

A stream has as many tokens as `max_tokens` asks for. The text of a token is the moment at which it was sent,
by a clock that all processes share.
"""

import asyncio
import json
import time
from typing import Any, Final

from aiohttp import web

from benchmarks.desktop.children import commands, tell
from benchmarks.memory import MESSAGE

PACE_SECONDS: Final = 0.008
_HEAD: Final = (
    {"type": "message_start", "message": {**MESSAGE, "content": [], "stop_reason": None}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
)
_TAIL: Final = (
    {"type": "content_block_stop", "index": 0},
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 9}},
    {"type": "message_stop"},
)


def _event(data: dict[str, Any]) -> bytes:
    return f"event: {data['type']}\ndata: {json.dumps(data)}\n\n".encode()


def _token() -> bytes:
    delta = {"type": "text_delta", "text": f"<{time.monotonic_ns()}>"}
    return _event({"type": "content_block_delta", "index": 0, "delta": delta})


async def _answer(request: web.Request) -> web.StreamResponse:
    asked = await request.json()
    if not asked.get("stream"):
        return web.json_response(MESSAGE)
    response = web.StreamResponse(headers={"content-type": "text/event-stream"})
    await response.prepare(request)
    await response.write(b"".join(_event(each) for each in _HEAD))
    loop = asyncio.get_running_loop()
    due = loop.time()
    for _ in range(asked["max_tokens"]):
        due += PACE_SECONDS
        await asyncio.sleep(max(due - loop.time(), 0))
        await response.write(_token())
    await response.write(b"".join(_event(each) for each in _TAIL))
    return response


def application() -> web.Application:
    made = web.Application()
    made.router.add_post("/v1/messages", _answer)
    return made


async def _serve() -> None:
    runner = web.AppRunner(application(), access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    tell(url=f"http://127.0.0.1:{runner.addresses[0][1]}")
    async for _ in commands():
        pass
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(_serve())
