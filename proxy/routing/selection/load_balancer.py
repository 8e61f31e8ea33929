"""The last stage: one of those that are left, by the tactic of the pool they stand in."""

from collections.abc import Iterator
from dataclasses import dataclass

from proxy.routing.balance.order import BalanceView, Order
from proxy.routing.balance.tactics import order_by
from proxy.routing.selection.context import Candidates, SelectionContext
from proxy.routing.selection.health import refusal
from proxy.routing.selection.reasons import Reason, reason
from proxy.routing.selection.services import among, unmarked
from proxy.routing.selection.snapshot import CursorKey
from proxy.routing.selection.stage import StageResult, final_result, refused_result
from proxy.routing.service import Candidate, Pool


@dataclass(frozen=True, slots=True)
class OpenPool:
    """Candidates that stand beside each other, and whose turn it is among them."""

    candidates: Candidates
    pool: Pool
    label: str
    """The rule or the tier, empty for the route's own pool."""


class LoadBalancerStage:
    """Picks one that is well if there is one, else the one that recovers first."""

    name = "load_balancer"

    def evaluate(self, context: SelectionContext, candidates: Candidates) -> StageResult:
        pools = list(open_pools(context, candidates))
        for one in pools:
            well = unmarked(one.candidates, context.marks)
            if well:
                return _balanced(context, one, well)
        if not pools:
            told = reason("load_balancer.nobody", context.route.name)
            return refused_result(context, refusal(context), told)
        return _soonest(context, pools)


def open_pools(context: SelectionContext, candidates: Candidates) -> Iterator[OpenPool]:
    """The pools that may be chosen from, the first choice first; none of them is empty."""
    services = {each.service for each in candidates}
    if context.pool is not None:
        left = among(context.pool.candidates, services)
        if left:
            yield OpenPool(left, context.pool, "" if context.rule is None else context.rule.name)
        return
    for tier in context.tiers:
        pool = context.route.tiers[tier]
        left = among(pool.candidates, services)
        if left:
            yield OpenPool(left, pool, tier)


def cursor_of(context: SelectionContext, pick: Candidate) -> CursorKey | None:
    """Which turn-taking a pick goes on with; None where nobody takes turns."""
    if context.pool is not None:
        label, pool = "" if context.rule is None else context.rule.name, context.pool
    elif pick.tier is not None and pick.tier in context.route.tiers:
        label, pool = pick.tier, context.route.tiers[pick.tier]
    else:
        return None
    return (context.route.name, label) if pool.tactic == "round_robin" else None


def _balanced(context: SelectionContext, one: OpenPool, well: Candidates) -> StageResult:
    snapshot = context.snapshot
    view = BalanceView(
        figures=snapshot.figures_of,
        in_flight=snapshot.in_flight_of,
        cursor=snapshot.cursors.get((context.route.name, one.label)),
    )
    order = order_by(one.pool.tactic, well, view, context.random)
    pick = order.candidates[0]
    return final_result(
        context,
        pick,
        source_of(context),
        _why(pick, len(well), one.pool, order),
        order=order.candidates[1:],
        explored=order.explored,
    )


def _why(pick: Candidate, among_so_many: int, pool: Pool, order: Order) -> Reason:
    if among_so_many == 1:
        return reason("load_balancer.only", str(pick.service))
    code = "load_balancer.explored" if order.explored else "load_balancer.tactic"
    return reason(code, str(pick.service), among_so_many, pool.tactic, order.note)


def _soonest(context: SelectionContext, pools: list[OpenPool]) -> StageResult:
    """Nobody is well. Of those that recover at the same time the tactic of their pool chooses."""
    first = min(_end(context, each) for one in pools for each in one.candidates)
    one = next(one for one in pools if any(_end(context, each) == first for each in one.candidates))
    soonest = tuple([each for each in one.candidates if _end(context, each) == first])
    picked = _balanced(context, one, soonest)
    if picked.pick is None:
        return picked
    return final_result(
        context,
        picked.pick,
        picked.source,
        reason("load_balancer.unwell", str(picked.pick.service)),
        order=picked.order,
    )


def _end(context: SelectionContext, each: Candidate) -> float:
    standing = context.marks.get(each.service)
    return 0.0 if standing is None or standing.until is None else standing.until


def source_of(context: SelectionContext) -> str:
    """What chooses where no session has chosen already."""
    if context.rule is not None:
        return "smart_routing"
    return "tier" if context.route.uses_tiers else "load_balancer"
