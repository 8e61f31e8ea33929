"""The values of the current point, on a small sheet beside it that takes no part in clicks or keys."""

from typing import Final

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.mistakes import called_by_qt
from ui.widgets.charts.drawing import Item, elided, paint_all, words
from ui.widgets.charts.look import Look
from ui.widgets.charts.signs import swatch
from ui.widgets.charts.telling import Telling

_RADIUS: Final = 6
_WIDEST: Final = 34
"""In lines of text: longer names are cut."""
_PITCH: Final = 1.3
_AWAY: Final = 8
"""Pixels between the tip and what it speaks of."""


class Tip(QWidget):
    """Lies upon the whole window, so that a small chart may have a large tip."""

    def __init__(self, host: QWidget, telling: Telling, look: Look) -> None:
        super().__init__(host)
        self._host = host
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.telling = telling
        self._look = look
        self._items: tuple[Item, ...] = ()
        self._lay_out()

    def tell(self, telling: Telling, look: Look) -> None:
        if (telling, look) == (self.telling, self._look):
            return
        self.telling, self._look = telling, look
        self._lay_out()
        self.update()

    def stand_beside(self, spot: QRectF) -> None:
        """Right of a narrow spot or left of it, below a wide one or above it; within the window always."""
        host = self._host.rect()
        if spot.width() < self.width():
            x = spot.right() + _AWAY
            if x + self.width() > host.right():
                x = spot.left() - _AWAY - self.width()
            y = spot.top() + _AWAY
        else:
            x = spot.center().x() - self.width() / 2
            y = spot.bottom() + _AWAY / 2
            if y + self.height() > host.bottom():
                y = spot.top() - _AWAY / 2 - self.height()
        x = max(0, min(x, host.right() - self.width()))
        y = max(0, min(y, host.bottom() - self.height()))
        self.move(QPoint(round(x), round(y)))

    @called_by_qt
    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  Qt's name
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._look.colors.border, 1))
            painter.setBrush(self._look.colors.raised)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
            paint_all(painter, self._items)

    def _lay_out(self) -> None:
        """Names at the left, values in a column that ends at the right."""
        look, telling = self._look, self.telling
        bold = QFont(look.font)
        bold.setWeight(QFont.Weight.DemiBold)
        strong = Look(look.colors, bold, look.ratio)
        pad, pitch, size = look.gap * 2, look.line * _PITCH, look.line * 0.65
        lead = size + look.gap * 1.4 if any(fact.key for fact in telling.facts) else 0.0
        widest = look.line * _WIDEST
        names = [elided(fact.name, widest, look) for fact in telling.facts]
        heading = elided(telling.heading, widest, strong)
        values = [look.width(fact.value) for fact in telling.facts]
        pairs = (lead + look.width(n) + look.gap * 3 + v for n, v in zip(names, values, strict=True))
        width = max([strong.width(heading), *pairs])
        items: list[Item] = [words(heading, pad, pad * 0.75, look.colors.text, strong)]
        for row, (fact, name, value) in enumerate(zip(telling.facts, names, values, strict=True), start=1):
            y = pad * 0.75 + pitch * row
            if fact.key is not None:
                items += swatch(fact.key, QRectF(pad, y + (look.line - size) / 2, size, size), look)
            items.append(words(name, pad + lead, y, look.colors.muted, look))
            items.append(words(fact.value, pad + width - value, y, look.colors.text, look))
        self._items = tuple(items)
        rows = len(telling.facts)
        self.resize(round(width + pad * 2), round(pad * 1.5 + pitch * rows + look.line))
