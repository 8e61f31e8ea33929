"""The course of a line: through what is known, broken where it is not."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QLineF, QPointF
from PySide6.QtGui import QPainterPath

from ui.widgets.charts.data import Value

Run = tuple[tuple[int, float], ...]
"""Places and values of neighbours that are all known."""


def runs(values: Sequence[Value]) -> tuple[Run, ...]:
    """A run of one is a point by itself."""
    found: list[Run] = []
    run: list[tuple[int, float]] = []
    for index, value in enumerate((*values, None)):
        if value is not None:
            run.append((index, value))
        elif run:
            found.append(tuple(run))
            run = []
    return tuple(found)


def course(points: Sequence[Sequence[QPointF]]) -> tuple[QLineF, ...]:
    return tuple(QLineF(before, after) for run in points for before, after in pairwise(run))


def ground(points: Sequence[Sequence[QPointF]], base: float) -> QPainterPath:
    """The area between the line and its base."""
    path = QPainterPath()
    for run in points:
        path.moveTo(run[0].x(), base)
        for point in run:
            path.lineTo(point)
        path.lineTo(run[-1].x(), base)
        path.closeSubpath()
    return path
