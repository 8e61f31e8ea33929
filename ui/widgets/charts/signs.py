"""Patterns and shapes that tell series apart beside their colours: one for each place, kept subtle."""

import math
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen, QPixmap, QPolygonF, QTransform

from ui.widgets.charts.drawing import Boxes, Item, Shape, Stamps
from ui.widgets.charts.inks import Ink
from ui.widgets.charts.look import Look

_TILE: Final = 6.0
_STROKE: Final = 1.2
_ALPHA: Final = 115
"""Of the pattern's lines, which have the colour of the ground."""

_Line = tuple[float, float, float, float]
_HATCHES: Final[tuple[tuple[_Line, ...], ...]] = (
    (),
    ((-1, 1, 1, -1), (0, 1, 1, 0), (0, 2, 2, 0)),
    ((0.5, 0.45, 0.5, 0.55),),
    ((-1, 0.5, 2, 0.5),),
    ((-1, -1, 2, 2), (0, -1, 2, 1), (-1, 0, 1, 2)),
    ((0.5, -1, 0.5, 2),),
)
"""Strokes upon a tile of size 1: plain, rising, dots, level, falling, upright."""

_CORNERS: Final = ((0, 0.0), (4, 45.0), (3, -90.0), (4, 0.0), (3, 90.0), (5, -90.0))
"""Corners and the angle of the first: circle, square, triangle, diamond, triangle, pentagon."""


@dataclass(frozen=True, slots=True)
class Key:
    """How a series is recognised, in the picture, in the legend and in tips."""

    ink: Ink
    place: int
    kind: Literal["bar", "line"]


def hatch(key: Key, look: Look) -> QBrush:
    """The fill of a series: its colour, and from the second on a pattern in the colour of the ground."""
    color = key.ink.of(look.colors)
    strokes = _HATCHES[key.place % len(_HATCHES)]
    if not strokes:
        return QBrush(color)
    size = round(_TILE * look.ratio)
    tile = QImage(size, size, QImage.Format.Format_RGB32)
    tile.fill(color)
    line = QColor(look.colors.surface)
    line.setAlpha(_ALPHA)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    is_dot = len(strokes) == 1 and math.dist(strokes[0][:2], strokes[0][2:]) < 1
    pen = QPen(line, _STROKE * look.ratio * (1.6 if is_dot else 1), c=Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    for x1, y1, x2, y2 in strokes:
        painter.drawLine(QPointF(x1 * size, y1 * size), QPointF(x2 * size, y2 * size))
    painter.end()
    brush = QBrush(tile)
    brush.setTransform(QTransform.fromScale(1 / look.ratio, 1 / look.ratio))
    return brush


def patterned(key: Key, boxes: tuple[QRectF, ...], look: Look) -> Item:
    """The bars of a series, filled."""
    if not _HATCHES[key.place % len(_HATCHES)] or not boxes:
        return Boxes(boxes, key.ink.of(look.colors))
    width, height = max(box.width() for box in boxes), max(box.height() for box in boxes)
    sheet = QPixmap(math.ceil(width * look.ratio), math.ceil(height * look.ratio))
    brush = hatch(key, look)
    brush.setTransform(QTransform())
    painter = QPainter(sheet)
    painter.fillRect(sheet.rect(), brush)
    painter.end()
    return Stamps(boxes, sheet, look.ratio)


def marker(place: int, centre: QPointF, radius: float) -> QPainterPath:
    """The shape at the points of a line."""
    corners, first = _CORNERS[place % len(_CORNERS)]
    path = QPainterPath()
    if corners == 0:
        path.addEllipse(centre, radius, radius)
        return path
    angles = [math.radians(first + 360 / corners * corner) for corner in range(corners)]
    reach = radius * 1.2
    """A polygon as wide as a circle looks smaller than it."""
    path.addPolygon(
        QPolygonF([centre + QPointF(math.cos(angle) * reach, math.sin(angle) * reach) for angle in angles])
    )
    path.closeSubpath()
    return path


def swatch(key: Key, box: QRectF, look: Look) -> tuple[Item, ...]:
    """A sample of a series in a square."""
    path = QPainterPath()
    if key.kind == "bar":
        path.addRoundedRect(box, 2, 2)
        return (Shape(path, hatch(key, look)),)
    color = key.ink.of(look.colors)
    path.addRect(look.box(box.left() - 2, box.center().y() - 1, box.right() + 2, box.center().y() + 1))
    return Shape(path, color), Shape(marker(key.place, box.center(), box.width() / 2.6), color)
