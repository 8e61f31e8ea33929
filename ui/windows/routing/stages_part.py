"""The stages as a list: in their order, each with what it did and why; those without effect are quieter."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from ui.theme.roles import with_role
from ui.windows.routing.stages import StageTold

_NAME_WIDTH = 110
_USUAL_ROWS = 5


class StagesPart(QWidget):
    """Its rows are made once and used again."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[_StageRow] = []
        self._layout = QVBoxLayout(self)
        self._layout.setSpacing(10)

    def build(self) -> Iterator[None]:
        """The rows that nearly every decision needs."""
        for _ in range(_USUAL_ROWS):
            self._add_row()
            yield

    def show_stages(self, stages: Sequence[StageTold]) -> Iterator[None]:
        """In pieces: labels that wrap take their time."""
        for place, stage in enumerate(stages):
            if place == len(self.rows):
                self._add_row()
            self.rows[place].show_stage(place + 1, stage)
            self.rows[place].show()
            yield
        for row in self.rows[len(stages) :]:
            row.hide()

    def _add_row(self) -> None:
        row = _StageRow()
        self.rows.append(row)
        self._layout.addWidget(row)


class _StageRow(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.name, self.did, self.reasons = QLabel(), QLabel(), with_role(QLabel(), "muted")
        self.name.setMinimumWidth(_NAME_WIDTH)
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        for label in (self.did, self.reasons):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self.name, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.did, 0, 1)
        grid.addWidget(self.reasons, 1, 1)

    def show_stage(self, number: int, stage: StageTold) -> None:
        self.name.setText(f"{number}. {stage.name}")
        with_role(self.name, "heading" if stage.has_effect else "muted")
        self.did.setText(stage.did)
        with_role(self.did, "heading" if stage.has_effect else "muted")
        self.reasons.setText("\n".join(stage.reasons))
        self.reasons.setVisible(bool(stage.reasons))
