"""A provider in this process, on its own thread: it says hello, or streams words until it is hung up on."""

import contextlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_HELLO = {
    "id": "x",
    "object": "chat.completion",
    "created": 1,
    "model": "large",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Hello."}}],
    "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5},
}
_WORD = {
    "id": "x",
    "object": "chat.completion.chunk",
    "created": 1,
    "model": "large",
    "choices": [{"index": 0, "delta": {"role": "assistant", "content": "word "}}],
}
_PAUSE_SECONDS = 0.02


class Upstream(ThreadingHTTPServer):
    """`hung_up` is set when a stream was ended from outside."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.hung_up = threading.Event()
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: Upstream
    protocol_version = "HTTP/1.0"  # a stream ends with its connection

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if asked.get("stream"):
            self._stream()
        else:
            self._begin("application/json")
            self.wfile.write(json.dumps(_HELLO).encode())

    def do_GET(self) -> None:
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        pass

    def _stream(self) -> None:
        self._begin("text/event-stream")
        try:
            while not self.server.over.wait(_PAUSE_SECONDS):
                self.wfile.write(b"data: " + json.dumps(_WORD).encode() + b"\n\n")
        except OSError:
            self.server.hung_up.set()

    def _begin(self, kind: str) -> None:
        self.send_response(200)
        self.send_header("content-type", kind)
        self.end_headers()


@contextlib.contextmanager
def upstream() -> Iterator[Upstream]:
    server = Upstream()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def config(server: Upstream, more: str = "") -> str:
    """It serves every turn."""
    return (
        f'# mine\n[providers.house]\nkind = "openai-compatible"\nbase_url = "{server.url}"\nkey = "none"\n\n'
        f'[tiers.SIMPLE]\nservices = ["house/large"]\n{more}'
    )
