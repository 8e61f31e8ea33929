"""A picture as a list of shapes and words: made once, painted often."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPainterPath, QPen, QPixmap, QStaticText

from ui.widgets.charts.look import Look


@dataclass(frozen=True, slots=True)
class Shape:
    """A path, filled."""

    path: QPainterPath
    fill: QBrush | QColor

    def paint(self, painter: QPainter) -> None:
        painter.fillPath(self.path, self.fill)


@dataclass(frozen=True, slots=True)
class Boxes:
    """Rectangles of one colour, with their edges on device pixels."""

    boxes: tuple[QRectF, ...]
    color: QColor

    def paint(self, painter: QPainter) -> None:
        for box in self.boxes:
            painter.fillRect(box, self.color)


@dataclass(frozen=True, slots=True)
class Stamps:
    """Rectangles cut from one patterned sheet: ten times as fast as filling each with the pattern."""

    boxes: tuple[QRectF, ...]
    sheet: QPixmap
    ratio: float

    def paint(self, painter: QPainter) -> None:
        for box in self.boxes:
            cut = QRectF(0, 0, box.width() * self.ratio, box.height() * self.ratio)
            painter.drawPixmap(box, self.sheet, cut)


@dataclass(frozen=True, slots=True)
class Strokes:
    """Straight lines, each by itself: a path of the same course takes seven times as long.

    Their square ends overlap where they meet, and so close the corner.
    """

    lines: tuple[QLineF, ...]
    color: QColor
    width: float

    def paint(self, painter: QPainter) -> None:
        painter.setPen(QPen(self.color, self.width, c=Qt.PenCapStyle.SquareCap))
        painter.drawLines(self.lines)


@dataclass(frozen=True, slots=True)
class Words:
    """A text, laid out beforehand."""

    at: QPointF
    text: QStaticText
    color: QColor
    font: QFont

    def paint(self, painter: QPainter) -> None:
        painter.setFont(self.font)
        painter.setPen(self.color)
        painter.drawStaticText(self.at, self.text)


Item = Shape | Boxes | Stamps | Strokes | Words
Items = tuple[Item, ...]


def _nothing(_index: int) -> Items:
    return ()


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a chart paints, and where its points lie."""

    items: Items
    spots: tuple[QRectF, ...] = ()
    """One for each point: what the pointer hits, and the band behind the current one."""
    emphasis: Callable[[int], Items] = field(default=_nothing)
    """What is drawn upon the current point besides."""

    def point_at(self, at: QPointF) -> int | None:
        return next((index for index, spot in enumerate(self.spots) if spot.contains(at)), None)

    def paint(self, painter: QPainter, current: int | None, look: Look) -> None:
        if current is not None:
            painter.fillRect(self.spots[current], look.band)
        paint_all(painter, self.items)
        if current is not None:
            paint_all(painter, self.emphasis(current))


def paint_all(painter: QPainter, items: Sequence[Item]) -> None:
    for item in items:
        item.paint(painter)


def words(text: str, left: float, top: float, color: QColor, look: Look) -> Words:
    """A line of text; it begins on a device pixel, so that it does not swim when drawn anew."""
    shape = QStaticText(text)
    shape.setTextFormat(Qt.TextFormat.PlainText)
    shape.prepare(font=look.font)
    return Words(QPointF(look.snapped(left), look.snapped(top)), shape, color, look.font)


def elided(text: str, width: float, look: Look) -> str:
    return look.metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
