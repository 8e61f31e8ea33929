"""The face of a running application: tray icon and window.

Where the desktop has no tray the window stands in for it, and closing the window ends the program.
"""

import logging
from collections.abc import Mapping

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSystemTrayIcon

from app.application import Application
from app.commands.context import WindowAtStart
from app.home import Home
from ui.icons import program_icon
from ui.offered_demo import OfferedDemo
from ui.tray import Tray, TrayActions
from ui.windows.welcome import WelcomeWindow

_log = logging.getLogger("tierwise.ui")


class Face:
    """Everything of one application that the user sees."""

    def __init__(self, application: Application, home: Home, environ: Mapping[str, str]) -> None:
        self._application = application
        self._icon = program_icon()
        self._demo = OfferedDemo(home, environ)
        self._window: WelcomeWindow | None = None
        self._tray: Tray | None = None

    def appear(self, window: WindowAtStart) -> None:
        actions = TrayActions(self.show_window, self._copy_url, self._application.request_stop)
        self._tray = Tray(self._icon, self._application.gateway.url, actions)
        self._tray.show()
        _log.info("the tray is %s", "there" if QSystemTrayIcon.isSystemTrayAvailable() else "missing")
        if self._opens(window):
            self.show_window()

    def show_window(self) -> None:
        if self._window is None:
            self._window = WelcomeWindow(
                self._icon,
                self._application.gateway.url,
                has_providers=self._application.has_providers,
                demo=self._demo,
                machine=self._application,
                copy=self._copy_url,
            )
            self._window.closed.connect(self._on_closed)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()

    async def vanish(self) -> None:
        if self._window is not None:
            self._window.close()
        if self._tray is not None:
            self._tray.remove()
        await self._demo.stop()
        self._demo.deleteLater()

    def _opens(self, window: WindowAtStart) -> bool:
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return True
        if window is WindowAtStart.USEFUL:
            return not self._application.has_providers
        return window is WindowAtStart.ASKED

    def _copy_url(self) -> None:
        QGuiApplication.clipboard().setText(self._application.gateway.url)

    def _on_closed(self) -> None:
        self._window = None
        if not QSystemTrayIcon.isSystemTrayAvailable():
            self._application.request_stop()
