"""Switching in the tray's menu, by hand, on both kinds of tray hosts: the file and the next request follow."""

import contextlib
import json
import threading
import tomllib
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from PySide6.QtGui import QColor

from tests.e2e.desktop import Desktop, desktop, desktop_with_bus
from tests.e2e.program import Program, program

TOKEN = "token-of-the-test"
PAUSED, ON = QColor("#5d6b73"), QColor("#1f6f78")
"""What most of the icon is drawn in."""

ANSWER = {
    "id": "x",
    "object": "chat.completion",
    "created": 1,
    "model": "large",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Hello."}}],
    "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5},
}


class Upstream(BaseHTTPRequestHandler):
    """A model that says hello."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        body = json.dumps(ANSWER).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def upstream() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextlib.contextmanager
def running(screen: Desktop, home: Path) -> Iterator[Program]:
    with upstream() as url:
        (home / "config.toml").write_text(
            f'# mine\n[providers.house]\nkind = "openai-compatible"\nbase_url = "{url}"\nkey = "none"\n\n'
            '[tiers.SIMPLE]\nservices = ["house/large"]\n'
        )
        environ = {**screen.environ, "TIERWISE_TOKEN": TOKEN}
        with program("--port", "0", "--minimised", home=home, **environ) as tray:
            tray.wait_for("the tray is there")
            yield tray


def source_of_next_request(tray: Program) -> str | None:
    """What decided about it, as the answer itself tells."""
    request = urllib.request.Request(
        f"{tray.instance()['url']}/v1/chat/completions",
        data=json.dumps({"model": "large", "messages": [{"role": "user", "content": "Hello"}]}).encode(),
        headers={"content-type": "application/json", "x-tierwise-token": TOKEN},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.headers["x-tierwise-source"]


def routing_in_file(home: Path) -> bool | None:
    written = tomllib.loads((home / "config.toml").read_text())
    return written.get("routing", {}).get("enabled")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = tmp_path / "home"
    made.mkdir()
    return made


def walk(screen: Desktop, tray: Program, home: Path, name: str, open_menu: Callable[[], None]) -> None:
    """Off and on again: of what can be chosen the first is the last request, and the second is Routing."""
    assert source_of_next_request(tray) != "passthrough"
    for is_on in (False, True):
        open_menu()
        screen.press("Down", "Down")
        screen.screenshot(f"tray-{name}-menu")
        screen.press("Return")
        tray.wait_for(f"routing.enabled is switched to {is_on}")
        assert routing_in_file(home) is is_on
        assert (source_of_next_request(tray) == "passthrough") is not is_on
        screen.drawn(ON if is_on else PAUSED)
    assert (home / "config.toml").read_text().startswith("# mine\n")
    assert tray.end()[0] == 0
    assert "Traceback" not in tray.stderr


def test_on_a_host_that_embeds_icons(home: Path) -> None:
    with desktop() as screen, running(screen, home) as tray:

        def open_menu() -> None:
            screen.click(screen.tray_icon(tray.process.pid), button=3)
            screen.opened(tray.process.pid)

        walk(screen, tray, home, "xembed", open_menu)


def test_on_a_host_that_is_told_of_icons(home: Path, tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    desk.mkdir(mode=0o700)
    with desktop_with_bus(desk) as screen, running(screen, home) as tray:

        def open_menu() -> None:
            is_on = routing_in_file(home) is not False
            screen.click(screen.drawn(ON if is_on else PAUSED), button=3)
            screen.opened_by_panel()

        walk(screen, tray, home, "notifier", open_menu)
