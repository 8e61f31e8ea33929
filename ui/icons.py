"""The program's pictures."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from resources import resource

# What panels, task switchers and installers ask for.
_SIZES = (16, 22, 24, 32, 48, 64, 128, 256)


def program_icon() -> QIcon:
    """Drawn at every size from one vector file, so that no desktop has to scale it."""
    drawing = QSvgRenderer(resource("icons/tierwise.svg").read_bytes())
    icon = QIcon()
    for size in _SIZES:
        pixmap = QPixmap(QSize(size, size))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        drawing.render(painter)
        painter.end()
        icon.addPixmap(pixmap)
    return icon
