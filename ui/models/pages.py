"""A table of which only the pages that were scrolled to are fetched, the newest rows first.

What is at the top may be told as it happens: `put_first`.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, Signal

from app.errors import UserError
from ui.models.columns import Column, Row, cell, head
from ui.models.rows import Index
from ui.tasks import Tasks

_NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class Fetched:
    """One page, and where the next one begins; None after the last."""

    rows: Sequence[Row]
    next: str | None


Fetch = Callable[[str | None], Awaitable[Fetched]]
"""The page that begins there; None: the first."""


class PagesModel(QAbstractTableModel):
    """Empty until `begin`."""

    fetched = Signal()
    """A page has come; the first may have no rows."""
    failed = Signal(str)

    def __init__(
        self, columns: Sequence[Column], key: Callable[[Row], object], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._key = key
        self._fetch: Fetch | None = None
        self._rows: list[Row] = []
        self._keys: set[object] = set()
        self._next: str | None = None
        self._is_at_end = True
        self._tasks = Tasks()
        self._is_fetching = False

    def begin(self, fetch: Fetch) -> None:
        """Show what is fetched in this way from now on; the rows on show stay until the first page came."""
        self._tasks.cancel()
        self._fetch = fetch
        self._is_fetching = True
        self._tasks.start(self._begun(fetch))

    def put_first(self, rows: Sequence[Row]) -> None:
        """The newest rows, the newest of them first; those that are there already change in place."""
        new = [row for row in rows if self._key(row) not in self._keys]
        if new:
            self.beginInsertRows(_NOWHERE, 0, len(new) - 1)
            self._rows[:0] = new
            self._keys.update(map(self._key, new))
            self.endInsertRows()

    def row(self, index: Index) -> Row:
        return self._rows[index.row()]

    def place_of(self, key: object) -> int | None:
        return next((place for place, row in enumerate(self._rows) if self._key(row) == key), None)

    def end(self) -> None:
        self._tasks.cancel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802 -- Qt's name
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802 -- Qt's name
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return cell(self.columns, self._rows[index.row()], index.column(), role) if index.isValid() else None

    def headerData(  # noqa: N802 -- Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        return head(self.columns, section, role) if orientation is Qt.Orientation.Horizontal else None

    def canFetchMore(self, parent: Index = _NOWHERE) -> bool:  # noqa: N802 -- Qt's name
        return not parent.isValid() and not self._is_at_end and not self._is_fetching

    def fetchMore(self, parent: Index = _NOWHERE) -> None:  # noqa: N802 -- Qt's name
        if self.canFetchMore(parent) and self._fetch is not None:
            self._is_fetching = True
            self._tasks.start(self._more(self._fetch, self._next))

    async def _begun(self, fetch: Fetch) -> None:
        if (page := await self._asked(fetch, None)) is None:
            return
        self.beginResetModel()
        self._rows = list(page.rows)
        self._keys = set(map(self._key, self._rows))
        self.endResetModel()
        self._settle(page)

    async def _more(self, fetch: Fetch, start: str | None) -> None:
        if (page := await self._asked(fetch, start)) is None:
            return
        new = [row for row in page.rows if self._key(row) not in self._keys]
        if new:
            self.beginInsertRows(_NOWHERE, len(self._rows), len(self._rows) + len(new) - 1)
            self._rows += new
            self._keys.update(map(self._key, new))
            self.endInsertRows()
        self._settle(page)

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
