"""The services of a tier as its card shows them, one line each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.settings import Settings
from proxy.config import ServiceEntry, TierConfig, TierName
from ui.windows.tiers.lists import in_order
from ui.windows.tiers.speech import tr
from ui.windows.tiers.state import Known, State, state_of
from ui.words import money

Prices = Mapping[str, Mapping[str, Any]]
"""By service, as the list of prices tells them."""

_LOCAL: Final = "local"
_BETWEEN: Final = " · "


@dataclass(frozen=True, slots=True)
class Line:
    """One service."""

    entry: ServiceEntry
    is_here: bool | None
    """Whether what it is asked stays on this machine; None where nobody knows its provider."""
    price: str
    number: str
    """Its weight, priority or seats, where the tactic heeds them."""
    state: State

    @property
    def where(self) -> str:
        if self.is_here is None:
            return tr("? unknown")
        return tr("⌂ local") if self.is_here else tr("☁ cloud")

    @property
    def details(self) -> str:
        return _BETWEEN.join(each for each in (self.where, self.price, self.number) if each)

    @property
    def aloud(self) -> str:
        """All of it, for those who do not see it."""
        is_active = tr("active") if self.entry.active else tr("not active")
        parts = (self.entry.name, is_active, self.state.word, self.details, self.state.sentence)
        return ", ".join(each for each in parts if each)


def lines_of(tier: TierName, settings: Settings, known: Known, prices: Prices | None) -> tuple[Line, ...]:
    pool = settings.tier(tier)
    return tuple(_line(each, pool, settings, known, prices) for each in in_order(pool))


def _line(
    entry: ServiceEntry, pool: TierConfig, settings: Settings, known: Known, prices: Prices | None
) -> Line:
    provider = settings.providers.get(entry.provider)
    return Line(
        entry=entry,
        is_here=None if provider is None else provider.keeps_here(entry.model),
        price="" if prices is None else price_words(prices.get(entry.name)),
        number=_number(entry, pool),
        state=state_of(entry, settings, known),
    )


def price_words(told: Mapping[str, Any] | None) -> str:
    """In dollars per million tokens."""
    if told is not None and told["source"] == _LOCAL:
        return tr("free")
    rates = None if told is None else told["prices"]
    if not rates or (rates.get("input") is None and rates.get("output") is None):
        return tr("price unknown")
    return tr("%1 in, %2 out per 1M", money(rates.get("input")), money(rates.get("output")))


def _number(entry: ServiceEntry, pool: TierConfig) -> str:
    match pool.tactic:
        case "random":
            return tr("weight %1", str(entry.weight))
        case "priority":
            is_told = len({each.priority for each in pool.services}) > 1
            return tr("priority %1", str(entry.priority)) if is_told else ""
        case "capacity":
            return tr("%1 seats", str(entry.capacity)) if entry.capacity else tr("any number of seats")
        case _:
            return ""
