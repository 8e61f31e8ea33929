"""MLX's server as far as a client sees it: Python's own HTTP server, with all its habits.

HTTP/1.0, no length of the body, and the Server that Python writes. Older ones worked on one request at a time
and heard no other meanwhile: that is `HTTPServer`; newer ones are a `ThreadingHTTPServer`.
"""

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from socketserver import TCPServer
from typing import Any, Self

from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from tests.fakes.local.server import Answers, Asked, FakeLocal

_BACKLOG = 64
_OFTEN = 0.01


@dataclass(kw_only=True)
class FakeMlx(FakeLocal):
    """`goes_on` and `seen` are as with the others; they live on the loop, the sockets in a thread."""

    models: tuple[str, ...] = ("mlx-community/Qwen3-8B-4bit",)
    says: str = "Hello from here."
    server_class: type[HTTPServer] = HTTPServer
    heard: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    """The path of each request as the server begins with it."""

    def answers(self) -> Answers:
        raise NotImplementedError("its handler answers by itself")

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        httpd = _listening(self, asyncio.get_running_loop())
        self.port = httpd.server_address[1]
        thread = threading.Thread(target=httpd.serve_forever, args=(_OFTEN,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.goes_on.set()
            await asyncio.to_thread(httpd.shutdown)
            httpd.server_close()

    async def begun(self, asked: Asked) -> None:
        """Remembers a request, and waits until it may be answered."""
        self.seen.append(asked)
        self.heard.put_nowait(asked.path)
        self.arrived.set()
        await self.goes_on.wait()

    def answer(self, asked: Asked) -> tuple[int, bytes]:
        if asked.method == "GET" and asked.path == "/health":
            return 200, b'{"status": "ok"}'
        if asked.method == "GET" and asked.path.startswith("/v1/models"):
            data = [{"id": name, "object": "model", "created": 1760000000} for name in self.models]
            return 200, json.dumps({"object": "list", "data": data}).encode()
        if asked.method == "POST" and asked.path == "/v1/chat/completions":
            return 200, json.dumps(self._chat(asked.body)).encode()
        return 404, b"Not Found"

    def _chat(self, body: dict[str, Any]) -> dict[str, Any]:
        message = {"role": "assistant", "content": self.says}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        usage = {"prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 13}
        told = {"id": "chatcmpl-1", "object": "chat.completion", "model": body.get("model")}
        return {**told, "created": 1760000000, "choices": [choice], "usage": usage}


def _listening(fake: FakeMlx, loop: asyncio.AbstractEventLoop) -> HTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def _answered(self) -> None:
            length = int(self.headers.get("content-length", 0))
            asked = _asked(self.command, self.path, dict(self.headers), self.rfile.read(length))
            asyncio.run_coroutine_threadsafe(fake.begun(asked), loop).result()
            status, body = fake.answer(asked)
            self.send_response(status)
            self.send_header("Content-type", "application/json")
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _answered  # noqa: N815 -- the names that Python's server calls

        def log_message(self, *args: Any) -> None:
            pass

    class Server(fake.server_class):  # type: ignore[misc,name-defined]  # chosen by the fake
        address_family = socket.AF_INET6 if ":" in fake.host else socket.AF_INET
        request_queue_size = _BACKLOG
        daemon_threads = True

        def server_bind(self) -> None:
            """Python's own asks the resolver for its name, which may take seconds."""
            TCPServer.server_bind(self)
            self.server_name, self.server_port = fake.host, self.server_address[1]

        def handle_error(self, *_args: object) -> None:
            """Whoever hangs up is no news."""

    return Server((fake.host, fake.port), Handler)


def _asked(method: str, path: str, headers: dict[str, str], content: bytes) -> Asked:
    request: web.Request = make_mocked_request(method, path, headers)
    return Asked(
        method=method,
        path=request.path,
        query=dict(request.query),
        headers=request.headers,
        content=content,
        request=request,
    )
