"""The tray icon and its menu."""

import sys
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon


@dataclass(frozen=True, slots=True)
class TrayActions:
    """What the menu can ask for."""

    open_window: Callable[[], None]
    copy_url: Callable[[], None]
    quit: Callable[[], None]


class Tray(QSystemTrayIcon):
    """Shows that Tierwise runs, and is the way in while no window is open."""

    def __init__(self, icon: QIcon, url: str, actions: TrayActions, *, platform: str = sys.platform) -> None:
        super().__init__(icon)
        self._actions = actions
        self._click_opens_menu = platform == "darwin"
        self._menu = QMenu()
        self._status = self._menu.addAction(self.tr("Running at %1").replace("%1", url))
        self._status.setEnabled(False)
        self._menu.addSeparator()
        self._add(self.tr("&Open Tierwise"), actions.open_window)
        self._add(self.tr("&Copy URL"), actions.copy_url)
        self._menu.addSeparator()
        self._add(self.tr("&Quit Tierwise"), actions.quit)
        self.setContextMenu(self._menu)
        self.setToolTip(self.tr("Tierwise is running at %1").replace("%1", url))
        self.activated.connect(self._on_activated)

    def remove(self) -> None:
        self.hide()
        self._menu.deleteLater()
        self.deleteLater()

    def _add(self, text: str, act: Callable[[], None]) -> QAction:
        action = self._menu.addAction(text)
        action.triggered.connect(act)
        return action

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason == QSystemTrayIcon.ActivationReason.Trigger and not self._click_opens_menu:
            self._actions.open_window()
