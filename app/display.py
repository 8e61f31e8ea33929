"""Whether there is a screen to show a window on. Qt ends the process where it finds none, so we ask first."""

import os
import socket
from collections.abc import Mapping
from pathlib import Path

# Platform plugins of Qt that draw without a screen.
_SCREENLESS = ("offscreen", "minimal", "vnc")


def missing_display(environ: Mapping[str, str], platform: str) -> str | None:
    """Why no window can be shown, or None where one can."""
    if platform in ("win32", "darwin"):
        return None
    if environ.get("QT_QPA_PLATFORM", "").startswith(_SCREENLESS):
        return None
    wayland, x11 = environ.get("WAYLAND_DISPLAY"), environ.get("DISPLAY")
    if not wayland and not x11:
        return "there is no display (neither WAYLAND_DISPLAY nor DISPLAY is set)"
    if wayland and _answers_locally(Path(environ.get("XDG_RUNTIME_DIR", "/")) / wayland):
        return None
    if x11 and _x_server_answers(x11):
        return None
    return f"the display {wayland or x11} does not answer"


def _x_server_answers(display: str) -> bool:
    host, _, rest = display.rpartition(":")
    number = rest.partition(".")[0]
    if not number.isdigit():
        return False
    if host in ("", "unix"):
        name = f"/tmp/.X11-unix/X{number}"  # noqa: S108 -- where X servers put their sockets
        return _answers_locally(Path(name)) or _answers_locally(Path("\0" + name))
    try:
        with socket.create_connection((host, 6000 + int(number)), timeout=1):
            return True
    except OSError:
        return False


def _answers_locally(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        try:
            probe.connect(os.fspath(path))
        except (OSError, ValueError):
            return False
        return True
