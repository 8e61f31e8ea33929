"""What the session's last typed turn was found to need, as far as that is remembered.

A request that is sent again is judged by what came before it, as it was the first time.
"""

from proxy.config import TIER_NAMES, TierName
from proxy.routing.score.bands import SLACK, tier_of
from proxy.routing.selection.snapshot import Snapshot
from proxy.routing.signals import Signals


def tier_before(snapshot: Snapshot, signals: Signals) -> TierName | None:
    """The tier that turn needed; where only its service is known, the tier of that."""
    remembered = snapshot.remembered
    if remembered is None:
        return None
    wanted, _ = remembered.need.seen_from(signals.turn_mark)
    pin = remembered.pins.get(remembered.last)
    return _tier(wanted) or (None if pin is None else _tier(pin.tier))


def score_before(snapshot: Snapshot, signals: Signals) -> float | None:
    remembered = snapshot.remembered
    return None if remembered is None else remembered.need.seen_from(signals.turn_mark)[1]


def tier_by_score(snapshot: Snapshot, signals: Signals, thresholds: tuple[float, ...]) -> TierName | None:
    """The tier that turn needed, where a score under the same thresholds has led there."""
    remembered = snapshot.remembered
    if remembered is None:
        return None
    named, score = remembered.need.seen_from(signals.turn_mark)
    wanted = _tier(named)
    if score is None or wanted is None:
        return None
    is_scored = wanted in (tier_of(score, thresholds), tier_of(score + SLACK, thresholds))
    return wanted if is_scored else None


def _tier(name: str | None) -> TierName | None:
    return next((tier for tier in TIER_NAMES if tier == name), None)
