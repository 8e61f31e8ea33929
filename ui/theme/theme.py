"""Which scheme is in use: the one that was chosen, or the desktop's, as long as that is followed."""

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QDir, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from resources import resource
from ui.theme.colors import DARK_BELOW, Colors, dark, light
from ui.theme.palette import palette_of
from ui.theme.style import style_sheet

Choice = Literal["system", "light", "dark"]


class Theme(QObject):
    """The looks of one application. Its style sheet is set when the first window opens: a tray needs none."""

    changed = Signal()

    def __init__(self, app: QApplication, choice: Choice = "system") -> None:
        super().__init__(app)
        self._app = app
        self._choice: Choice = choice
        self._desktop_is_dark = _desktops(app)
        self._worn: Colors | None = None
        app.styleHints().colorSchemeChanged.connect(self._on_desktop)

    @property
    def colors(self) -> Colors:
        is_dark = self._desktop_is_dark() if self._choice == "system" else self._choice == "dark"
        return dark() if is_dark else light()

    def choose(self, choice: Choice) -> None:
        self._choice = choice
        if self._worn is not None:
            self.wear()

    def wear(self) -> None:
        """Put it on, unless it is worn already."""
        colors = self.colors
        if colors is self._worn:
            return
        if self._worn is None:
            QDir.setSearchPaths("controls", [str(resource("icons/controls"))])
            self._app.setStyle(QStyleFactory.create("Fusion"))
        self._worn = colors
        self._app.setPalette(palette_of(colors))
        self._app.setStyleSheet(style_sheet(colors))
        self.changed.emit()

    def _on_desktop(self) -> None:
        if self._worn is not None:
            self.wear()


def _desktops(app: QApplication) -> Callable[[], bool]:
    """Whether the desktop is dark. Where it does not say, its palette does, as it was before ours."""
    before = app.palette().color(QPalette.ColorRole.Window)

    def is_dark() -> bool:
        scheme = QGuiApplication.styleHints().colorScheme()
        if scheme is Qt.ColorScheme.Unknown:
            return before.lightness() < DARK_BELOW
        return scheme is Qt.ColorScheme.Dark

    return is_dark
