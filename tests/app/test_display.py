"""Whether a window can be shown is asked before Qt ends the process over it."""

import socket
from pathlib import Path

import pytest

from app.display import missing_display


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_windows_and_macos_always_have_one(platform: str) -> None:
    assert missing_display({}, platform) is None


def test_none_is_named() -> None:
    problem = missing_display({}, "linux")
    assert problem is not None
    assert "DISPLAY" in problem


@pytest.mark.parametrize("display", [":9763", "nonsense", ":", "host.invalid:0", "unix:9763.0"])
def test_a_display_that_does_not_answer_is_named(display: str) -> None:
    assert missing_display({"DISPLAY": display}, "linux") == f"the display {display} does not answer"


def test_a_platform_without_screen_needs_none() -> None:
    assert missing_display({"QT_QPA_PLATFORM": "offscreen"}, "linux") is None


def test_a_wayland_socket_that_answers_is_one(tmp_path: Path) -> None:
    environ = {"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": str(tmp_path)}
    assert missing_display(environ, "linux") == "the display wayland-7 does not answer"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "wayland-7"))
        listener.listen()
        assert missing_display(environ, "linux") is None
