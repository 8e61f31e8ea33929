"""The configured providers and how they do; Enter leads to one."""

from collections.abc import Callable
from typing import Final

from PySide6.QtGui import QColor

from ui.models.columns import Column, Row
from ui.theme.colors import colors
from ui.windows.overview.list_panel import Listed, ListPanel
from ui.windows.overview.speech import tr
from ui.words import duration, percent

_SPARE: Final = (4, 2, 5, 3, 6)


def health_panel(open_: Callable[[str | None], object]) -> ListPanel:
    """`open_` is told the name of a provider, or None for all of them."""
    listed = Listed(
        title=tr("Providers"),
        name=tr("Providers and how they do"),
        columns=_columns(),
        spare=_SPARE,
        key="name",
        all=tr("All &providers"),
        nothing=tr("How each provider answers is shown here. One is enough to begin."),
    )
    return ListPanel(listed, open_)


def _columns() -> tuple[Column, ...]:
    def number(title: str, key: str, tip: str) -> Column:
        return Column(
            title, lambda row: duration(row[key]), is_number=True, characters=8, tip=lambda _row: tip
        )

    return (
        Column(tr("Provider"), lambda row: row["name"], characters=14),
        Column(
            tr("State"), lambda row: row["state"], characters=33, tip=lambda row: row["why"], color=_color
        ),
        number(tr("p50"), "p50", tr("Half of the answers took no longer than this.")),
        number(tr("p95"), "p95", tr("19 of 20 answers took no longer than this.")),
        number(tr("First byte"), "first_byte", tr("Half of the answers began no later than this.")),
        Column(tr("Errors"), lambda row: percent(row["error_share"]), is_number=True, characters=8),
        Column(tr("Tightest limit"), lambda row: row["quota"], characters=27),
    )


def _color(row: Row) -> QColor | None:
    color: QColor = getattr(colors(), row["level"])
    return color
