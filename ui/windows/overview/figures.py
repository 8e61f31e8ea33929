"""The four figures of today in words, and how they went along the last days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ui.widgets.charts.data import Figure, Series, Value
from ui.widgets.charts.inks import RoleInk
from ui.widgets.charts.units import COUNT, MONEY, Unit
from ui.windows.overview.speech import Part, joined, several, tr
from ui.words import count, money, percent, short_count


@dataclass(frozen=True, slots=True)
class Told:
    """A figure, what belongs to it, and the same of a wider window."""

    number: str
    beside: str
    wider: str


def requests_told(today: Part, window: Part) -> Told:
    beside = [
        several(today["errors"], "1 error", "%1 errors") if today["errors"] else "",
        several(today["cancelled"], "1 cancelled", "%1 cancelled") if today["cancelled"] else "",
    ]
    quiet = tr("no errors") if today["requests"] else tr("nothing yet")
    return Told(count(today["requests"]), joined(*beside) or quiet, _wider(window, count(window["requests"])))


def cost_told(today: Part, window: Part) -> Told:
    """What a subscription pays for has no cost of its own, and what has no price has an unknown one."""
    by_subscription, unpriced = today["subscription"]["requests"], today["unpriced"]
    beside = [
        several(by_subscription, "1 by subscription", "%1 by subscription") if by_subscription else "",
        several(unpriced, "1 without a price", "%1 without a price") if unpriced else "",
    ]
    quiet = tr("every request has a price") if today["requests"] else tr("nothing spent yet")
    return Told(money(today["cost_usd"]), joined(*beside) or quiet, _wider(window, money(window["cost_usd"])))


def saved_told(today: Part, window: Part) -> Told:
    measured, estimated = _saved(today["compared"]["measured"]), _saved(today["compared"]["estimated"])
    is_compared = measured is not None or estimated is not None
    number = money(today["saved_usd"] if is_compared else None)
    wider = window["saved_usd"] if window["compared"]["requests"] else None
    return Told(number, _how_sure(measured, estimated), _wider(window, money(wider)))


def _how_sure(measured: float | None, estimated: float | None) -> str:
    """Of a sum of both."""
    if estimated is None:
        return tr("nothing to compare yet") if measured is None else tr("all of it measured")
    return tr("all of it estimated") if measured is None else tr("%1 of it estimated", money(estimated))


def tokens_told(today: Part, window: Part) -> Told:
    share = today["cache_hit_share"]
    beside = tr("no prompts yet") if share is None else tr("%1 of prompts cached", percent(share))
    return Told(short_count(today["totalTokens"]), beside, _wider(window, short_count(window["totalTokens"])))


def _saved(part: Part) -> float | None:
    return part["saved_usd"] if part["requests"] else None


def _wider(window: Part, number: str) -> str:
    sentences = {
        "24h": "In the last 24 hours: %1",
        "7d": "In the last 7 days: %1",
        "30d": "In the last 30 days: %1",
    }
    return tr(sentences.get(window["window"], "In all: %1"), number)


def trend(name: str, unit: Unit, labels: Sequence[str], values: Iterable[Value]) -> Figure:
    return Figure(tuple(labels), (Series(name, tuple(values), RoleInk("accent")),), unit)


def trends(daily: Sequence[Part], labels: Sequence[str]) -> tuple[Figure, Figure, Figure, Figure]:
    """By day: requests, cost, savings and tokens."""
    kinds = ("input", "cache_read", "cache_write", "output")

    def tokens(day: Any) -> float:
        return float(sum(day[f"{kind}_tokens"] or 0 for kind in kinds))

    return (
        trend(tr("Requests"), COUNT, labels, (day["requests"] for day in daily)),
        trend(tr("Cost"), MONEY, labels, (day["cost_usd"] for day in daily)),
        trend(tr("Saved"), MONEY, labels, (day["saved_usd"] for day in daily)),
        trend(tr("Tokens"), COUNT, labels, (tokens(day) for day in daily)),
    )
