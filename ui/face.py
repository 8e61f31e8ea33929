"""The face of a running application: tray icon and window.

Where the desktop has no tray the window stands in for it, and closing the window ends the program.
"""

import asyncio
import logging
import threading
from collections.abc import Mapping

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSystemTrayIcon

from app.application import Application
from app.commands.context import WindowAtStart
from app.desk.changes import Change
from app.desk.desk import Desk
from app.errors import UserError
from app.home import Home
from app.lasting import what_is_here_lasts
from proxy.config.switch import Switch
from ui.dialogs import confirmed, tell
from ui.frame.remembered import Remembered, as_text, remember, remembered
from ui.frame.window import MainWindow
from ui.icons import program_icon
from ui.offered_demo import OfferedDemo
from ui.quit import Application as QtApplication
from ui.switching import switched
from ui.tasks import Tasks
from ui.theme.theme import Theme
from ui.tray.menu import TrayActions
from ui.tray.tray import Tray
from ui.watchdog import WatchedApplication
from ui.windows.pages import Around, entries, load, makers

_log = logging.getLogger("tierwise.ui")

_FIRST_PAGE = "overview"
_CALM_SECONDS = 3.0


class Face:
    """Everything of one application that the user sees."""

    def __init__(
        self, application: Application, home: Home, environ: Mapping[str, str], qt: QtApplication
    ) -> None:
        self._application = application
        self._home = home
        self._qt = qt
        self._icon = program_icon()
        self._demo = OfferedDemo(home, environ)
        self._tasks = Tasks()
        self._keeping = Tasks()
        self._is_over = threading.Event()
        self._remembered = Remembered()
        self._theme: Theme | None = None
        self._desk: Desk | None = None
        self._window: MainWindow | None = None
        self._tray: Tray | None = None

    @property
    def window(self) -> MainWindow | None:
        """None while it is closed."""
        return self._window

    @property
    def tray(self) -> Tray | None:
        return self._tray

    async def appear(self, window: WindowAtStart) -> None:
        self._remembered = await asyncio.to_thread(remembered, self._home.run)
        self._desk = Desk(self._application)
        self._theme = Theme(self._qt, self._desk.settings.ui.theme)
        self._stop_listening = self._desk.listen(self._on_change)
        self._tray = Tray(self._desk, self._tray_actions())
        self._tray.appear()
        _log.info("the tray is %s", "there" if QSystemTrayIcon.isSystemTrayAvailable() else "missing")
        if self._opens(window):
            self.show_window()
        self._tasks.start(self._prepare())

    def show_window(self, page: str = "") -> None:
        if self._desk is None or self._theme is None:
            return  # asked for before there is anything to show
        if self._window is None:
            self._window = self._opened(self._desk, self._theme)
            kept = self._remembered.page
            page = page or (kept if any(entry.name == kept for entry in entries()) else _FIRST_PAGE)
        if page:
            self._window.go_to(page)
        if self._window.isMinimized():
            self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowMinimized)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()

    async def vanish(self) -> None:
        self._is_over.set()
        if self._window is not None:
            self._window.close()
        if self._desk is not None:
            self._stop_listening()
        if self._tray is not None:
            self._tray.remove()
        self._tasks.cancel()  # a dialog may still wait for an answer
        await self._tasks.ended()
        await self._keeping.ended()
        await self._demo.stop()
        self._demo.deleteLater()

    async def _prepare(self) -> None:
        """For the first click on the tray, when the start is over: what is there by then stays, and a window
        that is open by then counts as such, too."""
        await asyncio.sleep(_CALM_SECONDS)
        await asyncio.to_thread(load, self._is_over)
        what_is_here_lasts()

    # -- the window --------------------------------------------------------------------------------

    def _opened(self, desk: Desk, theme: Theme) -> MainWindow:
        theme.wear()
        window = MainWindow(self._icon, entries(), makers(Around(desk, theme, self._demo)))
        window.restoreGeometry(self._remembered.geometry_bytes)
        window.closed.connect(self._on_closed)
        window.quit_wished.connect(self._application.request_stop)
        if isinstance(self._qt, WatchedApplication) and (watchdog := self._qt.watchdog) is not None:
            window.building_began.connect(watchdog.opening)
            window.building_ended.connect(watchdog.opened)
        return window

    def _opens(self, window: WindowAtStart) -> bool:
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return True
        if window is WindowAtStart.USEFUL:
            return not self._application.has_providers
        return window is WindowAtStart.ASKED

    def _on_closed(self) -> None:
        if (window := self._window) is None or self._desk is None:
            return
        self._window = None
        stays = self._desk.settings.ui.close_to_tray and QSystemTrayIcon.isSystemTrayAvailable()
        kept = msgspec.structs.replace(
            self._remembered, geometry=as_text(bytes(window.saveGeometry().data())), page=window.current
        )
        goes_on = not self._application.stop_requested.is_set() and not self._is_over.is_set()
        if stays and goes_on and not kept.has_told_of_tray:
            asyncio.get_running_loop().call_soon(self._tell_of_tray)  # closing is much at once already
            kept = msgspec.structs.replace(kept, has_told_of_tray=True)
        self._remembered = kept
        self._keeping.start(asyncio.to_thread(remember, self._home.run, kept))
        self._keeping.start(window.dismantled())
        if not stays:
            self._application.request_stop()

    def _tell_of_tray(self) -> None:
        if self._tray is not None and not self._is_over.is_set():
            self._tray.showMessage(
                self._tray.tr("Tierwise goes on in the tray"),
                self._tray.tr("Clients are still served. Its icon opens this window again, or ends it."),
                self._icon,
            )

    # -- the tray ----------------------------------------------------------------------------------

    def _tray_actions(self) -> TrayActions:
        return TrayActions(
            open_window=self.show_window,
            show_page=self.show_window,
            copy_url=self._copy_url,
            quit=self._application.request_stop,
            throw=lambda switch: self._tasks.start(self._throw(switch)),
        )

    async def _throw(self, switch: Switch) -> None:
        """The menu shows what is, not what was clicked: while the user is asked, and if nothing changes."""
        if self._desk is None or self._tray is None:
            return
        self._tray.refresh()
        try:
            await switched(self._desk, self._confirmed, switch)
        except UserError as error:
            await tell(str(error), self._tray.tr("That could not be switched"))
        else:
            self._tray.refresh()

    async def _confirmed(self, question: str, details: str, yes: str) -> bool:
        return await confirmed(self._window, question, details, yes)

    def _copy_url(self) -> None:
        QGuiApplication.clipboard().setText(self._application.gateway.url)

    def _on_change(self, change: Change) -> None:
        if change is Change.SETTINGS and self._theme is not None and self._desk is not None:
            self._theme.choose(self._desk.settings.ui.theme)
