"""The list of a tier's services, out of which and into which they are drawn; a line shows where one lands."""

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtGui import (
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractItemView, QListView

from proxy.config import TierName
from ui.mistakes import called_by_qt
from ui.theme.colors import colors
from ui.windows.tiers.card.carrying import Landing, packed, unpacked
from ui.windows.tiers.card.gaps import gap_at, height_of
from ui.windows.tiers.card.model import ServicesModel
from ui.windows.tiers.card.painting import ServicePainting, box_in
from ui.windows.tiers.lines import Line
from ui.windows.tiers.lists import Held
from ui.windows.tiers.speech import tr

_MOST_ROWS = 8
_EMPTY_ROWS = 1
_LINE = 3
_BESIDE_THE_POINTER = QPoint(-14, -12)
"""So that what is drawn along does not hide the line."""


class ServiceList(QListView):
    """`toggled` names a service that is to be asked or not; `landed` tells a Landing."""

    toggled = Signal(str)
    landed = Signal(object)
    current_changed = Signal()

    def __init__(self, tier: TierName, page: str) -> None:
        super().__init__()
        self.tier, self._page = tier, page
        self._gap: int | None = None
        self.services = ServicesModel(self)
        self.setModel(self.services)
        self.setItemDelegate(ServicePainting(self))
        self.setAccessibleName(tr("Services of %1", tier))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDropIndicatorShown(False)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self._is_renewed = False
        self._pressed: str | None = None
        self.selectionModel().currentChanged.connect(self._on_current)
        self._fit_height()

    @property
    def current(self) -> str | None:
        index = self.currentIndex()
        return self.services.line(index).entry.name if index.isValid() else None

    @property
    def gap(self) -> int | None:
        """Between which two rows what is drawn over the list would land."""
        return self._gap

    def choose(self, name: str | None) -> None:
        names = self.services.names
        if name in names:
            index = self.services.index(names.index(name))
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Whoever was chosen stays so; where it is gone, the one at its place is."""
        name, row = self.current, self.currentIndex().row()
        self._is_renewed = True
        self.services.show_lines(lines)
        names = self.services.names
        if name is not None and names and self.current != name:
            self.choose(name if name in names else names[min(row, len(names) - 1)])
        self._is_renewed = False
        self._fit_height()

    # -- by key and by mouse ------------------------------------------------------------------------

    @called_by_qt
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 -- Qt's name
        if event.key() == Qt.Key.Key_Space and (name := self.current) is not None:
            self.toggled.emit(name)
            return
        super().keyPressEvent(event)

    @called_by_qt
    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 -- Qt's name
        super().mousePressEvent(event)
        is_left = event.button() == Qt.MouseButton.LeftButton
        self._pressed = self._boxed(event.position().toPoint()) if is_left else None

    @called_by_qt
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 -- Qt's name
        """A box counts as clicked where the button goes down and up in it."""
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, None
        if pressed is not None and pressed == self._boxed(event.position().toPoint()):
            self.toggled.emit(pressed)

    @called_by_qt
    def startDrag(self, _actions: Qt.DropAction) -> None:  # noqa: N802 -- Qt's name
        name = self.current
        if name is None:
            return
        row = self.visualRect(self.currentIndex())
        drag = QDrag(self)
        drag.setMimeData(packed(Held(self.tier, name), self._page))
        drag.setPixmap(self.viewport().grab(row))
        drag.setHotSpot(_BESIDE_THE_POINTER)
        drag.exec(Qt.DropAction.MoveAction | Qt.DropAction.CopyAction, Qt.DropAction.MoveAction)

    @called_by_qt
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 -- Qt's name
        self._drawn_over(event)

    @called_by_qt
    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802 -- Qt's name
        self._drawn_over(event)

    @called_by_qt
    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:  # noqa: N802 -- Qt's name
        self._show_gap(None)

    @called_by_qt
    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 -- Qt's name
        held = self._welcome(event)
        self._show_gap(None)
        if held is None:
            event.ignore()
            return
        gap = gap_at(self, event.position().toPoint())
        is_copy = event.dropAction() == Qt.DropAction.CopyAction and held.tier != self.tier
        event.accept()
        self.landed.emit(Landing(held, gap, is_copy))

    @called_by_qt
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 -- Qt's name
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scheme = colors(self.palette())
        if not self.services.lines:
            painter.setPen(scheme.muted)
            words = tr("No service yet. Add one, or draw one here.")
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.viewport().rect().adjusted(8, 0, -8, 0), flags, words)
        if self._gap is not None:
            y = height_of(self, self._gap)
            painter.setPen(QPen(scheme.accent, _LINE, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLine(_LINE + 4, y, self.viewport().width() - _LINE - 4, y)
        painter.end()

    # -- within -------------------------------------------------------------------------------------

    def _boxed(self, point: QPoint) -> str | None:
        """The service whose box is there."""
        index = self.indexAt(point)
        is_in = index.isValid() and box_in(self.visualRect(index)).contains(point)
        return self.services.line(index).entry.name if is_in else None

    def _on_current(self) -> None:
        """While rows are exchanged nobody is chosen for a moment, and that is no news."""
        if not self._is_renewed:
            self.current_changed.emit()

    def _drawn_over(self, event: QDragMoveEvent) -> None:
        if self._welcome(event) is None:
            self._show_gap(None)
            event.ignore()
            return
        self._show_gap(gap_at(self, event.position().toPoint()))
        event.accept()

    def _welcome(self, event: QDropEvent) -> Held | None:
        """A service of this page, unless the tier has it from elsewhere."""
        held = unpacked(event.mimeData(), self._page)
        is_double = held is not None and held.tier != self.tier and held.name in self.services.names
        return None if is_double else held

    def _show_gap(self, gap: int | None) -> None:
        if gap != self._gap:
            self._gap = gap
            self.viewport().update()

    def _fit_height(self) -> None:
        rows = min(max(len(self.services.lines), _EMPTY_ROWS), _MOST_ROWS)
        height = 2 * self.fontMetrics().height() + 14
        self.setFixedHeight(rows * height + 2 * self.frameWidth() + 6)
