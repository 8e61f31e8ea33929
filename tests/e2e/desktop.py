"""A real desktop without a screen: an X server, a window manager and a tray host, clicked with xdotool."""

import contextlib
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ARTEFACTS = Path(__file__).resolve().parents[2] / "build" / "screenshots"

_PACKAGES = {
    "Xvfb": "xvfb",
    "xdotool": "xdotool",
    "openbox": "openbox",
    "trayer": "trayer",
    "import": "imagemagick",
    "xprop": "x11-utils",
}
_PATIENCE_SECONDS = 20
# XEmbed icons are this wide in the panel below.
_PANEL_HEIGHT = 32

Shape = tuple[int, int, int, int]
"""Left, top, width, height."""


def skip_without_packages() -> None:
    missing = [package for command, package in _PACKAGES.items() if shutil.which(command) is None]
    if missing:
        pytest.skip(f"a tray needs a desktop: install {' '.join(missing)}")


class Desktop:
    """One X display with everything a tray icon needs."""

    def __init__(self, display: str) -> None:
        self.display = display

    def xdotool(self, *words: str) -> str:
        return self._run("xdotool", *words)

    def tray_icon(self, pid: int) -> tuple[int, int]:
        """The middle of the icon that this process has put into the panel, once it is there."""
        _, (x, y, width, height) = self._await(pid, lambda shape: 0 < shape[3] <= _PANEL_HEIGHT)
        return x + width // 2, y + height // 2

    def opened(self, pid: int) -> str:
        """The id of the menu or window that this process shows beside its icon, once it is there."""
        window, _ = self._await(pid, lambda shape: shape[3] > _PANEL_HEIGHT)
        return window

    def _await(self, pid: int, fits: Callable[[Shape], bool]) -> tuple[str, Shape]:
        """The first visible window of this process whose shape fits; xdotool waits until there is any."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            for window in self.xdotool("search", "--sync", "--onlyvisible", "--pid", str(pid)).split():
                shape = self._shape(window)
                if shape is not None and fits(shape):
                    return window, shape
        raise AssertionError(f"process {pid} shows no such window")

    def click(self, where: tuple[int, int], button: int) -> None:
        self.xdotool("mousemove", str(where[0]), str(where[1]), "click", str(button))

    def press(self, *keys: str) -> None:
        self.xdotool("key", *keys)

    def screenshot(self, name: str) -> Path:
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        file = ARTEFACTS / f"{name}.png"
        self._run("import", "-window", "root", str(file))
        return file

    def _shape(self, window: str) -> Shape | None:
        with contextlib.suppress(subprocess.CalledProcessError):  # the window may be gone again
            told = self.xdotool("getwindowgeometry", "--shell", window)
            found = {name: int(value) for name, value in re.findall(r"^(\w+)=(-?\d+)$", told, re.MULTILINE)}
            return found["X"], found["Y"], found["WIDTH"], found["HEIGHT"]
        return None

    def _run(self, *command: str) -> str:
        done = subprocess.run(
            command,
            env={**os.environ, "DISPLAY": self.display},
            capture_output=True,
            text=True,
            timeout=_PATIENCE_SECONDS,
            check=True,
        )
        return done.stdout


@contextlib.contextmanager
def desktop() -> Iterator[Desktop]:
    """Started in order, each part awaited; ended by pid, however the test went."""
    skip_without_packages()
    with contextlib.ExitStack() as running:
        display = f":{_start_x_server(running)}"
        environ = {**os.environ, "DISPLAY": display}
        panel = ["trayer", "--edge", "top", "--align", "right", "--SetDockType", "true"]
        panel += ["--widthtype", "request", "--height", str(_PANEL_HEIGHT)]
        for command in (["openbox"], panel):
            running.enter_context(_process(command, environ))
        here = Desktop(display)
        here.xdotool("search", "--sync", "--onlyvisible", "--class", "trayer")
        yield here


def _start_x_server(running: contextlib.ExitStack) -> str:
    """The number of the display; the server chooses a free one and writes it when it is ready."""
    reading, writing = os.pipe()
    with os.fdopen(reading) as numbers:
        command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
        running.enter_context(_process(command, dict(os.environ), pass_fds=(writing,)))
        os.close(writing)
        number = numbers.readline().strip()
    assert number, "Xvfb ended before it was ready"
    return number


@contextlib.contextmanager
def _process(
    command: list[str], environ: dict[str, str], pass_fds: tuple[int, ...] = ()
) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, pass_fds=pass_fds
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(_PATIENCE_SECONDS)
