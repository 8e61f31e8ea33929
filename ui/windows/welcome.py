"""The first window: where Tierwise listens, and for those who have nothing configured yet a first step."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QFont, QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ui.windows.demo_panel import DemoPanel, DemoSource
from ui.windows.found_here import FoundHere, Machine

_WIDTH = 520
_MARGIN = 24
_ICON = 48


class WelcomeWindow(QWidget):
    """`closed` is emitted when the user closes it; the window is gone after that."""

    closed = Signal()

    def __init__(
        self,
        icon: QIcon,
        url: str,
        *,
        has_providers: bool,
        demo: DemoSource,
        machine: Machine,
        copy: Callable[[], None],
    ) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Tierwise"))
        self.setWindowIcon(icon)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(_WIDTH)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        rows.setSpacing(_MARGIN // 2)
        rows.addLayout(self._header(icon))
        rows.addLayout(self._address(url, copy))
        rows.addWidget(self._what_next(has_providers))
        self.found = FoundHere(machine)
        rows.addWidget(self.found)
        if has_providers:
            self.found.hide()
        self.demo = DemoPanel(demo)
        rows.addWidget(self.demo)
        rows.addStretch()
        self.demo.setFocus()
        QShortcut(QKeySequence.StandardKey.Close, self, self.close)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 -- Qt's name
        self.demo.stop_listening()
        self.found.stop_listening()
        self.closed.emit()
        super().closeEvent(event)

    def _header(self, icon: QIcon) -> QHBoxLayout:
        picture = QLabel()
        picture.setPixmap(icon.pixmap(_ICON, _ICON))
        title = QLabel(self.tr("Tierwise is running"))
        large = QFont(title.font())
        large.setPointSizeF(large.pointSizeF() * 1.6)
        large.setBold(True)
        title.setFont(large)
        row = QHBoxLayout()
        row.addWidget(picture)
        row.addSpacing(_MARGIN // 3)
        row.addWidget(title)
        row.addStretch()
        return row

    def _address(self, url: str, copy: Callable[[], None]) -> QHBoxLayout:
        label = QLabel(self.tr("&Listening at"))
        field = QLineEdit(url)
        field.setReadOnly(True)
        field.setAccessibleName(self.tr("Address of the gateway"))
        label.setBuddy(field)
        button = QPushButton(self.tr("&Copy"))
        button.setAccessibleName(self.tr("Copy the address"))
        button.clicked.connect(copy)
        row = QHBoxLayout()
        row.addWidget(label)
        row.addWidget(field, 1)
        row.addWidget(button)
        return row

    def _what_next(self, has_providers: bool) -> QLabel:  # noqa: FBT001 -- it chooses a sentence, no behaviour
        if has_providers:
            text = self.tr(
                "Your providers are configured. Each turn goes to the cheapest tier that does it well."
            )
        else:
            text = self.tr(
                "No provider is configured yet, so there is nobody to pass requests to. "
                "The demo shows Tierwise at work without one: its answers are made up, "
                "and nothing leaves this computer."
            )
        label = QLabel(text)
        label.setWordWrap(True)
        return label
