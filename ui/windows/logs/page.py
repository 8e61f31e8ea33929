"""The Logs page: the filters, the table with its newest rows at the top, and the details beside it."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.desk.changes import Change
from app.desk.desk import Desk
from app.desk.errors import DeskError
from app.record.rows_file import Form
from ui.frame.page import Host, Page
from ui.frame.panel import Panel
from ui.mistakes import called_by_qt
from ui.windows.logs.column_menu import ColumnMenu
from ui.windows.logs.columns import log_columns
from ui.windows.logs.details.looking import Looking
from ui.windows.logs.details.panel import Details
from ui.windows.logs.exporting import ExportMenu, Progress
from ui.windows.logs.filter_bar import FilterBar
from ui.windows.logs.following import Newest
from ui.windows.logs.head import Head, StateLine
from ui.windows.logs.kept_columns import KeptColumns
from ui.windows.logs.listing import Listing
from ui.windows.logs.live import Live
from ui.windows.logs.parts import Parts
from ui.windows.logs.view import LogView
from ui.windows.logs.wanted import Wanted


class LogsPage(Page):
    """`look_at` takes the id of an exchange, or what the log is to be narrowed to."""

    scrolls = False

    def __init__(self, desk: Desk, host: Host) -> None:
        super().__init__(desk, host)
        self.heading = self.tr("Logs")
        self.desk = desk

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
        self.listing = Listing(self.desk, columns, self)
        self.model = self.listing.model
        self.view = LogView(self.model, columns, self.tr("Requests"))
        self.table = Panel()
        self.table.fill(self.view)
        self.columns = ColumnMenu(self.head.columns, self.view, columns)
        self.kept_columns = KeptColumns(self.columns, self.desk.program.home.run)
        self.progress = Progress()
        self.export = ExportMenu(self.head.export)
        self.rows.addWidget(self.progress)
        yield
        self.details = Details()
        self.looking = Looking(self.desk, self.host, self.tell_failure, self.details)
        self.parts = Parts(self.table, self.details)
        self.rows.addWidget(self.parts, 1)
        yield
        yield from self.details.prepared()
        self.live = Live(self.model, self.view, self)
        self._newest = self.feed(self.listing.newest, self._show_newest, changes={Change.RECORD})
        self._connect()
        self._turn()
        self.tasks.start(self.kept_columns.bring_back())
        self.begin(Wanted())

    def look_at(self, about: object) -> None:
        if isinstance(about, Wanted):
            self.begin(about)
        elif isinstance(about, str):
            self.open(about)

    def open(self, id_: str) -> None:
        """Show that exchange, whether or not its row is there yet."""
        self.looking.open(id_)
        self.view.select_id(id_)

    def search_field(self) -> QWidget | None:
        return self.filters.client if self.is_built else None

    async def settled(self) -> None:
        await self.tasks.ended()
        await self.model.settled()
        await super().settled()
        await self.looking.settled()

    def refresh(self) -> None:
        if self.is_built:
            self.begin(self.listing.wanted)

    def leave(self) -> None:
        super().leave()
        if self.is_built:
            self.looking.end()
            self.progress.give_up()
            self.model.end()

    @called_by_qt
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 -- Qt's name
        super().resizeEvent(event)
        if self.is_built:
            self._turn()

    # -- the table ----------------------------------------------------------------------------------

    def begin(self, wanted: Wanted) -> None:
        """Show these from their newest on."""
        self.filters.show_wanted(wanted)
        self.state.show_wanted(wanted)
        self.live.forget()
        self.table.loading()
        self.listing.begin(wanted)
        self.tasks.start(self._offer(wanted))

    async def _offer(self, wanted: Wanted) -> None:
        with suppress(DeskError):  # the table says it
            choices = await self.listing.choices()
            if wanted == self.listing.wanted:
                self.filters.offer(choices)

    def _show_newest(self, newest: Newest | None) -> None:
        if newest is not None and self.model.is_begun:
            self.live.show_newest(newest)
            self._show_table()

    def _show_table(self) -> None:
        if self.model.rowCount():
            self.table.ready()
        elif self.listing.wanted == Wanted():
            self.table.empty(self.tr("No requests yet. They appear here as soon as a client sends one."))
        else:
            self.table.empty(
                self.tr("No requests fit: %1.").replace("%1", self.listing.wanted.sentence()),
                self.tr("Clear the filters"),
                self._clear,
            )

    def _clear(self) -> None:
        self.begin(Wanted())
        self.view.setFocus()

    # -- the rest -----------------------------------------------------------------------------------

    async def _export(self, file: Path, form: Form) -> None:
        """One at a time, so that it is clear which one is cancelled."""
        wanted = self.listing.for_a_file()
        self.head.export.setEnabled(False)
        try:
            self.host.say(await self.progress.write(self.desk.program.home, wanted, file, form))
        finally:
            self.head.export.setEnabled(True)

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
        is_crowded = self.parts.turned(self.width(), self.height()) and self.looking.is_open
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
        self.model.began.connect(self._newest.ask_anew)
        self.model.failed.connect(lambda sentence: self.table.failed(sentence, self.refresh))
        self.view.opened.connect(lambda index: self.open(self.model.row(index)["id"]))
        self.view.moved.connect(self._on_moved)
        self.columns.chosen.connect(lambda names: self.do(self.kept_columns.keep(names)))
        self.export.chosen.connect(lambda file, form: self.do(self._export(file, form)))
        self.looking.turned.connect(self._on_turned)
        self.looking.conversation_wished.connect(
            lambda session: self.begin(replace(self.listing.wanted, session=session))
        )
        self.parts.escaped.connect(self._on_escape)
