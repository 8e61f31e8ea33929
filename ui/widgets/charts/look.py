"""How a chart looks at one moment: its scheme, its type, and the grid of its screen's pixels."""

from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF

from ui.theme.colors import Colors

TRANSLUCENT: Final = 20
"""Alpha of the band behind the current point: seen on either ground, and text upon it still reads."""


@dataclass(frozen=True, slots=True)
class Look:
    """What every size and colour in a drawing is derived from."""

    colors: Colors
    font: QFont
    ratio: float
    """Device pixels per logical pixel."""
    metrics: QFontMetricsF = field(init=False, compare=False)
    hairline: float = field(init=False, compare=False)
    """The thinnest line that is whole pixels on this screen and about one pixel of the design."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "metrics", QFontMetricsF(self.font))
        object.__setattr__(self, "hairline", max(1, round(self.ratio)) / self.ratio)

    @property
    def line(self) -> float:
        """The height of a line of text."""
        return self.metrics.height()

    @property
    def gap(self) -> float:
        """The least air between two things, in step with the font."""
        return self.line / 3

    def width(self, text: str) -> float:
        return self.metrics.horizontalAdvance(text)

    def snapped(self, value: float) -> float:
        """On the edge of a device pixel, where a straight line is crisp."""
        return round(value * self.ratio) / self.ratio

    def box(self, left: float, top: float, right: float, bottom: float) -> QRectF:
        """A rectangle with all four edges on device pixels."""
        return QRectF(
            QPointF(self.snapped(left), self.snapped(top)), QPointF(self.snapped(right), self.snapped(bottom))
        )

    @property
    def band(self) -> QColor:
        """Behind the current point."""
        color = QColor(self.colors.text)
        color.setAlpha(TRANSLUCENT)
        return color
