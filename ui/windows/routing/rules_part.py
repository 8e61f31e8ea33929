"""The rules in words, in the order in which they are judged; one that is broken says why."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtGui import QColor

from ui.models.columns import Column, Row
from ui.theme.colors import colors
from ui.widgets.told_table import ToldTable
from ui.windows.routing.words import tr

_MOST_ROWS = 10


def rules_part() -> ToldTable:
    columns = (
        Column(tr("Rule"), lambda row: row["name"], characters=20),
        Column(tr("For"), lambda row: row["where"], characters=16),
        Column(tr("State"), lambda row: row["state"], characters=11, color=_color),
        Column(tr("In words"), lambda row: row["text"]),
    )
    return ToldTable(columns, lambda row: row["place"], tr("Rules"), _sentence, _MOST_ROWS, spare=(1,))


def rule_rows(rules: Sequence[Mapping[str, Any]]) -> list[Row]:
    return [_row(place, rule) for place, rule in enumerate(rules)]


def _row(place: int, rule: Mapping[str, Any]) -> Row:
    route, broken = rule["route"], rule["broken"]
    strict = tr("%1 It is strict: nobody else may serve what it names.")
    return {
        "place": place,
        "name": rule["name"],
        "where": tr("every route") if route is None else tr("route %1").replace("%1", route),
        "state": tr("⚠ broken") if broken else tr("✓ in force"),
        "broken": broken,
        "text": strict.replace("%1", rule["text"]) if rule["strict"] else rule["text"],
    }


def _color(row: Row) -> QColor:
    return colors().bad if row["broken"] else colors().good


def _sentence(row: Row) -> str:
    if not row["broken"]:
        return str(row["text"])
    return tr("It is left out: %1 It says: %2").replace("%1", row["broken"]).replace("%2", row["text"])
