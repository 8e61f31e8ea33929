"""The services of one tier as rows of a list; a change keeps what is not concerned as it is."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.mistakes import called_by_qt
from ui.speech import plain
from ui.windows.tiers.lines import Line

LINE = Qt.ItemDataRole.UserRole
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class ServicesModel(QAbstractListModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: tuple[Line, ...] = ()

    @property
    def names(self) -> list[str]:
        return [line.entry.name for line in self.lines]

    def show_lines(self, lines: Sequence[Line]) -> None:
        before, self_names = self.lines, self.names
        if self_names == [line.entry.name for line in lines]:
            self.lines = tuple(lines)
            for row, (old, new) in enumerate(zip(before, lines, strict=True)):
                if old != new:
                    self.dataChanged.emit(self.index(row), self.index(row))
            return
        self.beginResetModel()
        self.lines = tuple(lines)
        self.endResetModel()

    def line(self, index: _Index) -> Line:
        return self.lines[index.row()]

    @called_by_qt
    def rowCount(self, parent: _Index = _NOWHERE) -> int:  # noqa: N802 -- Qt's name
        return 0 if parent.isValid() else len(self.lines)

    @called_by_qt
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        line = self.line(index)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return line.entry.name
            case Qt.ItemDataRole.ToolTipRole:
                told = (line.entry.name, line.details, line.state.sentence)
                return plain("\n".join(filter(None, told)))
            case Qt.ItemDataRole.AccessibleTextRole:
                return line.aloud
            case Qt.ItemDataRole.CheckStateRole:
                return Qt.CheckState.Checked if line.entry.active else Qt.CheckState.Unchecked
            case _:
                return line if role == LINE else None

    @called_by_qt
    def flags(self, index: _Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsUserCheckable
            | Qt.ItemFlag.ItemIsDragEnabled
        )
