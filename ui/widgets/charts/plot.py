"""The field within the axes: from categories and values to places."""

from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF


@dataclass(frozen=True, slots=True)
class Plot:
    """Categories from left to right in bands of equal width, values between the outer ticks."""

    area: QRectF
    count: int
    ticks: tuple[float, ...]

    band: float = field(init=False)
    """The width of a category."""
    _left: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "band", self.area.width() / max(1, self.count))
        object.__setattr__(self, "_left", self.area.left())

    def left(self, index: int) -> float:
        return self._left + self.band * index

    def centre(self, index: int) -> float:
        return self._left + self.band * (index + 0.5)

    def y(self, value: float) -> float:
        low, high = self.ticks[0], self.ticks[-1]
        return self.area.bottom() - (value - low) / (high - low) * self.area.height()

    def point(self, index: int, value: float) -> QPointF:
        return QPointF(self.centre(index), self.y(value))

    def spots(self) -> tuple[QRectF, ...]:
        """The whole height above each category."""
        top, height = self.area.top(), self.area.height()
        return tuple(QRectF(self.left(index), top, self.band, height) for index in range(self.count))
