"""A table of which only the pages that were scrolled to are fetched, the newest rows first.

What is at the top may be told as it happens: `put_first`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from PySide6.QtCore import QObject, Signal

from app.errors import UserError
from ui.mistakes import called_by_qt
from ui.models.columns import Column, Row
from ui.models.table import NOWHERE, Index, TableModel
from ui.tasks import Tasks

_AT_A_TIME = 1000


@dataclass(frozen=True, slots=True)
class Fetched:
    """One page, and where the next one begins; None after the last."""

    rows: Sequence[Row]
    next: str | None


Fetch = Callable[[str | None], Awaitable[Fetched]]
"""The page that begins there; None: the first."""


class PagesModel(TableModel):
    """Empty until `begin`."""

    began = Signal()
    """The first page has come; it may have no rows."""
    fetched = Signal()
    """A page has come."""
    failed = Signal(str)

    def __init__(
        self, columns: Sequence[Column], key: Callable[[Row], object], parent: QObject | None = None
    ) -> None:
        super().__init__(columns, key, parent)
        self._fetch: Fetch | None = None
        self._keys: set[object] = set()
        self._next: str | None = None
        self._is_at_end = True
        self._tasks = Tasks()
        self._farewells = Tasks()
        self._is_fetching = False
        self._is_begun = False

    @property
    def is_begun(self) -> bool:
        """Whether the rows on show are of what is fetched now."""
        return self._is_begun

    @property
    def rows(self) -> Sequence[Row]:
        """Those on show, the newest first."""
        return self._rows

    @property
    def newest(self) -> Row | None:
        return self._rows[0] if self._rows else None

    @property
    def has_more(self) -> bool:
        """Whether there are older rows than those on show."""
        return not self._is_at_end

    def begin(self, fetch: Fetch) -> None:
        """Show what is fetched in this way from now on; the rows on show stay until the first page came."""
        self._is_begun = False
        self._tasks.cancel()
        self._fetch = fetch
        self._is_fetching = True
        self._tasks.start(self._begun(fetch))

    def put_first(self, rows: Sequence[Row]) -> None:
        """The newest rows without a gap between them, the newest first; only those not there yet are put in.

        One that was begun early may end late, so new rows stand between those that are there, too.
        """
        place = 0
        for is_new, run in groupby(rows, key=self.lacks):
            found = list(run)
            if is_new:
                self._insert(place, found)
                place += len(found)
            else:
                place = self._place_after(found[-1], place)

    def lacks(self, row: Row) -> bool:
        return self._key(row) not in self._keys

    async def settled(self) -> None:
        """Until what is being fetched is there."""
        await self._tasks.ended()

    def end(self) -> None:
        self._tasks.cancel()
        self._is_at_end = True
        self._replace([])

    @called_by_qt
    def canFetchMore(self, parent: Index = NOWHERE) -> bool:  # noqa: N802 -- Qt's name
        return not parent.isValid() and not self._is_at_end and not self._is_fetching

    @called_by_qt
    def fetchMore(self, parent: Index = NOWHERE) -> None:  # noqa: N802 -- Qt's name
        if self.canFetchMore(parent) and self._fetch is not None:
            self._is_fetching = True
            self._tasks.start(self._more(self._fetch, self._next))

    async def _begun(self, fetch: Fetch) -> None:
        if (page := await self._asked(fetch, None)) is None:
            return
        self._replace(list(page.rows))
        self._is_begun = True
        self._settle(page)
        self.began.emit()

    async def _more(self, fetch: Fetch, start: str | None) -> None:
        if (page := await self._asked(fetch, start)) is None:
            return
        self._insert(len(self._rows), [row for row in page.rows if self.lacks(row)])
        self._settle(page)

    def _replace(self, rows: list[Row]) -> None:
        self.beginResetModel()
        before, self._rows = self._rows, rows
        self._keys = set(map(self._key, rows))
        self.endResetModel()
        self._farewells.start(_let_go(before))

    def _insert(self, place: int, rows: list[Row]) -> None:
        if rows:
            self.beginInsertRows(NOWHERE, place, place + len(rows) - 1)
            self._rows[place:place] = rows
            self._keys.update(map(self._key, rows))
            self.endInsertRows()

    def _place_after(self, row: Row, start: int) -> int:
        key = self._key(row)
        while self._key(self._rows[start]) != key:
            start += 1
        return start + 1

    async def _asked(self, fetch: Fetch, start: str | None) -> Fetched | None:
        try:
            return await fetch(start)
        except UserError as error:
            self._is_fetching = False
            self._is_at_end = True  # until somebody begins again: a view would ask without end
            self.failed.emit(str(error))
            return None

    def _settle(self, page: Fetched) -> None:
        self._next, self._is_at_end = page.next, page.next is None
        self._is_fetching = False
        self.fetched.emit()


async def _let_go(rows: list[Row]) -> None:
    """A hundred thousand rows at once would hold up the loop for a long moment."""
    while rows:
        del rows[-_AT_A_TIME:]
        await asyncio.sleep(0)
