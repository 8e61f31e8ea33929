"""Quitting in the middle of a stream, in every way there is: the client is told, and nothing stays behind."""

import contextlib
import json
import signal
import socket
import time
import urllib.request
from collections.abc import Callable, Iterator
from http.client import HTTPResponse
from pathlib import Path

import psutil
import pytest

from tests.e2e.desktop import Desktop, desktop
from tests.e2e.program import Program, program
from tests.e2e.upstream import Upstream, config, upstream

TOKEN = "token-of-the-test"
EXIT_SECONDS = 3.0
KEEPS_IN_TRAY = ""
ENDS_WITH_WINDOW = "\n[ui]\nclose_to_tray = false\n"


def window_key(*keys: str) -> Callable[[Desktop, Program], None]:
    def press(screen: Desktop, tray: Program) -> None:
        window = screen.opened(tray.process.pid)
        screen.xdotool("windowactivate", "--sync", window)
        screen.press(*keys)

    return press


def menu_quit(screen: Desktop, tray: Program) -> None:
    screen.click(screen.tray_icon(tray.process.pid), button=3)
    screen.press("Up", "Return")


def told(number: int) -> Callable[[Desktop, Program], None]:
    return lambda _screen, tray: tray.process.send_signal(number)


WAYS = [
    pytest.param(window_key("ctrl+q"), KEEPS_IN_TRAY, id="key"),
    pytest.param(window_key("ctrl+w"), ENDS_WITH_WINDOW, id="last window"),
    pytest.param(menu_quit, KEEPS_IN_TRAY, id="menu"),
    pytest.param(told(signal.SIGTERM), KEEPS_IN_TRAY, id="SIGTERM"),
    pytest.param(told(signal.SIGINT), KEEPS_IN_TRAY, id="SIGINT"),
]


@pytest.fixture(scope="module")
def screen() -> Iterator[Desktop]:
    with desktop() as running:
        yield running


@contextlib.contextmanager
def open_window(screen: Desktop, home: Path, server: Upstream, more: str) -> Iterator[Program]:
    (home / "config.toml").write_text(config(server, more))
    environ = {**screen.environ, "TIERWISE_TOKEN": TOKEN}
    with program("--port", "0", "--show", home=home, **environ) as tray:
        tray.wait_for("the page overview is there")
        yield tray


def stream(tray: Program) -> HTTPResponse:
    """Its first words have come."""
    asked = {"model": "auto", "stream": True, "messages": [{"role": "user", "content": "Hello"}]}
    request = urllib.request.Request(
        f"{tray.instance()['url']}/v1/chat/completions",
        data=json.dumps(asked).encode(),
        headers={"content-type": "application/json", "x-tierwise-token": TOKEN},
    )
    answer: HTTPResponse = urllib.request.urlopen(request, timeout=10)
    assert b"word" in answer.readline()
    return answer


def rest(answer: HTTPResponse) -> bytes:
    said = b""
    with contextlib.suppress(OSError):
        while line := answer.readline():
            said = line if line.strip() else said
    return said


@pytest.mark.parametrize(("quit_by", "more"), WAYS)
def test_in_the_middle_of_a_stream(
    screen: Desktop, tmp_path: Path, quit_by: Callable[[Desktop, Program], None], more: str
) -> None:
    with upstream() as server, open_window(screen, tmp_path, server, more) as tray:
        port = int(tray.instance()["url"].rpartition(":")[2])
        answer = stream(tray)
        family = [
            psutil.Process(tray.process.pid),
            *psutil.Process(tray.process.pid).children(recursive=True),
        ]
        quit_by(screen, tray)
        began = time.monotonic()
        code, _ = tray.wait()
        assert code == 0
        assert time.monotonic() - began < EXIT_SECONDS
        assert b'"error"' in rest(answer), "a stream ends with the error of its own format"
        assert server.hung_up.wait(EXIT_SECONDS), "the provider is not left talking to nobody"
        assert not any(each.is_running() for each in family)
        with socket.socket() as mine:
            mine.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            mine.bind(("127.0.0.1", port))
        assert not (tmp_path / "run" / "instance.json").exists()
        assert "Traceback" not in tray.stderr


def test_a_window_that_is_closed_leaves_the_tray_and_the_stream(screen: Desktop, tmp_path: Path) -> None:
    with upstream() as server, open_window(screen, tmp_path, server, KEEPS_IN_TRAY) as tray:
        answer = stream(tray)
        window_key("ctrl+w")(screen, tray)
        for _ in range(20):
            assert answer.readline()
        screen.click(screen.tray_icon(tray.process.pid), button=1)
        tray.wait_for("the page overview is there")
        assert tray.end()[0] == 0
