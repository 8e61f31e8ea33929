"""Which columns are shown: a menu at the table's head, and the same at a button for the keyboard."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton

from ui.windows.logs.columns import LogColumn
from ui.windows.logs.view import LogView


class ColumnMenu(QMenu):
    """One line for each column, and one that leaves the choice to the width.

    `chosen` has the names of those that the user has chosen; None: as many as there is room for.
    """

    chosen = Signal(object)

    def __init__(self, button: QPushButton, view: LogView, columns: Sequence[LogColumn]) -> None:
        super().__init__(button)
        self._view = view
        self._choice: frozenset[str] | None = None
        self._lines: dict[str, QAction] = {}
        for column in columns:
            line = self.addAction(column.title)
            line.setCheckable(True)
            line.triggered.connect(self._on_chosen)
            self._lines[column.name] = line
        self.addSeparator()
        self.by_width = self.addAction(self.tr("As many as there is room for"))
        self.by_width.setCheckable(True)
        self.by_width.triggered.connect(lambda: self._choose(None))
        self.aboutToShow.connect(self._show_what_is)
        button.setMenu(self)
        head = view.horizontalHeader()
        head.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        head.customContextMenuRequested.connect(self._on_asked)

    def line(self, name: str) -> QAction:
        return self._lines[name]

    def show_choice(self, names: frozenset[str] | None) -> None:
        """What was chosen before; a name that no column has any more is passed over."""
        known = None if names is None else names & self._lines.keys()
        self._choice = known or None
        self._view.show_columns(self._choice)

    def _on_asked(self, at: QPoint) -> None:
        self.popup(self._view.horizontalHeader().mapToGlobal(at))

    def _show_what_is(self) -> None:
        shown = self._view.shown
        for name, line in self._lines.items():
            line.setChecked(name in shown)
        self.by_width.setChecked(self._choice is None)

    def _on_chosen(self) -> None:
        """The last one stays: a table without columns could not be got back."""
        names = frozenset(name for name, line in self._lines.items() if line.isChecked())
        self._choose(names or self._view.shown)

    def _choose(self, names: frozenset[str] | None) -> None:
        self.show_choice(names)
        self.chosen.emit(self._choice)
