"""What is said of a tier as a whole: where its turns go, until when it is switched, and its share."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.settings import Settings
from proxy.config import TIER_NAMES, TierName
from proxy.config.switch import Until, What, tier_enabled
from proxy.routing.selection.standing_in import answering
from ui.windows.tiers.speech import tr
from ui.words import UNKNOWN, count, percent


def where_it_goes(settings: Settings, tier: TierName, ends: Mapping[What, Until]) -> str:
    """Empty for a tier that answers its own turns, and while there is nothing to be asked anywhere."""
    instead = answering(settings, tier)
    if instead == tier or not any(settings.tier(each).services for each in TIER_NAMES):
        return ""
    why = _why(settings, tier, ends.get(tier_enabled(tier)))
    if instead is None:
        return tr("%1 No tier can answer, so its turns go by the name of the model.", why)
    return tr("%1 Its turns go to %2.", why, instead)


def _why(settings: Settings, tier: TierName, end: Until | None) -> str:
    pool = settings.tier(tier)
    if not pool.enabled:
        return _off(end)
    if not pool.services:
        return tr("It has no service.")
    return tr("None of its services is on.")


def _off(end: Until | None) -> str:
    if end is None:
        return tr("It is off.")
    return tr("It is off until Tierwise ends.") if end == "run" else tr("It is off until %1.", clock(end))


def clock(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).strftime("%H:%M")  # noqa: DTZ006 -- local time


def accuracy_words(told: Mapping[str, Any] | None, tier: TierName) -> str:
    """How often it was too low; empty where nothing is known. Too high cannot be seen."""
    seen = None if told is None else told["tiers"].get(tier)
    if seen is None or not seen["requests"]:
        return ""
    again = tr("%1 were asked again", percent(seen["asked_again"] / seen["requests"]))
    if tier == TIER_NAMES[-1]:
        return again
    return tr("%1 went on in a higher tier · %2", percent(seen["escalated"] / seen["requests"]), again)


def share_words(usage: Mapping[str, Any] | None, tier: TierName) -> str:
    """Its part in the requests and the cost of the last days."""
    if usage is None:
        return ""
    totals = usage["totals"]
    if not totals["requests"]:
        return tr("No requests in the last 7 days")
    found = next((each for each in usage["by_tier"] if each["name"] == tier), None)
    requests = 0 if found is None else found["requests"]
    cost = 0.0 if found is None else found["cost_usd"]
    return tr(
        "%1 of requests (%2) · %3 of cost in 7 days",
        percent(requests / totals["requests"]),
        count(requests),
        percent(cost / totals["cost_usd"]) if totals["cost_usd"] and cost is not None else UNKNOWN,
    )
