"""The columns of the tables, each with what it is sorted by; the line of the sums always stands last."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor

from ui.models.columns import Column, Row
from ui.theme.colors import colors
from ui.windows.usage.figures import in_percent, share
from ui.windows.usage.told import name_in
from ui.words import UNKNOWN, count, duration, money, short_count

Value = str | float | None

SUM = "is_sum"
"""Whether a row is the line of the sums."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A column, and what its rows are sorted by; None is unknown."""

    column: Column
    value: Callable[[Row], Value]


def measures(group: str) -> tuple[Measured, ...]:
    def name(row: Row) -> str:
        return _tr("All") if row[SUM] else name_in(group, row["name"])

    return (
        Measured(Column(_tr("Name"), name, characters=18), lambda row: name(row).casefold()),
        _number(_tr("Requests"), "requests", count, 7),
        _number(_tr("Errors"), "errors", count, 5),
        _number(_tr("Tokens"), "totalTokens", short_count, 6),
        _number(_tr("Cached"), "cache_hit_share", share, 7),
        _number(_tr("Cost"), "cost_usd", money, 8),
        _number(_tr("Baseline"), "baseline_usd", money, 8),
        _number(_tr("Saved"), "saved_usd", money, 9, _loss),
        _number(_tr("Saved %"), "saved_percent", in_percent, 8, _loss),
        _number(_tr("First byte"), "first_byte_ms", duration, 7),
        _number(_tr("Tokens/s"), "tokens_per_second", speed, 6),
    )


def in_order(rows: Sequence[Row], measured: Measured, *, is_falling: bool) -> list[Row]:
    """What is unknown comes last either way; rows that are alike keep their order."""
    known = [row for row in rows if measured.value(row) is not None]
    unknown = [row for row in rows if measured.value(row) is None]
    return [*sorted(known, key=measured.value, reverse=is_falling), *unknown]  # type: ignore[arg-type]  # no None is left


def key_of(row: Row) -> object:
    """What a row is known by while its numbers change."""
    return SUM if row[SUM] else (row["name"],)


def speed(tokens: float | None) -> str:
    return UNKNOWN if tokens is None else f"{tokens:.0f}"


def _number(
    title: str,
    name: str,
    told: Callable[[float | None], str],
    characters: int,
    color: Callable[[Row], QColor | None] | None = None,
) -> Measured:
    column = Column(title, lambda row: told(row[name]), is_number=True, characters=characters, color=color)
    return Measured(column, lambda row: row[name])


def _loss(row: Row) -> QColor | None:
    """Beside the minus."""
    saved = row["saved_usd"]
    return colors().bad if saved is not None and saved < 0 else None


def _tr(text: str) -> str:
    return QCoreApplication.translate("usage", text)
