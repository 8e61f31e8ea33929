"""A pipeline: the stages of a route in their order, and the run of one selection through them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from proxy.routing.selection.affinity import AffinityStage
from proxy.routing.selection.context import Candidates, SelectionContext
from proxy.routing.selection.health import HealthStage, refusal
from proxy.routing.selection.load_balancer import LoadBalancerStage
from proxy.routing.selection.reasons import Reason
from proxy.routing.selection.route import Route
from proxy.routing.selection.services import contains_service
from proxy.routing.selection.smart_routing import SmartRoutingStage
from proxy.routing.selection.stage import Stage, StageResult, refused_result
from proxy.routing.selection.tier import TierStage
from proxy.routing.service import Candidate, Service


def pipeline(route: Route) -> tuple[Stage, ...]:
    """The stages in their order. One pin for a whole session is honoured before rules and tiers are asked."""
    health, rules, balance = HealthStage(), SmartRoutingStage(), LoadBalancerStage()
    affinity = AffinityStage()
    choosing: tuple[Stage, ...] = (rules, TierStage()) if route.uses_tiers else (rules,)
    if route.affinity.scope == "route":
        return (health, affinity, *choosing, balance)
    return (health, *choosing, affinity, balance)


@dataclass(frozen=True, slots=True)
class Run:
    """How far a pipeline came, and what it found on the way."""

    context: SelectionContext
    found: StageResult
    names: tuple[str, ...]
    left: Mapping[str, tuple[Service, ...]]
    reasons: tuple[Reason, ...]


def run(stages: Sequence[Stage], context: SelectionContext) -> Run:
    """Until a stage picks somebody who can really be asked, or says that nobody can."""
    candidates: Candidates = context.route.candidates
    names: list[str] = []
    left: dict[str, tuple[Service, ...]] = {}
    reasons: list[Reason] = []
    for stage in stages:
        found = stage.evaluate(context, candidates)
        names.append(stage.name)
        reasons += found.reasons
        context = found.context
        if found.refusal is not None:
            return Run(context, found, tuple(names), left, tuple(reasons))
        if found.pick is None:
            candidates = found.candidates
            left[stage.name] = tuple([each.service for each in candidates])
        elif _can_be_asked(context, found.pick):
            return Run(context, found, tuple(names), left, tuple(reasons))
    found = refused_result(context, refusal(context))
    return Run(context, found, tuple(names), left, tuple(reasons))


def _can_be_asked(context: SelectionContext, pick: Candidate) -> bool:
    """Whether it is active, its provider there and on, and it can do what is asked: health has looked."""
    return pick.active and contains_service(context.healthy, pick.service)
