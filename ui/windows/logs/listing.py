"""The rows that are wanted: fetched page by page, the newest again and again, and all of them for a file."""

import time
from collections.abc import Sequence
from typing import Any

from msgspec import convert
from PySide6.QtCore import QObject

from app.desk.desk import Desk
from proxy.ledger import exporting
from proxy.ledger.queries.logs import LogFilters
from ui.models.pages import Fetched, PagesModel
from ui.windows.logs.columns import LogColumn
from ui.windows.logs.entry import Entry
from ui.windows.logs.following import AT_ONCE, Newest, is_due
from ui.windows.logs.wanted import Wanted


class Listing(QObject):
    """All questions of one list are about the same moment on, so that its pages fit together."""

    def __init__(self, desk: Desk, columns: Sequence[LogColumn], parent: QObject) -> None:
        super().__init__(parent)
        self.model = PagesModel(tuple(each.column for each in columns), lambda row: row["id"], self)
        self.wanted = Wanted()
        self._desk = desk
        self._start = 0
        self._known = 0
        """The number of a row before which nothing is missing."""
        self._told: Newest | None = None

    def begin(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self._start = start = wanted.start(time.time())
        self._told = None
        self.model.begin(lambda page: self._page(wanted.in_record(start, page), is_first=page is None))

    async def newest(self) -> Newest | None:
        """None as long as there is nothing that they could be newer than."""
        if not self.model.is_begun:
            return None
        told = self._told
        if told is not None and told.is_all and not any(is_due(row, self.model) for row in told.rows):
            self._known = told.last
        wanted = self.wanted
        told = await self._written_after(wanted.in_record(self._start), self._known)
        if wanted is not self.wanted or not self.model.is_begun:
            return None  # it is of a list that is not on show any more
        self._told = told
        return told

    async def choices(self) -> dict[str, list[dict[str, Any]]]:
        """What they could be narrowed to."""
        return await self._desk.choices(self.wanted.window(time.time()), self.wanted.filters)

    def for_a_file(self) -> exporting.Wanted:
        return exporting.Wanted(
            since=self._start or None,
            filters=self.wanted.filters,
            errors_only=self.wanted.errors_only,
            session=self.wanted.session,
        )

    async def _page(self, wanted: LogFilters, *, is_first: bool) -> Fetched:
        if is_first:  # before its rows are read, so that none is written between
            self._known = (await self._written_after(wanted, None)).last
        answer = await self._desk.logs(wanted, AT_ONCE)
        return Fetched(convert(answer["rows"], list[Entry]), answer["next"])

    async def _written_after(self, wanted: LogFilters, number: int | None) -> Newest:
        answer = await self._desk.log_news(wanted, number, AT_ONCE)
        return Newest(convert(answer["rows"], list[Entry]), answer["is_all"], answer["last"])
