"""A short table on this page: as high as its rows, and its last column takes what is left."""

from collections.abc import Sequence

from PySide6.QtCore import Qt

from ui.models.columns import Column
from ui.models.rows import RowsModel
from ui.widgets.narrowing import NarrowingTable


class ShortTable(NarrowingTable):
    """All rows are seen: it never scrolls."""

    def __init__(
        self, model: RowsModel, columns: tuple[Column, ...], name: str, spare: Sequence[int]
    ) -> None:
        super().__init__(model, columns, name, spare)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.fit()

    def fit(self) -> None:
        """To the rows that are there."""
        self.fit_height(self.model().rowCount())
