"""What stands in the way of a start is told to who double-clicked, and no dialog outlives a signal."""

import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.desktop import Desktop, desktop
from tests.e2e.program import Program, program
from tests.e2e.test_tray import EXIT_SECONDS

# The shell closes both streams, and Python then has none: as in a windowed program on Windows.
WITHOUT_STREAMS = ["sh", "-c", 'exec "$@" >&- 2>&-', "sh"]


@pytest.fixture(scope="module")
def screen() -> Iterator[Desktop]:
    with desktop() as running:
        yield running


@contextmanager
def taken_port(home: Path) -> Iterator[None]:
    with socket.socket() as mine:
        mine.bind(("127.0.0.1", 0))
        mine.listen()
        (home / "config.toml").write_text(f"[server]\nport = {mine.getsockname()[1]}\n")
        yield


def ends_in_time(running: Program, number: int) -> None:
    began = time.monotonic()
    assert running.end(number)[0] == 0
    assert time.monotonic() - began < EXIT_SECONDS
    assert "Traceback" not in running.stderr
    assert "forced" not in running.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_while_it_asks_for_a_port(tmp_path: Path, number: int) -> None:
    with taken_port(tmp_path), program("--minimised", home=tmp_path, QT_QPA_PLATFORM="offscreen") as running:
        running.wait_for("a dialog waits to be answered")
        ends_in_time(running, number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_while_it_tells_bad_news(tmp_path: Path, number: int) -> None:
    (tmp_path / "config.toml").write_text("[server\n")
    with program(home=tmp_path, QT_QPA_PLATFORM="offscreen") as running:
        assert "config.toml:1" in running.wait_for("tierwise: ")
        ends_in_time(running, number)


def told_and_read(screen: Desktop, running: Program, name: str) -> int:
    dialog = screen.opened(running.process.pid)
    screen.screenshot(name)
    screen.xdotool("windowactivate", "--sync", dialog)
    screen.press("Return")
    return running.wait()[0]


@pytest.mark.parametrize(
    ("config", "code"),
    [("[server\n", 2), ('[server]\nhost = "192.0.2.1"\nallow_remote = true\n', 1)],
)
def test_a_configuration_that_keeps_it_from_starting_is_told(
    screen: Desktop, tmp_path: Path, config: str, code: int
) -> None:
    (tmp_path / "config.toml").write_text(config)
    with program(home=tmp_path, DISPLAY=screen.display, QT_QPA_PLATFORM="xcb") as running:
        running.wait_for("config.toml")
        assert told_and_read(screen, running, "broken-configuration") == code


def test_a_home_that_cannot_be_is_told_without_any_stream(screen: Desktop, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    command = [*WITHOUT_STREAMS, sys.executable, "-m", "app"]
    with program(
        home=tmp_path / "file", command=command, DISPLAY=screen.display, QT_QPA_PLATFORM="xcb"
    ) as running:
        assert told_and_read(screen, running, "home-is-a-file") == 1


def test_an_instance_without_a_window_is_told(screen: Desktop, tmp_path: Path) -> None:
    with program("serve", "--port", "0", home=tmp_path) as serving:
        serving.ready()
        with program(home=tmp_path, DISPLAY=screen.display, QT_QPA_PLATFORM="xcb") as running:
            running.wait_for("already runs here without a window")
            assert told_and_read(screen, running, "no-window") == 1


def test_a_check_is_never_kept_by_a_dialog(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[server\n")
    with program("--smoke", home=tmp_path, QT_QPA_PLATFORM="offscreen") as running:
        assert running.wait()[0] == 2
