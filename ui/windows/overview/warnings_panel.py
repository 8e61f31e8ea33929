"""What needs the user, each with the button that mends it; not there at all while nothing does."""

from collections.abc import Callable, Sequence
from typing import Final, Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.frame.panel import Panel
from ui.theme.roles import with_role
from ui.widgets.tab_order import put_in_tab_order
from ui.windows.overview.concern import Concern, Severity
from ui.windows.overview.orders import Order

_LOOKS: Final[dict[Severity, tuple[str, Literal["bad", "warn", "muted"]]]] = {
    Severity.BAD: ("✕", "bad"),
    Severity.WARN: ("▲", "warn"),
    Severity.NOTE: ("○", "muted"),
}


class WarningsPanel(Panel):
    """Rows stay as long as their concern does, so that no button moves away under the pointer in vain."""

    def __init__(self, mend: Callable[[Order], object]) -> None:
        super().__init__(self.tr("Needs your attention"))
        self._mend = mend
        self._rows: dict[str, _Row] = {}
        self._content = QWidget()
        self._column = QVBoxLayout(self._content)
        self._column.setSpacing(6)
        self.fill(self._content)
        self.ready()
        self.hide()

    @property
    def rows(self) -> "list[_Row]":
        """From top to bottom."""
        return list(self._rows.values())

    def show_concerns(self, found: Sequence[Concern]) -> None:
        before, wanted = self._rows, {each.key: each for each in found}
        for key in [key for key in before if key not in wanted]:
            self._drop(before.pop(key))
        rows = {key: before.get(key) or _Row(self._content, self._mend) for key in wanted}
        for place, (key, row) in enumerate(rows.items()):
            row.tell(wanted[key])
            if self._column.indexOf(row) != place:
                self._column.insertWidget(place, row)
        widest = max((row.button.sizeHint().width() for row in rows.values()), default=0)
        for row in rows.values():
            row.button.setMinimumWidth(widest)
        if list(rows.values()) != self.rows:
            put_in_tab_order(self._content, rows.values())
        self._rows = rows
        self.setVisible(bool(rows))

    def _drop(self, row: "_Row") -> None:
        """Hidden first, so that the focus goes on to what comes next."""
        row.hide()
        self._column.removeWidget(row)
        row.deleteLater()


class _Row(QWidget):
    """A sign, a sentence, a button."""

    def __init__(self, parent: QWidget, mend: Callable[[Order], object]) -> None:
        super().__init__(parent)
        self._concern: Concern | None = None
        self._mend = mend
        self.sign = QLabel()
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = QPushButton()
        self.button.clicked.connect(self._on_click)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(10)
        line.addWidget(self.sign)
        line.addWidget(self.sentence, 1)
        line.addWidget(self.button)

    def tell(self, concern: Concern) -> None:
        if concern == self._concern:
            return
        self._concern = concern
        sign, role = _LOOKS[concern.severity]
        with_role(self.sign, role).setText(sign)
        self.sentence.setText(concern.sentence)
        self.button.setText(concern.button)
        self.button.setAccessibleDescription(concern.sentence)

    def _on_click(self) -> None:
        if self._concern is not None:
            self._mend(self._concern.order)
