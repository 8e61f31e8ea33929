"""Colours by their place in a scheme, so that data keeps its colour when light turns to dark."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtGui import QColor

from ui.theme.colors import Colors


@dataclass(frozen=True, slots=True)
class TierInk:
    """The colour of a tier."""

    tier: str | None

    def of(self, colors: Colors) -> QColor:
        return colors.tier(self.tier)


@dataclass(frozen=True, slots=True)
class SeriesInk:
    """The colour that a scheme has for the nth of several."""

    place: int

    def of(self, colors: Colors) -> QColor:
        return colors.series[self.place % len(colors.series)]


@dataclass(frozen=True, slots=True)
class RoleInk:
    """A colour with a meaning."""

    role: Literal["accent", "good", "warn", "bad", "muted"]

    def of(self, colors: Colors) -> QColor:
        color: QColor = getattr(colors, self.role)
        return color


Ink = TierInk | SeriesInk | RoleInk
