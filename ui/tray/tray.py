"""The tray icon: how things stand at a glance, a menu that follows them, and the way to the window.

It hears of changes and asks for nothing by itself, so an idle tray costs nothing. What is counted of today is
asked for when the menu opens, and at most once a second while there is traffic.
"""

import sys
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QSystemTrayIcon

from app.desk.changes import Change
from app.desk.desk import Desk
from app.desk.figures import Counts
from ui.frame.feed import Feed
from ui.icons import TrayState, tray_icon
from ui.tray import telling
from ui.tray.menu import TrayActions, TrayMenu

_PAUSE_MS: Final = 1000
_NEW_DAY_MS: Final = 15 * 60 * 1000
"""Without a request nobody says that another day has begun."""


class Tray(QSystemTrayIcon):
    """Shows that Tierwise runs and how, and is the way in while no window is open."""

    def __init__(self, desk: Desk, actions: TrayActions, *, platform: str = sys.platform) -> None:
        super().__init__(tray_icon(TrayState.ON))
        self._desk = desk
        self._actions = actions
        self._click_opens_menu = platform == "darwin"
        self._counts: Counts | None = None
        self._state: TrayState | None = None
        self.menu = TrayMenu(actions)
        self.setContextMenu(self.menu)
        self.activated.connect(self._on_activated)
        self.menu.aboutToShow.connect(self._on_menu)
        self.feed = Feed(
            self,
            desk,
            desk.counts,
            self._on_counts,
            self._on_unknown,
            {Change.RECORD},
            pause_ms=_PAUSE_MS,
        )
        self._new_day = QTimer(self)
        self._new_day.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._new_day.timeout.connect(self.feed.ask_anew)
        self._stop_listening = desk.listen(self._on_change)
        self._tell()

    def appear(self) -> None:
        self.show()
        self.feed.wake()
        self._new_day.start(_NEW_DAY_MS)

    def remove(self) -> None:
        self._stop_listening()
        self._new_day.stop()
        self.feed.end()
        self.hide()
        self.menu.deleteLater()
        self.deleteLater()

    def refresh(self) -> None:
        """Show what is, whatever a click has made of the menu."""
        self._tell()

    def _tell(self) -> None:
        standing = self._desk.standing()
        self.menu.tell(standing)
        self.menu.tell_figures(standing, self._counts, self._desk.last_decision())
        state = telling.icon_state(standing)
        if state is not self._state:
            self._state = state
            self.setIcon(tray_icon(state))
        tip = telling.tool_tip(standing, self._counts)
        if tip != self.toolTip():
            self.setToolTip(tip)

    def _on_change(self, change: Change) -> None:
        if change is not Change.RECORD:  # of which the feed brings the figures
            self._tell()

    def _on_counts(self, counts: Counts) -> None:
        self._counts = counts
        self._tell()

    def _on_unknown(self, _sentence: str) -> None:
        """Why is told as trouble; what is unknown is not shown as it was."""
        self._counts = None
        self._tell()

    def _on_menu(self) -> None:
        self._tell()
        self.feed.ask_anew()

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason == QSystemTrayIcon.ActivationReason.Trigger and not self._click_opens_menu:
            self._actions.open_window()
