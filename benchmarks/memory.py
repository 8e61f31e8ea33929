"""What the headless gateway holds in memory: idle, after thousands of requests, and under slow readers.

    python -m benchmarks.memory [--requests 2000] [--streams 200]

The real program runs as `serve`, with two providers on loopback that stand for an Anthropic and an OpenAI
one; half of the requests pass as they are, half are translated, half are streamed. Figures are the
proportional set size (PSS): what the process would free if it ended.
"""

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import psutil
from aiohttp import web

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # run as a file
    sys.path.insert(0, str(ROOT))

from benchmarks.traffic import anthropic_stream, chat_stream  # noqa: E402 -- after the path is set

IDLE_BAR_MB = 75
GROWTH_BAR_MB = 10
WARM_UP = 100
AT_ONCE = 16
PIECE = b'data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"%s"}}\n\n' % (
    b"x" * 16_000
)
MESSAGE = {
    "id": "m",
    "type": "message",
    "role": "assistant",
    "model": "m",
    "content": [{"type": "text", "text": "Hello"}],
    "stop_reason": "end_turn",
    "stop_sequence": None,
    "usage": {"input_tokens": 3, "output_tokens": 1},
}
COMPLETION = {
    "id": "c",
    "object": "chat.completion",
    "created": 1,
    "model": "m",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hello"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4},
}


async def streamed(request: web.Request, events: list[bytes]) -> web.StreamResponse:
    response = web.StreamResponse(headers={"content-type": "text/event-stream"})
    await response.prepare(request)
    for event in events:
        await response.write(event)
    return response


async def flood(request: web.Request, events: list[bytes]) -> web.StreamResponse:
    """Never ends by itself, and sends as fast as it is read."""
    response = web.StreamResponse(headers={"content-type": "text/event-stream"})
    await response.prepare(request)
    for event in events[:3]:
        await response.write(event)
    while True:
        await response.write(PIECE)


@asynccontextmanager
async def providers() -> AsyncIterator[str]:
    anthropic, chat = anthropic_stream(), chat_stream()

    async def messages(request: web.Request) -> web.StreamResponse:
        body = json.loads(await request.read())
        if body["model"] == "flood":
            return await flood(request, anthropic)
        return await streamed(request, anthropic) if body.get("stream") else web.json_response(MESSAGE)

    async def completions(request: web.Request) -> web.StreamResponse:
        body = json.loads(await request.read())
        return await streamed(request, chat) if body.get("stream") else web.json_response(COMPLETION)

    application = web.Application(client_max_size=1 << 26)
    application.router.add_post("/v1/messages", messages)
    application.router.add_post("/v1/chat/completions", completions)
    runner = web.AppRunner(application, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@contextmanager
def gateway(home: Path, upstream: str) -> Iterator[tuple[psutil.Process, dict[str, str]]]:
    home.mkdir()
    (home / "config.toml").write_text(
        f'[providers.a]\nkind = "anthropic-compatible"\nbase_url = "{upstream}"\nkey = "none"\n'
        f'[providers.o]\nkind = "openai-compatible"\nbase_url = "{upstream}/v1"\nkey = "none"\n'
    )
    environ = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(ROOT)}
    command = [
        sys.executable,
        "-m",
        "app",
        "--home",
        str(home),
        "serve",
        "--port",
        "0",
        "--log-level",
        "error",
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environ, text=True)
    try:
        assert process.stdout is not None
        yield psutil.Process(process.pid), json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.wait(10)


def megabytes(process: psutil.Process) -> float:
    return float(process.memory_full_info().pss) / 1e6


async def load(session: aiohttp.ClientSession, ready: dict[str, str], requests: int) -> None:
    """Every mixture in turn: two APIs, two providers, whole and streamed."""
    turn = {"max_tokens": 100, "messages": [{"role": "user", "content": "Hello " * 500}]}
    kinds: list[tuple[str, dict[str, Any]]] = [
        (path, {**turn, "model": f"{provider}/m", "stream": stream})
        for path in ("/v1/messages", "/v1/chat/completions")
        for provider in "ao"
        for stream in (False, True)
    ]
    waiting = iter(range(requests))

    async def client() -> None:
        for number in waiting:
            path, body = kinds[number % len(kinds)]
            async with session.post(ready["url"] + path, json=body) as answer:
                await answer.read()
                assert answer.status == 200, await answer.text()

    await asyncio.gather(*(client() for _ in range(AT_ONCE)))


async def slow_readers(process: psutil.Process, ready: dict[str, str], streams: int) -> float:
    """The most that is held while so many clients have asked and do not read."""
    port = int(ready["url"].rpartition(":")[2])
    body = json.dumps({"model": "a/flood", "max_tokens": 9, "stream": True, "messages": []}).encode()
    head = f"POST /v1/messages HTTP/1.1\r\nhost: 127.0.0.1\r\nx-api-key: {ready['token']}\r\n"
    request = head.encode() + b"content-length: %d\r\n\r\n" % len(body) + body
    sockets = [socket.create_connection(("127.0.0.1", port)) for _ in range(streams)]
    try:
        for each in sockets:
            each.sendall(request)
        most = megabytes(process)
        steady = 0
        while steady < 5:  # until it has stopped growing
            await asyncio.sleep(0.3)
            now = megabytes(process)
            steady = steady + 1 if now < most + 0.5 else 0
            most = max(most, now)
        return most
    finally:
        for each in sockets:
            each.close()


async def measure(requests: int, streams: int) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        async with AsyncExitStack() as stack:
            upstream = await stack.enter_async_context(providers())
            process, ready = stack.enter_context(gateway(Path(folder) / "home", upstream))
            headers = {"x-api-key": ready["token"]}
            idle = megabytes(process)
            async with aiohttp.ClientSession(headers=headers) as session:
                await load(session, ready, WARM_UP)
                warm = megabytes(process)
                await load(session, ready, requests)
                after = megabytes(process)
            held = await slow_readers(process, ready, streams)
    grown, each = after - warm, 1000 * (held - after) / streams
    print(f"idle                              {idle:6.1f} MB, bar {IDLE_BAR_MB}")
    print(f"after {WARM_UP:4} mixed requests         {warm:6.1f} MB")
    print(f"after {requests:4} more                   {after:6.1f} MB, {grown:.1f} more, bar {GROWTH_BAR_MB}")
    print(f"with {streams:3} streams nobody reads     {held:6.1f} MB, {each:.0f} KB each")
    return idle <= IDLE_BAR_MB and after - warm < GROWTH_BAR_MB


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--requests", type=int, default=2000)
    options.add_argument("--streams", type=int, default=200)
    chosen = options.parse_args()
    return 0 if asyncio.run(measure(chosen.requests, chosen.streams)) else 1


if __name__ == "__main__":
    sys.exit(main())
