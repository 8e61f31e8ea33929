"""The colours, by what they are for. Text on every ground has at least the contrast of WCAG AA.

A colour never says anything alone: beside it stands a word, a sign, a place or a pattern.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

from PySide6.QtGui import QColor, QGuiApplication, QPalette

TIERS: Final = ("SIMPLE", "MEDIUM", "COMPLEX", "REASONING")
DARK_BELOW: Final = 128
"""The lightness of a window's ground under which it counts as dark."""


@dataclass(frozen=True, slots=True)
class Colors:
    """One scheme."""

    is_dark: bool
    ground: QColor
    """Behind everything."""
    surface: QColor
    """Panels, tables and fields."""
    raised: QColor
    """What lies upon a panel: heads of tables, hovered rows, tips."""
    border: QColor
    text: QColor
    muted: QColor
    """Text of less weight."""
    accent: QColor
    on_accent: QColor
    selection: QColor
    """Behind selected text and rows, under ordinary text."""
    good: QColor
    warn: QColor
    bad: QColor
    grid: QColor
    """Lines of charts."""
    tiers: dict[str, QColor]
    series: tuple[QColor, ...]
    """For lines and bars that belong to no tier; neighbours differ in lightness, too."""

    def tier(self, name: str | None) -> QColor:
        return self.tiers.get(name or "", self.muted)


def _scheme(*, is_dark: bool, tiers: tuple[str, ...], series: tuple[str, ...], **named: str) -> Colors:
    return Colors(
        is_dark=is_dark,
        tiers=dict(zip(TIERS, map(QColor, tiers), strict=True)),
        series=tuple(map(QColor, series)),
        **{name: QColor(value) for name, value in named.items()},
    )


@cache
def light() -> Colors:
    return _scheme(
        is_dark=False,
        ground="#f3f5f6",
        surface="#ffffff",
        raised="#eef2f3",
        border="#d5dcdf",
        text="#17242a",
        muted="#52636b",
        accent="#17636c",
        on_accent="#ffffff",
        selection="#d3e9ea",
        good="#18713d",
        warn="#8f5a00",
        bad="#b3261e",
        grid="#e3e8ea",
        tiers=("#7cc4bd", "#2b8f96", "#d99a26", "#a4432f"),
        series=("#17636c", "#d99a26", "#6b5bb5", "#3f8f4f", "#a4432f", "#5c7080"),
    )


@cache
def dark() -> Colors:
    return _scheme(
        is_dark=True,
        ground="#12191d",
        surface="#1a2328",
        raised="#232e34",
        border="#33424a",
        text="#e8eef0",
        muted="#a8b8bf",
        accent="#5fc4c9",
        on_accent="#0b1d20",
        selection="#234a50",
        good="#6fcf97",
        warn="#f2b84b",
        bad="#ff9688",
        grid="#2a363d",
        tiers=("#a9dfd9", "#45aab2", "#f2b84b", "#e07a62"),
        series=("#5fc4c9", "#f2b84b", "#ab9df2", "#84cf95", "#e07a62", "#9db0ba"),
    )


def colors(palette: QPalette | None = None) -> Colors:
    """Those of the scheme in use, or of the one that a widget's palette belongs to."""
    ground = (palette or QGuiApplication.palette()).color(QPalette.ColorRole.Window)
    return dark() if ground.lightness() < DARK_BELOW else light()
