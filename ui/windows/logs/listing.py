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
from ui.windows.logs.following import AT_ONCE, Newest, floor_of
from ui.windows.logs.wanted import Wanted


class Listing(QObject):
    """All questions of one list are about the same moment on, so that its pages fit together."""

    def __init__(self, desk: Desk, columns: Sequence[LogColumn], parent: QObject) -> None:
        super().__init__(parent)
        self.model = PagesModel(tuple(each.column for each in columns), lambda row: row["id"], self)
        self.wanted = Wanted()
        self._desk = desk
        self._start = 0

    def begin(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self._start = start = wanted.start(time.time())
        self.model.begin(lambda page: self._ask(wanted.in_record(start, page)))

    async def newest(self) -> Newest | None:
        """None as long as there is nothing that they could be newer than."""
        if not self.model.is_begun:
            return None
        floor = floor_of(self.model.newest, self._start)
        found = await self._ask(self.wanted.in_record(floor))
        return Newest(found.rows, found.next is None)

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

    async def _ask(self, wanted: LogFilters) -> Fetched:
        answer = await self._desk.logs(wanted, AT_ONCE)
        return Fetched(convert(answer["rows"], list[Entry]), answer["next"])
