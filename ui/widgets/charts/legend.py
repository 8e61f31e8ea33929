"""Names of series beside their signs, in as many lines as they need."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF

from ui.widgets.charts.drawing import Item, elided, words
from ui.widgets.charts.look import Look
from ui.widgets.charts.signs import Key, swatch

_LEADING = 1.35


@dataclass(frozen=True, slots=True)
class Entry:
    name: str
    key: Key


@dataclass(frozen=True, slots=True)
class Legend:
    items: tuple[Item, ...]
    height: float


def flow(widths: Sequence[float], gap: float, available: float) -> tuple[tuple[int, float], ...]:
    """Line and left edge of each entry, as words flow in a paragraph."""
    places = []
    line, left = 0, 0.0
    for width in widths:
        if left > 0 and left + width > available:
            line, left = line + 1, 0.0
        places.append((line, left))
        left += width + gap
    return tuple(places)


def legend(entries: Sequence[Entry], room: QRectF, look: Look) -> Legend:
    """At the top of the room; its height includes the air below it."""
    if not entries:
        return Legend((), 0)
    size = look.snapped(look.line * 0.68)
    lead = size + look.gap * 1.4
    names = [elided(entry.name, room.width() - lead, look) for entry in entries]
    pitch = look.line * _LEADING
    places = flow([lead + look.width(name) for name in names], look.line, room.width())
    items: list[Item] = []
    for entry, name, (line, left) in zip(entries, names, places, strict=True):
        x, y = room.left() + left, room.top() + line * pitch
        top = look.snapped(y + (look.line - size) / 2)
        items += swatch(entry.key, QRectF(look.snapped(x), top, size, size), look)
        items.append(words(name, x + lead, y, look.colors.muted, look))
    return Legend(tuple(items), (places[-1][0] + 1) * pitch + look.gap)
