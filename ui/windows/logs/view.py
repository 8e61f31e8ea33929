"""The table of the log. It paints row by row, from lines that are ready: cell by cell takes far longer."""

from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHeaderView

from ui.mistakes import called_by_qt
from ui.models.pages import PagesModel
from ui.theme.colors import Colors, colors
from ui.widgets.table import NARROWEST, Table
from ui.windows.logs.columns import STRETCHES, LogColumn, fitting
from ui.windows.logs.lines import PAD, Layout, Lines, Place

_SPARE: Final = 4
"""The head pads its titles a little more."""


class LogView(Table):
    """Columns are dropped where there is no room, until the user says which are wanted."""

    moved = Signal(QModelIndex)
    """Another row, or none, is the current one."""
    follow_wished = Signal()

    def __init__(self, model: PagesModel, columns: tuple[LogColumn, ...], name: str) -> None:
        super().__init__(model, model.columns, name)
        self._pages = model
        self._columns = columns
        self._natural = [self._width_of(column.sample, column.column.title) for column in columns]
        self._roomy = [self._width_of(column.sample, column.longest) for column in columns]
        self._chosen: frozenset[str] | None = None
        self._lines = Lines(columns, self)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._wanted_id: str | None = None
        model.modelReset.connect(self._lines.forget)
        model.rowsInserted.connect(self._expect)
        model.began.connect(self._select_wanted)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.selectionModel().currentRowChanged.connect(self.moved)
        key = QShortcut(QKeySequence(Qt.Key.Key_F), self)
        key.setContext(Qt.ShortcutContext.WidgetShortcut)
        key.activated.connect(self.follow_wished)

    def select_id(self, id_: str) -> None:
        """Now, or as soon as the rows that are being fetched are there; a row further down stays alone."""
        self._wanted_id = id_
        if self._pages.is_begun:
            self._select_wanted()

    def _select_wanted(self) -> None:
        id_, self._wanted_id = self._wanted_id, None
        place = None if id_ is None else self._pages.place_of(id_)
        if place is not None and place != self.currentIndex().row():
            self.setCurrentIndex(self._pages.index(place, 0))

    # -- columns ------------------------------------------------------------------------------------

    @property
    def shown(self) -> frozenset[str]:
        return frozenset(
            column.name for place, column in enumerate(self._columns) if not self.isColumnHidden(place)
        )

    def show_columns(self, names: frozenset[str] | None) -> None:
        """None: as many as there is room for."""
        self._chosen = names
        self._fit()

    def _width_of(self, *texts: str) -> int:
        return max(map(self.fontMetrics().horizontalAdvance, texts)) + 2 * PAD + _SPARE

    def _fit(self) -> None:
        room = self.viewport().width()
        names = fitting(self._columns, self._natural, room) if self._chosen is None else self._chosen
        left = room - sum(width for width, column in self._sized() if column.name in names)
        for place, (width, column) in enumerate(self._sized()):
            more = min(max(left, 0), max(self._roomy[place] - width, 0)) if column.name in names else 0
            self.setColumnHidden(place, column.name not in names)
            self.setColumnWidth(place, width + more)
            left -= more
        place = next(n for n, column in enumerate(self._columns) if column.name == STRETCHES)
        if self._chosen is not None:
            left = max(left, 0)
        self.setColumnWidth(place, max(self._natural[place] + left, NARROWEST))

    def _sized(self) -> Iterator[tuple[int, LogColumn]]:
        return zip(self._natural, self._columns, strict=True)

    # -- Qt's ---------------------------------------------------------------------------------------

    @called_by_qt
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 -- Qt's name
        super().resizeEvent(event)
        self._fit()

    @called_by_qt
    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 -- Qt's name
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange, QEvent.Type.LocaleChange):
            self._lines.measure_anew()

    @called_by_qt
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 -- Qt's name
        ground = colors(self.palette())
        today = date.today()  # noqa: DTZ011 -- the local day
        self._lines.lay(Layout(tuple(self._places()), ground, today, self.fontMetrics()))
        high = self.verticalHeader().defaultSectionSize()
        room = event.rect()
        with QPainter(self.viewport()) as painter:
            painter.setFont(self.font())
            painter.fillRect(room, ground.surface)
            first = max(self.rowAt(room.top()), 0)
            top = self.rowViewportPosition(first)
            for number in range(first, self._pages.rowCount()):
                if top > room.bottom():
                    break
                self._paint_row(painter, number, QRect(0, top, self.viewport().width(), high), ground)
                top += high
        self._expect()

    # -- within -------------------------------------------------------------------------------------

    def _paint_row(self, painter: QPainter, number: int, room: QRect, ground: Colors) -> None:
        metrics = self.fontMetrics()
        if self.selectionModel().isRowSelected(number, QModelIndex()):
            painter.fillRect(room, ground.selection)
        painter.fillRect(QRect(room.left(), room.bottom(), room.width(), 1), ground.grid)
        base = room.top() + (room.height() + metrics.ascent() - metrics.descent()) // 2
        pen: QColor | None = None
        for mark in self._lines.of(self._pages.rows[number]):
            if mark.color is not pen:
                painter.setPen(mark.color)
                pen = mark.color
            painter.drawText(mark.left, base, mark.text)

    def _places(self) -> Iterator[Place]:
        """Those columns of which something is to be seen."""
        for number in range(len(self._columns)):
            left, width = self.columnViewportPosition(number), self.columnWidth(number)
            if not self.isColumnHidden(number) and left < self.viewport().width() and left + width > 0:
                yield Place(number, left, width)

    def _expect(self) -> None:
        """The user goes on by a screenful, in the same direction or back."""
        high = self.verticalHeader().defaultSectionSize()
        first = max(self.rowAt(0), 0)
        many = self.viewport().height() // high + 2
        rows = self._pages.rows
        self._lines.expect(chain(rows[first + many : first + 3 * many], rows[max(first - many, 0) : first]))
