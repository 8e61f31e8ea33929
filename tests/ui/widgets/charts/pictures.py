"""Charts drawn into images, and what is seen in them."""

from PySide6.QtCore import QPoint, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPalette, QRegion
from PySide6.QtWidgets import QWidget

from ui.theme.colors import Colors
from ui.widgets.charts.data import Figure, Series

SIZE = QSize(420, 260)


def figure(*values: tuple[float | None, ...]) -> Figure:
    """Series named a, b, c over categories named 1, 2, 3."""
    names = "abcdef"[: len(values)]
    categories = tuple(str(place + 1) for place in range(len(values[0])))
    return Figure(categories, tuple(Series(name, one) for name, one in zip(names, values, strict=True)))


def dressed(scheme: Colors) -> QPalette:
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Window, scheme.ground)
    return palette


def picture(widget: QWidget, ratio: float = 1.0) -> QImage:
    """The widget on nothing, so that every pixel seen is one that it drew."""
    image = QImage(widget.size() * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(0)
    widget.render(image, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
    return image


def colors_within(image: QImage, box: QRectF) -> set[str]:
    area = box.toAlignedRect() & image.rect()
    return {
        image.pixelColor(x, y).name()
        for x in range(area.left(), area.right() + 1)
        for y in range(area.top(), area.bottom() + 1)
        if image.pixelColor(x, y).alpha()
    }


def has(image: QImage, box: QRectF, color: QColor) -> bool:
    return color.name() in colors_within(image, box)
