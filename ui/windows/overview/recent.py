"""The newest requests as the columns of a table."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtGui import QColor

from ui.models.columns import Column, Row
from ui.theme.colors import colors
from ui.windows.failures import failure
from ui.windows.overview.speech import several, tr
from ui.words import UNKNOWN, duration, moment, money, whole_moment

_SOURCES: Final[Mapping[str, str]] = {
    "affinity": "session",
    "smart_routing": "rule",
    "tier": "difficulty",
    "load_balancer": "pool",
    "passthrough": "as asked",
    "probe_pin": "probe",
}
"""What has chosen, in a word."""
SPARE: Final = (6, 1, 5, 3, 7)
"""The columns that there need not be, the first to go first."""


def columns() -> tuple[Column, ...]:
    return (
        Column(tr("Time"), lambda row: moment(row["received"]), characters=14, tip=_when),
        Column(tr("Client"), lambda row: row["client"] or UNKNOWN, characters=12),
        Column(tr("Asked for → served"), way, characters=36, tip=whole_way),
        Column(tr("Tier"), lambda row: row["tier"] or UNKNOWN, characters=12),
        Column(tr("Cost"), cost, is_number=True, characters=8, tip=_who_pays),
        Column(tr("Saved"), lambda row: money(row["saved_usd"]), is_number=True, characters=9),
        Column(tr("Took"), lambda row: duration(row["duration_ms"]), is_number=True, characters=7),
        Column(tr("Why"), why, characters=18, tip=_chosen_by, color=_color),
    )


def way(row: Row) -> str:
    """What was asked for, and who served it; once where that is the same."""
    asked, served = row["requested"] or tr("any model"), row["model"] or tr("nobody")
    return asked if served == asked else f"{asked} → {served}"


def whole_way(row: Row) -> str:
    """With the provider, which may have the same model as another one."""
    return f"{row['requested'] or tr('any model')} → {row['service'] or tr('nobody')}"


def cost(row: Row) -> str:
    return tr("plan") if row["subscription"] else money(row["cost_usd"])


def why(row: Row) -> str:
    """What has chosen; for one that failed, what went wrong."""
    if row["outcome"] == "failed":
        return f"✕ {failure(row['error'])}"
    if row["outcome"] == "cancelled":
        return f"○ {tr('cancelled')}"
    source = tr(_SOURCES.get(row["source"] or "", row["source"] or UNKNOWN))
    if row["source"] == "tier" and row["score"] is not None:
        source = f"{source} {row['score']:.0f}"
    if row["attempt_count"] > 1:
        source = f"{source}, {several(row['attempt_count'], '1 try', '%1 tries')}"
    return source


def _who_pays(row: Row) -> str:
    return tr("Paid by a subscription") if row["subscription"] else money(row["cost_usd"])


def _chosen_by(row: Row) -> str:
    return tr("%1. Enter tells the whole story.", why(row))


def _when(row: Row) -> str:
    return whole_moment(row["received"])


def _color(row: Row) -> QColor | None:
    return colors().bad if row["outcome"] == "failed" else None
