"""What the session's last typed turn was found to need, as far as that is remembered."""

from proxy.config import TIER_NAMES, TierName
from proxy.routing.affinity.pins import Pin
from proxy.routing.score.bands import SLACK, tier_of
from proxy.routing.selection.snapshot import Snapshot


def last_pin(snapshot: Snapshot) -> Pin | None:
    """Of the last turn that was typed."""
    remembered = snapshot.remembered
    return None if remembered is None else remembered.pins.get(remembered.last)


def tier_before(snapshot: Snapshot) -> TierName | None:
    """The tier that turn needed; where only its service is known, the tier of that."""
    pin = last_pin(snapshot)
    return None if pin is None else _tier(pin.wanted) or _tier(pin.tier)


def score_before(snapshot: Snapshot) -> float | None:
    pin = last_pin(snapshot)
    return None if pin is None else pin.score


def tier_by_score(snapshot: Snapshot, thresholds: tuple[float, ...]) -> TierName | None:
    """The same, where a score under the same thresholds has led there."""
    pin = last_pin(snapshot)
    wanted = None if pin is None else _tier(pin.wanted)
    if pin is None or pin.score is None or wanted is None:
        return None
    is_scored = wanted in (tier_of(pin.score, thresholds), tier_of(pin.score + SLACK, thresholds))
    return wanted if is_scored else None


def _tier(name: str | None) -> TierName | None:
    return next((tier for tier in TIER_NAMES if tier == name), None)
