"""What is drawn of each row: worked out once and, where there is time for it, before it is on the screen."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

from msgspec import Struct
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QColor, QFontMetrics

from ui.models.columns import Row
from ui.theme.colors import Colors
from ui.windows.logs.columns import LogColumn, stress
from ui.windows.logs.palette import stressed

PAD: Final = 8
_KEPT: Final = 16_384
"""Texts of rows, and texts cut to a width, that are remembered."""
_KEPT_LINES: Final = 1_024
_AT_A_TIME: Final = 8
"""Rows that are worked out ahead in one turn of the loop; a turn takes one to two milliseconds."""


@dataclass(frozen=True, slots=True)
class Place:
    """A column on the screen."""

    number: int
    left: int
    width: int


@dataclass(frozen=True, slots=True)
class Layout:
    """All that a line depends on beside its row."""

    places: tuple[Place, ...]
    ground: Colors
    today: date
    """A time of today is told without its date."""
    metrics: QFontMetrics


class Mark(Struct, frozen=True, gc=False):
    """One text of a line. Neighbours of one colour share the very same object."""

    left: int
    text: str
    color: QColor


class Lines(QObject):
    """Putting values into words and cutting them to their column takes longer than to draw them."""

    def __init__(self, columns: Sequence[LogColumn], parent: QObject) -> None:
        super().__init__(parent)
        self._columns = columns
        self._layout: Layout | None = None
        self._lines: dict[object, tuple[Mark, ...]] = {}
        self._texts: dict[tuple[object, int], str] = {}
        self._cut: dict[tuple[str, int], tuple[str, int]] = {}
        self._coming: deque[Row] = deque()
        self._spare_time = QTimer(self)
        self._spare_time.timeout.connect(self._work_ahead)

    def lay(self, layout: Layout) -> None:
        """What is drawn from now on is drawn like this."""
        if layout == self._layout:
            return
        if self._layout is not None and layout.today != self._layout.today:
            self._texts.clear()
        self._lines.clear()
        self._layout = layout

    def expect(self, rows: Iterable[Row]) -> None:
        """They will be drawn next, and what was expected before may be not."""
        self._coming = deque(row for row in rows if row["id"] not in self._lines)
        if self._coming:
            self._spare_time.start()

    def forget(self) -> None:
        """What was known of rows, even of the same name, no longer counts."""
        self._texts.clear()
        self._lines.clear()
        self._coming.clear()

    def measure_anew(self) -> None:
        """With another font, or in another language."""
        self.forget()
        self._cut.clear()
        self._layout = None

    def of(self, row: Row) -> Sequence[Mark]:
        """Nothing before it is known how to draw."""
        if (line := self._lines.get(row["id"])) is None and self._layout is not None:
            if len(self._lines) >= _KEPT_LINES:
                for old in tuple(islice(self._lines, _KEPT_LINES // 4)):
                    del self._lines[old]
            line = self._lines[row["id"]] = tuple(self._drawn(row, self._layout))
        return line or ()

    def _work_ahead(self) -> None:
        for _ in range(min(_AT_A_TIME, len(self._coming))):
            self.of(self._coming.popleft())
        if not self._coming:
            self._spare_time.stop()

    def _drawn(self, row: Row, layout: Layout) -> Iterator[Mark]:
        for place in layout.places:
            column = self._columns[place.number]
            text, width = self._fitted(
                self._text_of(row, place.number), place.width - 2 * PAD, layout.metrics
            )
            left = place.left + (place.width - PAD - width if column.column.is_number else PAD)
            yield Mark(left, text, stressed(stress(column.name, row), layout.ground))

    def _text_of(self, row: Row, number: int) -> str:
        """Only what is seen is put into words: half of the columns usually are not."""
        key = row["id"], number
        if (text := self._texts.get(key)) is None:
            if len(self._texts) >= _KEPT:
                self._texts.clear()
            text = self._texts[key] = self._columns[number].column.text(row)
        return text

    def _fitted(self, text: str, width: int, metrics: QFontMetrics) -> tuple[str, int]:
        """As much of it as has room, and how wide that is."""
        if (found := self._cut.get((text, width))) is None:
            if len(self._cut) >= _KEPT:
                self._cut.clear()
            found = self._cut[text, width] = _measured(text, width, metrics)
        return found


def _measured(text: str, width: int, metrics: QFontMetrics) -> tuple[str, int]:
    if (whole := metrics.horizontalAdvance(text)) <= width:
        return text, whole
    cut = Qt.TextElideMode.ElideMiddle if "/" in text else Qt.TextElideMode.ElideRight
    shown = metrics.elidedText(text, cut, width)  # of a service both ends tell it from others
    return shown, metrics.horizontalAdvance(shown)
