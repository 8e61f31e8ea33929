"""The face of a running application: tray icon, window, and the demo that the window offers.

Where the desktop has no tray the window stands in for it, and closing the window ends the program.
"""

import logging
from collections.abc import AsyncIterator, Callable, Mapping

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSystemTrayIcon

from app.application import Application
from app.demo import Demo
from app.demo_client import DemoClient
from app.home import Home
from ui.icons import program_icon
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

    def appear(self, *, window_wanted: bool) -> None:
        actions = TrayActions(self.show_window, self._copy_url, self._application.request_stop)
        self._tray = Tray(self._icon, self._application.gateway.url, actions)
        self._tray.show()
        _log.info("the tray is %s", "there" if QSystemTrayIcon.isSystemTrayAvailable() else "missing")
        nothing_to_do_yet = not self._application.has_providers
        if window_wanted and (nothing_to_do_yet or not QSystemTrayIcon.isSystemTrayAvailable()):
            self.show_window()

    def show_window(self) -> None:
        if self._window is None:
            self._window = WelcomeWindow(
                self._icon,
                self._application.gateway.url,
                has_providers=self._application.has_providers,
                demo=self._demo,
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

    def _copy_url(self) -> None:
        QGuiApplication.clipboard().setText(self._application.gateway.url)

    def _on_closed(self) -> None:
        self._window = None
        if not QSystemTrayIcon.isSystemTrayAvailable():
            self._application.request_stop()


class OfferedDemo:
    """The demo that the window can start; it runs in this process, beside the application."""

    def __init__(self, home: Home, environ: Mapping[str, str]) -> None:
        self._make: Callable[[], Demo] = lambda: Demo(home, environ)
        self._demo: Demo | None = None
        self._client: DemoClient | None = None

    @property
    def url(self) -> str | None:
        return None if self._demo is None else self._demo.application.gateway.url

    @property
    def served_by(self) -> str:
        return "unknown" if self._client is None else self._client.served_by

    async def start(self) -> None:
        demo = self._make()
        await demo.start()
        self._demo = demo
        self._client = DemoClient(demo.application.gateway.url, demo.application.client_token())

    def ask(self, question: str) -> AsyncIterator[str]:
        if self._client is None:
            raise RuntimeError("the demo has not started")
        return self._client.ask(question)

    async def stop(self) -> None:
        if self._demo is not None:
            await self._demo.stop()
