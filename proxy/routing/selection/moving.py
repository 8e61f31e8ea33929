"""Where a session should go on a typed turn, when it need not go anywhere.

To a larger tier at once, where the turn needs one. To a smaller one, or to a better service of its own pool,
only when that costs nothing or pays.
"""

from collections.abc import Sequence
from math import inf
from typing import Final, NamedTuple

from proxy.config import TIER_NAMES, TierName
from proxy.routing.affinity.pins import Pin
from proxy.routing.selection.context import Candidates, SelectionContext
from proxy.routing.selection.economics import Economics, Verdict
from proxy.routing.selection.load_balancer import OpenPool, open_pools
from proxy.routing.selection.reasons import Reason, reason
from proxy.routing.selection.services import contains_service, unmarked
from proxy.routing.selection.switching import weighed
from proxy.routing.service import Candidate

PROMOTION_SECONDS: Final = 60.0
"""For so long a better service must have been well before sessions go back to it: none goes to and fro."""

_STAYING: Final = {
    Verdict.LOCAL: "affinity.local",
    Verdict.UNPRICED: "affinity.unpriced",
}
_GOING: Final = {
    Verdict.COLD: "affinity.down",
    Verdict.RESTARTED: "affinity.restarted",
    Verdict.FREE: "affinity.free",
    Verdict.BUDGET: "affinity.spent",
}


class Move(NamedTuple):
    """Where the session should go from now on, if anywhere."""

    told: tuple[Reason, ...] = ()
    tiers: tuple[TierName, ...] | None = None
    """It goes to the first of these, where there are tiers; None: it stays."""
    economics: Economics | None = None
    tier: TierName | None = None
    """The tier in which its service has it from now on, where that is another one."""


def move_of(context: SelectionContext, candidates: Candidates, here: Candidate, pin: Pin) -> Move:
    """Whether another tier, or a better service beside it, should have the session."""
    pools = {pool.label: pool for pool in open_pools(context, unmarked(candidates, context.marks))}
    tiers = [tier for tier in context.tiers if tier in pools]
    if context.pool is not None or not tiers or pin.tier not in TIER_NAMES:
        return _aside(context, pin, _better(context, here))
    first = tiers[0]
    if contains_service(pools[first].candidates, here.service):
        return _aside(context, pin, _better(context, here))._replace(tier=first)
    then, now = TIER_NAMES.index(pin.tier), TIER_NAMES.index(first)
    if now > then:
        return Move((reason("affinity.up", str(here.service), pin.tier, first),), context.tiers)
    if now < then:
        between = [tier for tier in tiers if now <= TIER_NAMES.index(tier) < then]
        return _down(context, pin, [(tier, pools[tier]) for tier in between])
    return _aside(context, pin, _better(context, here))


def _aside(context: SelectionContext, pin: Pin, better: Candidate | None) -> Move:
    """To the better one of its own pool, if there is one and that pays."""
    if better is None:
        return Move()
    economics = weighed(context, pin, better.service)
    if not economics.may_go:
        told = reason("affinity.unpromoted", str(better.service), str(pin.service))
        return Move((told,), economics=economics)
    told = reason("affinity.promoted", str(pin.service), str(better.service))
    return Move((told,), context.tiers, economics)


def _down(context: SelectionContext, pin: Pin, pools: Sequence[tuple[TierName, OpenPool]]) -> Move:
    """To the smallest tier that does, or to one between, whichever it pays to go to; else nowhere."""
    weighings = [(tier, weighed(context, pin, _first(context, pool).service, tier)) for tier, pool in pools]
    paying = [each for each in weighings if each[1].may_go]
    if not paying:
        tier, economics = weighings[0]
        return Move((_told_staying(economics, tier),), economics=economics)
    tier, economics = max(paying, key=lambda each: _saved(each[1]))
    return Move((_told_going(economics, pin, tier),), _beginning_with(tier, context.tiers), economics)


def _beginning_with(tier: TierName, tiers: tuple[TierName, ...]) -> tuple[TierName, ...]:
    """The same order from one of them on; those before it last."""
    at = tiers.index(tier)
    return (*tiers[at:], *tiers[:at])


def _saved(found: Economics) -> float:
    """Over the turns that each of them expects. Of those without a sum the smallest tier comes first."""
    return (found.stay_usd or 0.0) - (found.switch_usd or 0.0)


def _first(context: SelectionContext, pool: OpenPool) -> Candidate:
    """Whom the pool would begin with; where nobody can tell, the dearest, so that nothing is promised."""
    if pool.pool.tactic == "priority":
        return min(pool.candidates, key=lambda each: each.priority)
    prices = context.snapshot.prices
    return max(pool.candidates, key=lambda each: prices.get(each.service, inf))


def _told_staying(found: Economics, tier: TierName) -> Reason:
    code = _STAYING.get(Verdict(found.verdict))
    if code is not None:
        return reason(code, tier, found.here, found.prefix)
    costs = (found.expected, found.stay_usd, found.switch_usd, found.prefix)
    return reason("affinity.stays", tier, found.here, *costs)


def _told_going(found: Economics, pin: Pin, tier: TierName) -> Reason:
    code = _GOING.get(Verdict(found.verdict))
    if code is not None:
        return reason(code, found.here, pin.tier, tier)
    costs = (found.expected, found.stay_usd, found.switch_usd, found.prefix)
    return reason("affinity.pays", found.here, pin.tier, tier, *costs)


def _better(context: SelectionContext, here: Candidate) -> Candidate | None:
    """A service that comes first in the same pool and has not failed for a while."""
    snapshot = context.snapshot
    pools = open_pools(context, context.healthy)
    pool = next((one for one in pools if contains_service(one.candidates, here.service)), None)
    if pool is None or pool.pool.tactic != "priority":
        return None
    own = next(each for each in pool.candidates if each.service == here.service)
    for each in sorted(pool.candidates, key=lambda each: each.priority):
        if each.priority >= own.priority:
            return None
        since = snapshot.well_since.get(each.service)
        is_steady = since is None or snapshot.steady - since >= PROMOTION_SECONDS
        if is_steady and not context.is_marked(each):
            return each
    return None
