"""What has saved how much: a bar for each, to the right of zero for a gain and to the left for a loss."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy, QWidget

from ui.frame.panel import Panel
from ui.mistakes import called_by_qt
from ui.theme.colors import colors
from ui.theme.roles import with_role
from ui.windows.usage.asking import Line
from ui.words import count, money

_THICK = 10
_ROUND = 2
_LEAST = 2.0
_LETTERS = 9


@dataclass(frozen=True, slots=True)
class Lever:
    name: str
    dollars: float


def levers(totals: Line) -> tuple[Lever, ...]:
    """Together they are the savings."""
    names = {
        "routing": _tr("Cheaper hosted models"),
        "local": _tr("Local models"),
        "prompt_caching": _tr("Prompt caching"),
        "avoided_calls": _tr("Calls avoided"),
        "retries": _tr("Second tries"),
    }
    return tuple(Lever(name, totals["levers"][lever]) for lever, name in names.items())


def against(totals: Line) -> str:
    """With what it was compared, and how much of it could be."""
    return (
        _tr(
            "Net, against what the models that were asked for would have cost, with their own prompt "
            "caching. That is known of %1 out of %2 requests."
        )
        .replace("%1", count(totals["compared"]["requests"]))
        .replace("%2", count(totals["requests"]))
    )


class Levers(Panel):
    """Says so where nothing could be compared: what is not known is no zero."""

    def __init__(self) -> None:
        super().__init__(_tr("What saved it"))
        self.bars = LeverBars()
        self.fill(self.bars)

    def show_totals(self, totals: Line) -> None:
        if totals["saved_usd"] is None:
            self.empty(self.tr("Nothing here could be compared with what it would have cost otherwise."))
            return
        self.bars.show_totals(totals)
        self.ready()


class LeverBars(QWidget):
    """A line for each lever, and their sum below."""

    def __init__(self) -> None:
        super().__init__()
        self._bars: dict[str, tuple[_Bar, QLabel]] = {}
        self._rows = QGridLayout(self)
        self._rows.setHorizontalSpacing(10)
        self._rows.setVerticalSpacing(8)
        self._rows.setColumnStretch(1, 1)
        self.sum = QLabel()
        self.sum.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.against = with_role(QLabel(), "muted")
        self.against.setWordWrap(True)

    def show_totals(self, totals: Line) -> None:
        found = levers(totals)
        if not self._bars:
            self._lay_out(found)
        amounts = [lever.dollars for lever in found]
        low, high = min(0.0, *amounts), max(0.0, *amounts)
        for lever in found:
            bar, amount = self._bars[lever.name]
            bar.show_value(lever.dollars, low, high)
            amount.setText(money(lever.dollars))
        self.sum.setText(money(totals["saved_usd"]))
        self.against.setText(against(totals))
        told = ", ".join(f"{lever.name} {money(lever.dollars)}" for lever in found)
        self.setAccessibleDescription(
            self.tr("%1; together %2").replace("%2", self.sum.text()).replace("%1", told)
        )

    def _lay_out(self, found: tuple[Lever, ...]) -> None:
        for row, lever in enumerate(found):
            bar, amount = _Bar(), QLabel()
            amount.setAlignment(Qt.AlignmentFlag.AlignRight)
            amount.setMinimumWidth(amount.fontMetrics().averageCharWidth() * _LETTERS)
            for column, cell in enumerate((QLabel(lever.name), bar, amount)):
                self._rows.addWidget(cell, row, column)
            self._bars[lever.name] = bar, amount
        below = len(found)
        self._rows.addWidget(with_role(QFrame(), "line"), below, 0, 1, 3)
        self._rows.addWidget(with_role(QLabel(self.tr("Together")), "heading"), below + 1, 0)
        self._rows.addWidget(with_role(self.sum, "heading"), below + 1, 2)
        self._rows.addWidget(self.against, below + 2, 0, 1, 3)
        self._rows.setRowStretch(below + 3, 1)


class _Bar(QWidget):
    """One value between the lowest and the highest of all. The number beside it is what is read aloud."""

    def __init__(self) -> None:
        super().__init__()
        self._value = (0.0, 0.0, 0.0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_value(self, value: float, low: float, high: float) -> None:
        if self._value != (value, low, high):
            self._value = (value, low, high)
            self.update()

    @called_by_qt
    def sizeHint(self) -> QSize:  # noqa: N802 -- Qt's name
        return QSize(60, _THICK)

    @called_by_qt
    def minimumSizeHint(self) -> QSize:  # noqa: N802 -- Qt's name
        return QSize(30, _THICK)

    @called_by_qt
    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 -- Qt's name
        value, low, high = self._value
        scheme = colors(self.palette())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(scheme.raised)
            painter.drawRoundedRect(QRectF(self.rect()), _ROUND, _ROUND)
            if value:
                painter.setBrush(scheme.good if value > 0 else scheme.bad)
                painter.drawRoundedRect(extent(value, low, high, self.width(), self.height()), _ROUND, _ROUND)


def extent(value: float, low: float, high: float, width: float, height: float) -> QRectF:
    """Where its bar lies; the smallest one is still seen."""
    scale = width / (high - low)
    zero, end = -low * scale, (value - low) * scale
    left, right = min(zero, end), max(zero, end)
    long = max(right - left, min(_LEAST, width))
    return QRectF(min(left, width - long), 0, long, height)


def _tr(text: str) -> str:
    return QCoreApplication.translate("usage", text)
