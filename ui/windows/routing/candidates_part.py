"""The candidates: those that would be asked, in that order, and who dropped the others and why."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtGui import QColor

from ui.models.columns import Column, Row
from ui.theme.colors import colors
from ui.widgets.told_table import ToldTable
from ui.windows.routing.words import sentence, stage_in_words, tr

_MOST_ROWS = 12


def candidates_part() -> ToldTable:
    columns = (
        Column("", lambda row: row["order"], is_number=True, characters=3),
        Column(tr("Service"), lambda row: row["service"], characters=30),
        Column(tr("Tier"), lambda row: row["tiers"], characters=16),
        Column(tr("Outcome"), lambda row: row["outcome"], characters=20, color=_color),
        Column(tr("Why"), lambda row: row["why"]),
    )
    return ToldTable(
        columns, lambda row: row["service"], tr("Candidates"), _sentence, _MOST_ROWS, spare=(2, 4)
    )


def candidate_rows(decision: Mapping[str, Any], tiers: Mapping[str, Sequence[str]]) -> list[Row]:
    """`tiers` says which services each tier has."""
    places = {service: place for place, service in enumerate(decision["order"], start=1)}
    return [_row(each, places.get(each["service"]), tiers) for each in decision["candidates"]]


def _row(each: Mapping[str, Any], place: int | None, tiers: Mapping[str, Sequence[str]]) -> Row:
    service, kept = each["service"], each["kept"]
    dropped = tr("✕ dropped by %1").replace("%1", stage_in_words(each["dropped_by"] or ""))
    why = each["why"] or (_turn(place) if kept else "")
    return {
        "order": "" if place is None else str(place),
        "service": service,
        "tiers": ", ".join(tier for tier, services in tiers.items() if service in services),
        "kept": kept,
        "is_unwell": kept and bool(each["why"]),
        "outcome": (tr("◐ kept, unwell") if each["why"] else tr("✓ kept")) if kept else dropped,
        "why": sentence(why),
    }


def _turn(place: int | None) -> str:
    if place is None:
        return ""
    if place == 1:
        return tr("It is asked first.")
    return tr("It is asked if those before it fail.")


def _color(row: Row) -> QColor:
    scheme = colors()
    if row["is_unwell"]:
        return scheme.warn
    return scheme.good if row["kept"] else scheme.muted


def _sentence(row: Row) -> str:
    return f"{row['service']}: {row['outcome'][2:]}. {row['why']}"
