"""Attempts and stages of one exchange, one below the other, from when to when each lasted."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.mistakes import called_by_qt
from ui.widgets.charts.chart import MARGIN, Chart
from ui.widgets.charts.data import Span, Table, Value
from ui.widgets.charts.drawing import Drawing
from ui.widgets.charts.look import Look
from ui.widgets.charts.telling import Fact, Telling
from ui.widgets.charts.units import MS
from ui.widgets.charts.waterfall_drawing import draw_waterfall, height_for

_LINES_WIDE = 32
_LEAST_LINES_WIDE = 18


class Waterfall(Chart):
    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._spans: tuple[Span, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.renew()

    @property
    def spans(self) -> tuple[Span, ...]:
        return self._spans

    def set_spans(self, spans: tuple[Span, ...]) -> None:
        if spans != self._spans:
            self._spans = spans
            self.updateGeometry()
            self.renew()

    def points(self) -> int:
        return len(self._spans)

    def draw(self, room: QRectF, look: Look) -> Drawing:
        durations = tuple(self._told(span.duration) for span in self._spans)
        return draw_waterfall(self._spans, durations, room, look)

    def telling(self, index: int) -> Telling:
        span = self._spans[index]
        facts = [
            Fact(self.tr("Starts at"), self._told(span.start)),
            Fact(self.tr("First byte after"), self._told(span.wait)),
            Fact(self.tr("Takes"), self._told(span.duration)),
        ]
        if span.failure:
            facts.append(Fact(self.tr("Failed"), span.failure))
        return Telling(span.label, tuple(facts))

    def as_table(self) -> Table:
        headers = (
            self.tr("Step"),
            self.tr("Starts at"),
            self.tr("First byte after"),
            self.tr("Takes"),
            self.tr("Failed"),
        )
        rows = (
            (
                span.label,
                self._told(span.start),
                self._told(span.wait),
                self._told(span.duration),
                span.failure,
            )
            for span in self._spans
        )
        return Table(headers, tuple(rows))

    def summary(self) -> str:
        """How many there were, how many failed, and when the last one ended."""
        failed = sum(bool(span.failure) for span in self._spans)
        ends = [span.end for span in self._spans]
        whole = None if None in ends else max(end for end in ends if end is not None)
        sentence = self.tr("Steps: %1, failed: %2, in all %3.")
        numbers = (str(len(self._spans)), str(failed), self._told(whole))
        for place, number in enumerate(numbers, start=1):
            sentence = sentence.replace(f"%{place}", number)
        return sentence

    @called_by_qt
    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        return self._size(_LINES_WIDE)

    @called_by_qt
    def minimumSizeHint(self) -> QSize:  # noqa: N802  Qt's name
        return self._size(_LEAST_LINES_WIDE)

    def _size(self, lines_wide: int) -> QSize:
        look = self.look()
        height = height_for(max(1, len(self._spans)), look) + 2 * MARGIN
        return QSize(round(look.line * lines_wide), round(height))

    def _told(self, value: Value) -> str:
        return self.tr("unknown") if value is None else MS.told(value)
