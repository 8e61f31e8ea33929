"""The budgets as bars with words; not there at all while none is set."""

from dataclasses import dataclass

from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QWidget

from ui.frame.panel import Panel
from ui.theme.roles import with_role
from ui.windows.overview.budgets import budgets_told
from ui.windows.overview.speech import Part, failure

_WHOLE = 1000


@dataclass(frozen=True, slots=True)
class _Line:
    title: QLabel
    bar: QProgressBar
    words: QLabel


class BudgetsPanel(Panel):
    """One line for the day and one for the month."""

    def __init__(self) -> None:
        super().__init__(self.tr("Budgets"))
        content = QWidget()
        self._grid = QGridLayout(content)
        self._grid.setHorizontalSpacing(14)
        self._grid.setColumnStretch(1, 1)
        self._lines = [self._line(row) for row in range(2)]
        self.fill(content)
        self.hide()

    def show_budgets(self, budgets: Part) -> None:
        told = () if failure(budgets) or not budgets else budgets_told(budgets)
        for line, budget in zip(self._lines, told, strict=False):
            line.title.setText(budget.title)
            line.words.setText(budget.words)
            line.bar.setValue(round(budget.share * _WHOLE))
            line.bar.setAccessibleName(budget.title)
            line.bar.setAccessibleDescription(budget.words)
        self.setVisible(bool(told))
        self.ready()

    def _line(self, row: int) -> _Line:
        line = _Line(QLabel(), QProgressBar(), with_role(QLabel(), "muted"))
        line.bar.setRange(0, _WHOLE)
        line.bar.setTextVisible(False)
        for column, widget in enumerate((line.title, line.bar, line.words)):
            self._grid.addWidget(widget, row, column)
        return line
