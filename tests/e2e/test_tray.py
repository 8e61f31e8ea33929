"""The tray on a real X server with a real tray host, clicked as a person clicks."""

import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.desktop import Desktop, desktop
from tests.e2e.program import Program, get, program, run

EXIT_SECONDS = 3.0


@pytest.fixture(scope="module")
def screen() -> Iterator[Desktop]:
    with desktop() as running:
        yield running


def started(screen: Desktop, home: Path, *arguments: str) -> "program":
    return program("--port", "0", *arguments, home=home, **screen.environ)


def is_up(tray: Program) -> str:
    tray.wait_for("the tray is there")
    url: str = tray.instance()["url"]
    return url


def test_the_menu_quits_it_and_leaves_nothing_behind(screen: Desktop, tmp_path: Path) -> None:
    with started(screen, tmp_path, "--minimised") as tray:
        url = is_up(tray)
        icon = screen.tray_icon(tray.process.pid)
        screen.click(icon, button=3)
        screen.opened(tray.process.pid)
        screen.screenshot("tray-menu")
        assert get(f"{url}/api/health")["status"] == "ok", "an open menu must not stop the gateway"
        screen.press("Up", "Return")
        assert tray.wait()[0] == 0
        assert not (tmp_path / "run/instance.json").exists()
        assert "Traceback" not in tray.stderr


def test_a_left_click_opens_the_window(screen: Desktop, tmp_path: Path) -> None:
    with started(screen, tmp_path, "--minimised") as tray:
        is_up(tray)
        screen.click(screen.tray_icon(tray.process.pid), button=1)
        screen.opened(tray.process.pid)
        screen.screenshot("first-window")
        assert tray.end()[0] == 0


def test_with_nothing_configured_the_window_leads_to_the_demo(screen: Desktop, tmp_path: Path) -> None:
    with started(screen, tmp_path) as tray:
        is_up(tray)
        window = screen.opened(tray.process.pid)
        tray.wait_for("the page overview is there")
        screen.xdotool("windowactivate", "--sync", window)
        screen.press("alt+s")
        assert "demo/simple: 200" in tray.wait_for("-> demo/simple: 200")
        screen.screenshot("first-window-demo")
        began = time.monotonic()
        assert tray.end()[0] == 0
        assert time.monotonic() - began < EXIT_SECONDS
        assert not (tmp_path / "demo/run/instance.json").exists()


def test_asked_for_the_window_opens_although_a_provider_is_configured(
    screen: Desktop, tmp_path: Path
) -> None:
    (tmp_path / "config.toml").write_text('[providers.x]\nkind = "ollama"\n')
    with started(screen, tmp_path, "--show") as tray:
        is_up(tray)
        screen.opened(tray.process.pid)
        screen.screenshot("window-with-a-provider")
        assert tray.end()[0] == 0


def test_the_demo_of_the_window_is_stopped_from_a_terminal_and_started_again(
    screen: Desktop, tmp_path: Path
) -> None:
    with started(screen, tmp_path) as tray:
        is_up(tray)
        window = screen.opened(tray.process.pid)
        tray.wait_for("the page overview is there")
        screen.xdotool("windowactivate", "--sync", window)
        screen.press("alt+s")
        tray.wait_for("-> demo/simple: 200")
        assert run("stop", "--demo", home=tmp_path)[:2] == (0, "The demo has stopped.\n")
        assert not (tmp_path / "demo/run/instance.json").exists()
        screen.screenshot("demo-has-ended")
        screen.press("alt+s")
        tray.wait_for("-> demo/simple: 200")
        assert tray.end()[0] == 0


def test_a_second_start_shows_the_window_of_the_first(screen: Desktop, tmp_path: Path) -> None:
    with started(screen, tmp_path, "--minimised") as tray:
        is_up(tray)
        code, out, _ = run(home=tmp_path, DISPLAY=screen.display)
        assert (code, out) == (0, "Tierwise already runs; its window is in front now.\n")
        screen.opened(tray.process.pid)
        assert run("stop", home=tmp_path)[0] == 0
        assert tray.wait()[0] == 0


def test_a_signal_ends_it_in_time(screen: Desktop, tmp_path: Path) -> None:
    with started(screen, tmp_path, "--minimised") as tray:
        is_up(tray)
        began = time.monotonic()
        assert tray.end(signal.SIGINT)[0] == 0
        assert time.monotonic() - began < EXIT_SECONDS


def test_a_taken_port_is_asked_about_and_the_free_one_is_used(screen: Desktop, tmp_path: Path) -> None:
    with socket.socket() as mine:
        mine.bind(("127.0.0.1", 0))
        mine.listen()
        port = mine.getsockname()[1]
        (tmp_path / "config.toml").write_text(f"[server]\nport = {port}\n")
        with program("--minimised", home=tmp_path, DISPLAY=screen.display, QT_QPA_PLATFORM="xcb") as tray:
            question = screen.opened(tray.process.pid)
            screen.screenshot("port-taken")
            screen.xdotool("windowactivate", "--sync", question)
            screen.press("Return")
            url = is_up(tray)
            assert int(url.rpartition(":")[2]) != port
            assert tray.end()[0] == 0


def test_smoke_shows_the_tray_and_quits(screen: Desktop, tmp_path: Path) -> None:
    with started(screen, tmp_path, "--smoke") as tray:
        assert tray.wait()[0] == 0
        assert "the tray is there" in tray.stderr
