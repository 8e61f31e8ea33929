"""A real desktop without a screen: an X server, a window manager and a tray host, clicked with xdotool.

There are two kinds of hosts. `trayer` takes icons in as windows (XEmbed) and leaves menus to the program; the
panel of Xfce is told of icons and menus over a session bus (StatusNotifier) and draws both itself.
"""

import contextlib
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from tests.app.keyring.secret_service import start_daemon

ARTEFACTS = Path(__file__).resolve().parents[2] / "build" / "screenshots"

_PACKAGES = {
    "Xvfb": "xvfb",
    "xdotool": "xdotool",
    "openbox": "openbox",
    "trayer": "trayer",
    "import": "imagemagick",
    "xprop": "x11-utils",
}
_PACKAGES_OF_BUS = {
    "dbus-daemon": "dbus",
    "gdbus": "libglib2.0-bin",
    "gnome-keyring-daemon": "gnome-keyring",
    "xfce4-panel": "xfce4-panel",
}
_WATCHER = "org.kde.StatusNotifierWatcher"
_TOP = 30
"""The panel of Xfce is no higher, and at the top."""
_PATIENCE_SECONDS = 20
_SHADE = 6
"""Of 255: by how much a colour may differ that was drawn over another ground."""
_ENOUGH = 20
"""Dots of an icon's own colour."""
# XEmbed icons are this wide in the panel below.
_PANEL_HEIGHT = 32

Shape = tuple[int, int, int, int]
"""Left, top, width, height."""


def skip_without_packages(packages: Mapping[str, str] = _PACKAGES) -> None:
    missing = [package for command, package in packages.items() if shutil.which(command) is None]
    if missing:
        pytest.skip(f"a tray needs a desktop: install {' '.join(missing)}")


class Desktop:
    """One X display with everything a tray icon needs."""

    def __init__(self, display: str, **environ: str) -> None:
        self.display = display
        self.environ = {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", **environ}

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

    def drawn(self, color: QColor) -> tuple[int, int]:
        """The middle of what the panel at the top shows in this colour, once it does; what else is there
        has others."""
        for picture in self._pictures():
            spots = [
                (x, y)
                for x in range(picture.width())
                for y in range(_TOP)
                if _are_alike(picture.pixelColor(x, y), color)
            ]
            if len(spots) > _ENOUGH:
                return sum(x for x, _ in spots) // len(spots), sum(y for _, y in spots) // len(spots)
        raise AssertionError(f"the panel shows nothing in {color.name()}")

    def opened_by_panel(self) -> None:
        """Until a menu hangs from the panel at the top, where else is only the black ground."""
        below = 2 * _TOP
        for picture in self._pictures():
            if any(picture.pixelColor(x, below).lightness() for x in range(picture.width())):
                return
        raise AssertionError("the panel shows no menu")

    def _pictures(self) -> Iterator[QImage]:
        """The screen, again and again."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            yield QImage(str(self.screenshot("panel")))

    def click(self, where: tuple[int, int], button: int) -> None:
        self.xdotool("mousemove", str(where[0]), str(where[1]), "click", str(button))

    def until_on_bus(self, name: str) -> None:
        """Until a program with that name is on the session bus."""
        self._run("gdbus", "wait", "--session", "--timeout", str(_PATIENCE_SECONDS), name)

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
            env={**os.environ, **self.environ},
            capture_output=True,
            text=True,
            timeout=_PATIENCE_SECONDS,
            check=True,
        )
        return done.stdout


def _are_alike(one: QColor, other: QColor) -> bool:
    pairs = zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)
    return all(abs(mine - its) <= _SHADE for mine, its in pairs)


@contextlib.contextmanager
def desktop_with_bus(home: Path) -> Iterator[Desktop]:
    """With a session bus and the panel of Xfce; their files are below that folder."""
    skip_without_packages({**_PACKAGES, **_PACKAGES_OF_BUS})
    with contextlib.ExitStack() as running:
        here = Desktop(
            f":{_start_x_server(running)}",
            HOME=str(home),
            XDG_CONFIG_HOME=str(home / "config"),
            XDG_CACHE_HOME=str(home / "cache"),
            XDG_RUNTIME_DIR=str(home),
        )
        here.environ["DBUS_SESSION_BUS_ADDRESS"] = _start_bus(running, here)
        start_daemon(running, {**os.environ, **here.environ}, unlocked=True)
        for command in (["openbox"], ["xfce4-panel", "--disable-wm-check"]):
            running.enter_context(_process(command, {**os.environ, **here.environ}))
        here.until_on_bus(_WATCHER)
        yield here


def _start_bus(running: contextlib.ExitStack, here: Desktop) -> str:
    """Its address; whatever it starts on demand sees the same display and home."""
    reading, writing = os.pipe()
    with os.fdopen(reading) as addresses:
        command = ["dbus-daemon", "--session", "--nofork", f"--print-address={writing}"]
        environ = {**os.environ, **here.environ}
        running.enter_context(_process(command, environ, pass_fds=(writing,)))
        os.close(writing)
        return addresses.readline().strip()


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
