"""The program, as a process: the real application and its face, whose windows are opened from outside.

    python -m benchmarks.desktop.driven HOME [--watched]

Where slices are counted the application is a watched one; else it is the usual one, since watching costs.
"""

import ui  # noqa: F401, I001 -- first, as in the program: it keeps PySide from reading sources

import os
import sys
import time
from pathlib import Path

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QMenu, QTableView

from app.application import Application, Options
from app.commands.context import WindowAtStart
from app.home import Home
from app.instance import InstanceLock
from app.lasting import what_is_here_lasts
from app.logs import Logs
from benchmarks.desktop.children import Answer, obey, tell
from benchmarks.desktop.paints import Frames, first_paints
from benchmarks.desktop.slices import CountingWatchdog
from benchmarks.table import NotMeasuredError
from ui.face import Face
from ui.loop import run
from ui.quit import Application as QtApplication
from ui.watchdog import WatchedApplication

_SCROLL_MS = 33


class Driven:
    """What can be asked of it, by name."""

    def __init__(self, face: Face, watchdog: CountingWatchdog | None) -> None:
        self._face = face
        self._watchdog = watchdog
        self._scrolls_since = 0.0
        self._moved = 0
        self._scroll = QTimer()
        self._scroll.timeout.connect(self._step)

    async def open(self, page: str) -> Answer:
        """Until its content is painted; slices may be longer as long as that takes."""
        if self._watchdog is not None:
            self._watchdog.opening()
        try:
            return await first_paints(self._face, page)
        finally:
            if self._watchdog is not None:
                self._watchdog.opened()

    async def close(self) -> Answer:
        self._scroll.stop()
        if self._face.window is not None:
            self._face.window.close()
        return {}

    async def scroll(self, page: str) -> Answer:
        """On and on, a screenful at a time, and from the top again after the last row."""
        assert self._face.window is not None
        shown = await self._face.window.built(page)
        self._table = max(shown.findChildren(QTableView), key=lambda table: table.height())
        self._scrolls_since, self._moved = time.perf_counter(), 0
        self._scroll.start(_SCROLL_MS)
        return {}

    async def stand(self) -> Answer:
        self._scroll.stop()
        return {"times": self._moved, "seconds": time.perf_counter() - self._scrolls_since}

    async def look(self) -> Answer:
        """At how often the window is painted, from now on."""
        assert self._face.window is not None
        self._frames = Frames(self._face.window)
        return {}

    async def looked(self) -> Answer:
        return self._frames.counted()

    async def open_menu(self) -> Answer:
        assert self._face.tray is not None
        self._face.tray.menu.popup(QPoint(200, 60))
        return self._with_open_menu(self._face.tray.menu)

    async def close_menu(self) -> Answer:
        """Which must still have been open."""
        assert self._face.tray is not None
        answer = self._with_open_menu(self._face.tray.menu)
        self._face.tray.menu.close()
        return answer

    async def count(self) -> Answer:
        """Slices from now on."""
        assert self._watchdog is not None
        self._watchdog.taken()
        self._watchdog.is_counting = True
        return {}

    async def counted(self) -> Answer:
        assert self._watchdog is not None
        self._watchdog.is_counting = False
        return self._watchdog.taken()

    def _with_open_menu(self, menu: QMenu) -> Answer:
        if not menu.isVisible():
            raise NotMeasuredError("the menu is not open")
        return {}

    def _step(self) -> None:
        bar, model = self._table.verticalScrollBar(), self._table.model()
        before = bar.value()
        is_at_end = before == bar.maximum() and not model.canFetchMore(self._table.rootIndex())
        bar.setValue(0 if is_at_end else before + bar.pageStep())
        self._moved += bar.value() != before


async def _obey(home: Home, lock: InstanceLock, qt: QtApplication, watchdog: CountingWatchdog | None) -> None:
    application = Application(home, lock, Options(0), os.environ)
    face = Face(application, home, os.environ, qt)
    await application.start()
    try:
        await face.appear(WindowAtStart.MINIMISED)
        what_is_here_lasts()
        driven = Driven(face, watchdog)
        await driven.close()  # it has opened by itself where there is no tray
        tell(url=application.gateway.url)
        await obey(lambda name: getattr(driven, name))
        await driven.close()
    finally:
        await face.vanish()
        await application.stop()


def main() -> None:
    home = Home(Path(sys.argv[1]))
    home.prepare()
    is_watched = "--watched" in sys.argv
    qt = (WatchedApplication if is_watched else QtApplication)(["tierwise"])
    qt.setQuitOnLastWindowClosed(False)
    watchdog = CountingWatchdog() if is_watched else None
    if isinstance(qt, WatchedApplication) and watchdog is not None:
        watchdog.start()
        qt.watch(watchdog)
    with InstanceLock(home) as lock, Logs(home.logs, "info"):
        run(_obey(home, lock, qt, watchdog), qt)
    if watchdog is not None:
        watchdog.stop()


if __name__ == "__main__":
    main()
