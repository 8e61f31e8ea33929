"""One bar split into the parts of a whole, with their names and shares below it."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.mistakes import called_by_qt
from ui.widgets.charts.chart import MARGIN, Chart
from ui.widgets.charts.data import Share, Table, Value, total
from ui.widgets.charts.drawing import Drawing, Item, Shape
from ui.widgets.charts.inks import SeriesInk
from ui.widgets.charts.legend import Entry, legend
from ui.widgets.charts.look import Look
from ui.widgets.charts.signs import Key, hatch
from ui.widgets.charts.telling import Fact, Telling
from ui.widgets.charts.units import COUNT, Unit

_BETWEEN: Final = 2.0
_LEAST: Final = 3.0
"""The width of a part that is small but there."""
_LINES_WIDE: Final = 20
_LINES_HIGH: Final = 4


def pieces(values: Sequence[float], width: float, between: float, least: float) -> tuple[float, ...]:
    """Widths in proportion that fill the bar; what is not zero is seen, at the cost of the larger ones."""
    present = [value for value in values if value > 0]
    room = width - between * (len(present) - 1)
    least = min(least, room / len(present))
    spare = room - least * len(present)
    whole = sum(present)
    return tuple(least + spare * (value / whole) if value > 0 else 0.0 for value in values)


class ShareBar(Chart):
    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._shares: tuple[Share, ...] = ()
        self._unit = COUNT
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.renew()

    @property
    def shares(self) -> tuple[Share, ...]:
        return self._shares

    def set_shares(self, shares: tuple[Share, ...], unit: Unit = COUNT) -> None:
        if (shares, unit) != (self._shares, self._unit):
            self._shares, self._unit = shares, unit
            self.renew()

    def points(self) -> int:
        return len(self._shares) if self._whole() else 0

    def empty_words(self) -> str:
        has_unknown = any(share.value is None for share in self._shares)
        return self.tr("Not known yet") if has_unknown else super().empty_words()

    def draw(self, room: QRectF, look: Look) -> Drawing:
        keys = self._keys()
        widths = pieces([share.value or 0.0 for share in self._shares], room.width(), _BETWEEN, _LEAST)
        left, bottom = room.left(), room.top() + look.line
        items: list[Item] = []
        spots = []
        for width, key in zip(widths, keys, strict=True):
            box = look.box(left, room.top(), left + width, bottom)
            spots.append(box)
            if width:
                path = QPainterPath()
                path.addRoundedRect(box, 2, 2)
                items.append(Shape(path, hatch(key, look)))
                left += width + _BETWEEN
        names = [f"{share.name} {self._percent(share.value)}" for share in self._shares]
        below = room.adjusted(0, look.line + look.gap * 1.5, 0, 0)
        entries = [Entry(name, key) for name, key in zip(names, keys, strict=True)]
        return Drawing((*items, *legend(entries, below, look).items), tuple(spots))

    def telling(self, index: int) -> Telling:
        share = self._shares[index]
        return Telling(
            share.name, (Fact(self._told(share.value), self._percent(share.value), self._keys()[index]),)
        )

    def as_table(self) -> Table:
        headers = (self.tr("Part"), self.tr("Value"), self.tr("Share"))
        rows = ((one.name, self._told(one.value), self._percent(one.value)) for one in self._shares)
        return Table(headers, tuple(rows))

    def summary(self) -> str:
        return ", ".join(f"{share.name} {self._percent(share.value)}" for share in self._shares) + "."

    @called_by_qt
    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        look = self.look()
        return QSize(round(look.line * _LINES_WIDE), round(look.line * _LINES_HIGH) + 2 * MARGIN)

    @called_by_qt
    def minimumSizeHint(self) -> QSize:  # noqa: N802  Qt's name
        hint = self.sizeHint()
        return QSize(hint.width() // 2, hint.height())

    def _keys(self) -> tuple[Key, ...]:
        return tuple(
            Key(share.ink or SeriesInk(place), place, "bar") for place, share in enumerate(self._shares)
        )

    def _whole(self) -> float:
        return total(share.value for share in self._shares) or 0.0

    def _told(self, value: Value) -> str:
        return self.tr("unknown") if value is None else self._unit.told(value)

    def _percent(self, value: Value) -> str:
        """Nothing that is there is called nothing, and no part of several is called all."""
        whole = self._whole()
        if value is None or not whole:
            return self.tr("unknown")
        percent = 100 * value / whole
        if 0 < percent < 1:
            return self.tr("under 1 %")
        if 99 < percent < 100:
            return self.tr("over 99 %")
        return f"{percent:.0f} %"
