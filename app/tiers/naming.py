"""Tiers and services as somebody types them."""

from app.errors import UsageError
from proxy.config import TIER_NAMES, ServiceEntry, TierName, did_you_mean


def tier_of(typed: str) -> TierName:
    """The tier of that name, however it is spelled."""
    found = next((tier for tier in TIER_NAMES if tier.casefold() == typed.casefold()), None)
    if found is None:
        meant = did_you_mean(typed, TIER_NAMES) or f"; there are {', '.join(TIER_NAMES)}."
        raise UsageError(f'There is no tier "{typed}"{meant}')
    return found


def service_of(typed: str) -> ServiceEntry:
    """A service, whose provider need not be configured."""
    try:
        return ServiceEntry.from_text(typed)
    except ValueError as error:
        raise UsageError(f"A service is named after its provider and its model: {error}.") from error
