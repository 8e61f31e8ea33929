"""A score and what it is made of: the scale, and a signed bar for each signal, which add up to it."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.models.columns import Column, Row
from ui.widgets.told_table import ToldTable
from ui.windows.routing.score_scale import Bands, ScoreScale
from ui.windows.routing.signed_bars import SignedBars
from ui.windows.routing.words import points, tr

_MOST_ROWS = 14
_BAR_COLUMN = 2


class ScorePart(QWidget):
    """The last row is the sum."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = ScoreScale()
        columns = (
            Column(tr("Signal"), lambda row: row["signal"], characters=16),
            Column(tr("Points"), lambda row: row["told"], is_number=True, characters=8),
            Column(tr("Takes away · adds"), lambda _row: "", characters=20, tip=lambda row: row["told"]),
            Column(tr("Evidence"), lambda row: row["evidence"]),
        )
        self.table = ToldTable(
            columns, lambda row: row["place"], tr("What the score is made of"), _sentence, _MOST_ROWS
        )
        self._bars = SignedBars(self.table.model, lambda row: row["points"], self)
        self.table.table.setItemDelegateForColumn(_BAR_COLUMN, self._bars)
        rows = QVBoxLayout(self)
        rows.setSpacing(10)
        rows.addWidget(self.scale)
        rows.addWidget(self.table)

    def show_score(self, score: Mapping[str, Any], bands: Bands) -> None:
        self.scale.show_score(score["value"], bands)
        self._bars.measure(max((abs(each["points"]) for each in score["contributions"]), default=0.0))
        self.table.show_rows(contribution_rows(score))


def contribution_rows(score: Mapping[str, Any]) -> list[Row]:
    rows: list[Row] = [
        {**each, "place": place, "told": points(each["points"])}
        for place, each in enumerate(score["contributions"])
    ]
    total = {
        "place": "sum",
        "signal": tr("Together"),
        "points": None,
        "told": f"{score['value']:.1f}",
        "evidence": tr("the score"),
    }
    return [*rows, total]


def _sentence(row: Row) -> str:
    sentence = tr("%1: %2 points, %3").replace("%1", row["signal"]).replace("%2", row["told"])
    return sentence.replace("%3", row["evidence"])
