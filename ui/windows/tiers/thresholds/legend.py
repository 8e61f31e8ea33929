"""What the bands of the scale mean: each tier with its words, its scores and its part of the requests."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from proxy.config import TierName
from ui.mistakes import called_by_qt
from ui.theme.colors import colors
from ui.theme.roles import with_role
from ui.windows.tiers.speech import tr
from ui.windows.tiers.words import SHORT_WORDS

_CHIP = 10
_GAP = 7


class Chip(QWidget):
    """The colour of a tier; beside it stands its name."""

    def __init__(self, tier: TierName) -> None:
        super().__init__()
        self._tier = tier
        self.setFixedSize(QSize(_CHIP, _CHIP))

    @called_by_qt
    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 -- Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors(self.palette()).tier(self._tier))
        painter.drawRoundedRect(QRectF(self.rect()), 3, 3)
        painter.end()


def put_before(chip: Chip, name: QLabel) -> None:
    """Into the label itself, so that wherever that stands the two are one."""
    name.setIndent(_CHIP + _GAP)
    places = QHBoxLayout(name)
    places.setContentsMargins(0, 0, 0, 0)
    places.addWidget(chip, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class LegendEntry(QWidget):
    """Its lines are short, so that none has to be broken."""

    def __init__(self, tier: TierName) -> None:
        super().__init__()
        self.band = QLabel()
        self.part = with_role(QLabel(), "muted")
        name = with_role(QLabel(tier), "heading")
        put_before(Chip(tier), name)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(2)
        rows.addWidget(name)
        rows.addWidget(with_role(QLabel(tr(SHORT_WORDS[tier])), "muted"))
        rows.addWidget(self.band)
        rows.addWidget(self.part)
        rows.addStretch()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
