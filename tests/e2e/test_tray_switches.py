"""Switching in the tray's menu, by hand, on both kinds of hosts: the file and the next request follow."""

import contextlib
import itertools
import json
import tomllib
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor

from tests.e2e.desktop import Desktop, desktop, desktop_with_bus
from tests.e2e.program import Program, program
from tests.e2e.upstream import config, upstream

TOKEN = "token-of-the-test"
PAUSED, ON = QColor("#5d6b73"), QColor("#1f6f78")
"""What most of the icon is drawn in."""


@contextlib.contextmanager
def running(screen: Desktop, home: Path) -> Iterator[Program]:
    with upstream() as server:
        (home / "config.toml").write_text(config(server))
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
        beside = itertools.cycle((-6, 6))  # two clicks at one place would soon be a double click

        def open_menu() -> None:
            x, y = screen.tray_icon(tray.process.pid)
            screen.click((x + next(beside), y), button=3)
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
