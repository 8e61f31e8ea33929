"""The program's pictures, drawn from vector files at every size that is asked for."""

from enum import Enum
from functools import cache

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from resources import resource

# What panels, task switchers and installers ask for.
_SIZES = (16, 22, 24, 32, 48, 64, 128, 256)
_SIZES_WITHIN = (18, 36, 54)
"""Of a picture beside a word, for screens of one, two and three dots a point."""
_SIZES_IN_TRAY = (16, 22, 24, 32, 48, 64)
_INK = "#000000"
"""What the pictures are drawn with in their files."""


def program_icon() -> QIcon:
    return _drawn(resource("icons/tierwise.svg").read_bytes(), _SIZES)


class TrayState(Enum):
    """What the icon tells at a glance: each has another shape, so that its colour may go unseen."""

    ON = "on"
    PAUSED = "paused"
    LOCAL_ONLY = "local_only"
    TROUBLE = "trouble"


@cache
def tray_icon(state: TrayState) -> QIcon:
    return _drawn(resource(f"icons/tray/{state.value}.svg").read_bytes(), _SIZES_IN_TRAY)


def picture(name: str, color: QColor) -> QIcon:
    """A small picture beside a word, in the colour of that word."""
    return _picture(name, color.name())


@cache
def _picture(name: str, color: str) -> QIcon:
    drawing = resource(f"icons/pages/{name}.svg").read_text()
    return _drawn(drawing.replace(_INK, color).encode(), _SIZES_WITHIN)


def _drawn(drawing: bytes, sizes: tuple[int, ...]) -> QIcon:
    """At every size from one file, so that no desktop has to scale it."""
    renderer = QSvgRenderer(drawing)
    icon = QIcon()
    for size in sizes:
        pixmap = QPixmap(QSize(size, size))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter)
        painter.end()
        icon.addPixmap(pixmap)
    return icon
