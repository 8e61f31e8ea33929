"""The newest requests, to pick one."""

from collections.abc import Sequence

from PySide6.QtCore import QObject

from ui import words
from ui.models.columns import Column, Row
from ui.models.rows import RowsModel
from ui.widgets.narrowing import NarrowingTable
from ui.windows.routing.words import tr

_MOST_ROWS = 7
_ON_ONE_LINE = 120


class RecentTable(NarrowingTable):
    """A table that knows which request is chosen by its id."""

    def __init__(self, parent: QObject) -> None:
        columns = (
            Column(tr("Time"), lambda row: words.moment(row["when"] * 1000), characters=14),
            Column(tr("Client"), lambda row: row["client"], characters=14),
            Column(tr("First words"), first_words),
            Column(tr("Tier"), lambda row: row["tier"] or words.UNKNOWN, characters=12),
            Column(tr("Served by"), lambda row: row["service"] or tr("nobody"), characters=26),
        )
        self.rows = RowsModel(columns, lambda row: row["id"], parent)
        super().__init__(self.rows, columns, tr("Recent requests"), spare=(1, 4))

    def show_rows(self, rows: Sequence[Row]) -> None:
        self.rows.show_rows(rows)
        self.fit_height(_MOST_ROWS)

    @property
    def chosen(self) -> Row | None:
        index = self.currentIndex()
        return self.rows.row(index) if index.isValid() else None

    def choose(self, id_: str) -> Row | None:
        """None where it is none of the recent ones."""
        place = self.rows.place_of(id_)
        if place is None:
            return None
        index = self.rows.index(place, 0)
        self.setCurrentIndex(index)
        self.scrollTo(index)
        return self.rows.row(index)


def first_words(row: Row) -> str:
    """What was typed last, on one line; where nothing was, what kind of call it is."""
    text = " ".join(str(row["preview"] or "").split())[:_ON_ONE_LINE]
    if text:
        return text
    kind = str(row["kind"]).replace("_", " ")
    return tr("(no words: %1)").replace("%1", kind)
