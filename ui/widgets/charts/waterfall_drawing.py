"""How a waterfall is drawn: names at the left, bars along the time, durations at the right."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainterPath

from ui.widgets.charts.data import Span
from ui.widgets.charts.drawing import Boxes, Drawing, Item, Shape, elided, words
from ui.widgets.charts.inks import RoleInk
from ui.widgets.charts.look import Look
from ui.widgets.charts.signs import Key, hatch
from ui.widgets.charts.thinning import thinned
from ui.widgets.charts.ticks import nice_ticks
from ui.widgets.charts.units import MS

FAILED_SIGN: Final = "\u00d7"
"""Before the duration of what failed: a sign that every font has."""

_PITCH: Final = 1.75
_THICK: Final = 0.75
_WIDEST_NAME: Final = 0.34
"""The share of the room that names may take before they are cut."""
_LINES_PER_TICK: Final = 5
_WAITING_ALPHA: Final = 100
_MARK: Final = 2.0
_FAILED_PATTERN: Final = 1
_LEAST: Final = 2.0


@dataclass(frozen=True, slots=True)
class Times:
    """Where a moment stands between left and right, and where rows are."""

    area: QRectF
    ticks: tuple[float, ...]
    pitch: float

    def x(self, moment: float) -> float:
        return (
            self.area.left() + (moment - self.ticks[0]) / (self.ticks[-1] - self.ticks[0]) * self.area.width()
        )

    def top(self, row: int) -> float:
        return self.area.top() + self.pitch * row


def height_for(rows: int, look: Look) -> float:
    return rows * look.line * _PITCH + look.line + look.gap * 2


def draw_waterfall(spans: tuple[Span, ...], durations: tuple[str, ...], room: QRectF, look: Look) -> Drawing:
    """The durations are told by the caller, who knows the reader's language."""
    ends = [
        f"{FAILED_SIGN} {told}" if span.failure else told for span, told in zip(spans, durations, strict=True)
    ]
    times = times_for(spans, ends, room, look)
    items: list[Item] = _axis(times, look)
    name_room = times.area.left() - room.left() - look.gap * 2
    for row, (span, end) in enumerate(zip(spans, ends, strict=True)):
        y = times.top(row) + (times.pitch - look.line) / 2
        items.append(words(elided(span.label, name_room, look), room.left(), y, look.colors.text, look))
        items += _bar(span, row, times, look)
        color = look.colors.bad if span.failure else look.colors.muted
        items.append(words(end, room.right() - look.width(end), y, color, look))
    spots = (QRectF(room.left(), times.top(row), room.width(), times.pitch) for row in range(len(spans)))
    return Drawing(tuple(items), tuple(spots))


def times_for(spans: tuple[Span, ...], ends: list[str], room: QRectF, look: Look) -> Times:
    """The middle column, between the widest name and the widest duration."""
    names = min(max(look.width(span.label) for span in spans), room.width() * _WIDEST_NAME)
    left = look.snapped(room.left() + names + look.gap * 2)
    right = look.snapped(room.right() - max(map(look.width, ends)) - look.gap * 2)
    width = max(1.0, right - left)
    moments = [
        moment for span in spans for moment in (span.start, span.end, span.first_byte) if moment is not None
    ]
    most = max(2, int(width / (look.line * _LINES_PER_TICK)))
    ticks = nice_ticks(min(moments), max(moments), most)
    height = room.height() - look.line - look.gap
    pitch = min(look.line * _PITCH, height / len(spans))
    return Times(QRectF(left, room.top(), width, pitch * len(spans)), ticks, pitch)


def _axis(times: Times, look: Look) -> list[Item]:
    area = times.area
    numbers = [MS.tick(tick, times.ticks[1] - times.ticks[0]) for tick in times.ticks]
    places = [times.x(tick) for tick in times.ticks]
    lines = (
        QRectF(look.snapped(x - look.hairline / 2), area.top(), look.hairline, look.snapped(area.height()))
        for x in places
    )
    items: list[Item] = [Boxes(tuple(lines), look.colors.grid)]
    placed = thinned(
        places, [look.width(number) for number in numbers], look.gap * 2, area.left(), area.right()
    )
    top = area.bottom() + look.gap / 2
    items += [words(numbers[one.index], one.left, top, look.colors.muted, look) for one in placed]
    return items


def _bar(span: Span, row: int, times: Times, look: Look) -> list[Item]:
    """Pale while nothing had come, full from the first byte on, with a mark between the two."""
    thick = look.line * _THICK
    top = times.top(row) + (times.pitch - thick) / 2
    start = times.x(span.start)
    end = times.area.right() if span.end is None else max(times.x(span.end), start + _LEAST)
    box = look.box(start, top, end, top + thick)
    key = Key(RoleInk("bad"), _FAILED_PATTERN, "bar") if span.failure else Key(span.ink, 0, "bar")
    if span.first_byte is None:
        is_whole = span.end is not None
        return [Shape(_rounded(box), hatch(key, look) if is_whole else _pale(key, look))]
    mark = times.x(span.first_byte)
    full = QPainterPath()
    full.addRect(look.box(mark, top, end, top + thick))
    cut = look.box(mark, top - 2, mark + _MARK, top + thick + 2)
    return [
        Shape(_rounded(box), _pale(key, look)),
        *([] if span.end is None else [Shape(_rounded(box).intersected(full), hatch(key, look))]),
        Boxes((cut,), look.colors.text),
    ]


def _pale(key: Key, look: Look) -> QColor:
    color = QColor(key.ink.of(look.colors))
    color.setAlpha(_WAITING_ALPHA)
    return color


def _rounded(box: QRectF) -> QPainterPath:
    path = QPainterPath()
    radius = min(3.0, box.width() / 3)
    path.addRoundedRect(box, radius, radius)
    return path
