"""What the chart shows along time, by what one wants to see."""

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import QCoreApplication

from proxy.ledger.queries.usage import NOBODYS_NAME
from ui.theme.colors import TIERS
from ui.widgets.charts.data import Figure, Series
from ui.widgets.charts.inks import RoleInk, SeriesInk, TierInk
from ui.widgets.charts.units import COUNT, MONEY
from ui.windows.usage.asking import Line
from ui.windows.usage.told import name_in, piece_name


class View(Enum):
    """What stands upward in the chart."""

    MONEY = "money"
    TOKENS = "tokens"
    REQUESTS = "requests"


def figure(view: View, usage: Line, now: float) -> Figure:
    """Pieces that have not begun by `now` (in milliseconds) are not known, so they are left out."""
    pieces = [piece for piece in usage["daily"] if piece["start"] <= now]
    names = tuple(piece_name(piece, usage["series_unit"], len(pieces)) for piece in pieces)
    unit = MONEY if view is View.MONEY else COUNT
    return Figure(names, _SERIES[view](pieces), unit)


def _money(pieces: Sequence[Line]) -> tuple[Series, ...]:
    """What is saved is filled: above zero it is a gain, below it a loss."""
    return (
        Series(_tr("Cost"), _values(pieces, "cost_usd"), SeriesInk(0)),
        Series(_tr("Baseline"), _values(pieces, "baseline_usd"), SeriesInk(1)),
        Series(_tr("Saved"), _values(pieces, "saved_usd"), RoleInk("good"), is_filled=True),
    )


def _tokens(pieces: Sequence[Line]) -> tuple[Series, ...]:
    kinds = {
        "cache_read": _tr("Cache read"),
        "cache_write": _tr("Cache written"),
        "input": _tr("Input"),
        "output": _tr("Output"),
    }
    return tuple(Series(name, _values(pieces, f"{kind}_tokens")) for kind, name in kinds.items())


def _requests(pieces: Sequence[Line]) -> tuple[Series, ...]:
    """By the tiers that occur, in their order; those without one come last."""
    found = {tier for piece in pieces for tier in piece["byTier"]}
    tiers = [tier for tier in TIERS if tier in found] + sorted(found - {*TIERS})
    return tuple(
        Series(
            name_in("tier", tier) if tier == NOBODYS_NAME else tier,
            tuple(piece["byTier"].get(tier, 0) for piece in pieces),
            TierInk(tier),
        )
        for tier in tiers
    )


def _values(pieces: Sequence[Line], name: str) -> tuple[float | None, ...]:
    return tuple(piece[name] for piece in pieces)


_SERIES = {View.MONEY: _money, View.TOKENS: _tokens, View.REQUESTS: _requests}


def _tr(text: str) -> str:
    return QCoreApplication.translate("usage", text)
