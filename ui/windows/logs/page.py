"""The Logs page: the filters, the table with its newest rows at the top, and the details beside it."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from msgspec import convert
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QSplitter, QWidget

from app.desk.changes import Change
from app.desk.desk import Desk
from app.record.rows_file import Form
from proxy.ledger import exporting
from proxy.ledger.queries.logs import LogFilters
from ui.frame.feed import Feed
from ui.frame.page import Host, Page
from ui.frame.panel import Panel
from ui.models.pages import Fetched, PagesModel
from ui.windows.logs.column_menu import ColumnMenu
from ui.windows.logs.columns import log_columns
from ui.windows.logs.details.looking import Looking
from ui.windows.logs.details.panel import Details
from ui.windows.logs.entry import Entry
from ui.windows.logs.exporting import ExportMenu, Progress
from ui.windows.logs.filter_bar import FilterBar
from ui.windows.logs.following import AT_ONCE, Newest, floor_of
from ui.windows.logs.head import Head, StateLine
from ui.windows.logs.live import Live
from ui.windows.logs.view import LogView
from ui.windows.logs.wanted import Wanted
from ui.words import count

_BESIDE: Final = 820
"""A narrower page has its details below the table."""
_LOW: Final = 520
"""A lower page hides its filters while details are open below the table."""


_SHARES: Final = (480, 520)


class LogsPage(Page):
    """`look_at` takes the id of an exchange, or what the log is to be narrowed to."""

    scrolls = False

    def __init__(self, desk: Desk, host: Host) -> None:
        super().__init__(desk, host)
        self.heading = self.tr("Logs")
        self.desk = desk
        self._start = 0
        self._row_wanted: str | None = None

    # -- the frame's --------------------------------------------------------------------------------

    def build(self) -> Iterator[None]:
        self.head = Head(self.title(self.tr("Logs")))
        yield
        self.filters = FilterBar()
        self.state = StateLine()
        for widget in (self.head, self.filters, self.state):
            self.rows.addWidget(widget)
        yield
        columns = log_columns()
        self.model = PagesModel(tuple(each.column for each in columns), lambda row: row["id"], self)
        self.view = LogView(self.model, columns, self.tr("Requests"))
        self.table = Panel()
        self.table.fill(self.view)
        self.columns = ColumnMenu(self.head.columns, self.view, columns)
        self.progress = Progress()
        self.export = ExportMenu(self.head.export)
        self.rows.addWidget(self.progress)
        yield
        self.details = Details()
        self.looking = Looking(self.desk, self.host, self._done, self.details)
        self.parts = QSplitter(Qt.Orientation.Horizontal)
        self.parts.setChildrenCollapsible(False)
        self.parts.setHandleWidth(10)
        self.parts.addWidget(self.table)
        self.parts.addWidget(self.details)
        self.parts.setSizes(_SHARES)
        self.rows.addWidget(self.parts, 1)
        yield
        yield from self.details.prepared()
        self.live = Live(self.model, self.view, self)
        self._newest: Feed[Newest | None] = self.feed(
            self._ask_newest, self._show_newest, changes={Change.RECORD}
        )
        self._connect()
        self._turn()
        self.begin(self.filters.wanted)

    def look_at(self, about: object) -> None:
        if isinstance(about, Wanted):
            self.begin(about)
        elif isinstance(about, str):
            self.open(about)

    def open(self, id_: str) -> None:
        """Show that exchange, whether or not its row is there yet."""
        self.looking.open(id_)
        self._row_wanted = id_
        if self.model.is_begun:
            self._select_wanted()

    def _select_wanted(self) -> None:
        id_, self._row_wanted = self._row_wanted, None
        place = None if id_ is None else self.model.place_of(id_)
        if place is not None and place != self.view.currentIndex().row():
            self.view.setCurrentIndex(self.model.index(place, 0))

    def search_field(self) -> QWidget | None:
        return self.filters.client

    async def settled(self) -> None:
        await self.model.settled()
        await super().settled()
        await self.looking.settled()

    def refresh(self) -> None:
        self.begin(self.filters.wanted)

    def leave(self) -> None:
        super().leave()
        if self._is_built:
            self.looking.end()
            self.progress.give_up()
            self.model.end()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 -- Qt's name
        super().resizeEvent(event)
        if self._is_built:
            self._turn()

    # -- the table ----------------------------------------------------------------------------------

    def begin(self, wanted: Wanted) -> None:
        """Show these from their newest on."""
        self.filters.show_wanted(wanted)
        self.state.show_wanted(wanted)
        self._start = wanted.start(time.time())
        self.live.forget()
        self.table.loading()
        self.model.begin(lambda page: self._fetch(wanted, page))
        self.do(self._offer(wanted))

    async def _fetch(self, wanted: Wanted, page: str | None) -> Fetched:
        return await self._ask(wanted.in_record(self._start, page))

    async def _ask(self, wanted: LogFilters) -> Fetched:
        answer = await self.desk.logs(wanted, AT_ONCE)
        return Fetched(convert(answer["rows"], list[Entry]), answer["next"])

    async def _offer(self, wanted: Wanted) -> None:
        choices = await self.desk.choices(wanted.window(time.time()), wanted.filters)
        if wanted == self.filters.wanted:
            self.filters.offer(choices)

    async def _ask_newest(self) -> Newest | None:
        """None as long as there is nothing that they could be newer than."""
        if not self.model.is_begun:
            return None
        floor = floor_of(self.model.newest, self._start)
        found = await self._ask(self.filters.wanted.in_record(floor))
        return Newest(found.rows, found.next is None)

    def _show_newest(self, newest: Newest | None) -> None:
        if newest is not None and self.model.is_begun:
            self.live.show_newest(newest)
            self._show_table()

    def _show_table(self) -> None:
        if self.model.rowCount():
            self.table.ready()
        elif self.filters.wanted == Wanted():
            self.table.empty(self.tr("No requests yet. They appear here as soon as a client sends one."))
        else:
            self.table.empty(
                self.tr("No requests fit: %1.").replace("%1", self.filters.wanted.sentence()),
                self.tr("Clear the filters"),
                self._clear,
            )

    def _clear(self) -> None:
        self.begin(Wanted())
        self.view.setFocus()

    # -- the rest -----------------------------------------------------------------------------------

    async def _export(self, file: Path, form: Form) -> None:
        wanted = self.filters.wanted
        rows = exporting.Wanted(
            since=self._start or None,
            filters=wanted.filters,
            errors_only=wanted.errors_only,
            session=wanted.session,
        )
        written = await self.progress.write(self.desk.program.home, rows, file, form)
        self.host.say(self._told(written, file))

    def _told(self, written: int | None, file: Path) -> str:
        if written is None:
            return self.tr("The export was cancelled; no file was written.")
        told = self.tr("%1 request is in %2.") if written == 1 else self.tr("%1 requests are in %2.")
        return told.replace("%1", count(written)).replace("%2", str(file))

    def _on_moved(self, index: QModelIndex) -> None:
        if index.isValid() and self.looking.is_open:
            self.looking.open(self.model.row(index)["id"])

    def _on_turned(self) -> None:
        self._turn()
        if not self.looking.is_open:
            self.view.setFocus()

    def _on_escape(self) -> None:
        """First the details close, then the row is left, so that the table can follow again."""
        if self.looking.is_open:
            self.looking.close()
        else:
            self.view.clearSelection()

    def _turn(self) -> None:
        """The details stand where there is more room for them."""
        is_beside = self.width() >= _BESIDE
        self.parts.setOrientation(Qt.Orientation.Horizontal if is_beside else Qt.Orientation.Vertical)
        is_crowded = not is_beside and self.height() < _LOW and self.looking.is_open
        for widget in (self.filters, self.state):
            widget.setVisible(not is_crowded)

    def _connect(self) -> None:
        self.filters.changed.connect(lambda: self.begin(self.filters.wanted))
        self.state.cleared.connect(self._clear)
        self.state.news.clicked.connect(self.live.go_to_top)
        self.head.follow.toggled.connect(self.live.follow)
        self.view.follow_wished.connect(self.head.follow.toggle)
        self.live.changed.connect(lambda: self.state.show_live(self.live.pause, self.live.news))
        self.live.too_far.connect(self.refresh)
        self.model.began.connect(self._show_table)
        self.model.began.connect(self._select_wanted)
        self.model.began.connect(self._newest.ask_anew)
        self.model.failed.connect(lambda sentence: self.table.failed(sentence, self.refresh))
        self.view.opened.connect(lambda index: self.open(self.model.row(index)["id"]))
        self.view.moved.connect(self._on_moved)
        self.export.chosen.connect(lambda file, form: self.do(self._export(file, form)))
        self.looking.turned.connect(self._on_turned)
        self.looking.conversation_wished.connect(
            lambda session: self.begin(replace(self.filters.wanted, session=session))
        )
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self.parts)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self._on_escape)
