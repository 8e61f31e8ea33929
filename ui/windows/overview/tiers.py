"""The last days by tier, and the mix of tiers, as charts show them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, Literal

from PySide6.QtCore import QLocale

from ui.theme.colors import TIERS
from ui.widgets.charts.data import Figure, Series, Share, Value
from ui.widgets.charts.inks import TierInk
from ui.widgets.charts.units import COUNT, MONEY
from ui.windows.overview.speech import Part, tr

_SHORT: Final = QLocale.FormatType.ShortFormat

Measure = Literal["requests", "cost"]

_NOBODY: Final = "none"
"""The record's name for exchanges without a tier."""
_FIELDS: Final[Mapping[Measure, str]] = {"requests": "byTier", "cost": "cost_by_tier"}


def day_names(daily: Sequence[Part]) -> tuple[str, ...]:
    """The day of the week and of the month: no two of one week are alike."""
    days = (date.fromisoformat(each["label"]) for each in daily)
    return tuple(f"{QLocale().dayName(day.isoweekday(), _SHORT)} {day.day}" for day in days)


def by_tier(daily: Sequence[Part], measure: Measure) -> Figure:
    """The tiers always in their order, so that each keeps its colour and pattern."""
    field = _FIELDS[measure]
    has_rest = any(_NOBODY in day[field] for day in daily)

    def values(name: str) -> tuple[Value, ...]:
        return tuple(day[field].get(name, 0.0) for day in daily)

    series = [Series(_title(name), values(name), TierInk(name)) for name in TIERS]
    rest = [Series(_title(_NOBODY), values(_NOBODY), TierInk(None))] if has_rest else []
    is_any = any(day["requests"] for day in daily)
    return Figure(
        day_names(daily) if is_any else (),
        tuple([*series, *rest] if is_any else ()),
        COUNT if measure == "requests" else MONEY,
    )


def mix(by_tier: Sequence[Part], measure: Measure) -> tuple[Share, ...]:
    """What each tier had of the requests or the cost; `by_tier` is a line for each that had any."""
    field = {"requests": "requests", "cost": "cost_usd"}[measure]
    found = {line["name"]: line[field] for line in by_tier}
    names = [*TIERS, *([_NOBODY] if _NOBODY in found else [])]
    return tuple(Share(_title(name), found.get(name, 0.0), _ink(name)) for name in names) if found else ()


def _ink(name: str) -> TierInk:
    return TierInk(None if name == _NOBODY else name)


def _title(name: str) -> str:
    return tr("no tier") if name == _NOBODY else name
